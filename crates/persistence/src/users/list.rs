use uuid::Uuid;
use varco_application::storage::{MemberFilter, MemberOrder, MemberQuery};
use varco_domain::{MailCategory, OrganizationId, SeatPool, Timestamp};

use super::row::{SELECT_MEMBERS, SELECT_MEMBERSHIPS};
use crate::search::add_words;
use crate::sql::{Sql, scoped, sql};

/// Reads a page of members. An index of memberships holds each order, so no page costs more than
/// the first.
pub(super) fn members(organization: OrganizationId, query: &MemberQuery) -> Sql {
    let mut list = scoped(organization, SELECT_MEMBERS);
    add_filter(&mut list, &query.filter);
    match &query.order {
        MemberOrder::Created { after } => {
            let after = after.map_or(Uuid::nil(), |after| after.as_uuid());
            list.push(" AND m.user_id > ").bind(after).push(" ORDER BY m.user_id");
        }
        MemberOrder::Username { after } => {
            let after = after.as_ref().map_or("", |after| after.as_str());
            list.push(" AND m.username > ").bind(after).push(" ORDER BY m.username");
        }
    }
    list.limit(query.limit);
    list
}

/// Counts what `members` lists on all pages together.
pub(super) fn count(organization: OrganizationId, filter: &MemberFilter) -> Sql {
    let mut count = scoped(organization, "SELECT COUNT(*) AS total FROM memberships m WHERE m.organization_id = $1");
    add_filter(&mut count, filter);
    count
}

fn add_filter(sql: &mut Sql, filter: &MemberFilter) {
    if let Some(status) = filter.status {
        sql.push(" AND EXISTS (SELECT 1 FROM users WHERE id = m.user_id AND status = ");
        sql.bind(status.as_str()).push(")");
    }
    if let Some(kind) = filter.kind {
        sql.push(" AND m.kind = ").bind(kind.as_str());
    }
    match filter.seat {
        Some(SeatPool::App) => _ = sql.push(" AND m.app_access"),
        Some(SeatPool::BackOffice) => _ = sql.push(" AND m.back_office_level <> 'none'"),
        None => (),
    }
    if let Some(category) = filter.mail {
        sql.push(" AND m.").push(mail_column(category));
        sql.push(" AND EXISTS (SELECT 1 FROM users WHERE id = m.user_id AND status <> 'suspended')");
    }
    if let Some(now) = filter.counts_at {
        sql.push(" AND (m.expires_at IS NULL OR m.expires_at > ").bind(now.as_micros()).push(")");
    }
    if let Some(since) = filter.dormant_since {
        sql.push(" AND m.kind = 'internal' AND EXISTS (SELECT 1 FROM users WHERE id = m.user_id");
        sql.push(" AND status <> 'contact' AND COALESCE(last_sign_in_at, created_at) < ");
        sql.bind(since.as_micros()).push(")");
    }
    add_words(sql, &filter.words, " AND m.user_id IN (SELECT user_id FROM user_terms WHERE TRUE");
}

const fn mail_column(category: MailCategory) -> &'static str {
    match category {
        MailCategory::General => "mail_general",
        MailCategory::Product => "mail_product",
        MailCategory::Domain => "mail_domain",
        MailCategory::Billing => "mail_billing",
        MailCategory::Support => "mail_support",
    }
}

/// Memberships that ended by themselves, whichever organization they are of.
pub(super) fn expired(now: Timestamp, limit: usize) -> Sql {
    let mut list = sql(SELECT_MEMBERSHIPS);
    list.push(" WHERE m.expires_at <= ").bind(now.as_micros());
    list.push(" ORDER BY m.expires_at, m.organization_id, m.user_id").limit(limit);
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::assert_indexed;

    #[tokio::test]
    async fn what_expired_is_found_without_reading_the_rest() {
        assert_indexed(expired(Timestamp::EPOCH, 50)).await;
    }

    #[tokio::test]
    async fn no_page_of_members_costs_more_than_the_first() {
        let organization = OrganizationId::from_uuid(Uuid::nil());
        let orders = [MemberOrder::Created { after: None }, MemberOrder::Username { after: None }];
        for order in orders {
            let filter = MemberFilter { seat: Some(SeatPool::App), ..MemberFilter::default() };
            assert_indexed(members(organization, &MemberQuery { filter, order, limit: 50 })).await;
        }
    }
}
