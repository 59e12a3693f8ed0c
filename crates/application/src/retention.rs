//! What is kept no longer. `docs/decisions/0019-what-is-kept-and-for-how-long.md` has the bounds.
//!
//! Nothing changes by any of this but the space it takes: what has ended does not count, deleted or not.

use std::time::Duration;

use varco_domain::Mail;

use crate::Environment;
use crate::storage::StorageError;
use crate::write::RECEIPT_TTL;

/// How long refused sign-ins are kept, and sources from which somebody signed in.
const SIGN_INS_KEPT_FOR: Duration = Duration::from_hours(90 * 24);

/// Deletes what is kept no longer, each kind by itself, so that other writers wait for none for long.
pub async fn forget_old(env: &Environment) -> Result<(), StorageError> {
    forget_sessions(env).await?;
    forget_sign_ins(env).await?;
    forget_mails(env).await?;
    forget_receipts(env).await
}

async fn forget_sessions(env: &Environment) -> Result<(), StorageError> {
    let mut work = env.store.begin().await?;
    work.sessions().forget_ended(env.clock.now()).await?;
    work.commit().await
}

async fn forget_sign_ins(env: &Environment) -> Result<(), StorageError> {
    let mut work = env.store.begin().await?;
    let now = env.clock.now();
    work.sign_ins().forget_old(now, now.minus(SIGN_INS_KEPT_FOR)).await?;
    work.commit().await
}

/// Of those that were given up what they said goes first, and what is in the history of them later.
async fn forget_mails(env: &Environment) -> Result<(), StorageError> {
    let mut work = env.store.begin().await?;
    let now = env.clock.now();
    work.mails().wipe_dead(now.minus(Mail::CONTENT_KEPT_FOR)).await?;
    work.mails().forget_old(now.minus(Mail::KEPT_FOR)).await?;
    work.commit().await
}

async fn forget_receipts(env: &Environment) -> Result<(), StorageError> {
    let mut work = env.store.begin().await?;
    work.log().forget_receipts(env.clock.now().minus(RECEIPT_TTL)).await?;
    work.commit().await
}
