use std::time::Duration;

use varco_decision::{Cell, CellFilter};
use varco_domain::{OrganizationId, Revision, SubjectId, UnitId};

use super::AssignmentError;
use crate::Environment;
use crate::access::fresh_index;
use crate::storage::Page;

/// Cells to list.
#[derive(Clone, Debug)]
pub struct ListAssignments {
    /// The organization.
    pub organization: OrganizationId,
    /// Only these; all if there are none.
    pub subjects: Vec<SubjectId>,
    /// Only these; all if there are none.
    pub units: Vec<UnitId>,
    /// The last cell seen.
    pub after: Option<(SubjectId, UnitId)>,
    /// How many at most.
    pub limit: usize,
    /// The revision to wait for.
    pub at_least: Revision,
}

/// Lists who holds which roles where, from the index. Gives the revision that the page shows.
pub async fn list_assignments(
    env: &Environment,
    command: &ListAssignments,
    patience: Duration,
) -> Result<(Page<Cell>, Revision), AssignmentError> {
    let index = fresh_index(env, command.at_least, patience).await?;
    let filter = CellFilter { subjects: &command.subjects, units: &command.units };
    let moment = index.at(env.clock.now());
    let cells = moment.cells(command.organization, &filter, command.after, command.limit + 1);
    Ok((Page::of(cells, command.limit), index.revision()))
}
