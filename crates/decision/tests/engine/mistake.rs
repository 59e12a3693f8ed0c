//! Mistakes to seed, each of which a check must find.

use varco_decision::{Fact, Index};
use varco_domain::InheritanceMode;

use crate::operation::Operation;

/// Where the engine and the domain are made to go wrong; nowhere by default.
#[derive(Clone, Copy)]
pub(crate) struct Mistake {
    pub(crate) name: &'static str,
    is_heard: fn(&Fact) -> bool,
    in_fact: fn(Fact) -> Fact,
    in_operation: fn(Operation) -> Operation,
}

pub(crate) const NONE: Mistake =
    Mistake { name: "none", is_heard: |_| true, in_fact: |fact| fact, in_operation: |operation| operation };

impl Mistake {
    pub(crate) fn tell(&self, index: &mut Index, facts: Vec<Fact>) {
        facts.into_iter().filter(self.is_heard).map(self.in_fact).for_each(|fact| index.apply(&fact));
    }

    pub(crate) fn order(&self, operation: &Operation) -> Operation {
        (self.in_operation)(operation.clone())
    }
}

macro_rules! deaf {
    ($($kind:ident)*) => {
        [$(Mistake {
            name: concat!("deaf to ", stringify!($kind)),
            is_heard: |fact| !matches!(fact, Fact::$kind { .. }),
            ..NONE
        }),*]
    };
}

/// An index that misses facts of one kind.
pub(crate) const DEAF: [Mistake; 13] = deaf! {
    Catalog Subscribed Unsubscribed Account AccountGone Member MemberGone Unit UnitGone Role RoleGone Entry EntryGone
};

/// An index that reads facts wrongly.
pub(crate) const MISREAD: [Mistake; 3] = [
    Mistake { name: "no barriers", in_fact: no_barriers, ..NONE },
    Mistake { name: "everything propagates", in_fact: everything_propagates, ..NONE },
    Mistake { name: "empty entries do not stand", in_fact: no_empty_entries, ..NONE },
];

/// An index to which nothing has an end.
pub(crate) const TIMELESS: Mistake = Mistake { name: "nothing expires", in_fact: nothing_expires, ..NONE };

/// Operations with a wrong rule.
pub(crate) const WRONG_RULE: [Mistake; 4] = [
    Mistake { name: "units never move", in_operation: never_move, ..NONE },
    Mistake { name: "keep replaces", in_operation: keep_replaces, ..NONE },
    Mistake { name: "disable leaves no barrier", in_operation: disable_forgets, ..NONE },
    Mistake { name: "revoke takes one role too few", in_operation: revoke_less, ..NONE },
];

fn nothing_expires(fact: Fact) -> Fact {
    let Fact::Member { organization, subject, app_access, .. } = fact else { return fact };
    Fact::Member { organization, subject, app_access, expires_at: None }
}

fn no_barriers(fact: Fact) -> Fact {
    let Fact::Entry { organization, subject, unit, mut entry } = fact else { return fact };
    entry.barrier = false;
    Fact::Entry { organization, subject, unit, entry }
}

fn everything_propagates(fact: Fact) -> Fact {
    let Fact::Entry { organization, subject, unit, mut entry } = fact else { return fact };
    entry.propagates = true;
    Fact::Entry { organization, subject, unit, entry }
}

fn no_empty_entries(fact: Fact) -> Fact {
    match fact {
        Fact::Entry { organization, subject, unit, entry } if entry.roles.is_empty() => {
            Fact::EntryGone { organization, subject, unit }
        }
        fact => fact,
    }
}

fn never_move(operation: Operation) -> Operation {
    match operation {
        Operation::MoveUnit { unit, .. } => Operation::MoveUnit { unit, parent: unit },
        operation => operation,
    }
}

fn keep_replaces(operation: Operation) -> Operation {
    match operation {
        Operation::Enable { subject, unit, .. } => Operation::Enable { subject, unit, mode: InheritanceMode::Replace },
        operation => operation,
    }
}

fn disable_forgets(operation: Operation) -> Operation {
    match operation {
        Operation::Disable { subject, unit } => Operation::Break { subject, unit },
        operation => operation,
    }
}

fn revoke_less(operation: Operation) -> Operation {
    match operation {
        Operation::Revoke { subject, unit, mut roles } => {
            roles.pop_first();
            Operation::Revoke { subject, unit, roles }
        }
        operation => operation,
    }
}
