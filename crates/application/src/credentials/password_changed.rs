use varco_domain::{EventKind, User};

use crate::Environment;
use crate::mails::{MailContent, NewMail, enqueue};
use crate::storage::{LinkPurpose, StorageError};
use crate::write::{Change, Write};

/// Notes that a user chose a password, tells the user by mail, and makes a link useless by which
/// somebody could choose another.
pub(crate) async fn password_changed(
    write: &mut Write<'_>,
    env: &Environment,
    user: &User,
) -> Result<(), StorageError> {
    write.work().credentials().delete_link(user.id, LinkPurpose::PasswordReset).await?;
    write.record(EventKind::UserPasswordChanged, Some(user.home), &[("user", &user.id)], Change::default());
    let content = MailContent::PasswordChanged;
    enqueue(write, env, &NewMail { organization: user.home, user, content }).await?;
    Ok(())
}
