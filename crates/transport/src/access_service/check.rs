use std::time::Duration;

use varco_application::Environment;
use varco_application::access::fresh_index;
use varco_decision::{Decision, Question, Reason};
use varco_domain::{OrganizationId, Revision, SubjectId, UnitId};
use varco_proto::v1::{
    self, BatchCheckRequest, BatchCheckResponse, CheckItem, CheckRequest, CheckResponse, DecisionReason,
};

use crate::failure::Failure;
use crate::fields::Fields;

/// How many questions a batch may have.
const MAX_ITEMS: usize = 1000;

pub(super) async fn check(
    env: &Environment,
    request: &CheckRequest,
    patience: Duration,
) -> Result<CheckResponse, Failure> {
    let question = parse(request)?;
    let index = fresh_index(env, Revision::new(request.at_least), patience).await?;
    let decision = index.at(env.clock.now()).decide(&question);
    Ok(CheckResponse {
        allowed: decision.is_allowed(),
        reason: reason(decision.reason).into(),
        revision: index.revision().get(),
    })
}

fn parse(request: &CheckRequest) -> Result<Question<'_>, Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let subject = fields.parse("subject_id", SubjectId::parse(&request.subject_id));
    let unit = fields.parse("unit_id", UnitId::parse(&request.unit_id));
    check_permission(&mut fields, "permission", &request.permission);
    let permission = request.permission.as_str();
    fields.finish(|| Some(Question { organization: organization?, subject: subject?, permission, unit: unit? }))
}

/// A permission must be given; whether it exists is part of the answer.
pub(super) fn check_permission(fields: &mut Fields, path: &str, permission: &str) {
    if permission.is_empty() {
        fields.problem(path, "must be given: a key such as `privacy:register.edit`");
    }
}

pub(super) async fn batch_check(
    env: &Environment,
    request: &BatchCheckRequest,
    patience: Duration,
) -> Result<BatchCheckResponse, Failure> {
    let questions = parse_batch(request)?;
    let index = fresh_index(env, Revision::new(request.at_least), patience).await?;
    let moment = index.at(env.clock.now());
    let decisions = questions.iter().map(|question| present(moment.decide(question))).collect();
    Ok(BatchCheckResponse { decisions, revision: index.revision().get() })
}

fn parse_batch(request: &BatchCheckRequest) -> Result<Vec<Question<'_>>, Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    fields.check_count("items", request.items.len(), 1..=MAX_ITEMS);
    let mut questions = Vec::with_capacity(request.items.len().min(MAX_ITEMS));
    for (place, item) in request.items.iter().enumerate().take(MAX_ITEMS) {
        questions.extend(organization.and_then(|organization| parse_item(&mut fields, organization, place, item)));
    }
    fields.finish(|| Some(questions))
}

fn parse_item<'a>(
    fields: &mut Fields,
    organization: OrganizationId,
    place: usize,
    item: &'a CheckItem,
) -> Option<Question<'a>> {
    let (subject, unit) = (SubjectId::parse(&item.subject_id), UnitId::parse(&item.unit_id));
    if let (Ok(subject), Ok(unit), false) = (&subject, &unit, item.permission.is_empty()) {
        return Some(Question { organization, subject: *subject, permission: &item.permission, unit: *unit });
    }
    // Paths are built only where something is wrong.
    fields.parse(format!("items[{place}].subject_id"), subject);
    fields.parse(format!("items[{place}].unit_id"), unit);
    check_permission(fields, &format!("items[{place}].permission"), &item.permission);
    None
}

/// A decision as the wire shows it.
pub(super) fn present(decision: Decision) -> v1::Decision {
    v1::Decision { allowed: decision.is_allowed(), reason: reason(decision.reason).into() }
}

fn reason(reason: Reason) -> DecisionReason {
    match reason {
        Reason::Allowed => DecisionReason::Allowed,
        Reason::NotAMember => DecisionReason::NotAMember,
        Reason::UserNotActive => DecisionReason::UserNotActive,
        Reason::NoAppAccess => DecisionReason::NoAppAccess,
        Reason::NoSuchUnit => DecisionReason::NoSuchUnit,
        Reason::NoSuchPermission => DecisionReason::NoSuchPermission,
        Reason::NoRoleHere => DecisionReason::NoRoleHere,
        Reason::NotGranted => DecisionReason::NotGranted,
    }
}
