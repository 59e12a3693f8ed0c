use varco_domain::{OrganizationId, User, UserId};

use super::CredentialError;
use super::activate::activate;
use crate::storage::LinkPurpose;
use crate::users::lock_everywhere;
use crate::write::Write;
use crate::{Caller, Environment, Mode};

/// Lets an invited account act without its person's doing, and makes its link useless. For tests,
/// which need people who work and not their mails: no RPC leads here.
pub async fn activate_directly(
    env: &Environment,
    caller: &Caller,
    home: OrganizationId,
    user: UserId,
) -> Result<User, CredentialError> {
    let mut write = Write::begin(env, caller).await?;
    let (member, memberships) = lock_everywhere(&mut write, home, user).await?;
    write.work().credentials().delete_link(user, LinkPurpose::Activation).await?;
    let activated = activate(&mut write, &member.user, &memberships).await?;
    write.finish(Mode::Execute).await?;
    Ok(activated)
}
