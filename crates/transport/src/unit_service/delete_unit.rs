use varco_application::units::{DeleteUnit, delete_unit};
use varco_domain::{OrganizationId, UnitId};
use varco_proto::v1::{DeleteUnitRequest, DeleteUnitResponse};

use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, mode};

pub(super) async fn call(call: &Call, request: &DeleteUnitRequest) -> Result<DeleteUnitResponse, Failure> {
    let command = parse(request)?;
    let written = delete_unit(&call.env, &call.caller, &command).await?;
    Ok(DeleteUnitResponse { deleted_units: written.value, revision: written.revision.get() })
}

fn parse(request: &DeleteUnitRequest) -> Result<DeleteUnit, Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let unit = fields.parse("unit_id", UnitId::parse(&request.unit_id));
    let mode = mode(request.validate_only);
    fields.finish(|| Some(DeleteUnit { organization: organization?, unit: unit?, force: request.force, mode }))
}
