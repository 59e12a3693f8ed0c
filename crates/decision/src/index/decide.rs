use varco_domain::{OrganizationId, PermissionKey, SubjectId, UnitId};

use super::Moment;
use crate::structure::Bits;
use crate::{Decision, Explanation, Question, Reason};

impl Moment<'_> {
    /// Answers a question. Takes no lock and no memory.
    pub fn decide(self, question: &Question<'_>) -> Decision {
        Decision { reason: self.judge(question).err().unwrap_or(Reason::Allowed) }
    }

    fn judge(self, question: &Question<'_>) -> Result<(), Reason> {
        let member = self.member(question.organization, question.subject).ok_or(Reason::NotAMember)?;
        member.admit()?;
        let unit = member.organization.units.find(question.unit).ok_or(Reason::NoSuchUnit)?;
        let permission = self.index.permissions.find(question.permission, &member.organization.subscribed);
        member.judge(unit, permission.ok_or(Reason::NoSuchPermission)?)
    }

    /// Answers a question and says what led to the answer.
    pub fn explain(self, question: &Question<'_>) -> Explanation {
        let decision = self.decide(question);
        let mut explanation =
            Explanation { decision, cell: None, granting_roles: Vec::new(), walked_units: Vec::new() };
        let Some(member) = self.member(question.organization, question.subject) else { return explanation };
        let Some(unit) = member.organization.units.find(question.unit) else { return explanation };
        explanation.cell = Some(member.cell(unit));
        explanation.walked_units = member.walked(unit);
        if let Some(permission) = self.index.permissions.find(question.permission, &member.organization.subscribed) {
            let roles = member.roles(unit).iter().copied();
            let granting = roles.filter(|role| member.organization.roles.does_grant(*role, permission));
            explanation.granting_roles = member.role_ids(granting);
        }
        explanation
    }

    /// Everything that a subject may do at a unit, sorted.
    pub fn permissions(self, organization: OrganizationId, subject: SubjectId, unit: UnitId) -> Vec<PermissionKey> {
        let Some(member) = self.member(organization, subject).filter(|member| member.admit().is_ok()) else {
            return Vec::new();
        };
        let Some(unit) = member.organization.units.find(unit) else { return Vec::new() };
        let roles = member.roles(unit).iter();
        let granted: Bits =
            roles.filter_map(|role| member.organization.roles.grants(*role)).flat_map(Bits::iter).collect();
        let usable = |number: &u32| self.index.permissions.is_usable(*number, &member.organization.subscribed);
        self.index.permissions.sorted_keys(granted.iter().filter(usable))
    }
}
