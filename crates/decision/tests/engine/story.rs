//! The worlds of `decisions.json`, as far as the engine knows what they hold: no groups at the unit,
//! no items of one's own, no modules that demand a node. Whatever ended by the time of a question is left out.

use serde_json::Value;
use varco_decision::{Fact, Index, Question, Reason};
use varco_domain::{CatalogKey, Entry, PermissionKey, SubjectId, Timestamp, UnitId, UserStatus};

use crate::dice;
use crate::mistake::{self, Mistake};
use crate::vectors::Names;

const WORLDS: &str = include_str!("../../../../tests/vectors/decisions.json");

fn members(of: &Value) -> impl Iterator<Item = (&String, &Value)> {
    of.as_object().into_iter().flatten()
}

fn items(of: &Value) -> impl Iterator<Item = &Value> {
    of.as_array().into_iter().flatten()
}

fn key(permission: &str) -> PermissionKey {
    PermissionKey::parse(&format!("app:{permission}")).unwrap()
}

fn lasts(end: &Value, now: i64) -> bool {
    end.as_i64().is_none_or(|end| now < end)
}

struct Story<'a> {
    world: &'a Value,
    units: Names,
    roles: Names,
    users: Names,
}

impl<'a> Story<'a> {
    fn new(world: &'a Value) -> Self {
        Self { world, units: Names::default(), roles: Names::default(), users: Names::default() }
    }

    fn user(&mut self, name: &str) -> SubjectId {
        SubjectId::User(dice::user(self.users.number(name)))
    }

    fn unit(&mut self, name: &str) -> UnitId {
        dice::unit(self.units.number(name))
    }

    /// The permissions that are granted without condition.
    fn plain(grants: &Value) -> Vec<PermissionKey> {
        let plain = items(grants).filter(|grant| grant["own"] == false);
        plain.map(|grant| key(grant["permission"].as_str().unwrap())).collect()
    }

    fn role_permissions(&self, role: &Value) -> Vec<PermissionKey> {
        let mut keys = Self::plain(&role["permissions"]);
        for (class, level) in members(&role["classes"]) {
            let levels: &[&str] = match level.as_str().unwrap() {
                "edit" => &["view", "edit"],
                "view" => &["view"],
                _ => &[],
            };
            keys.extend(levels.iter().map(|level| key(&format!("class.{class}.{level}"))));
        }
        let visible = members(&role["resources"]).filter(|(_, level)| *level == "view");
        keys.extend(visible.map(|(resource, _)| key(&format!("resource.{resource}.view"))));
        for (module, level) in members(&role["modules"]) {
            keys.extend(Self::plain(&self.world["catalogue"]["modules"][module]["levels"][level.as_str().unwrap()]));
        }
        keys
    }

    fn offered(&self) -> Vec<PermissionKey> {
        let catalog = &self.world["catalogue"];
        let mut keys: Vec<_> = items(&catalog["permissions"]).map(|it| key(it.as_str().unwrap())).collect();
        for class in items(&catalog["classes"]).map(|it| it.as_str().unwrap()) {
            keys.extend(["view", "edit"].map(|level| key(&format!("class.{class}.{level}"))));
        }
        let resources = items(&catalog["resources"]).map(|it| it.as_str().unwrap());
        keys.extend(resources.map(|resource| key(&format!("resource.{resource}.view"))));
        let active = members(&catalog["modules"]).filter(|(_, module)| module["active"] == true);
        let levels = active.flat_map(|(_, module)| members(&module["levels"]).map(|(_, grants)| grants));
        keys.extend(levels.flat_map(|grants| items(grants).map(|grant| key(grant["permission"].as_str().unwrap()))));
        keys
    }

    fn facts(&mut self, now: i64) -> Vec<Fact> {
        let organization = dice::organization(0);
        let catalog = CatalogKey::parse("app").unwrap();
        let mut facts = vec![
            Fact::Catalog { key: catalog.clone(), permissions: self.offered() },
            Fact::Subscribed { organization, catalog },
        ];
        let world = self.world;
        for (name, role) in members(&world["roles"]) {
            let number = self.roles.number(name);
            facts.push(Fact::Role { organization, role: dice::role(number), permissions: self.role_permissions(role) });
        }
        for (name, parent) in members(&world["units"]) {
            let parent = parent.as_str().map(|parent| self.unit(parent));
            facts.push(Fact::Unit { organization, unit: self.unit(name), parent });
        }
        for (name, user) in members(&world["users"]) {
            let app_access = user["app_access"] == true;
            let status = UserStatus::parse(&user["status"].as_str().unwrap().to_lowercase()).unwrap();
            facts.push(Fact::Account { user: dice::user(self.users.number(name)), status });
            let expires_at = user["member_until"].as_i64().map(Timestamp::from_micros);
            facts.push(Fact::Member { organization, subject: self.user(name), app_access, expires_at });
        }
        for (name, entries) in members(&world["entries"]) {
            for (unit, entry) in members(entries) {
                let roles = items(&entry["roles"]).filter(|role| lasts(&role["expires"], now));
                let roles = roles.map(|role| dice::role(self.roles.number(role["role"].as_str().unwrap()))).collect();
                let entry = Entry { roles, propagates: entry["propagates"] == true, barrier: entry["barrier"] == true };
                facts.push(Fact::Entry { organization, subject: self.user(name), unit: self.unit(unit), entry });
            }
        }
        facts
    }

    /// Whether a group could give the user roles at the unit.
    fn is_grouped(&self, user: &str, unit: &Value, now: i64) -> bool {
        members(&self.world["groups"]).any(|(_, group)| {
            let has_user = items(&group["members"]).any(|it| it["user"] == user && lasts(&it["expires"], now));
            has_user && items(&group["projects"]).any(|project| project == unit)
        })
    }

    fn demands_node(&self, permission: &str) -> bool {
        members(&self.world["catalogue"]["modules"]).any(|(_, module)| {
            let mut levels = members(&module["levels"]).flat_map(|(_, grants)| items(grants));
            module["requires_node"] == true && levels.any(|grant| grant["permission"] == permission)
        })
    }
}

fn reason(text: &str) -> Option<Reason> {
    Some(match text {
        "ALLOWED" => Reason::Allowed,
        "NOT_A_MEMBER" => Reason::NotAMember,
        "USER_NOT_ACTIVE" => Reason::UserNotActive,
        "NO_APP_ACCESS" => Reason::NoAppAccess,
        "NO_SUCH_UNIT" => Reason::NoSuchUnit,
        "NO_SUCH_PERMISSION" => Reason::NoSuchPermission,
        "NO_ROLE_HERE" => Reason::NoRoleHere,
        "NOT_GRANTED" => Reason::NotGranted,
        _ => return None,
    })
}

/// Asks every question that the engine can be asked: how many, and how many answers were wrong.
fn ask(mistake: Mistake) -> (usize, usize) {
    let worlds: Value = serde_json::from_str(WORLDS).unwrap();
    let (mut asked, mut wrong) = (0, 0);
    for story in items(&worlds) {
        for query in items(&story["queries"]) {
            let mut told = Story::new(&story["world"]);
            let (user, permission) = (query["user"].as_str().unwrap(), query["permission"].as_str().unwrap());
            let now = query["now"].as_i64().unwrap();
            let Some(expected) = reason(query["reason"].as_str().unwrap()) else { continue };
            if told.is_grouped(user, &query["unit"], now) || told.demands_node(permission) {
                continue;
            }
            let mut index = Index::default();
            mistake.tell(&mut index, told.facts(now));
            let permission = key(permission);
            let (subject, unit) = (told.user(user), told.unit(query["unit"].as_str().unwrap()));
            let organization = dice::organization(0);
            let question = Question { organization, subject, permission: permission.as_str(), unit };
            asked += 1;
            wrong += usize::from(index.at(Timestamp::from_micros(now)).decide(&question).reason != expected);
        }
    }
    (asked, wrong)
}

#[test]
fn the_questions_of_the_vectors_are_answered_as_expected() {
    let (asked, wrong) = ask(mistake::NONE);
    assert!(asked > 1000, "only {asked}");
    assert_eq!(wrong, 0, "of {asked}");
}

#[test]
fn control_the_questions_find_an_index_that_misreads() {
    for mistake in mistake::MISREAD.into_iter().chain([mistake::TIMELESS]) {
        assert!(ask(mistake).1 > 0, "{}", mistake.name);
    }
}
