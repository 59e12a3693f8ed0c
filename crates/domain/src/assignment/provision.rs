/// What the rule needs to know of an entry.
pub trait EntryLike {
    /// Whether it has no roles.
    fn is_empty(&self) -> bool;
    /// Whether its roles reach the units below.
    fn propagates(&self) -> bool;
    /// Whether it keeps roles from above away.
    fn is_barrier(&self) -> bool;
}

/// A tree of units, each of which knows the one above.
pub trait UnitTree<U> {
    /// The unit above; `None` for the root.
    fn parent(&self, unit: U) -> Option<U>;
}

/// Where a subject's roles in a unit come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provision<U, E> {
    /// An entry stands at the unit: its roles, possibly none, and nothing else.
    Direct(E),
    /// The nearest entry above that passes its roles on. Invariant: it has at least one.
    Inherited {
        /// The unit where it stands.
        source: U,
        /// The entry.
        entry: E,
    },
    /// Nothing reaches the unit.
    Nothing,
}

/// Says where a subject's roles in a unit come from: the walk of section 5 of the semantics, written
/// once for storage and index alike.
///
/// The entry at the unit itself decides alone. Else the walk goes up: the nearest entry that
/// propagates gives its roles, a barrier met before gives none, any other entry is passed over.
pub fn provision<U: Copy, E: EntryLike>(
    tree: &impl UnitTree<U>,
    unit: U,
    entry_at: impl Fn(U) -> Option<E>,
) -> Provision<U, E> {
    if let Some(entry) = entry_at(unit) {
        return Provision::Direct(entry);
    }
    provision_from_above(tree, unit, entry_at)
}

/// What would reach a unit if no entry stood there.
pub(super) fn provision_from_above<U: Copy, E: EntryLike>(
    tree: &impl UnitTree<U>,
    unit: U,
    entry_at: impl Fn(U) -> Option<E>,
) -> Provision<U, E> {
    let mut above = tree.parent(unit);
    while let Some(source) = above {
        if let Some(entry) = entry_at(source) {
            if entry.propagates() {
                let gives_none = entry.is_empty();
                return if gives_none { Provision::Nothing } else { Provision::Inherited { source, entry } };
            }
            if entry.is_barrier() {
                return Provision::Nothing;
            }
        }
        above = tree.parent(source);
    }
    Provision::Nothing
}
