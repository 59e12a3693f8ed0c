//! What a server does on its own. Tests call the same functions when they want them to happen.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use varco_application::Environment;
use varco_application::keys::rotate_keys;
use varco_application::mails::send_mails;
use varco_application::retention::forget_old;
use varco_application::users::expire_memberships;

/// Something that is done every so often.
#[derive(Clone, Copy)]
pub struct Sweep {
    /// What it looks after.
    pub name: &'static str,
    /// How long after one the next begins.
    pub interval: Duration,
    start: fn(&Arc<Environment>, Duration),
}

impl Sweep {
    /// The same at another interval.
    #[must_use]
    pub const fn every(self, interval: Duration) -> Self {
        Self { interval, ..self }
    }
}

/// Decisions know the end of a membership themselves; seats come free with this.
const MEMBERSHIPS: Sweep = Sweep {
    name: "memberships",
    interval: Duration::from_secs(1),
    start: |env, interval| {
        repeat(env, interval, "memberships wait to be ended", |env| async move { expire_memberships(&env).await });
    },
};

/// A key is published for longer than this before it signs.
const KEYS: Sweep = Sweep {
    name: "keys",
    interval: Duration::from_mins(1),
    start: |env, interval| {
        repeat(env, interval, "the signing keys cannot be looked after", |env| async move { rotate_keys(&env).await });
    },
};

/// What is deleted counts no more, deleted or not.
const LEFTOVERS: Sweep = Sweep {
    name: "leftovers",
    interval: Duration::from_mins(10),
    start: |env, interval| {
        let delay = "what is kept no longer waits to be deleted";
        repeat(env, interval, delay, |env| async move { forget_old(&env).await });
    },
};

/// Everything that a server does every so often.
pub const SWEEPS: [Sweep; 3] = [MEMBERSHIPS, KEYS, LEFTOVERS];

/// Starts it all. It ends when the server drains.
pub fn start(env: &Arc<Environment>) {
    start_with(env, &SWEEPS);
}

/// As `start`, with other sweeps or at other intervals.
pub fn start_with(env: &Arc<Environment>, sweeps: &[Sweep]) {
    env.tasks.spawn(send_mails(Arc::clone(env)));
    for sweep in sweeps {
        (sweep.start)(env, sweep.interval);
    }
}

fn repeat<R, T, E>(
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
