use varco_domain::{OrganizationId, RoleId, SubjectId, UnitId};

use crate::Cell;

/// May this subject do this here?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question<'a> {
    /// Where the unit and the membership are looked up.
    pub organization: OrganizationId,
    /// Who.
    pub subject: SubjectId,
    /// A permission's key, such as `privacy:register.edit`.
    pub permission: &'a str,
    /// Where.
    pub unit: UnitId,
}

/// The answer to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Why.
    pub reason: Reason,
}

impl Decision {
    /// Whether the subject may.
    pub const fn is_allowed(self) -> bool {
        matches!(self.reason, Reason::Allowed)
    }
}

/// Why a subject may or may not. The first that applies counts, in this order; `Allowed` is last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The subject does not belong to the organization, or has no account, or neither is known.
    NotAMember,
    /// The account is not active.
    UserNotActive,
    /// The membership does not let the user enter the application.
    NoAppAccess,
    /// The organization has no such unit.
    NoSuchUnit,
    /// No catalog that the organization uses offers the permission.
    NoSuchPermission,
    /// The subject has no role at the unit.
    NoRoleHere,
    /// None of the subject's roles at the unit grants the permission.
    NotGranted,
    /// One of them does.
    Allowed,
}

/// An answer with what led to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What `decide` answers.
    pub decision: Decision,
    /// What the subject holds at the unit; `None` if one of the two is unknown.
    pub cell: Option<Cell>,
    /// Those of the cell's roles that grant the permission, sorted; none if there is no such permission.
    pub granting_roles: Vec<RoleId>,
    /// From the unit upwards as far as the search for roles went; empty without a cell.
    pub walked_units: Vec<UnitId>,
}
