//! What is kept no longer. `docs/decisions/0019-what-is-kept-and-for-how-long.md` has the bounds.
//!
//! Nothing changes by any of this but the space it takes: what has ended does not count, deleted or not.

use std::time::Duration;

use varco_domain::{Mail, Timestamp};

use crate::Environment;
use crate::storage::{Flood, KeptFailures, OldSignIns, StorageError};
use crate::write::RECEIPT_TTL;

/// How long refused sign-ins are kept, and sources from which somebody signed in.
const SIGN_INS_KEPT_FOR: Duration = Duration::from_hours(90 * 24);

/// So many rows are deleted in one commit.
const AT_ONCE: usize = 500;

/// Deletes what is kept no longer, each kind by itself, and of those of which there can be many some at a
/// time, so that other writers wait for none for long.
pub async fn forget_old(env: &Environment) -> Result<(), StorageError> {
    while forget_sessions(env).await? >= AT_ONCE {}
    let now = env.clock.now();
    let not_before = now.minus(SIGN_INS_KEPT_FOR);
    for (what, until) in [
        (OldSignIns::Challenges, now),
        (OldSignIns::Tries, now),
        (OldSignIns::Sources, not_before),
        (OldSignIns::Failures, not_before),
    ] {
        while forget_sign_ins(env, what, until).await? >= AT_ONCE {}
    }
    forget_floods(env).await?;
    forget_mails(env).await?;
    forget_receipts(env).await
}

async fn forget_sessions(env: &Environment) -> Result<usize, StorageError> {
    let mut work = env.store.begin().await?;
    let forgotten = work.sessions().forget_ended(env.clock.now(), AT_ONCE).await?;
    work.commit().await?;
    Ok(forgotten)
}

async fn forget_sign_ins(env: &Environment, what: OldSignIns, until: Timestamp) -> Result<usize, StorageError> {
    let mut work = env.store.begin().await?;
    let forgotten = work.sign_ins().forget_old(what, until, AT_ONCE).await?;
    work.commit().await?;
    Ok(forgotten)
}

/// They are looked for while others write: all that is kept is read for it.
async fn forget_floods(env: &Environment) -> Result<(), StorageError> {
    let floods = env.store.begin_read().await?.sign_ins().floods(KeptFailures::ALWAYS).await?;
    for flood in floods {
        while forget_flood(env, &flood).await? >= AT_ONCE {}
    }
    Ok(())
}

async fn forget_flood(env: &Environment, flood: &Flood) -> Result<usize, StorageError> {
    let mut work = env.store.begin().await?;
    let forgotten = work.sign_ins().forget_flood(flood, KeptFailures::ALWAYS, AT_ONCE).await?;
    work.commit().await?;
    Ok(forgotten)
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
