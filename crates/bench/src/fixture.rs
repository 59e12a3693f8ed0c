//! A world of a given size, the same in every run.

use std::collections::BTreeSet;
use std::sync::Arc;

use uuid::Uuid;
use varco_application::decision::{Fact, Index};
use varco_domain::{
    Actor, CatalogKey, Entry, Event, EventKind, Id, Kind, OrganizationId, PermissionKey, Record, Revision, RoleId,
    Subject, SubjectId, Timestamp, UnitId, UserId, UserStatus,
};
use varco_proto::v1::CheckRequest;

const ROLES: u64 = 50;
const PERMISSIONS: u64 = 200;
const ENTRIES_PER_USER: u64 = 3;

/// How large a world is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) users: u64,
    pub(crate) units: u64,
}

/// One organization with units six levels deep and users with three entries each.
pub(crate) struct Fixture {
    pub(crate) index: Index,
    pub(crate) organization: OrganizationId,
    size: Size,
}

impl Fixture {
    pub(crate) fn new(size: Size) -> Self {
        let organization = id(1, 0);
        let mut index = Index::default();
        for fact in facts(organization, size) {
            index.apply(&fact);
        }
        index.advance(Revision::ZERO);
        Self { index, organization, size }
    }

    /// Questions about random users, units and permissions: the same for the same seed.
    pub(crate) fn questions(&self, count: usize, seed: u64) -> Vec<CheckRequest> {
        let mut random = Random(seed);
        let question = |_| CheckRequest {
            organization_id: self.organization.to_string(),
            subject_id: user(random.below(self.size.users)).to_string(),
            permission: permission(random.below(PERMISSIONS)).as_str().to_owned(),
            unit_id: unit(random.below(self.size.units)).to_string(),
            at_least: 0,
        };
        (0..count).map(question).collect()
    }

    /// A grant to some user, as a commit of the log.
    pub(crate) fn commit(&self, revision: u64, random: &mut Random) -> (Revision, Arc<[Event]>) {
        let subject = |kind: &str, id: String| Subject { kind: kind.to_owned(), id };
        let revision = Revision::new(revision);
        let event = Event {
            revision,
            ordinal: 0,
            occurred_at: Timestamp::EPOCH,
            organization: Some(self.organization),
            kind: EventKind::AssignmentGranted,
            subjects: vec![
                subject("subject", user(random.below(self.size.users)).to_string()),
                subject("unit", unit(random.below(self.size.units)).to_string()),
            ],
            actor: Actor::System,
            address: None,
            request_id: "bench".to_owned(),
            before: None,
            after: Some(Record::from(&entry(random))),
        };
        (revision, Arc::from([event]))
    }
}

fn facts(organization: OrganizationId, size: Size) -> impl Iterator<Item = Fact> {
    let catalog = CatalogKey::parse("bench").into_iter();
    let catalog = catalog.flat_map(move |key| {
        let permissions = (0..PERMISSIONS).map(permission).collect();
        [Fact::Catalog { key: key.clone(), permissions }, Fact::Subscribed { organization, catalog: key }]
    });
    let units = (0..size.units).map(move |place| Fact::Unit {
        organization,
        unit: unit(place),
        parent: (place > 0).then(|| unit(parent(place, size.units))),
    });
    let roles = (0..ROLES).map(move |place| {
        let mut random = Random(place + 1);
        let permissions = (0..20).map(|_| permission(random.below(PERMISSIONS))).collect();
        Fact::Role { organization, role: role(place), permissions }
    });
    catalog.chain(units).chain(roles).chain(user_facts(organization, size))
}

fn user_facts(organization: OrganizationId, size: Size) -> impl Iterator<Item = Fact> {
    let mut random = Random(42);
    (0..size.users).flat_map(move |place| {
        let subject = user(place);
        let mut facts = vec![Fact::Member { organization, subject, app_access: true, expires_at: None }];
        if let SubjectId::User(user) = subject {
            facts.push(Fact::Account { user, status: UserStatus::Active });
        }
        facts.extend((0..ENTRIES_PER_USER).map(|_| {
            let unit = unit(random.below(size.units));
            Fact::Entry { organization, subject, unit, entry: entry(&mut random) }
        }));
        facts
    })
}

/// So many children to a unit that the tree is six levels deep.
fn parent(place: u64, units: u64) -> u64 {
    let mut fan_out = 2;
    while (1..6).map(|level| u64::pow(fan_out, level)).sum::<u64>() + 1 < units {
        fan_out += 1;
    }
    (place - 1) / fan_out
}

fn entry(random: &mut Random) -> Entry {
    let roles: BTreeSet<RoleId> = [role(random.below(ROLES)), role(random.below(ROLES))].into();
    Entry { roles, propagates: random.below(2) == 0, barrier: false }
}

fn user(place: u64) -> SubjectId {
    SubjectId::User(id::<_>(2, place) as UserId)
}

fn unit(place: u64) -> UnitId {
    id(3, place)
}

fn role(place: u64) -> RoleId {
    id(4, place)
}

fn permission(place: u64) -> PermissionKey {
    PermissionKey::parse(&format!("bench:things{place}.edit")).expect("it has the form of a key")
}

/// An identifier like a real one: its first half counts up, its second looks random.
fn id<K: Kind>(kind: u64, place: u64) -> Id<K> {
    let scattered = Random(kind << 48 | place).next();
    Id::from_uuid(Uuid::from_u64_pair(kind << 48 | place, scattered))
}

/// Numbers that look random and are the same in every run (splitmix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}
