//! What may be done to a world, and chance's choice of it.

use std::collections::BTreeSet;

use varco_domain::{
    CatalogKey, InheritanceMode, PermissionKey, RoleId, SubjectId, Timestamp, UnitId, UserId, UserStatus,
};

use crate::dice::{self, Dice};

#[derive(Clone, Debug)]
pub(crate) enum Operation {
    CreateUnit { unit: UnitId, parent: UnitId },
    MoveUnit { unit: UnitId, parent: UnitId },
    DeleteUnit { unit: UnitId },
    Grant { subject: SubjectId, unit: UnitId, roles: BTreeSet<RoleId> },
    Revoke { subject: SubjectId, unit: UnitId, roles: BTreeSet<RoleId> },
    Enable { subject: SubjectId, unit: UnitId, mode: InheritanceMode },
    Disable { subject: SubjectId, unit: UnitId },
    Break { subject: SubjectId, unit: UnitId },
    SetRole { role: RoleId, permissions: BTreeSet<PermissionKey> },
    DeleteRole { role: RoleId },
    SetStatus { user: UserId, status: UserStatus },
    RemoveAccount { user: UserId },
    SetMember { subject: SubjectId, app_access: bool, expires_at: Option<Timestamp> },
    RemoveMember { subject: SubjectId },
    Subscribe { catalog: CatalogKey },
    Unsubscribe { catalog: CatalogKey },
    ApplyCatalog { catalog: CatalogKey, permissions: BTreeSet<PermissionKey> },
}

/// Why an operation is refused, by the names of the conformance vectors.
pub(crate) type Refused = &'static str;

const USERS: usize = 5;

/// Everything that operations and questions choose from.
pub(crate) struct Cast {
    pub(crate) subjects: Vec<SubjectId>,
    pub(crate) roles: Vec<RoleId>,
    pub(crate) catalogs: Vec<CatalogKey>,
    pub(crate) permissions: Vec<PermissionKey>,
    /// Every unit that ever was; the first is the root.
    pub(crate) units: Vec<UnitId>,
}

impl Cast {
    pub(crate) fn new() -> Self {
        let users = (0..USERS).map(|number| SubjectId::User(dice::user(number)));
        let programs = (0..2).map(|number| SubjectId::ServiceAccount(dice::service_account(number)));
        let names = ["eagle", "privacy", "segments"];
        let keys = names.iter().flat_map(|name| (0..4).map(move |it| format!("{name}:thing{it}.edit")));
        Self {
            subjects: users.chain(programs).collect(),
            roles: (0..6).map(dice::role).collect(),
            catalogs: names.iter().map(|name| CatalogKey::parse(name).unwrap()).collect(),
            permissions: keys.map(|key| PermissionKey::parse(&key).unwrap()).collect(),
            units: vec![dice::unit(0)],
        }
    }

    fn own(&self, catalog: &CatalogKey) -> Vec<PermissionKey> {
        self.permissions.iter().filter(|key| key.catalog() == catalog.as_str()).cloned().collect()
    }

    /// What makes a world worth asking: members, roles, catalogs.
    pub(crate) fn opening(&self, dice: &mut Dice) -> Vec<Operation> {
        let catalogs = self.catalogs.iter().flat_map(|catalog| {
            let permissions = self.own(catalog).into_iter().collect();
            [
                Operation::ApplyCatalog { catalog: catalog.clone(), permissions },
                Operation::Subscribe { catalog: catalog.clone() },
            ]
        });
        let accounts =
            (0..USERS).map(|number| Operation::SetStatus { user: dice::user(number), status: UserStatus::Active });
        let members = self.subjects.iter().map(|subject| Operation::SetMember {
            subject: *subject,
            app_access: true,
            expires_at: None,
        });
        let mut opening: Vec<_> = catalogs.chain(accounts).chain(members).collect();
        for role in &self.roles {
            let permissions = dice.some(&self.permissions, 4).into_iter().collect();
            opening.push(Operation::SetRole { role: *role, permissions });
        }
        opening
    }

    /// Something to try next; it may well be refused. `posts` are the places that have entries.
    pub(crate) fn next(&mut self, dice: &mut Dice, posts: &[(SubjectId, UnitId)]) -> Operation {
        let anywhere = (*dice.pick(&self.subjects), *dice.pick(&self.units));
        let post = if posts.is_empty() { anywhere } else { *dice.pick(posts) };
        // Only where entries stand can most operations do anything.
        let (subject, unit) = if dice.below(3) > 0 { post } else { anywhere };
        let roles = dice.some(&self.roles, 3).into_iter().collect();
        match dice.below(100) {
            0..10 => self.create_unit(dice),
            10..14 => Operation::MoveUnit { unit: *dice.pick(&self.units), parent: *dice.pick(&self.units) },
            14 => Operation::DeleteUnit { unit: self.units[self.units.len() - 1 - dice.below(self.units.len())] },
            15..45 => Operation::Grant { subject, unit: *dice.pick(&self.units), roles },
            45..49 => Operation::Revoke { subject, unit, roles },
            // Entries that are left empty are rare and the hardest to get right.
            49..54 => Operation::Revoke { subject, unit, roles: self.roles.iter().copied().collect() },
            54..70 => Operation::Enable { subject, unit, mode: mode(dice) },
            70..74 => Operation::Disable { subject, unit },
            74..90 => Operation::Break { subject, unit: *dice.pick(&self.units) },
            _ => self.next_of_rest(dice, subject),
        }
    }

    fn create_unit(&mut self, dice: &mut Dice) -> Operation {
        // Half of the time below the newest one, so that trees get deep.
        let parent = if dice.is_heads() { self.units[self.units.len() - 1] } else { *dice.pick(&self.units) };
        let unit = dice::unit(self.units.len());
        self.units.push(unit);
        Operation::CreateUnit { unit, parent }
    }

    fn next_of_rest(&self, dice: &mut Dice, subject: SubjectId) -> Operation {
        let catalog = dice.pick(&self.catalogs).clone();
        let role = *dice.pick(&self.roles);
        match dice.below(20) {
            4 if dice.is_heads() => Operation::DeleteRole { role },
            0..5 => Operation::SetRole { role, permissions: dice.some(&self.permissions, 5).into_iter().collect() },
            5 => Operation::SetStatus { user: random_user(dice), status: UserStatus::Suspended },
            6..9 => Operation::SetStatus { user: random_user(dice), status: UserStatus::Active },
            9 if dice.below(4) == 0 => Operation::RemoveAccount { user: random_user(dice) },
            9..12 => Operation::SetMember { subject, app_access: dice.below(4) > 0, expires_at: dice::end(dice) },
            12 if dice.below(4) == 0 => Operation::RemoveMember { subject },
            12..15 => Operation::Subscribe { catalog },
            15 => Operation::Unsubscribe { catalog },
            _ => {
                let permissions = dice.some(&self.own(&catalog), 8).into_iter().collect();
                Operation::ApplyCatalog { catalog, permissions }
            }
        }
    }
}

fn mode(dice: &mut Dice) -> InheritanceMode {
    if dice.below(6) > 0 { InheritanceMode::Keep } else { InheritanceMode::Replace }
}

fn random_user(dice: &mut Dice) -> UserId {
    dice::user(dice.below(USERS))
}
