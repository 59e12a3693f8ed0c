use varco_application::organizations::{DeleteOrganization, delete_organization};
use varco_domain::OrganizationId;
use varco_proto::v1::{DeleteOrganizationRequest, DeleteOrganizationResponse};

use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, mode};

pub(super) async fn call(
    call: &Call,
    request: &DeleteOrganizationRequest,
) -> Result<DeleteOrganizationResponse, Failure> {
    let command = parse(request)?;
    let revision = delete_organization(&call.env, &call.caller, &command).await?;
    Ok(DeleteOrganizationResponse { revision: revision.get() })
}

fn parse(request: &DeleteOrganizationRequest) -> Result<DeleteOrganization, Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let version = fields.etag("etag", &request.etag);
    let mode = mode(request.validate_only);
    fields.finish(|| Some(DeleteOrganization { organization: organization?, version: version?, mode }))
}
