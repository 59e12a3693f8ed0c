use varco_proto::v1;
use varco_proto::v1::DecisionReason;

use crate::{Client, Error};

/// May this subject do that there?
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckQuestion {
    /// The organization.
    pub organization_id: String,
    /// The user (`user_…`) or service account (`sa_…`).
    pub subject_id: String,
    /// A key such as `privacy:register.edit`.
    pub permission: String,
    /// The unit.
    pub unit_id: String,
    /// The revision of a write that the answer must know; 0 for none.
    pub at_least: u64,
}

/// The answer to a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckAnswer {
    /// Whether the subject may.
    pub allowed: bool,
    /// Why.
    pub reason: DecisionReason,
    /// The revision it was decided at.
    pub revision: u64,
}

impl Client {
    /// Asks whether a subject may do something at a unit.
    pub async fn check(&self, question: &CheckQuestion) -> Result<CheckAnswer, Error> {
        let CheckQuestion { organization_id, subject_id, permission, unit_id, at_least } = question.clone();
        let request = v1::CheckRequest { organization_id, subject_id, permission, unit_id, at_least };
        let answer = self.access().check(request).await?.into_inner();
        Ok(CheckAnswer { allowed: answer.allowed, reason: answer.reason(), revision: answer.revision })
    }
}
