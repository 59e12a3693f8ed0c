//! What follows from the rules of units and assignments.

use std::collections::BTreeMap;
use std::mem::discriminant;

use varco_domain::{InheritanceMode, SubjectEntries, UnitId};

use crate::effective::{Held, Tree, all_held};
use crate::mistakes;
use crate::scene::{Dice, Operate, Operation, operate};

type Everywhere = BTreeMap<UnitId, Held>;

/// One operation that was not refused: how things were and how they are.
struct Change<'a> {
    tree: &'a Tree,
    unit: UnitId,
    then: &'a SubjectEntries,
    now: &'a SubjectEntries,
    held_then: Everywhere,
    held_now: Everywhere,
}

impl Change<'_> {
    fn everywhere(&self, holds: impl Fn(&Held, &Held) -> bool) -> bool {
        self.held_then.iter().all(|(unit, then)| holds(then, &self.held_now[unit]))
    }

    fn gives_nothing(&self) -> bool {
        self.everywhere(|then, now| now.roles.is_subset(&then.roles))
    }

    fn takes_nothing(&self) -> bool {
        self.everywhere(|then, now| then.roles.is_subset(&now.roles))
    }

    fn is_here_alone(&self) -> bool {
        let passes_on = |entries: &SubjectEntries| entries.get(self.unit).is_some_and(|entry| entry.propagates);
        let elsewhere = self.held_then.iter().filter(|(unit, _)| **unit != self.unit);
        passes_on(self.then) || elsewhere.into_iter().all(|(unit, then)| *then == self.held_now[unit])
    }

    fn below(&self) -> impl Iterator<Item = UnitId> {
        self.tree.units().filter(|unit| self.tree.is_below(*unit, self.unit))
    }

    /// What was inherited from here or past here by the units below is gone.
    fn is_cut_off(&self, source: Option<UnitId>) -> bool {
        let mut fed = self.below().filter(|unit| self.held_then[unit].source == source);
        fed.all(|unit| self.held_now[&unit].roles.is_empty())
    }

    fn keeps_own_roles(&self) -> bool {
        self.then
            .iter()
            .filter(|(_, entry)| !entry.roles.is_empty())
            .all(|(unit, entry)| self.now.get(unit).is_some_and(|now| now.roles == entry.roles))
    }

    /// The name of the first property that does not hold.
    fn broken(&self, operation: &Operation) -> Option<&'static str> {
        let here = &self.held_now[&self.unit].roles;
        let properties = match operation {
            Operation::Grant(roles) => vec![
                ("grant takes nothing", self.takes_nothing()),
                ("grant is here alone", self.is_here_alone()),
                ("grant grants", roles.is_subset(here)),
            ],
            Operation::Revoke(roles) => vec![
                ("revoke gives nothing", self.gives_nothing()),
                ("revoke is here alone", self.is_here_alone()),
                ("revoke revokes", roles.is_disjoint(here)),
            ],
            Operation::Enable(InheritanceMode::Replace) => {
                vec![("replace equals", self.below().all(|unit| self.held_now[&unit].roles == *here))]
            }
            Operation::Enable(InheritanceMode::Keep) => vec![
                ("keep leaves none without", self.below().all(|unit| !self.held_now[&unit].roles.is_empty())),
                ("keep keeps", self.keeps_own_roles()),
            ],
            Operation::Disable => vec![
                ("disable gives nothing", self.gives_nothing()),
                ("disable cuts off", self.is_cut_off(Some(self.unit))),
            ],
            Operation::Break => vec![
                ("break gives nothing", self.gives_nothing()),
                ("break keeps", *here == self.held_then[&self.unit].roles),
                ("break cuts off", self.is_cut_off(self.held_then[&self.unit].source)),
            ],
        };
        properties.into_iter().find(|(_, holds)| !holds).map(|(name, _)| name)
    }
}

/// How often each operation was done, and how often one was refused.
#[derive(Default)]
struct Tally {
    done: Vec<(Operation, u32)>,
    refused: BTreeMap<String, u32>,
}

impl Tally {
    fn count(&mut self, operation: Operation) {
        match self.done.iter_mut().find(|(other, _)| discriminant(other) == discriminant(&operation)) {
            Some((_, count)) => *count += 1,
            None => self.done.push((operation, 1)),
        }
    }
}

/// Does random operations in random trees; stops at the first property that does not hold.
fn check(operate: Operate) -> Result<Tally, &'static str> {
    let mut tally = Tally::default();
    for seed in 0..400 {
        let mut dice = Dice(seed);
        let (mut tree, mut entries) = (dice.tree(), SubjectEntries::default());
        for step in 0..150 {
            if step % 8 == 0 {
                dice.shake(&mut tree);
            }
            let (then, unit, operation) = (entries.clone(), dice.unit(), dice.operation());
            match operate(&mut entries, &tree, unit, &operation) {
                Err(_) if entries != then => return Err("a refused operation changes nothing"),
                Err(refused) => *tally.refused.entry(refused.to_string()).or_default() += 1,
                Ok(()) => {
                    let (held_then, held_now) = (all_held(&then, &tree), all_held(&entries, &tree));
                    let change = Change { tree: &tree, unit, then: &then, now: &entries, held_then, held_now };
                    change.broken(&operation).map_or(Ok(()), Err)?;
                    tally.count(operation);
                }
            }
        }
    }
    Ok(tally)
}

#[test]
fn the_properties_of_assignments_hold() {
    let tally = check(operate).unwrap_or_else(|broken| panic!("{broken}"));
    assert!(tally.done.len() == 5 && tally.done.iter().all(|(_, count)| *count > 200), "{:?}", tally.done);
    assert!(tally.refused.len() == 4 && tally.refused.values().all(|count| *count > 200), "{:?}", tally.refused);
}

#[test]
fn control_every_wrong_rule_breaks_the_property_that_forbids_it() {
    for (wrong, broken) in mistakes::ALL {
        assert_eq!(check(wrong).err(), Some(broken));
    }
}
