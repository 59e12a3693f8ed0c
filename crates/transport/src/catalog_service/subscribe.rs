use varco_application::catalogs::{Subscribe, subscribe};
use varco_domain::OrganizationId;
use varco_proto::v1::{SubscribeRequest, SubscribeResponse};

use super::parse_key;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, mode};

pub(super) async fn call(call: &Call, request: &SubscribeRequest) -> Result<SubscribeResponse, Failure> {
    let command = parse(request)?;
    let written = subscribe(&call.env, &call.caller, &command).await?;
    let role_ids = written.value.iter().map(ToString::to_string).collect();
    Ok(SubscribeResponse { role_ids, revision: written.revision.get() })
}

fn parse(request: &SubscribeRequest) -> Result<Subscribe, Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let catalog = parse_key(&mut fields, "catalog_key", &request.catalog_key);
    let mode = mode(request.validate_only);
    fields.finish(|| Some(Subscribe { organization: organization?, catalog: catalog?, mode }))
}
