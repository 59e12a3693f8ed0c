//! Facts read out of events.

use varco_decision::{CorruptEvent, Fact};
use varco_domain::{
    Actor, Event, EventKind, OrganizationId, PermissionKey, Record, Revision, Subject, SubjectId, Timestamp, Value,
};

use crate::dice::{self, Dice};
use crate::operation::Cast;
use crate::rebuild::random_fact;

type Subjects<'a> = &'a [(&'a str, String)];

fn event(
    kind: EventKind,
    organization: Option<OrganizationId>,
    subjects: Subjects<'_>,
    after: Option<Record>,
) -> Event {
    let subjects = subjects.iter().map(|(kind, id)| Subject { kind: (*kind).to_owned(), id: id.clone() });
    Event {
        revision: Revision::new(7),
        ordinal: 2,
        occurred_at: Timestamp::EPOCH,
        organization,
        kind,
        subjects: subjects.collect(),
        actor: Actor::System,
        address: None,
        request_id: String::new(),
        before: None,
        after,
    }
}

fn permissions(keys: &[PermissionKey]) -> Record {
    Record::default().with("permissions", keys.iter().map(PermissionKey::as_str).collect::<Value>())
}

/// How the application tells a fact.
fn told(fact: &Fact) -> Event {
    use EventKind as E;
    let text = |id: &dyn ToString| id.to_string();
    let home = Some(dice::organization(0));
    match fact {
        Fact::Catalog { key, permissions: keys } => {
            event(E::CatalogApplied, None, &[("catalog", text(key))], Some(permissions(keys)))
        }
        Fact::Subscribed { organization, catalog } => {
            event(E::CatalogSubscribed, Some(*organization), &[("catalog", text(catalog))], None)
        }
        Fact::Unsubscribed { organization, catalog } => {
            event(E::CatalogUnsubscribed, Some(*organization), &[("catalog", text(catalog))], None)
        }
        Fact::OrganizationGone { organization } => event(E::OrganizationDeleted, Some(*organization), &[], None),
        Fact::Account { user, status } => event(
            E::UserSuspended,
            home,
            &[("user", text(user))],
            Some(Record::default().with("status", status.as_str())),
        ),
        Fact::AccountGone { user } => event(E::UserRemoved, home, &[("user", text(user))], None),
        Fact::Member { organization, subject: SubjectId::User(user), app_access, expires_at } => {
            let end = expires_at.map(|end| Value::Integer(end.as_micros()));
            let after = Record::default().with("app_access", *app_access).with_some("expire_time_micros", end);
            event(E::MembershipAdded, Some(*organization), &[("user", text(user))], Some(after))
        }
        Fact::Member { organization, subject, .. } => {
            event(E::ServiceAccountCreated, Some(*organization), &[("service_account", text(subject))], None)
        }
        Fact::MemberGone { organization, subject: SubjectId::User(user) } => {
            event(E::MembershipRemoved, Some(*organization), &[("user", text(user))], None)
        }
        Fact::MemberGone { organization, subject } => {
            event(E::ServiceAccountDeleted, Some(*organization), &[("service_account", text(subject))], None)
        }
        Fact::Unit { organization, unit, parent } => {
            let after = Record::default().with_some("parent_unit_id", parent.map(|parent| parent.to_string()));
            event(E::UnitMoved, Some(*organization), &[("unit", text(unit))], Some(after))
        }
        Fact::UnitGone { organization, unit } => {
            event(E::UnitDeleted, Some(*organization), &[("unit", text(unit))], None)
        }
        Fact::Role { organization, role, permissions: keys } => {
            event(E::RoleCreated, Some(*organization), &[("role", text(role))], Some(permissions(keys)))
        }
        Fact::RoleGone { organization, role } => {
            event(E::RoleDeleted, Some(*organization), &[("role", text(role))], None)
        }
        Fact::Entry { organization, subject, unit, entry } => {
            let subjects = [("subject", text(subject)), ("unit", text(unit))];
            event(E::AssignmentGranted, Some(*organization), &subjects, Some(entry.into()))
        }
        Fact::EntryGone { organization, subject, unit } => {
            let subjects = [("subject", text(subject)), ("unit", text(unit))];
            event(E::AssignmentReplaced, Some(*organization), &subjects, None)
        }
    }
}

fn random_facts() -> impl Iterator<Item = Fact> {
    let (mut dice, cast) = (Dice::new(11), Cast::new());
    (0..5000).map(move |_| random_fact(&mut dice, &cast))
}

/// Of a service account the events say nothing about access, and every one of them may act.
fn as_read(fact: Fact) -> Fact {
    match fact {
        Fact::Member { organization, subject: subject @ SubjectId::ServiceAccount(_), .. } => {
            Fact::Member { organization, subject, app_access: true, expires_at: None }
        }
        fact => fact,
    }
}

#[test]
fn a_fact_told_as_an_event_is_read_back() {
    for fact in random_facts() {
        assert_eq!(Fact::from_event(&told(&fact)), Ok(Some(as_read(fact))));
    }
}

#[test]
fn an_event_that_lacks_what_its_kind_promises_is_corrupt() {
    for fact in random_facts() {
        let event = told(&fact);
        for place in 0..event.subjects.len() {
            let mut without = event.clone();
            let field = without.subjects.remove(place).kind;
            assert_eq!(Fact::from_event(&without).unwrap_err().field, field);
        }
        if let Some(after) = &event.after {
            for field in after.0.keys().filter(|field| *field != "kind") {
                let mut garbled = event.clone();
                garbled.after.as_mut().unwrap().0.insert(field.clone(), Value::Record(Record::default()));
                assert_eq!(Fact::from_event(&garbled).unwrap_err().field, field);
            }
        }
    }
}

#[test]
fn a_corrupt_event_says_which() {
    let event = event(EventKind::UnitDeleted, Some(dice::organization(0)), &[("unit", "user_x".to_owned())], None);
    let corrupt = CorruptEvent { revision: Revision::new(7), ordinal: 2, kind: "unit.deleted", field: "unit" };
    assert_eq!(corrupt.to_string(), "event 2 of revision 7, `unit.deleted`, has no readable `unit`");
    assert_eq!(Fact::from_event(&event), Err(corrupt));
}

#[test]
fn a_service_account_without_organization_belongs_to_none() {
    for kind in [EventKind::ServiceAccountCreated, EventKind::ServiceAccountDeleted] {
        let subjects = [("service_account", dice::service_account(0).to_string())];
        assert_eq!(Fact::from_event(&event(kind, None, &subjects, None)), Ok(None));
    }
}

#[test]
fn events_that_change_no_access_tell_no_fact() {
    let silent = EventKind::ALL.iter().filter(|kind| Fact::from_event(&event(**kind, None, &[], None)) == Ok(None));
    let silent: Vec<_> = silent.map(|kind| kind.as_str()).collect();
    assert_eq!(
        silent,
        [
            "organization.created",
            "organization.updated",
            "organization.sso_provider_set",
            "organization.sso_provider_removed",
            "license.limits_changed",
            "license.threshold_reached",
            "user.updated",
            "user.invited",
            "user.sso_linked",
            "user.password_reset_requested",
            "user.password_changed",
            "user.password_reset",
            "user.pin_reset",
            "user.pin_activated",
            "membership.mail_preferences_changed",
            "unit.updated",
            "role.updated",
            "service_account.created",
            "service_account.deleted",
            "service_account.secret_created",
            "mail.queued",
            "mail.sent",
            "mail.died",
            "mail.retried",
            "service_account.secret_revoked",
            "session.started",
            "session.ended",
            "signing_key.created",
            "signing_key.retired",
        ]
    );
}
