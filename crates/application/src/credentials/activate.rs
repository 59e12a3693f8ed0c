use varco_domain::{EventKind, Membership, User};

use super::CredentialError;
use crate::users::UserError;
use crate::write::{Change, Write};

/// Lets an invited account act, and tells every organization of it. All of them must be locked.
pub(crate) async fn activate(
    write: &mut Write<'_>,
    before: &User,
    memberships: &[Membership],
) -> Result<User, CredentialError> {
    let mut user = before.clone();
    user.activate(write.now()).map_err(UserError::from)?;
    write.work().users().update(&mut user).await?;
    for membership in memberships {
        let change = Change::updated(before, &user);
        write.record(EventKind::UserActivated, Some(membership.organization), &[("user", &user.id)], change);
    }
    Ok(user)
}
