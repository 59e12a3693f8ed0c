use varco_application::catalogs::{Unsubscribe, unsubscribe};
use varco_domain::OrganizationId;
use varco_proto::v1::{UnsubscribeRequest, UnsubscribeResponse};

use super::parse_key;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, mode};

pub(super) async fn call(call: &Call, request: &UnsubscribeRequest) -> Result<UnsubscribeResponse, Failure> {
    let command = parse(request)?;
    let revision = unsubscribe(&call.env, &call.caller, &command).await?;
    Ok(UnsubscribeResponse { revision: revision.get() })
}

fn parse(request: &UnsubscribeRequest) -> Result<Unsubscribe, Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let catalog = parse_key(&mut fields, "catalog_key", &request.catalog_key);
    let mode = mode(request.validate_only);
    fields.finish(|| Some(Unsubscribe { organization: organization?, catalog: catalog?, mode }))
}
