use std::pin::Pin;

use futures::{Stream, StreamExt, stream};
use prost::Message;
use tonic::{Code, Status};
use varco_application::events::{EventSelection, Watch, WatchEnd, WatchError, WatchStream, Watched, watch};
use varco_application::{Caller, Commit, MAX_WATCHES};
use varco_domain::{OrganizationId, Revision};
use varco_proto::v1::{ErrorReason, WatchRequest, WatchResponse};

use super::list_events::parse_types;
use super::present;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::gate::token_invalid;

/// How many bytes of events one message carries, unless a single event has more.
const MAX_MESSAGE_BYTES: usize = 256 * 1024;

/// The messages of the answer.
pub(super) type Answer = Pin<Box<dyn Stream<Item = Result<WatchResponse, Status>> + Send>>;

pub(super) async fn call(call: &Call, request: &WatchRequest) -> Result<Answer, Failure> {
    let selection = parse(request)?;
    let token = call.token.clone().ok_or_else(token_invalid)?;
    let principal = call.caller.principal.ok_or_else(token_invalid)?;
    let after = request.after_revision.map(Revision::new);
    let command = Watch { selection: selection.clone(), after, token, principal };
    let watched = watch(&call.env, command).await?;
    let reading = Reading { watched, selection, last: Revision::ZERO, caller: call.caller.clone() };
    let batches = stream::unfold(Some(reading), |reading| async {
        let mut reading = reading?;
        let (messages, goes_on) = reading.next().await;
        Some((stream::iter(messages), goes_on.then_some(reading)))
    });
    Ok(Box::pin(batches.flatten()))
}

fn parse(request: &WatchRequest) -> Result<EventSelection, Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse_optional("organization_id", &request.organization_id, OrganizationId::parse);
    let types = parse_types(&mut fields, &request.types);
    fields.finish(|| Some(EventSelection { organization, types }))
}

/// The server's end of a stream.
struct Reading {
    watched: WatchStream,
    selection: EventSelection,
    /// The last revision that was sent whole.
    last: Revision,
    caller: Caller,
}

impl Reading {
    /// The next messages, and whether more may follow.
    async fn next(&mut self) -> (Vec<Result<WatchResponse, Status>>, bool) {
        match self.watched.recv().await {
            Some(Ok(Watched::Commit(commit))) => {
                self.last = commit.revision;
                (in_messages(&commit, &self.selection, &self.caller).into_iter().map(Ok).collect(), true)
            }
            Some(Ok(Watched::Complete(revision))) => {
                self.last = revision;
                (vec![Ok(WatchResponse { events: Vec::new(), complete_revision: revision.get() })], true)
            }
            Some(Err(end)) => (vec![Err(Failure::from(end).into_status(&self.caller.request_id))], false),
            // The reason did not fit into a buffer that was full.
            None => {
                let end = WatchEnd::SlowConsumer { last: self.last };
                (vec![Err(Failure::from(end).into_status(&self.caller.request_id))], false)
            }
        }
    }
}

/// The wanted events of a commit, in messages of bounded size, the last of which completes the revision.
fn in_messages(commit: &Commit, selection: &EventSelection, caller: &Caller) -> Vec<WatchResponse> {
    let mut messages = Vec::new();
    let mut message = WatchResponse::default();
    let mut bytes = 0;
    let selected = commit.events.iter().filter(|event| selection.matches(event));
    for event in selected.map(|event| present::event(event, caller)) {
        bytes += event.encoded_len();
        if bytes > MAX_MESSAGE_BYTES && !message.events.is_empty() {
            bytes = event.encoded_len();
            messages.push(std::mem::take(&mut message));
        }
        message.events.push(event);
    }
    message.complete_revision = commit.revision.get();
    messages.push(message);
    messages
}

impl From<WatchError> for Failure {
    fn from(error: WatchError) -> Self {
        match error {
            WatchError::TooMany => Self::new(
                Code::ResourceExhausted,
                ErrorReason::TooManyWatches,
                "as many streams are open as a server may have; close one, or ask another server",
            )
            .with("max_watches", MAX_WATCHES),
            WatchError::NotReached { head } => Self::new(
                Code::OutOfRange,
                ErrorReason::RevisionNotReached,
                "the log has not reached `after_revision`: it belongs to another history; read the current state \
                 and watch from its revision",
            )
            .with("head_revision", head),
            WatchError::Storage(error) => Self::storage(error),
        }
    }
}

impl From<WatchEnd> for Failure {
    fn from(end: WatchEnd) -> Self {
        match end {
            WatchEnd::SlowConsumer { last } => Self::new(
                Code::ResourceExhausted,
                ErrorReason::SlowConsumer,
                "the stream was read too slowly; resume with `after_revision` set to last_revision",
            )
            .with("last_revision", last),
            WatchEnd::ShuttingDown { last } => Self::new(
                Code::Unavailable,
                ErrorReason::ShuttingDown,
                "the server shuts down; resume with `after_revision` set to last_revision",
            )
            .with("last_revision", last),
            WatchEnd::Stale { last } => Self::new(
                Code::Unavailable,
                ErrorReason::StaleIndex,
                "this replica has lost contact with the log; resume elsewhere with `after_revision` set to last_revision",
            )
            .with("last_revision", last),
            WatchEnd::TokenInvalid => token_invalid(),
            WatchEnd::Storage(error) => Self::storage(error),
        }
    }
}
