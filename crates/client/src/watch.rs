use std::time::Duration;

use tonic::{Code, Status, Streaming};
use varco_proto::v1::{Event, WatchRequest, WatchResponse};

use crate::{Client, Error, Refusal};

/// The server sends a heartbeat a second; after this long without one it is gone.
const MAX_SILENCE: Duration = Duration::from_secs(10);

/// How long to wait before the first and before every later try to connect again.
const FIRST_DELAY: Duration = Duration::from_millis(100);
const MAX_DELAY: Duration = Duration::from_secs(5);

/// What to watch, from where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WatchOptions {
    /// The organization; empty for all, which is for operators.
    pub organization_id: String,
    /// Only changes after this revision; `None` for those from now on.
    pub after_revision: Option<u64>,
    /// Only these types, such as `role.*`; empty for all.
    pub types: Vec<String>,
}

/// Some changes, or a heartbeat without any.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WatchUpdate {
    /// Events of one revision, in order.
    pub events: Vec<Event>,
    /// Everything that matches up to this revision has been given. Keep it to go on from it after
    /// a restart. `None` in the middle of a revision that comes in several updates.
    pub complete_revision: Option<u64>,
}

/// A stream of changes that outlives its connections: nothing is left out, doubled or reordered.
pub struct Watch {
    client: Client,
    options: WatchOptions,
    stream: Option<Streaming<WatchResponse>>,
    delay: Duration,
    /// The place of the last event given; a revision that was cut in the middle comes again.
    last_event: Option<(u64, u32)>,
}

impl Client {
    /// Watches changes.
    pub fn watch(&self, options: WatchOptions) -> Watch {
        Watch { client: self.clone(), options, stream: None, delay: FIRST_DELAY, last_event: None }
    }
}

impl Watch {
    /// Waits for the next changes, or for a heartbeat. Connects again by itself; an error is final.
    pub async fn next(&mut self) -> Result<WatchUpdate, Error> {
        loop {
            match self.try_next().await {
                Ok(Some(response)) => {
                    self.delay = FIRST_DELAY;
                    return Ok(self.take(response));
                }
                Err(status) if !is_passing(&status) => return Err(status.into()),
                // It ended, or broke off: it goes on after another connection.
                Ok(None) | Err(_) => {}
            }
            self.stream = None;
            tokio::time::sleep(self.delay).await;
            self.delay = (self.delay * 2).min(MAX_DELAY);
        }
    }

    /// The next message of the current connection; `None` when it has ended.
    async fn try_next(&mut self) -> Result<Option<WatchResponse>, Status> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            None => self.stream.insert(self.client.events().watch(self.request()).await?.into_inner()),
        };
        tokio::time::timeout(MAX_SILENCE, stream.message()).await.unwrap_or(Ok(None))
    }

    fn request(&self) -> WatchRequest {
        let WatchOptions { organization_id, after_revision, types } = self.options.clone();
        WatchRequest { organization_id, after_revision, types }
    }

    fn take(&mut self, response: WatchResponse) -> WatchUpdate {
        let mut events = response.events;
        events.retain(|event| Some((event.revision, event.ordinal)) > self.last_event);
        if let Some(last) = events.last() {
            self.last_event = Some((last.revision, last.ordinal));
        }
        let complete_revision = Some(response.complete_revision).filter(|revision| *revision != 0);
        if let Some(revision) = complete_revision {
            self.options.after_revision = Some(revision);
        }
        WatchUpdate { events, complete_revision }
    }
}

/// Whether another connection may go on: the server went away, cut a slow reader off, or the token
/// ended. What the request itself is refused for stays refused.
fn is_passing(status: &Status) -> bool {
    matches!(
        status.code(),
        Code::Unavailable
            | Code::Cancelled
            | Code::Unknown
            | Code::Internal
            | Code::Aborted
            | Code::ResourceExhausted
            | Code::DeadlineExceeded
    ) || is_token_refused(status)
}

fn is_token_refused(status: &Status) -> bool {
    let refusal = Refusal::from(status);
    refusal.code == Code::Unauthenticated && refusal.reason != "CREDENTIALS_INVALID"
}
