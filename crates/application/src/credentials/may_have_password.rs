use varco_domain::User;

use crate::sso::signs_in_by_provider;
use crate::storage::StorageError;
use crate::write::Write;

/// Whether a user, whose home must be locked, may be given another password, or a first one: whoever
/// signs in by a provider has none to forget, and gets none by a mail.
pub(super) async fn may_have_password(write: &mut Write<'_>, user: &User) -> Result<bool, StorageError> {
    let has_one = write.work().credentials().find_password(user.id).await?.is_some();
    Ok(has_one || !signs_in_by_provider(write, user).await?)
}
