use varco_application::units::{MoveUnit, move_unit};
use varco_domain::{OrganizationId, UnitId};
use varco_proto::v1::{MoveUnitRequest, MoveUnitResponse};

use super::present;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, mode};

pub(super) async fn call(call: &Call, request: &MoveUnitRequest) -> Result<MoveUnitResponse, Failure> {
    let command = parse(request)?;
    let written = move_unit(&call.env, &call.caller, &command).await?;
    Ok(MoveUnitResponse { unit: Some(present::unit(&written.value)), revision: written.revision.get() })
}

fn parse(request: &MoveUnitRequest) -> Result<MoveUnit, Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let unit = fields.parse("unit_id", UnitId::parse(&request.unit_id));
    let parent = fields.parse("parent_unit_id", UnitId::parse(&request.parent_unit_id));
    let mode = mode(request.validate_only);
    fields.finish(|| Some(MoveUnit { organization: organization?, unit: unit?, parent: parent?, mode }))
}
