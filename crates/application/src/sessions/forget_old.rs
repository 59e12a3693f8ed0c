use std::sync::Arc;
use std::time::Duration;

use crate::Environment;
use crate::storage::StorageError;

/// How long refused sign-ins are kept, and sources from which somebody signed in.
const KEPT_FOR: Duration = Duration::from_hours(90 * 24);

/// How often it is looked for what may go.
const INTERVAL: Duration = Duration::from_mins(10);

/// Deletes sessions and sign-ins that ended by time, and what is known of old ones. Nothing changes
/// by it but the space they take: what has ended does not count, deleted or not.
pub async fn forget_old(env: &Environment) -> Result<(), StorageError> {
    let mut work = env.store.begin().await?;
    let now = env.clock.now();
    work.sessions().forget_ended(now).await?;
    work.sign_ins().forget_old(now, now.minus(KEPT_FOR)).await?;
    work.commit().await
}

/// Deletes what ended, now and then, until the server stops. On every replica: it does no harm twice.
pub async fn keep_forgetting(env: Arc<Environment>) {
    loop {
        tokio::select! {
            () = env.tasks.stopping() => return,
            () = tokio::time::sleep(INTERVAL) => {}
        }
        if let Err(error) = forget_old(&env).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "old sessions and sign-ins wait to be deleted");
        }
    }
}
