mod permissions;
mod predefined_roles;

use varco_application::catalogs::{ApplyCatalog, apply_catalog};
use varco_domain::Label;
use varco_proto::v1::{ApplyCatalogRequest, ApplyCatalogResponse};

use super::{parse_key, present};
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::{Fields, mode};

pub(super) async fn call(call: &Call, request: &ApplyCatalogRequest) -> Result<ApplyCatalogResponse, Failure> {
    let command = parse(request)?;
    let written = apply_catalog(&call.env, &call.caller, &command).await?;
    Ok(ApplyCatalogResponse { catalog: Some(present::catalog(&written.value)), revision: written.revision.get() })
}

fn parse(request: &ApplyCatalogRequest) -> Result<ApplyCatalog, Failure> {
    let mut fields = Fields::default();
    let given = request.catalog.clone().unwrap_or_default();
    let key = parse_key(&mut fields, "catalog.catalog_key", &given.catalog_key);
    let display_name = fields.parse("catalog.display_name", Label::parse(&given.display_name));
    if given.version == 0 {
        fields.problem("catalog.version", "must be at least 1");
    }
    let permissions = permissions::parse(&mut fields, &given.permissions, key.as_ref());
    let predefined_roles = predefined_roles::parse(&mut fields, &given);
    let (version, mode) = (given.version, mode(request.validate_only));
    fields.finish(|| {
        let (key, display_name) = (key?, display_name?);
        Some(ApplyCatalog { key, display_name, version, permissions, predefined_roles, mode })
    })
}
