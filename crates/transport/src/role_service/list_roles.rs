use prost::Message;
use varco_application::roles::{ListRoles, find_role, list_roles};
use varco_domain::{OrganizationId, RoleId};
use varco_proto::v1::{GetRoleRequest, GetRoleResponse, ListRolesRequest, ListRolesResponse};

use super::present;
use crate::call::Call;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::paging::fitting;

pub(super) async fn get(call: &Call, request: &GetRoleRequest) -> Result<GetRoleResponse, Failure> {
    let mut fields = Fields::default();
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let role = fields.parse("role_id", RoleId::parse(&request.role_id));
    let (organization, role) = fields.finish(|| Some((organization?, role?)))?;
    let summary = find_role(&call.env, organization, role).await?;
    Ok(GetRoleResponse { role: Some(present::role(&summary)) })
}

pub(super) async fn call(call: &Call, request: &ListRolesRequest) -> Result<ListRolesResponse, Failure> {
    let mut fields = Fields::default();
    let paging = call.paging(request, &mut fields)?;
    let organization = fields.parse("organization_id", OrganizationId::parse(&request.organization_id));
    let predefined = present::parse_origin(&mut fields, "origin", request.origin);
    let command = fields.finish(|| {
        let (before, limit) = (paging.after, paging.limit);
        Some(ListRoles { organization: organization?, predefined, before, limit })
    })?;
    let page = list_roles(&call.env, &command).await?;
    let page = fitting(page, |summary| present::role(summary).encoded_len());
    let next_page_token = call.next_page_token(&paging, &page, |summary| summary.role.id);
    Ok(ListRolesResponse { roles: page.items.iter().map(present::role).collect(), next_page_token })
}
