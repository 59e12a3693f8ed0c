mod stream;

pub use stream::WatchStream;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::Instant;
use varco_domain::Revision;

use super::EventSelection;
use crate::authentication::AuthenticationError;
use crate::feed::whole_commits_after;
use crate::storage::StorageError;
use crate::{Commit, Environment, PlainSecret, Principal};
use stream::Entitlement;

/// How often a stream says how far it is, and its caller's token is looked at again where nothing
/// happens.
const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(1);

/// How many messages wait for a slow reader.
const BUFFER: usize = 64;

/// How long a full buffer may stay full before the stream is ended.
const MAX_STALL: Duration = Duration::from_millis(1500);

/// How many recent commits are taken at once.
const BATCH: usize = 256;

/// What to watch.
#[derive(Clone, Debug)]
pub struct Watch {
    /// Which events.
    pub selection: EventSelection,
    /// Only what comes after; `None` for what comes from now on.
    pub after: Option<Revision>,
    /// The caller's token, which must go on working.
    pub token: PlainSecret,
    /// What it proved when the call was let in, and must go on proving.
    pub principal: Principal,
}

/// One message of a stream.
#[derive(Clone, Debug)]
pub enum Watched {
    /// A commit, of which at least one event is wanted.
    Commit(Commit),
    /// Everything wanted up to this revision has been given.
    Complete(Revision),
}

/// Why a stream ended.
#[derive(Debug)]
pub enum WatchEnd {
    /// The reader was too slow. It goes on after `last`.
    SlowConsumer {
        /// The last revision that was given whole.
        last: Revision,
    },
    /// The server shuts down. The reader goes on elsewhere after `last`.
    ShuttingDown {
        /// The last revision that was given whole.
        last: Revision,
    },
    /// The replica has lost contact with the log. The reader goes on elsewhere after `last`.
    Stale {
        /// The last revision that was given whole.
        last: Revision,
    },
    /// The token no longer works.
    TokenInvalid,
    /// The log cannot be read.
    Storage(StorageError),
}

/// Why a stream does not begin.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// As many streams are open as a server may have.
    #[error("as many streams are open as a server may have")]
    TooMany,
    /// The revision belongs to the future or to another history.
    #[error("the log has not reached that revision")]
    NotReached {
        /// How far the log is.
        head: Revision,
    },
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Streams every wanted change after a revision, in order, then goes on live.
pub async fn watch(env: &Arc<Environment>, command: Watch) -> Result<WatchStream, WatchError> {
    let permit = env.feed.watch_permit().ok_or(WatchError::TooMany)?;
    let entitlement = Entitlement { env: Arc::clone(env), token: command.token, principal: command.principal };
    let cursor = match command.after {
        Some(after) if after > env.feed.revision() => require_reached(env, after).await?,
        Some(after) => after,
        None => env.feed.revision(),
    };
    let (sender, messages) = mpsc::channel(BUFFER);
    let next_beat = Instant::now() + HEARTBEAT_INTERVAL;
    let selection = command.selection;
    let watcher = Watcher { entitlement: entitlement.clone(), selection, cursor, next_beat, sender, _permit: permit };
    env.tasks.spawn(watcher.run());
    Ok(WatchStream::new(entitlement, messages))
}

async fn require_reached(env: &Environment, after: Revision) -> Result<Revision, WatchError> {
    let head = env.store.begin_read().await?.log().head().await?;
    if after > head { Err(WatchError::NotReached { head }) } else { Ok(after) }
}

struct Watcher {
    entitlement: Entitlement,
    selection: EventSelection,
    /// Everything wanted up to here has been sent.
    cursor: Revision,
    /// When to give a sign of life and to look at the token again.
    next_beat: Instant,
    sender: mpsc::Sender<Result<Watched, WatchEnd>>,
    /// Given back when the stream ends.
    _permit: OwnedSemaphorePermit,
}

/// Nobody reads any more, or the reason why nothing more is sent.
type Ended = Option<WatchEnd>;

impl Watcher {
    async fn run(mut self) {
        let Err(Some(end)) = self.stream().await else { return };
        // The reader may be gone or its buffer full; the stream ends either way.
        let _ = self.sender.send_timeout(Err(end), MAX_STALL).await;
    }

    async fn stream(&mut self) -> Result<std::convert::Infallible, Ended> {
        self.send(Watched::Complete(self.cursor)).await?;
        loop {
            self.attend().await?;
            let commits = self.next_commits().await?;
            if commits.is_empty() {
                self.wait().await;
            }
            for commit in commits {
                self.attend().await?;
                self.give(commit).await?;
            }
        }
    }

    /// Waits for something to do.
    async fn wait(&self) {
        tokio::select! {
            () = self.entitlement.env.feed.past(self.cursor) => {}
            () = tokio::time::sleep_until(self.next_beat) => {}
            () = self.sender.closed() => {}
            () = self.entitlement.env.tasks.stopping() => {}
        }
    }

    /// Looks up from the events: a backlog, however long, keeps no stream alive that should end, and
    /// no reader without a sign of life.
    async fn attend(&mut self) -> Result<(), Ended> {
        let last = self.cursor;
        if self.sender.is_closed() {
            return Err(None);
        }
        if self.entitlement.env.tasks.is_stopping() {
            return Err(Some(WatchEnd::ShuttingDown { last }));
        }
        if self.entitlement.env.feed.is_stale() {
            return Err(Some(WatchEnd::Stale { last }));
        }
        if self.next_beat <= Instant::now() {
            self.next_beat = Instant::now() + HEARTBEAT_INTERVAL;
            self.beat().await?;
        }
        Ok(())
    }

    /// What comes after the cursor: from memory if it is recent, else from the log.
    async fn next_commits(&self) -> Result<Vec<Commit>, Ended> {
        if let Some(recent) = self.entitlement.env.feed.recent_after(self.cursor, BATCH) {
            return Ok(recent);
        }
        let read = async {
            let mut work = self.entitlement.env.store.begin_read().await?;
            whole_commits_after(work.as_mut(), self.cursor).await
        };
        read.await.map_err(|error| Some(WatchEnd::Storage(error)))
    }

    async fn give(&mut self, commit: Commit) -> Result<(), Ended> {
        let revision = commit.revision;
        if commit.events.iter().any(|event| self.selection.matches(event)) {
            self.send(Watched::Commit(commit)).await?;
        }
        self.cursor = revision;
        Ok(())
    }

    async fn beat(&mut self) -> Result<(), Ended> {
        match self.entitlement.check().await {
            Ok(()) => self.send(Watched::Complete(self.cursor)).await,
            Err(AuthenticationError::Invalid) => Err(Some(WatchEnd::TokenInvalid)),
            // If the log stays away the feed becomes stale, and the stream ends for that.
            Err(AuthenticationError::Storage(_)) => Ok(()),
        }
    }

    async fn send(&self, message: Watched) -> Result<(), Ended> {
        use mpsc::error::SendTimeoutError;
        match self.sender.send_timeout(Ok(message), MAX_STALL).await {
            Ok(()) => Ok(()),
            Err(SendTimeoutError::Closed(_)) => Err(None),
            Err(SendTimeoutError::Timeout(_)) => Err(Some(WatchEnd::SlowConsumer { last: self.cursor })),
        }
    }
}
