//! What a server does on its own. Tests call the same functions when they want them to happen.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use varco_application::Environment;
use varco_application::keys::rotate_keys;
use varco_application::mails::send_mails;
use varco_application::retention::forget_old;
use varco_application::users::expire_memberships;

/// Decisions know the end of a membership themselves; seats come free with this.
const EXPIRY: Duration = Duration::from_secs(1);

/// A key is published for longer than this before it signs.
const KEYS: Duration = Duration::from_mins(1);

/// What is deleted counts no more, deleted or not.
const LEFTOVERS: Duration = Duration::from_mins(10);

/// Starts it all. It ends when the server drains.
pub fn start(env: &Arc<Environment>) {
    env.tasks.spawn(send_mails(Arc::clone(env)));
    sweep(env, EXPIRY, "memberships wait to be ended", |env| async move { expire_memberships(&env).await });
    sweep(env, KEYS, "the signing keys cannot be looked after", |env| async move { rotate_keys(&env).await });
    sweep(env, LEFTOVERS, "what is kept no longer waits to be deleted", |env| async move { forget_old(&env).await });
}

fn sweep<R, T, E>(
    env: &Arc<Environment>,
    interval: Duration,
    delay: &'static str,
    run: impl Fn(Arc<Environment>) -> R + Send + 'static,
) where
    R: Future<Output = Result<T, E>> + Send,
    T: Send,
    E: Error + Send + 'static,
{
    let own = Arc::clone(env);
    env.tasks.every(interval, delay, move || run(Arc::clone(&own)));
}
