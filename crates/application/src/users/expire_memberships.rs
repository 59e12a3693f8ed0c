use varco_domain::{EventKind, Membership};

use super::leave::leave;
use crate::storage::StorageError;
use crate::write::Write;
use crate::{Caller, Environment, Mode};

/// How many are read at once.
const BATCH: usize = 100;

/// Ends every membership that reached its end, as if somebody removed it, and gives how many those were.
///
/// Decisions do not wait for this: they know the end of each membership. This frees the seats, takes the
/// entries away and tells whoever watches.
pub async fn expire_memberships(env: &Environment) -> Result<usize, StorageError> {
    let mut ended = 0;
    loop {
        let page = env.store.begin_read().await?.users().expired(env.clock.now(), BATCH).await?;
        let before = ended;
        for membership in &page.items {
            ended += usize::from(expire(env, membership).await?);
        }
        if !page.has_more || ended == before {
            return Ok(ended);
        }
    }
}

/// Ends a membership if it is still there and still past its end.
async fn expire(env: &Environment, seen: &Membership) -> Result<bool, StorageError> {
    let caller = Caller::system("membership-expiry");
    let mut write = Write::begin(env, &caller).await?;
    if write.lock(seen.organization).await?.is_none() {
        return Ok(false);
    }
    let now = write.now();
    let member = write.work().users().find(seen.organization, seen.user).await?;
    let Some(membership) = member.map(|it| it.membership).filter(|it| !it.counts_at(now)) else { return Ok(false) };
    leave(&mut write, &membership, EventKind::MembershipExpired).await?;
    write.finish(Mode::Execute).await?;
    Ok(true)
}
