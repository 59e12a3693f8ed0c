use varco_application::access::fresh_index;
use varco_decision::{Explanation, Origin, Question, Reason};
use varco_domain::{OrganizationId, Revision, SubjectId, UnitId};
use varco_proto::v1::{self, ExplainRequest, ExplainResponse};

use super::check::{check_permission, present};
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::present::access_cell;

pub(super) async fn call(call: &Call, request: &ExplainRequest) -> Result<ExplainResponse, Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let subject = fields.parse("subject_id", SubjectId::parse(&request.subject_id));
    let unit = fields.parse("unit_id", UnitId::parse(&request.unit_id));
    check_permission(&mut fields, "permission", &request.permission);
    let permission = request.permission.as_str();
    let question =
        fields.finish(|| Some(Question { organization: organization?, subject: subject?, permission, unit: unit? }))?;

    let index = fresh_index(&call.env, Revision::new(request.at_least), call.patience()).await?;
    let explanation = present_explanation(&index.at(call.env.clock.now()).explain(&question));
    Ok(ExplainResponse { explanation: Some(explanation), revision: index.revision().get() })
}

fn present_explanation(explanation: &Explanation) -> v1::Explanation {
    v1::Explanation {
        decision: Some(present(explanation.decision)),
        cell: explanation.cell.as_ref().map(access_cell),
        granting_role_ids: explanation.granting_roles.iter().map(ToString::to_string).collect(),
        walked_unit_ids: explanation.walked_units.iter().map(ToString::to_string).collect(),
        summary: summary(explanation),
    }
}

fn summary(explanation: &Explanation) -> String {
    let roles = explanation.granting_roles.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match (explanation.decision.reason, explanation.cell.as_ref().map(|cell| cell.origin)) {
        (Reason::Allowed, Some(Origin::Inherited { source })) => {
            format!("allowed by {roles}, inherited from {source}")
        }
        (Reason::Allowed, _) => format!("allowed by {roles}, assigned at this unit"),
        (Reason::NotAMember, _) => "denied: the subject is no member of the organization".to_owned(),
        (Reason::UserNotActive, _) => "denied: the account is a contact, invited or suspended".to_owned(),
        (Reason::NoAppAccess, _) => "denied: the member has no app seat".to_owned(),
        (Reason::NoSuchUnit, _) => "denied: the organization has no such unit".to_owned(),
        (Reason::NoSuchPermission, _) => "denied: no catalog of the organization has such a permission".to_owned(),
        (Reason::NoRoleHere, _) => "denied: no role is assigned at this unit or inherited there".to_owned(),
        (Reason::NotGranted, _) => "denied: none of the roles held at this unit grants the permission".to_owned(),
    }
}
