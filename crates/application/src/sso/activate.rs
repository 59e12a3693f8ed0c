use varco_domain::{EventKind, UserId};

use super::SsoError;
use super::vouched::Vouched;
use crate::credentials::{CredentialError, activate_by_link, link_holder, pin_for, welcome};
use crate::sign_in::Origin;
use crate::storage::LinkPurpose;
use crate::write::{Change, Write};
use crate::{Environment, SecretDigest};

/// Activates the account that an activation link was mailed to, and links it to who holds the link at
/// the provider. The account gets no password.
pub(super) async fn activate(
    env: &Environment,
    origin: &Origin,
    link: &SecretDigest,
    vouched: &Vouched,
) -> Result<UserId, SsoError> {
    let (seen, home) = link_holder(env, link, LinkPurpose::Activation).await?;
    if home.id != vouched.organization() {
        return Err(CredentialError::LinkInvalid.into());
    }
    let pin = pin_for(env, &home).await?;
    let caller = origin.caller();
    let mut write = Write::begin(env, &caller).await?;
    let user = activate_by_link(&mut write, link, &seen).await?;
    if !vouched.is_current(&mut write).await? {
        return Err(SsoError::Refused);
    }
    let now = write.now();
    write.work().sso().link(&vouched.identity, user.id, now).await?;
    write.record(EventKind::UserSsoLinked, Some(user.home), &[("user", &user.id)], Change::default());
    welcome(write, env, &user, pin).await?;
    Ok(user.id)
}
