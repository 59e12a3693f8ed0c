//! `varco.v1.CatalogService`.

mod application;
mod lists;
mod roles;
mod subscription;

use tonic::Status;
use varco_proto::v1;
use varco_testkit::{Actor, OrganizationActor};

/// A catalog `privacy` whose permissions are `privacy:<path>`.
fn privacy(version: u32, paths: &[&str]) -> v1::Catalog {
    let permission =
        |path: &&str| v1::CatalogPermission { key: format!("privacy:{path}"), description: format!("Lets {path}.") };
    v1::Catalog {
        catalog_key: "privacy".to_owned(),
        display_name: "Privacy".to_owned(),
        version,
        permissions: paths.iter().map(permission).collect(),
        ..Default::default()
    }
}

/// A predefined role that grants `privacy:<path>` for each path.
fn predefined(key: &str, name: &str, paths: &[&str]) -> v1::PredefinedRole {
    v1::PredefinedRole {
        key: key.to_owned(),
        name: name.to_owned(),
        description: format!("For a {key}."),
        permissions: paths.iter().map(|path| format!("privacy:{path}")).collect(),
    }
}

async fn apply(operator: &Actor, catalog: &v1::Catalog) -> Result<v1::ApplyCatalogResponse, Status> {
    let request = v1::ApplyCatalogRequest { catalog: Some(catalog.clone()), validate_only: false };
    Ok(operator.catalogs().apply_catalog(request).await?.into_inner())
}

async fn find(actor: &Actor, key: &str) -> Result<v1::Catalog, Status> {
    let request = v1::GetCatalogRequest { catalog_key: key.to_owned() };
    Ok(actor.catalogs().get_catalog(request).await?.into_inner().catalog.unwrap())
}

fn subscription(actor: &OrganizationActor, key: &str) -> v1::SubscribeRequest {
    let (organization_id, catalog_key) = (actor.organization.clone(), key.to_owned());
    v1::SubscribeRequest { organization_id, catalog_key, validate_only: false }
}

fn end_of_subscription(actor: &OrganizationActor, key: &str) -> v1::UnsubscribeRequest {
    let (organization_id, catalog_key) = (actor.organization.clone(), key.to_owned());
    v1::UnsubscribeRequest { organization_id, catalog_key, validate_only: false }
}

async fn subscribe(actor: &OrganizationActor, key: &str) -> Result<v1::SubscribeResponse, Status> {
    Ok(actor.catalogs().subscribe(subscription(actor, key)).await?.into_inner())
}

async fn unsubscribe(actor: &OrganizationActor, key: &str) -> Result<u64, Status> {
    Ok(actor.catalogs().unsubscribe(end_of_subscription(actor, key)).await?.into_inner().revision)
}

/// Name and permissions of every role of an organization, newest first.
async fn roles(actor: &OrganizationActor) -> Vec<v1::Role> {
    let request = v1::ListRolesRequest { organization_id: actor.organization.clone(), ..Default::default() };
    actor.roles().list_roles(request).await.unwrap().into_inner().roles
}

async fn role_names(actor: &OrganizationActor) -> Vec<String> {
    let mut names: Vec<String> = roles(actor).await.into_iter().map(|role| role.name).collect();
    names.sort_unstable();
    names
}
