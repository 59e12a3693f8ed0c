//! Random worlds, played on the domain, the engine and the naive model at once.

use std::collections::BTreeMap;

use varco_decision::{Index, Question, Reason};
use varco_domain::SubjectId;

use crate::dice::{self, Dice};
use crate::mistake::{self, Mistake};
use crate::naive::Naive;
use crate::operation::{Cast, Operation, Refused};
use crate::world::World;

/// One world in its three forms.
pub(crate) struct Stage {
    pub(crate) cast: Cast,
    pub(crate) world: World,
    pub(crate) naive: Naive,
    pub(crate) index: Index,
    pub(crate) dice: Dice,
    mistake: Mistake,
}

impl Stage {
    pub(crate) fn new(seed: u64, mistake: Mistake) -> Self {
        let cast = Cast::new();
        let (world, naive) = (World::new(cast.units[0]), Naive::new(cast.units[0]));
        let mut stage = Self { cast, world, naive, index: Index::default(), dice: Dice::new(seed), mistake };
        let facts = stage.world.facts();
        mistake.tell(&mut stage.index, facts);
        for operation in stage.cast.opening(&mut stage.dice) {
            let _ = stage.play(&operation);
        }
        stage
    }

    /// Does a random operation; says how the two outcomes differ, if they do.
    pub(crate) fn step(&mut self) -> Option<String> {
        let mut posts: Vec<_> = self.naive.entries.keys().copied().collect();
        posts.sort();
        let operation = self.cast.next(&mut self.dice, &posts);
        let (ours, theirs) = self.play(&operation);
        (ours != theirs).then(|| format!("{operation:?}: {ours:?}, but the model says {theirs:?}"))
    }

    fn play(&mut self, operation: &Operation) -> (Result<(), Refused>, Result<(), Refused>) {
        let told = self.world.play(&self.mistake.order(operation));
        let ours = told.map(|facts| self.mistake.tell(&mut self.index, facts));
        (ours, self.naive.play(operation))
    }

    /// A random question, mostly about things that exist.
    fn ask(&mut self) -> Result<Reason, String> {
        let stranger = SubjectId::User(dice::user(99));
        let subject = if self.dice.below(40) == 0 { stranger } else { *self.dice.pick(&self.cast.subjects) };
        let permission = self.dice.pick(&self.cast.permissions).to_string();
        let permission = if self.dice.below(40) == 0 { "eagle:no.such" } else { &permission };
        let unit = *self.dice.pick(&self.cast.units);
        let question = Question { organization: self.world.organization, subject, permission, unit };
        let (ours, theirs) = (self.index.at(dice::NOW).decide(&question).reason, self.naive.decide(&question));
        (ours == theirs).then_some(ours).ok_or_else(|| format!("{question:?}: {ours:?}, but the model says {theirs:?}"))
    }
}

/// How often each reason was the answer.
type Tally = BTreeMap<Reason, u64>;

/// Plays `worlds` worlds of 160 operations with 80 questions after each; stops at a difference.
fn play(worlds: u64, mistake: Mistake) -> Result<Tally, String> {
    let mut tally = Tally::new();
    for seed in 0..worlds {
        let mut stage = Stage::new(seed, mistake);
        for _ in 0..160 {
            stage.step().map_or(Ok(()), Err)?;
            for _ in 0..80 {
                *tally.entry(stage.ask()?).or_default() += 1;
            }
        }
    }
    Ok(tally)
}

#[test]
fn millions_of_decisions_agree_with_the_naive_model() {
    let tally = play(250, mistake::NONE).unwrap();
    assert!(tally.values().sum::<u64>() >= 3_000_000, "{tally:?}");
    assert!(tally.len() == 8 && tally.values().all(|count| *count > 10_000), "{tally:?}");
}

#[test]
fn random_worlds_hold_every_kind_of_entry() {
    let mut kinds = BTreeMap::<_, u32>::new();
    for seed in 0..50 {
        let mut stage = Stage::new(seed, mistake::NONE);
        (0..160).for_each(|_| drop(stage.step()));
        for entry in stage.naive.entries.values() {
            *kinds.entry((entry.roles.is_empty(), entry.propagates, entry.barrier)).or_default() += 1;
        }
    }
    // An entry never is a source and a barrier at once.
    assert!(kinds.len() == 6 && kinds.values().all(|count| *count >= 5), "{kinds:?}");
}

#[test]
fn control_every_seeded_mistake_makes_a_difference() {
    for mistake in
        mistake::DEAF.into_iter().chain(mistake::MISREAD).chain([mistake::TIMELESS]).chain(mistake::WRONG_RULE)
    {
        // What belongs to an account or a role goes with it, so a deaf engine answers alike; the
        // comparison with an index built anew finds these two.
        if mistake.name != "deaf to AccountGone" && mistake.name != "deaf to RoleGone" {
            assert!(play(100, mistake).is_err(), "{}", mistake.name);
        }
    }
}
