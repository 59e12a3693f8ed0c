use varco_domain::{OrganizationId, PermissionKey, Revision, SubjectId, UnitId};

use crate::{Cell, CellFilter, Decision, Explanation, Fact, Question, Reason};

/// Everything that decisions need, as of one revision.
///
/// A clone costs nothing and stays as it was; a change to one of them copies only what it touches.
#[derive(Clone, Default)]
pub struct Index {
    revision: Revision,
}

impl Index {
    /// The revision that the facts are of.
    pub const fn revision(&self) -> Revision {
        self.revision
    }

    /// Says that all facts up to this revision are in.
    pub fn advance(&mut self, revision: Revision) {
        self.revision = revision;
    }

    /// Takes in one fact. Taking it in again changes nothing.
    pub fn apply(&mut self, _fact: &Fact) {}

    /// Answers a question. Takes no lock and no memory.
    pub fn decide(&self, _question: &Question<'_>) -> Decision {
        Decision { reason: Reason::NotAMember }
    }

    /// Answers a question and says what led to the answer.
    pub fn explain(&self, question: &Question<'_>) -> Explanation {
        Explanation {
            decision: self.decide(question),
            cell: None,
            granting_roles: Vec::new(),
            walked_units: Vec::new(),
        }
    }

    /// Everything that a subject may do at a unit, sorted.
    pub fn permissions(&self, _organization: OrganizationId, _subject: SubjectId, _unit: UnitId) -> Vec<PermissionKey> {
        Vec::new()
    }

    /// Where a subject may do this: at most `limit` units, by id, those behind `after`.
    pub fn units_with(
        &self,
        _organization: OrganizationId,
        _subject: SubjectId,
        _permission: &str,
        _after: Option<UnitId>,
        _limit: usize,
    ) -> Vec<UnitId> {
        Vec::new()
    }

    /// Who may do this here: at most `limit` subjects, by id, those behind `after`.
    pub fn subjects_with(
        &self,
        _organization: OrganizationId,
        _permission: &str,
        _unit: UnitId,
        _after: Option<SubjectId>,
        _limit: usize,
    ) -> Vec<SubjectId> {
        Vec::new()
    }

    /// What a subject holds at a unit; `None` if one of the two is unknown.
    pub fn cell(&self, _organization: OrganizationId, _subject: SubjectId, _unit: UnitId) -> Option<Cell> {
        None
    }

    /// The cells that have roles or an entry: at most `limit`, by subject and unit, those behind `after`.
    pub fn cells(
        &self,
        _organization: OrganizationId,
        _filter: &CellFilter<'_>,
        _after: Option<(SubjectId, UnitId)>,
        _limit: usize,
    ) -> Vec<Cell> {
        Vec::new()
    }

    /// Every fact that still stands, in a fixed order: equal indexes give equal lists.
    pub fn facts(&self) -> Vec<Fact> {
        Vec::new()
    }
}
