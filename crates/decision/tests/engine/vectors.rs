//! The worlds of `inheritance.json`, played through the operations and the index alone.

use std::collections::BTreeMap;

use serde_json::Value;
use varco_decision::{Index, Origin};
use varco_domain::{InheritanceMode, RoleId, SubjectId, UnitId, UserStatus};

use crate::dice;
use crate::mistake::{self, Mistake};
use crate::operation::Operation;
use crate::world::World;

const WORLDS: &str = include_str!("../../../../tests/vectors/inheritance.json");

/// Names of the vectors and the numbers that they get.
#[derive(Default)]
pub(crate) struct Names(BTreeMap<String, usize>);

impl Names {
    pub(crate) fn number(&mut self, name: &str) -> usize {
        let next = self.0.len();
        *self.0.entry(name.to_owned()).or_insert(next)
    }
}

struct Player {
    world: World,
    index: Index,
    units: Names,
    roles: Names,
    subject: SubjectId,
    mistake: Mistake,
}

impl Player {
    fn new(mistake: Mistake) -> Self {
        let mut units = Names::default();
        let user = dice::user(0);
        let world = World::new(dice::unit(units.number("root")));
        let subject = SubjectId::User(user);
        let mut player = Self { world, index: Index::default(), units, roles: Names::default(), subject, mistake };
        mistake.tell(&mut player.index, player.world.facts());
        for operation in [
            Operation::SetStatus { user, status: UserStatus::Active },
            Operation::SetMember { subject, app_access: true, expires_at: None },
        ] {
            let facts = player.world.play(&operation).unwrap();
            mistake.tell(&mut player.index, facts);
        }
        player
    }

    fn unit(&mut self, name: &Value) -> UnitId {
        dice::unit(self.units.number(name.as_str().unwrap()))
    }

    fn role(&mut self, name: &Value) -> RoleId {
        dice::role(self.roles.number(name.as_str().unwrap()))
    }

    fn operation(&mut self, step: &Value) -> Operation {
        let (subject, unit) = (self.subject, self.unit(&step["unit"]));
        let roles = step["roles"].as_array().into_iter().flatten().map(|role| self.role(role)).collect();
        match step["op"].as_str().unwrap() {
            "create_unit" => Operation::CreateUnit { unit, parent: self.unit(&step["parent"]) },
            "move_unit" => Operation::MoveUnit { unit, parent: self.unit(&step["parent"]) },
            "delete_unit" => Operation::DeleteUnit { unit },
            "grant" => Operation::Grant { subject, unit, roles },
            "revoke" => Operation::Revoke { subject, unit, roles },
            "enable" if step["mode"] == "REPLACE" => {
                Operation::Enable { subject, unit, mode: InheritanceMode::Replace }
            }
            "enable" => Operation::Enable { subject, unit, mode: InheritanceMode::Keep },
            "disable" => Operation::Disable { subject, unit },
            "break" => Operation::Break { subject, unit },
            other => panic!("no operation `{other}`"),
        }
    }

    fn play(&mut self, step: &Value) -> Result<(), String> {
        let operation = self.operation(step);
        let outcome = self.world.play(&self.mistake.order(&operation));
        let refused = outcome.map(|facts| self.mistake.tell(&mut self.index, facts)).err();
        if refused != step["refused"].as_str() {
            return Err(format!("{operation:?} was refused with {refused:?}, not {}", step["refused"]));
        }
        let expected = step["expect"].as_object().unwrap();
        let wrong = expected.iter().find(|(unit, state)| !self.is_as_expected(unit, state));
        let known: Vec<_> = self.units.0.iter().map(|(name, number)| (name.clone(), *number)).collect();
        let left = known.iter().find(|(name, number)| !expected.contains_key(name) && self.stands(*number));
        match (wrong, left) {
            (None, None) => Ok(()),
            (wrong, left) => Err(format!("after {operation:?}: {wrong:?}, {left:?}")),
        }
    }

    fn stands(&self, unit: usize) -> bool {
        self.index.at(dice::NOW).cell(self.world.organization, self.subject, dice::unit(unit)).is_some()
    }

    fn is_as_expected(&self, unit: &str, state: &Value) -> bool {
        let unit = dice::unit(self.units.0[unit]);
        let Some(cell) = self.index.at(dice::NOW).cell(self.world.organization, self.subject, unit) else {
            return false;
        };
        let roles = self.roles.0.iter().filter(|(_, number)| cell.roles.contains(&dice::role(**number)));
        let roles: Vec<_> = roles.map(|(name, _)| name.as_str()).collect();
        let source = |unit: UnitId| self.units.0.iter().find(|(_, number)| dice::unit(**number) == unit).map(|it| it.0);
        let (origin, source) = match cell.origin {
            Origin::Nothing => ("none", None),
            Origin::Direct => ("direct", None),
            Origin::Inherited { source: unit } => ("inherited", source(unit)),
        };
        state["roles"] == serde_json::json!(roles)
            && state["origin"] == origin
            && state["source"].as_str() == source.map(String::as_str)
    }
}

/// Plays every world; gives the number of steps.
fn play(mistake: Mistake) -> Result<usize, String> {
    let worlds: Value = serde_json::from_str(WORLDS).unwrap();
    let lists = [&worlds["stories"], &worlds["random"]].map(|list| list.as_array().unwrap());
    let mut count = 0;
    for world in lists.into_iter().flatten() {
        let mut player = Player::new(mistake);
        for step in world["steps"].as_array().unwrap() {
            player.play(step).map_err(|wrong| format!("{}: {wrong}", world["name"]))?;
            count += 1;
        }
    }
    Ok(count)
}

#[test]
fn every_world_of_the_vectors_goes_as_expected() {
    assert_eq!(play(mistake::NONE), Ok(1560));
}

#[test]
fn control_the_vectors_find_mistakes() {
    let entries_and_units = ["deaf to Unit", "deaf to UnitGone", "deaf to Entry", "deaf to EntryGone"];
    let deaf = mistake::DEAF.into_iter().filter(|mistake| entries_and_units.contains(&mistake.name));
    for mistake in deaf.chain(mistake::MISREAD).chain(mistake::WRONG_RULE) {
        assert!(play(mistake).is_err(), "{}", mistake.name);
    }
}
