use varco_application::access::fresh_index;
use varco_domain::{OrganizationId, Revision, SubjectId, UnitId};
use varco_proto::v1::{AccessServiceListPermissionsRequest, AccessServiceListPermissionsResponse};

use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;

pub(super) async fn call(
    call: &Call,
    request: &AccessServiceListPermissionsRequest,
) -> Result<AccessServiceListPermissionsResponse, Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let subject = fields.parse("subject_id", SubjectId::parse(&request.subject_id));
    let unit = fields.parse("unit_id", UnitId::parse(&request.unit_id));
    let (organization, subject, unit) = fields.finish(|| Some((organization?, subject?, unit?)))?;
    let index = fresh_index(&call.env, Revision::new(request.at_least), call.patience()).await?;
    let permissions = index.at(call.env.clock.now()).permissions(organization, subject, unit);
    let permissions = permissions.iter().map(|permission| permission.as_str().to_owned()).collect();
    Ok(AccessServiceListPermissionsResponse { permissions, revision: index.revision().get() })
}
