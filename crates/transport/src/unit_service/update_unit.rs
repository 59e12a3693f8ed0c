use varco_application::units::{UpdateUnit, update_unit};
use varco_domain::{Label, OrganizationId, UnitId};
use varco_proto::v1::{UpdateUnitRequest, UpdateUnitResponse};

use super::present;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;

pub(super) async fn call(call: &Call, request: &UpdateUnitRequest) -> Result<UpdateUnitResponse, Failure> {
    let command = parse(request)?;
    let written = update_unit(&call.env, &call.caller, &command).await?;
    Ok(UpdateUnitResponse { unit: Some(present::unit(&written.value)), revision: written.revision.get() })
}

fn parse(request: &UpdateUnitRequest) -> Result<UpdateUnit, Failure> {
    let mut fields = Fields::default();
    let new = request.unit.clone().unwrap_or_default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let unit = fields.parse("unit.unit_id", UnitId::parse(&new.unit_id));
    let version = fields.etag("unit.etag", &new.etag);
    let (mut name, mut kind) = (None, None);
    for path in fields.mask(request.update_mask.as_ref(), &["name", "kind"]) {
        match path {
            "name" => name = fields.parse("unit.name", Label::parse(&new.name)),
            _ => kind = present::parse_kind(&mut fields, "unit.kind", new.kind, None),
        }
    }
    fields.finish(|| Some(UpdateUnit { organization: organization?, unit: unit?, version: version?, name, kind }))
}
