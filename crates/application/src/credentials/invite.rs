use varco_domain::{EventKind, Organization, User};

use super::link::new_link;
use crate::Environment;
use crate::mails::{MailContent, NewMail, enqueue};
use crate::storage::{LinkPurpose, StorageError};
use crate::write::{Change, Write};

/// Mails a link by which a user activates the account; an older one no longer works. `home` is the
/// account's home, which must be locked.
pub(crate) async fn invite(
    write: &mut Write<'_>,
    env: &Environment,
    user: &User,
    home: &Organization,
) -> Result<(), StorageError> {
    let ttl = home.policies.activation_link_ttl;
    let (token, expires_at) = new_link(write, env, user.id, LinkPurpose::Activation, ttl).await?;
    write.record(EventKind::UserInvited, Some(home.id), &[("user", &user.id)], Change::default());
    let content = MailContent::Invitation { token, expires_at };
    enqueue(write, env, &NewMail { organization: home.id, user, content }).await?;
    Ok(())
}
