//! What a server does on its own. Tests call the same functions when they want them to happen.

use std::sync::Arc;

use varco_application::Environment;
use varco_application::keys::keep_keys;
use varco_application::mails::send_mails;
use varco_application::sessions::keep_forgetting;
use varco_application::users::end_expired_memberships;

/// Starts it all. It ends when the server drains.
pub(crate) fn start(env: &Arc<Environment>) {
    env.tasks.spawn(send_mails(Arc::clone(env)));
    env.tasks.spawn(end_expired_memberships(Arc::clone(env)));
    env.tasks.spawn(keep_forgetting(Arc::clone(env)));
    env.tasks.spawn(keep_keys(Arc::clone(env)));
}
