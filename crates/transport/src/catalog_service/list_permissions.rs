use prost::Message;
use varco_application::catalogs::{ListPermissions, list_permissions};
use varco_domain::{OrganizationId, PermissionKey};
use varco_proto::v1::{CatalogServiceListPermissionsRequest, CatalogServiceListPermissionsResponse};

use super::present;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::paging::{Paging, fitting};

pub(super) async fn call(
    call: &Call,
    request: &CatalogServiceListPermissionsRequest,
) -> Result<CatalogServiceListPermissionsResponse, Failure> {
    let mut fields = Fields::default();
    let paging: Paging<PermissionKey> = call.paging(request, &mut fields)?;
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let command = fields.finish(|| {
        let (after, limit) = (paging.after.clone(), paging.limit);
        Some(ListPermissions { organization: organization?, after, limit })
    })?;
    let page = list_permissions(&call.env, &command).await?;
    let page = fitting(page, |permission| present::permission(permission).encoded_len());
    let next_page_token = call.next_page_token(&paging, &page, |permission| permission.key.clone());
    let permissions = page.items.iter().map(present::permission).collect();
    Ok(CatalogServiceListPermissionsResponse { permissions, next_page_token })
}
