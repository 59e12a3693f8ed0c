use std::fmt;

use super::authenticate::prove;
use super::{AuthenticationError, ProvedToken};
use crate::storage::StorageError;
use crate::{Caller, Environment, PlainSecret, Principal, Scope};

/// A token to look into.
pub struct IntrospectToken {
    /// As somebody presented it to the caller.
    pub unverified: PlainSecret,
}

impl fmt::Debug for IntrospectToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IntrospectToken([redacted])")
    }
}

/// Says who a token speaks for and until when, or `None`: for a token that does not work, and for one
/// that is no business of the caller's (RFC 7662 section 2.2).
pub async fn introspect_token(
    env: &Environment,
    caller: &Caller,
    command: &IntrospectToken,
) -> Result<Option<ProvedToken>, StorageError> {
    match prove(env, command.unverified.expose()).await {
        Ok(proved) => Ok(caller.principal.filter(|caller| may_know(caller, &proved.principal)).map(|_| proved)),
        Err(AuthenticationError::Invalid) => Ok(None),
        Err(AuthenticationError::Storage(error)) => Err(error),
    }
}

/// An operator looks into everything, whoever manages an organization into what works there, and
/// everybody into what is its own.
fn may_know(caller: &Principal, holder: &Principal) -> bool {
    match (caller.scope, holder.scope) {
        (Scope::Platform, _) => true,
        (Scope::Organization(managed), Scope::Organization(of) | Scope::Member(of)) => managed == of,
        _ => caller.subject() == holder.subject() && caller.scope == holder.scope,
    }
}
