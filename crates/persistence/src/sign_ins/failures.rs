use sea_orm::DbBackend;
use uuid::Uuid;
use varco_application::storage::{FailureFilter, Flood, KeptFailures, SignInFailure};
use varco_domain::SignInFailureId;

use crate::forget::push_some_free;
use crate::sql::{Sql, sql};

/// Reads an index from end to end: not for where somebody waits.
pub(super) fn floods(kept: KeptFailures) -> Sql {
    sql("SELECT user_id, organization_id FROM sign_in_failures GROUP BY user_id, organization_id \
         HAVING COUNT(*) > CASE WHEN user_id IS NULL THEN $1 ELSE $2 END")
    .with(i64::from(kept.of_nobody))
    .with(i64::from(kept.of_account))
}

pub(super) fn forget_beyond(backend: DbBackend, flood: &Flood, kept: KeptFailures, limit: usize) -> Sql {
    let kept = if flood.user.is_some() { kept.of_account } else { kept.of_nobody };
    let mut forget = sql("DELETE FROM sign_in_failures WHERE id IN (SELECT id FROM sign_in_failures WHERE ");
    push_whose(&mut forget, flood);
    forget.push(" AND id <= (SELECT id FROM sign_in_failures WHERE ");
    push_whose(&mut forget, flood);
    forget.push(" AND id <= ").bind(Uuid::max());
    forget.push(" ORDER BY id DESC LIMIT 1 OFFSET ").bind(i64::from(kept)).push(")");
    push_some_free(&mut forget, backend, limit);
    forget.push(")");
    forget
}

fn push_whose(text: &mut Sql, flood: &Flood) {
    text.push("user_id");
    push_is(text, flood.user.map(|user| user.as_uuid()));
    text.push(" AND organization_id");
    push_is(text, flood.home.map(|home| home.as_uuid()));
}

fn push_is(text: &mut Sql, id: Option<Uuid>) {
    match id {
        Some(id) => _ = text.push(" = ").bind(id),
        None => _ = text.push(" IS NULL"),
    }
}

pub(super) fn insert(failure: &SignInFailure) -> Sql {
    let client = &failure.client;
    sql("INSERT INTO sign_in_failures (id, user_id, organization_id, occurred_at, reason, address, user_agent, \
         browser, operating_system) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
    .with(failure.id.as_uuid())
    .with(failure.user.map(|user| user.as_uuid()))
    .with(failure.home.map(|home| home.as_uuid()))
    .with(failure.occurred_at.as_micros())
    .with(failure.refusal.as_str())
    .with(client.address.clone())
    .with(client.user_agent.clone())
    .with(client.browser.clone())
    .with(client.operating_system.clone())
}

/// Reads a page of refusals along one of three indexes: of an account, of an organization, of all.
pub(super) fn list(filter: &FailureFilter, before: Option<SignInFailureId>, limit: usize) -> Sql {
    let mut list = sql("SELECT id, user_id, organization_id, occurred_at, reason, address, user_agent, browser, \
         operating_system FROM sign_in_failures WHERE id < ");
    list.bind(before.map_or(Uuid::max(), |before| before.as_uuid()));
    match (filter.user, filter.home) {
        (Some(user), Some(home)) => {
            list.push(" AND user_id = ").bind(user.as_uuid());
            list.push(" AND organization_id = ").bind(home.as_uuid());
        }
        (Some(user), None) => _ = list.push(" AND user_id = ").bind(user.as_uuid()),
        (None, Some(home)) => _ = list.push(" AND organization_id = ").bind(home.as_uuid()),
        (None, None) => (),
    }
    list.push(" ORDER BY id DESC").limit(limit);
    list
}

#[cfg(test)]
mod tests {
    use varco_domain::{OrganizationId, UserId};

    use super::*;
    use crate::plans::assert_indexed;

    #[tokio::test]
    async fn no_page_of_refusals_costs_more_than_the_first() {
        let (user, home) = (UserId::from_uuid(Uuid::nil()), OrganizationId::from_uuid(Uuid::nil()));
        for user in [None, Some(user)] {
            for home in [None, Some(home)] {
                assert_indexed(list(&FailureFilter { home, user }, None, 50)).await;
                assert_indexed(forget_beyond(DbBackend::Sqlite, &Flood { user, home }, KeptFailures::ALWAYS, 500))
                    .await;
            }
        }
    }
}
