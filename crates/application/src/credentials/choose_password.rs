use varco_domain::{Organization, Password, PasswordContext, PasswordError, User};

use super::CredentialError;
use crate::{Environment, PasswordHash, PlainSecret, Verified};

/// Holds a chosen password against the rules and hashes it, with no unit of work open. `current` is the
/// password in whose place it comes, which it must not be.
pub(crate) async fn choose_password(
    env: &Environment,
    user: &User,
    home: &Organization,
    chosen: &PlainSecret,
    current: Option<&PasswordHash>,
) -> Result<PasswordHash, CredentialError> {
    let password = judge_password(env, user, home, chosen)?;
    let password = PlainSecret::new(password.expose().to_owned());
    if let Some(current) = current {
        let is_same = env.password_hasher.verify(Some(current.clone()), password.clone()).await?;
        if is_same != Verified::No {
            return Err(CredentialError::PasswordUnchanged);
        }
    }
    Ok(env.password_hasher.hash(password).await?)
}

/// Holds a chosen password against the rules.
pub(super) fn judge_password(
    env: &Environment,
    user: &User,
    home: &Organization,
    chosen: &PlainSecret,
) -> Result<Password, PasswordError> {
    let context = PasswordContext::of(user, home);
    Password::parse(chosen.expose(), &context, |folded| env.password_rules.is_common(folded))
}
