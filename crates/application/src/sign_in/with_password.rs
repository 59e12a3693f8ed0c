use std::fmt;

use varco_domain::{OrganizationId, Shown};

use super::admit::admit;
use super::origin::Origin;
use super::proceed::{Conversation, proceed};
use super::prove::Proof;
use super::refuse::refuse;
use super::{Answered, SignInError};
use crate::{Environment, PlainSecret, Verified};

/// The first step of a sign-in.
pub struct SignIn {
    /// A username or an address, as the user says.
    pub unverified_name: String,
    /// As the user says.
    pub unverified_password: PlainSecret,
    /// Where to; `None` to choose if there are several.
    pub organization: Option<OrganizationId>,
    /// From where.
    pub origin: Origin,
}

impl fmt::Debug for SignIn {
    /// Without the name as well: people type passwords into the wrong field.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignIn([redacted])")
    }
}

/// Signs in with a name and a password.
pub async fn sign_in(env: &Environment, command: &SignIn) -> Result<Answered, SignInError> {
    let _place = env.sign_ins.enter()?;
    let admitted = admit(env, command).await?;
    let current = admitted.password_of_active().map(|password| password.hash.clone());
    let verified = env.password_hasher.verify(current.clone(), command.unverified_password.clone()).await?;
    let (Some(account), Some(current), true) = (&admitted.account, current, verified != Verified::No) else {
        return refuse(env, admitted.account.as_ref(), admitted.refusal(), &command.origin).await;
    };
    let outdated = verified == Verified::YesButOutdated;
    let anew = if outdated { Some(env.password_hasher.hash(command.unverified_password.clone()).await?) } else { None };
    let conversation = Conversation {
        account,
        has_pin: admitted.has_pin,
        shown: Shown { pin: false, organization: command.organization },
        origin: &command.origin,
        replaced: None,
    };
    proceed(env, conversation, Proof::Password { current, anew }).await
}
