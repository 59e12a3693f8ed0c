use varco_application::storage::{EventFilter, EventKey};

use super::revision_number;
use super::row::{SELECT, SELECT_BY_SUBJECT};
use crate::sql::{Sql, sql};

/// Reads a page of events, newest first. The narrowest of subject, actor and organization has an
/// index that holds the order.
pub(super) fn events(filter: &EventFilter, before: Option<EventKey>, limit: usize) -> Sql {
    let is_by_subject = filter.subject.is_some();
    let (select, by) = if is_by_subject { (SELECT_BY_SUBJECT, "s") } else { (SELECT, "e") };
    let mut list = sql(select);
    let (revision, ordinal) =
        before.map_or((i64::MAX, 0), |key| (revision_number(key.revision), i64::from(key.ordinal)));
    list.push(&format!(" WHERE ({by}.revision, {by}.ordinal) < (")).bind(revision).push(", ").bind(ordinal).push(")");
    add_filter(&mut list, filter);
    list.push(&format!(" ORDER BY {by}.revision DESC, {by}.ordinal DESC")).limit(limit);
    list
}

fn add_filter(sql: &mut Sql, filter: &EventFilter) {
    if let Some(subject) = &filter.subject {
        sql.push(" AND s.subject_id = ").bind(subject.as_str());
    }
    if let Some(organization) = filter.organization {
        sql.push(" AND e.organization_id = ").bind(organization.as_uuid());
    }
    if let Some(actor) = filter.actor {
        sql.push(" AND e.actor_id = ").bind(actor.as_uuid());
    }
    if let Some(organization) = filter.actor_organization {
        sql.push(" AND e.actor_organization_id = ").bind(organization.as_uuid());
    }
    if let Some(from) = filter.from {
        sql.push(" AND e.occurred_at >= ").bind(from.as_micros());
    }
    if let Some(until) = filter.until {
        sql.push(" AND e.occurred_at < ").bind(until.as_micros());
    }
    add_types(sql, &filter.types);
}

fn add_types(sql: &mut Sql, types: &[String]) {
    for (place, kind) in types.iter().enumerate() {
        sql.push(if place == 0 { " AND e.kind IN (" } else { ", " }).bind(kind.as_str());
    }
    if !types.is_empty() {
        sql.push(")");
    }
}

#[cfg(test)]
mod tests {
    use varco_domain::{OrganizationId, ServiceAccountId, SubjectId};

    use super::*;
    use crate::plans::assert_indexed;

    #[tokio::test]
    async fn no_page_of_events_costs_more_than_the_first() {
        let any = EventFilter::default();
        let organization = Some(OrganizationId::from_uuid(uuid::Uuid::nil()));
        let actor = Some(SubjectId::ServiceAccount(ServiceAccountId::from_uuid(uuid::Uuid::nil())));
        let filters = [
            any.clone(),
            EventFilter { organization, ..any.clone() },
            EventFilter { actor, ..any.clone() },
            EventFilter { organization, actor, actor_organization: organization, ..any.clone() },
            EventFilter { subject: Some("user_1".to_owned()), organization, ..any },
        ];
        for filter in filters {
            assert_indexed(events(&filter, None, 50)).await;
        }
    }
}
