//! Things to store.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use varco_application::storage::{EntryChange, Store, UnitOfWork};
use varco_domain::*;
use varco_persistence::SeaStore;

static COUNT: AtomicI64 = AtomicI64::new(1);

/// A number that no other has; each is greater than the one before.
pub(crate) fn count() -> i64 {
    COUNT.fetch_add(1, Ordering::Relaxed)
}

/// An identifier that no other has, younger than those before.
pub(crate) fn id<K: Kind>() -> Id<K> {
    Id::generate(Timestamp::from_micros(count() * 1000), [7; 10])
}

/// An instant with microseconds that no rounding survives.
pub(crate) fn instant() -> Timestamp {
    Timestamp::from_micros(1_763_836_799_123_457 + count())
}

pub(crate) fn label(text: &str) -> Label {
    Label::parse(text).unwrap()
}

pub(crate) fn permission(text: &str) -> PermissionKey {
    PermissionKey::parse(text).unwrap()
}

pub(crate) fn permissions(texts: &[&str]) -> BTreeSet<PermissionKey> {
    texts.iter().map(|text| permission(text)).collect()
}

pub(crate) fn key(text: &str) -> CatalogKey {
    CatalogKey::parse(text).unwrap()
}

pub(crate) fn username(text: &str) -> Username {
    Username::parse(text).unwrap()
}

pub(crate) fn organization(name: &str) -> Organization {
    Organization {
        id: id(),
        name: label(name),
        app_display_name: None,
        parent: None,
        root_unit: id(),
        policies: Policies::default(),
        app_seats: Seats::unlimited(SeatPool::App),
        back_office_seats: Seats { pool: SeatPool::BackOffice, limit: Some(u32::MAX), used: 3 },
        catalogs: Vec::new(),
        created_at: instant(),
        version: Version::FIRST,
    }
}

pub(crate) fn user(home: OrganizationId, name: &str) -> User {
    User {
        id: id(),
        username: username(name),
        email: Email::parse(&format!("{name}@example.org")).unwrap(),
        profile: Profile::new(label("Ana"), label("Rossi"), Language::default()),
        status: UserStatus::Active,
        home,
        created_at: instant(),
        activated_at: Some(instant()),
        last_sign_in_at: None,
        version: Version::FIRST,
    }
}

pub(crate) fn membership(organization: OrganizationId, user: &User) -> Membership {
    let kind = if user.home == organization { MembershipKind::Internal } else { MembershipKind::External };
    let access = Access { app: true, back_office: BackOfficeLevel::None };
    let mail = MailPreferences::of_users();
    Membership { organization, user: user.id, kind, access, mail, expires_at: None, created_at: instant() }
}

pub(crate) fn unit(organization: OrganizationId, above: Option<&Unit>, name: &str) -> Unit {
    Unit {
        id: id(),
        organization,
        parent: above.map(|above| above.id),
        name: label(name),
        kind: UnitKind::Unit,
        depth: above.map_or(1, |above| above.depth + 1),
        created_at: instant(),
        version: Version::FIRST,
    }
}

pub(crate) fn role(organization: OrganizationId, name: &str) -> Role {
    Role {
        id: id(),
        organization,
        name: label(name),
        description: Description::parse("For tests.\nOf storage.").unwrap(),
        permissions: permissions(&["privacy:register.edit", "privacy:register.view"]),
        origin: RoleOrigin::Custom,
        created_at: instant(),
        version: Version::FIRST,
    }
}

pub(crate) fn catalog(name: &str, offered: &[&str]) -> Catalog {
    let offer = |path: &&str| CatalogPermission {
        key: permission(&format!("{name}:{path}")),
        description: Description::parse(&format!("To {path}")).unwrap(),
    };
    let permissions: Vec<_> = offered.iter().map(offer).collect();
    let reader = PredefinedRole {
        key: PredefinedRoleKey::parse("reader").unwrap(),
        name: label("Reader"),
        description: Description::default(),
        permissions: permissions.iter().map(|permission| permission.key.clone()).collect(),
    };
    Catalog {
        key: key(name),
        display_name: label("A catalog"),
        version: 7,
        permissions,
        predefined_roles: vec![
            PredefinedRole { key: PredefinedRoleKey::parse("zero").unwrap(), ..reader.clone() },
            reader,
        ],
        applied_at: instant(),
    }
}

pub(crate) fn service_account(organization: Option<OrganizationId>, name: &str) -> ServiceAccount {
    let username = username(name);
    ServiceAccount { id: id(), username, organization, secrets: Vec::new(), created_at: instant() }
}

pub(crate) fn event(organization: Option<OrganizationId>, kind: EventKind, subjects: &[(&str, &str)]) -> Event {
    let subject = |(kind, id): &(&str, &str)| Subject { kind: (*kind).to_owned(), id: (*id).to_owned() };
    Event {
        revision: Revision::ZERO,
        ordinal: 0,
        occurred_at: instant(),
        organization,
        kind,
        subjects: subjects.iter().map(subject).collect(),
        actor: Actor::System,
        address: None,
        request_id: "request".to_owned(),
        before: None,
        after: Some(Record::default().with("name", "caff\u{e8}")),
    }
}

pub(crate) fn entry(roles: &[RoleId]) -> Entry {
    Entry { roles: roles.iter().copied().collect(), propagates: true, barrier: false }
}

pub(crate) fn put(subject: SubjectId, unit: UnitId, entry: &Entry) -> EntryChange {
    EntryChange { subject, unit, before: None, after: Some(entry.clone()) }
}

pub(crate) fn entries<const N: usize>(entries: [(UnitId, Entry); N]) -> SubjectEntries {
    SubjectEntries::new(BTreeMap::from(entries))
}

/// An organization with its root unit, as it always exists.
pub(crate) struct Tenant {
    pub(crate) organization: Organization,
    pub(crate) root: Unit,
}

impl Tenant {
    pub(crate) fn id(&self) -> OrganizationId {
        self.organization.id
    }
}

/// Stores an organization with its root unit.
pub(crate) async fn tenant(store: &SeaStore, name: &str) -> Tenant {
    let mut organization = organization(name);
    let root = unit(organization.id, None, name);
    organization.root_unit = root.id;
    let mut work = begin(store).await;
    work.organizations().insert(&organization).await.unwrap();
    work.units().insert(&root).await.unwrap();
    work.commit().await.unwrap();
    Tenant { organization, root }
}

/// Stores an account with its membership at home.
pub(crate) async fn member(store: &SeaStore, home: OrganizationId, name: &str) -> Member {
    let user = user(home, name);
    join(store, user).await
}

/// Stores this account with its membership at home.
pub(crate) async fn join(store: &SeaStore, user: User) -> Member {
    let membership = membership(user.home, &user);
    let mut work = begin(store).await;
    work.users().insert(&user).await.unwrap();
    work.users().insert_membership(&membership).await.unwrap();
    work.commit().await.unwrap();
    Member { user, membership }
}

pub(crate) async fn begin(store: &SeaStore) -> Box<dyn UnitOfWork> {
    store.begin().await.unwrap()
}

pub(crate) async fn read(store: &SeaStore) -> Box<dyn UnitOfWork> {
    store.begin_read().await.unwrap()
}

/// Stores what was just inserted by itself.
macro_rules! commit {
    ($store:expr, |$work:ident| $($done:expr),+) => {{
        let mut $work = $crate::world::begin(&$store).await;
        $($done.await.unwrap();)+
        $work.commit().await.unwrap();
    }};
}
pub(crate) use commit;

/// How an attempt ended, to compare.
macro_rules! attempt {
    ($store:expr, |$work:ident| $done:expr) => {{
        let mut $work = $crate::world::begin(&$store).await;
        $done.await.map_err(|error| format!("{error:?}"))
    }};
}
pub(crate) use attempt;

pub(crate) const HOUR: Duration = Duration::from_hours(1);
