use varco_domain::{SessionEnd, SessionId};

use super::{SessionError, end_sessions};
use crate::storage::SessionsOf;
use crate::write::Write;
use crate::{Caller, Environment, Mode, Written};

/// Ends the session by which its user calls.
pub async fn sign_out(env: &Environment, caller: &Caller, session: SessionId) -> Result<Written<()>, SessionError> {
    let mut write = Write::begin(env, caller).await?;
    end_sessions(&mut write, SessionsOf::Session(session), None, SessionEnd::SignedOut).await?;
    let revision = write.finish(Mode::Execute).await?;
    Ok(Written { value: (), revision })
}
