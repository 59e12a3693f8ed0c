//! Ids behind the names that people type.

use anyhow::bail;
use varco_client::Client;
use varco_client::v1::{
    self, ListOrganizationsRequest, ListRolesRequest, ListServiceAccountsRequest, ListUnitsRequest, ListUsersRequest,
};

/// The organization of this name or id; without either the only one that there is.
pub(super) async fn organization(client: &Client, asked: Option<&str>) -> anyhow::Result<String> {
    if let Some(id) = asked.filter(|it| it.starts_with("org_")) {
        return Ok(id.to_owned());
    }
    let all = organizations(client).await?;
    let names = || all.iter().map(|it| format!("`{}`", it.name)).collect::<Vec<_>>().join(", ");
    let found: Vec<_> = match asked {
        Some(name) => all.iter().filter(|it| is_same(&it.name, name)).collect(),
        None => all.iter().collect(),
    };
    match (found.as_slice(), asked) {
        ([only], _) => Ok(only.organization_id.clone()),
        ([], None) => bail!("there is no organization yet: create one with OrganizationService.CreateOrganization"),
        (_, None) => bail!("there are several organizations: choose one of {} with --organization", names()),
        (_, Some(name)) => bail!("there is no organization `{name}`; there are {}", names()),
    }
}

async fn organizations(client: &Client) -> anyhow::Result<Vec<v1::Organization>> {
    let mut all = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = ListOrganizationsRequest { page_size: 1000, page_token, ..Default::default() };
        let page = client.organizations().list_organizations(request).await?.into_inner();
        all.extend(page.organizations);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(all);
        }
    }
}

/// The user or service account of this username or id.
pub(super) async fn subject(client: &Client, organization_id: &str, asked: &str) -> anyhow::Result<String> {
    if asked.starts_with("user_") || asked.starts_with("sa_") {
        return Ok(asked.to_owned());
    }
    let organization_id = organization_id.to_owned();
    let search = asked.to_owned();
    let request =
        ListUsersRequest { organization_id: organization_id.clone(), page_size: 1000, search, ..Default::default() };
    let users = client.users().list_users(request).await.map_err(refused)?.into_inner().users;
    if let Some(user) = users.into_iter().find(|user| is_same(&user.username, asked)) {
        return Ok(user.user_id);
    }
    let request = ListServiceAccountsRequest { organization_id, page_size: 1000, page_token: String::new() };
    let accounts = client.service_accounts().list_service_accounts(request).await.map_err(refused)?.into_inner();
    match accounts.service_accounts.into_iter().find(|account| is_same(&account.username, asked)) {
        Some(account) => Ok(account.service_account_id),
        None => bail!("the organization has no user or service account `{asked}`"),
    }
}

/// The unit of this name or id.
pub(super) async fn unit(client: &Client, organization_id: &str, asked: &str) -> anyhow::Result<String> {
    if asked.starts_with("unit_") {
        return Ok(asked.to_owned());
    }
    let request = ListUnitsRequest {
        organization_id: organization_id.to_owned(),
        page_size: 1000,
        search: asked.to_owned(),
        ..Default::default()
    };
    let units = client.units().list_units(request).await.map_err(refused)?.into_inner().units;
    let found: Vec<_> = units.into_iter().filter(|unit| is_same(&unit.name, asked)).collect();
    match found.as_slice() {
        [only] => Ok(only.unit_id.clone()),
        [] => bail!("the organization has no unit `{asked}`"),
        several => {
            let ids: Vec<_> = several.iter().map(|unit| unit.unit_id.as_str()).collect();
            bail!("several units are called `{asked}`: choose one of {}", ids.join(", "))
        }
    }
}

/// The role of this name or id.
pub(super) async fn role(client: &Client, organization_id: &str, asked: &str) -> anyhow::Result<String> {
    if asked.starts_with("role_") {
        return Ok(asked.to_owned());
    }
    let request =
        ListRolesRequest { organization_id: organization_id.to_owned(), page_size: 1000, ..Default::default() };
    let roles = client.roles().list_roles(request).await.map_err(refused)?.into_inner().roles;
    match roles.into_iter().find(|role| is_same(&role.name, asked)) {
        Some(role) => Ok(role.role_id),
        None => bail!("the organization has no role `{asked}`"),
    }
}

fn is_same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// A refusal in the client's words.
fn refused(status: tonic::Status) -> varco_client::Error {
    status.into()
}
