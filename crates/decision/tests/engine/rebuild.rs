//! An index that followed every change equals one that is built anew from what there is.

use std::collections::HashMap;

use varco_decision::{CellFilter, Fact, Index, Question};
use varco_domain::{Entry, OrganizationId, UserStatus};

use crate::dice::{self, Dice};
use crate::mistake::{self, Mistake};
use crate::operation::Cast;
use crate::stages::Stage;
use crate::world::gone;

fn build<'a>(facts: impl IntoIterator<Item = &'a Fact>) -> Index {
    let mut index = Index::default();
    facts.into_iter().for_each(|fact| index.apply(fact));
    index
}

/// Follows random worlds; says after which step the followed index was another than the built one.
fn follow(mistake: Mistake) -> Result<(), String> {
    for seed in 0..40 {
        let mut stage = Stage::new(1000 + seed, mistake);
        for step in 0..160 {
            stage.step();
            let facts = stage.world.facts();
            let built = build(&facts).facts();
            assert!(
                built.len() == facts.len() && built.iter().all(|fact| facts.contains(fact)),
                "facts are kept as told"
            );
            if stage.index.facts() != built {
                return Err(format!("world {seed}, step {step}"));
            }
        }
    }
    Ok(())
}

#[test]
fn after_every_event_the_index_equals_one_built_anew() {
    follow(mistake::NONE).unwrap();
}

#[test]
fn control_an_index_that_misses_a_kind_of_fact_is_found() {
    for mistake in mistake::DEAF.into_iter().chain(mistake::MISREAD).chain([mistake::TIMELESS]) {
        assert!(follow(mistake).is_err(), "{}", mistake.name);
    }
}

/// Any fact at all, whether it makes sense or not: units may even form rings.
pub(crate) fn random_fact(dice: &mut Dice, cast: &Cast) -> Fact {
    let organization = dice::organization(dice.below(2));
    let subject = *dice.pick(&cast.subjects);
    let unit = dice::unit(dice.below(30));
    let role = *dice.pick(&cast.roles);
    let permissions = dice.some(&cast.permissions, 5);
    let fact = match dice.below(1000) {
        0..450 => {
            let roles = dice.some(&cast.roles, 3).into_iter().collect();
            let entry = Entry { roles, propagates: dice.is_heads(), barrier: dice.below(4) == 0 };
            Fact::Entry { organization, subject, unit, entry }
        }
        450..700 => {
            let parent = (dice.below(5) > 0).then(|| dice::unit(dice.below(30)));
            Fact::Unit { organization, unit, parent }
        }
        700..780 => Fact::Role { organization, role, permissions },
        780..860 => Fact::Member { organization, subject, app_access: dice.is_heads(), expires_at: dice::end(dice) },
        860..920 => Fact::Account { user: dice::user(dice.below(4)), status: *dice.pick(&STATUSES) },
        920..960 => Fact::Subscribed { organization, catalog: dice.pick(&cast.catalogs).clone() },
        960..998 => catalog(dice, cast),
        _ => return Fact::OrganizationGone { organization },
    };
    if dice.below(3) == 0 { gone(&fact) } else { fact }
}

const STATUSES: [UserStatus; 4] = [UserStatus::Active, UserStatus::Contact, UserStatus::Invited, UserStatus::Suspended];

fn catalog(dice: &mut Dice, cast: &Cast) -> Fact {
    let key = dice.pick(&cast.catalogs).clone();
    let own = cast.permissions.iter().filter(|permission| permission.catalog() == key.as_str());
    let mut permissions: Vec<_> = own.filter(|_| dice.is_heads()).cloned().collect();
    permissions.sort();
    Fact::Catalog { key, permissions }
}

fn organization_of(fact: &Fact) -> Option<OrganizationId> {
    match fact {
        Fact::Catalog { .. } | Fact::Account { .. } | Fact::AccountGone { .. } => None,
        Fact::Subscribed { organization, .. }
        | Fact::Unsubscribed { organization, .. }
        | Fact::OrganizationGone { organization }
        | Fact::Member { organization, .. }
        | Fact::MemberGone { organization, .. }
        | Fact::Unit { organization, .. }
        | Fact::UnitGone { organization, .. }
        | Fact::Role { organization, .. }
        | Fact::RoleGone { organization, .. }
        | Fact::Entry { organization, .. }
        | Fact::EntryGone { organization, .. } => Some(*organization),
    }
}

/// What stands after some facts, kept the simplest way: by what would take each back.
#[derive(Default)]
struct Standing(HashMap<String, Fact>);

impl Standing {
    fn note(&mut self, fact: &Fact) {
        let key = format!("{:?}", gone(fact));
        match fact {
            Fact::OrganizationGone { organization } => {
                self.0.retain(|_, fact| organization_of(fact) != Some(*organization));
            }
            fact if gone(fact) == *fact && !matches!(fact, Fact::Catalog { .. }) => drop(self.0.remove(&key)),
            fact => drop(self.0.insert(key, fact.clone())),
        }
    }
}

/// Tells 10,000 random facts, some of them to nobody; says when that shows.
fn tell(is_heard: fn(&Fact) -> bool) -> Result<(), String> {
    let (mut dice, cast) = (Dice::new(3), Cast::new());
    let (mut index, mut standing) = (Index::default(), Standing::default());
    for count in 1..=10_000 {
        let fact = random_fact(&mut dice, &cast);
        standing.note(&fact);
        if is_heard(&fact) {
            index.apply(&fact);
        }
        if count % 50 == 0 {
            // The map gives them in an order of its own, which is the point.
            let built = build(standing.0.values());
            let is_same = index.facts() == built.facts() && is_answered_alike(&index, &built, &cast);
            is_same.then_some(()).ok_or_else(|| format!("after {count} facts"))?;
        }
    }
    Ok(())
}

fn is_answered_alike(one: &Index, other: &Index, cast: &Cast) -> bool {
    let (one, other) = (one.at(dice::NOW), other.at(dice::NOW));
    let organization = dice::organization(0);
    let subjects = cast.subjects.iter().map(|subject| (*subject, cast.permissions[0].as_str()));
    subjects.into_iter().all(|(subject, permission)| {
        (0..30).map(dice::unit).all(|unit| {
            let question = Question { organization, subject, permission, unit };
            one.explain(&question) == other.explain(&question)
        }) && one.units_with(organization, subject, permission, None, 7)
            == other.units_with(organization, subject, permission, None, 7)
    }) && one.cells(organization, &CellFilter::default(), None, 500)
        == other.cells(organization, &CellFilter::default(), None, 500)
}

#[test]
fn after_10_000_random_facts_the_index_equals_one_built_anew() {
    tell(|_| true).unwrap();
}

#[test]
fn control_one_missed_kind_among_random_facts_is_found() {
    let deaf: [fn(&Fact) -> bool; 8] = [
        |fact| !matches!(fact, Fact::OrganizationGone { .. }),
        |fact| !matches!(fact, Fact::UnitGone { .. }),
        |fact| !matches!(fact, Fact::EntryGone { .. }),
        |fact| !matches!(fact, Fact::RoleGone { .. }),
        |fact| !matches!(fact, Fact::MemberGone { .. }),
        |fact| !matches!(fact, Fact::AccountGone { .. }),
        |fact| !matches!(fact, Fact::Unsubscribed { .. }),
        |fact| !matches!(fact, Fact::Catalog { .. }),
    ];
    assert!(deaf.into_iter().all(|is_heard| tell(is_heard).is_err()));
}

#[test]
fn a_fact_told_twice_is_told_once() {
    let mut stage = Stage::new(5, mistake::NONE);
    (0..200).for_each(|_| drop(stage.step()));
    let facts = stage.world.facts();
    assert_eq!(build(facts.iter().chain(&facts)).facts(), build(&facts).facts());
}
