use prost::Message;
use uuid::Uuid;
use varco_application::Written;
use varco_application::units::{CreateUnit, create_unit};
use varco_domain::{Label, OrganizationId, Unit, UnitId, UnitKind};
use varco_proto::v1::{CreateUnitRequest, CreateUnitResponse};

use super::present;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, mode};
use crate::once::answer;

pub(super) async fn call(call: &Call, request: &CreateUnitRequest) -> Result<CreateUnitResponse, Failure> {
    let (command, request_id) = parse(request)?;
    let encode = |written: &Written<Unit>| present_created(written).encode_to_vec();
    let once = call.once(request, request_id, &encode);
    let outcome = create_unit(&call.env, &call.caller, &command, once.as_ref()).await?;
    answer(outcome, present_created)
}

fn parse(request: &CreateUnitRequest) -> Result<(CreateUnit, Option<Uuid>), Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let parent = fields.parse("parent_unit_id", UnitId::parse(&request.parent_unit_id));
    let name = fields.parse("name", Label::parse(&request.name));
    let kind = present::parse_kind(&mut fields, "kind", request.kind, Some(UnitKind::Unit));
    let request_id = fields.request_id(&request.request_id);
    let mode = mode(request.validate_only);
    fields.finish(|| {
        let command = CreateUnit { organization: organization?, parent: parent?, name: name?, kind: kind?, mode };
        Some((command, request_id))
    })
}

fn present_created(written: &Written<Unit>) -> CreateUnitResponse {
    CreateUnitResponse { unit: Some(present::unit(&written.value)), revision: written.revision.get() }
}
