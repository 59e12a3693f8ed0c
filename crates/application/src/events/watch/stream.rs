use std::sync::Arc;

use tokio::sync::mpsc;

use super::{WatchEnd, Watched};
use crate::authentication::{AuthenticationError, authenticate};
use crate::{Environment, PlainSecret, Principal};

/// The reading end of a stream. Dropping it ends the stream.
pub struct WatchStream {
    entitlement: Entitlement,
    messages: mpsc::Receiver<Result<Watched, WatchEnd>>,
}

impl WatchStream {
    pub(super) fn new(entitlement: Entitlement, messages: mpsc::Receiver<Result<Watched, WatchEnd>>) -> Self {
        Self { entitlement, messages }
    }

    /// The next message, and `None` after the last.
    ///
    /// Invariant: no commit is given away unless the token works at that moment. What waited in the
    /// buffer when it was revoked is not given.
    pub async fn recv(&mut self) -> Option<Result<Watched, WatchEnd>> {
        let message = self.messages.recv().await?;
        if matches!(message, Ok(Watched::Commit(_)))
            && let Err(error) = self.entitlement.check().await
        {
            self.messages.close();
            return Some(Err(error.into()));
        }
        Some(message)
    }

    /// Whether nothing more is put into it.
    pub fn is_closed(&self) -> bool {
        self.messages.is_closed()
    }
}

/// What a stream is given out for.
#[derive(Clone)]
pub(super) struct Entitlement {
    pub(super) env: Arc<Environment>,
    pub(super) token: PlainSecret,
    pub(super) principal: Principal,
}

impl Entitlement {
    /// Whether the token still proves what it proved in the beginning: whoever manages less by now may
    /// not see what it saw.
    pub(super) async fn check(&self) -> Result<(), AuthenticationError> {
        let now = authenticate(&self.env, self.token.expose()).await?;
        if now == self.principal { Ok(()) } else { Err(AuthenticationError::Invalid) }
    }
}

impl From<AuthenticationError> for WatchEnd {
    fn from(error: AuthenticationError) -> Self {
        match error {
            AuthenticationError::Invalid => Self::TokenInvalid,
            AuthenticationError::Storage(error) => Self::Storage(error),
        }
    }
}
