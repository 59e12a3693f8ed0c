use varco_domain::{BackOfficeLevel, Membership, User, UserStatus};

use super::UserError;
use crate::write::Write;

/// Refuses to let an organization's last active back-office admin go. Its organization must be
/// locked. An organization that has no such admin is not concerned.
///
/// Who stays only for a while is no successor of somebody who stays for good.
pub(super) async fn keep_an_admin(
    write: &mut Write<'_>,
    user: &User,
    membership: &Membership,
) -> Result<(), UserError> {
    let organization = membership.organization;
    let now = write.now();
    let is_active_admin = user.status == UserStatus::Active
        && membership.access.back_office == BackOfficeLevel::Admin
        && membership.counts_at(now);
    let until = membership.expires_at.map(|_| now);
    if is_active_admin && write.work().users().count_active_admins(organization, until).await? <= 1 {
        return Err(UserError::LastAdmin { organization });
    }
    Ok(())
}

/// As `keep_an_admin` for every organization that an account is a member of.
pub(super) async fn keep_admins_everywhere(
    write: &mut Write<'_>,
    user: &User,
    memberships: &[Membership],
) -> Result<(), UserError> {
    for membership in memberships {
        keep_an_admin(write, user, membership).await?;
    }
    Ok(())
}
