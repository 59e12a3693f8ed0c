mod cells;

use varco_domain::{EventKind, OrganizationId, RoleId, SubjectId, UnitId};

use super::AssignmentError;
use super::clear::apply_changes;
use super::place::existing_subjects;
use crate::write::Write;
use crate::{Caller, Environment, Mode, Once, Outcome};
use cells::{Known, decide_cells};

/// How many cells one call may have.
pub const MAX_CELLS: usize = 100_000;

/// Roles x subjects x units to add or remove.
#[derive(Clone, Debug)]
pub struct BulkAssign {
    /// The organization.
    pub organization: OrganizationId,
    /// Add or remove.
    pub action: BulkAction,
    /// Each once.
    pub roles: Vec<RoleId>,
    /// Each once.
    pub subjects: Vec<SubjectId>,
    /// Each once.
    pub units: Vec<UnitId>,
    /// What to do with a refused cell.
    pub on_refused: OnRefused,
    /// Whether it happens.
    pub mode: Mode,
}

/// Whether a bulk call adds or removes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkAction {
    /// Adds.
    Add,
    /// Removes.
    Remove,
}

/// What a bulk call does when a cell is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnRefused {
    /// The whole call fails.
    Fail,
    /// The cell is left out.
    Skip,
}

/// What became of one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellOutcome {
    /// It was added or removed.
    Changed,
    /// It was so already.
    Unchanged,
    /// Refused: inherited there.
    InheritedHere,
    /// Refused: no such user or service account.
    NoSuchSubject,
    /// Refused: no such unit.
    NoSuchUnit,
    /// Refused: no such role.
    NoSuchRole,
}

impl CellOutcome {
    /// Whether the cell was refused.
    pub const fn is_refused(self) -> bool {
        !matches!(self, Self::Changed | Self::Unchanged)
    }
}

/// The first cell that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellRefusal {
    /// Who.
    pub subject: SubjectId,
    /// Where.
    pub unit: UnitId,
    /// Which role.
    pub role: RoleId,
    /// Why.
    pub outcome: CellOutcome,
}

/// What became of every cell, in the order subject, unit, role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkReport {
    /// One for each cell.
    pub outcomes: Vec<CellOutcome>,
}

impl BulkReport {
    /// How many cells came out so.
    pub fn count(&self, is_counted: impl Fn(CellOutcome) -> bool) -> u32 {
        let count = self.outcomes.iter().filter(|outcome| is_counted(**outcome)).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    fn first_refusal(&self, command: &BulkAssign) -> Option<CellRefusal> {
        let place = self.outcomes.iter().position(|outcome| outcome.is_refused())?;
        let (roles, units) = (command.roles.len(), command.units.len());
        Some(CellRefusal {
            subject: command.subjects[place / (roles * units)],
            unit: command.units[place / roles % units],
            role: command.roles[place % roles],
            outcome: self.outcomes[place],
        })
    }
}

/// Adds or removes roles x subjects x units, as if cell by cell, in one transaction.
pub async fn bulk_assign(
    env: &Environment,
    caller: &Caller,
    command: &BulkAssign,
    once: Option<&Once<'_, BulkReport>>,
) -> Result<Outcome<BulkReport>, AssignmentError> {
    let organization = command.organization;
    let mut write = Write::begin(env, caller).await?;
    write.lock(organization).await?.ok_or(AssignmentError::OrganizationNotFound)?;
    if let Some(answer) = write.repeated(once).await?? {
        return Ok(Outcome::Repeated(answer));
    }

    let known = find_known(&mut write, command).await?;
    let (report, changes) = decide_cells(command, known);
    let refusal = report.first_refusal(command).filter(|_| command.on_refused == OnRefused::Fail);
    if let (Some(refusal), Mode::Execute) = (refusal, command.mode) {
        return Err(AssignmentError::CellRefused(refusal));
    }
    let kind = match command.action {
        BulkAction::Add => EventKind::AssignmentGranted,
        BulkAction::Remove => EventKind::AssignmentRevoked,
    };
    apply_changes(&mut write, organization, kind, &changes).await?;
    Ok(write.finish_once(command.mode, report, once).await?)
}

async fn find_known(write: &mut Write<'_>, command: &BulkAssign) -> Result<Known, AssignmentError> {
    let organization = command.organization;
    let subjects = existing_subjects(write.work(), organization, &command.subjects).await?;
    let roles = write.work().roles().existing_among(organization, &command.roles).await?;
    let tree = write.work().units().ancestors(organization, &command.units).await?;
    let of_whom: Vec<SubjectId> = subjects.iter().copied().collect();
    let entries = write.work().assignments().of_subjects(organization, &of_whom).await?;
    Ok(Known { subjects, roles: roles.into_iter().collect(), tree, entries })
}
