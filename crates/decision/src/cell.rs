use varco_domain::{RoleId, SubjectId, UnitId};

/// What one subject holds at one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The user or the service account.
    pub subject: SubjectId,
    /// The unit.
    pub unit: UnitId,
    /// Sorted; all direct or all inherited.
    pub roles: Vec<RoleId>,
    /// Where the roles come from.
    pub origin: Origin,
    /// Whether an entry stands here that passes its roles on.
    pub propagates: bool,
    /// Whether an entry stands here that keeps roles away from the units below.
    pub barrier: bool,
}

/// Where the roles of a cell come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// There are none: no entry stands at the unit and nothing reaches it.
    Nothing,
    /// An entry at the unit itself, which may be empty so that nothing gets in from above.
    Direct,
    /// An entry further up.
    Inherited {
        /// The unit where it stands.
        source: UnitId,
    },
}

/// Which cells to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct CellFilter<'a> {
    /// Only these; all if there are none.
    pub subjects: &'a [SubjectId],
    /// Only these; all if there are none.
    pub units: &'a [UnitId],
}
