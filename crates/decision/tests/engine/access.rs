//! The five ways to ask about access, so that one check serves the engine and flawed forms of it.

use varco_decision::{Decision, Explanation, Index, Question, Reason};
use varco_domain::{OrganizationId, PermissionKey, SubjectId, UnitId};

use crate::dice;

/// An engine, perhaps with a flaw.
pub(crate) struct Access<'a> {
    pub(crate) index: &'a Index,
    pub(crate) organization: OrganizationId,
    pub(crate) flaw: Flaw,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    None,
    DecideForgetsAppAccess,
    ExplainIsGenerous,
    PermissionsMissOne,
    UnitPagesOverlap,
    UnitPagesEndEarly,
    SubjectPagesOverlap,
    SubjectsAreDirectOnly,
}

impl Flaw {
    pub(crate) const ALL: [Self; 7] = [
        Self::DecideForgetsAppAccess,
        Self::ExplainIsGenerous,
        Self::PermissionsMissOne,
        Self::UnitPagesOverlap,
        Self::UnitPagesEndEarly,
        Self::SubjectPagesOverlap,
        Self::SubjectsAreDirectOnly,
    ];
}

impl Access<'_> {
    fn question<'a>(&self, subject: SubjectId, permission: &'a str, unit: UnitId) -> Question<'a> {
        Question { organization: self.organization, subject, permission, unit }
    }

    pub(crate) fn decide(&self, subject: SubjectId, permission: &str, unit: UnitId) -> Decision {
        let decision = self.index.at(dice::NOW).decide(&self.question(subject, permission, unit));
        if self.flaw == Flaw::DecideForgetsAppAccess && decision.reason == Reason::NoAppAccess {
            return Decision { reason: Reason::Allowed };
        }
        decision
    }

    pub(crate) fn explain(&self, subject: SubjectId, permission: &str, unit: UnitId) -> Explanation {
        let mut explanation = self.index.at(dice::NOW).explain(&self.question(subject, permission, unit));
        if self.flaw == Flaw::ExplainIsGenerous && explanation.decision.reason == Reason::NotGranted {
            explanation.decision.reason = Reason::Allowed;
        }
        explanation
    }

    pub(crate) fn permissions(&self, subject: SubjectId, unit: UnitId) -> Vec<PermissionKey> {
        let mut permissions = self.index.at(dice::NOW).permissions(self.organization, subject, unit);
        if self.flaw == Flaw::PermissionsMissOne {
            permissions.pop();
        }
        permissions
    }

    pub(crate) fn units_with(
        &self,
        subject: SubjectId,
        permission: &str,
        after: Option<UnitId>,
        limit: usize,
    ) -> Vec<UnitId> {
        let mut units = self.index.at(dice::NOW).units_with(self.organization, subject, permission, after, limit);
        if self.flaw == Flaw::UnitPagesOverlap
            && let (Some(after), true) = (after, units.len() > 1)
        {
            units.pop();
            units.insert(0, after);
        }
        if self.flaw == Flaw::UnitPagesEndEarly && after.is_some() {
            units.truncate(limit / 2);
        }
        units
    }

    pub(crate) fn subjects_with(
        &self,
        permission: &str,
        unit: UnitId,
        after: Option<SubjectId>,
        limit: usize,
    ) -> Vec<SubjectId> {
        let mut subjects = self.index.at(dice::NOW).subjects_with(self.organization, permission, unit, after, limit);
        if self.flaw == Flaw::SubjectPagesOverlap
            && let (Some(after), true) = (after, subjects.len() > 1)
        {
            subjects.pop();
            subjects.insert(0, after);
        }
        if self.flaw == Flaw::SubjectsAreDirectOnly {
            subjects.retain(|subject| {
                self.index.at(dice::NOW).cell(self.organization, *subject, unit).unwrap().origin
                    == varco_decision::Origin::Direct
            });
        }
        subjects
    }
}
