//! `varco.v1.CatalogService`.

mod apply_catalog;
mod list_catalogs;
mod list_permissions;
mod present;
mod subscribe;
mod unsubscribe;

use tonic::{Request, Response, Status};
use varco_application::catalogs::CatalogError;
use varco_domain::{CatalogKey, PermissionKey};
use varco_proto::v1;
use varco_proto::v1::ErrorReason;

use crate::call::unary;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::gate::{Gate, organization_not_found};

/// The service.
pub(crate) struct CatalogService {
    pub(crate) gate: Gate,
}

#[tonic::async_trait]
impl v1::catalog_service_server::CatalogService for CatalogService {
    async fn apply_catalog(
        &self,
        request: Request<v1::ApplyCatalogRequest>,
    ) -> Result<Response<v1::ApplyCatalogResponse>, Status> {
        unary!(self, request, apply_catalog::call)
    }

    async fn get_catalog(
        &self,
        request: Request<v1::GetCatalogRequest>,
    ) -> Result<Response<v1::GetCatalogResponse>, Status> {
        unary!(self, request, list_catalogs::get)
    }

    async fn list_catalogs(
        &self,
        request: Request<v1::ListCatalogsRequest>,
    ) -> Result<Response<v1::ListCatalogsResponse>, Status> {
        unary!(self, request, list_catalogs::call)
    }

    async fn subscribe(
        &self,
        request: Request<v1::SubscribeRequest>,
    ) -> Result<Response<v1::SubscribeResponse>, Status> {
        unary!(self, request, subscribe::call)
    }

    async fn unsubscribe(
        &self,
        request: Request<v1::UnsubscribeRequest>,
    ) -> Result<Response<v1::UnsubscribeResponse>, Status> {
        unary!(self, request, unsubscribe::call)
    }

    async fn list_permissions(
        &self,
        request: Request<v1::CatalogServiceListPermissionsRequest>,
    ) -> Result<Response<v1::CatalogServiceListPermissionsResponse>, Status> {
        unary!(self, request, list_permissions::call)
    }
}

impl From<CatalogError> for Failure {
    fn from(error: CatalogError) -> Self {
        match error {
            CatalogError::OrganizationNotFound => organization_not_found(),
            CatalogError::CatalogNotFound => Self::not_found(ErrorReason::CatalogNotFound, "no such catalog"),
            CatalogError::VersionNotNewer { applied } => Self::precondition(
                ErrorReason::CatalogVersionNotNewer,
                format!("version {applied} of the catalog is applied, with other content; give a later version"),
            )
            .with("applied_version", applied),
            CatalogError::PermissionInUse { permissions } => permission_in_use(&permissions),
            CatalogError::AlreadySubscribed => Self::already_exists(
                ErrorReason::AlreadySubscribed,
                "the organization subscribes to the catalog already",
            ),
            CatalogError::NotSubscribed => {
                Self::precondition(ErrorReason::NotSubscribed, "the organization does not subscribe to the catalog")
            }
            CatalogError::Storage(error) => Self::storage(error),
        }
    }
}

/// How many permissions a refusal names: enough to begin with, few enough for the metadata of a call.
const MAX_NAMED: usize = 5;

fn permission_in_use(permissions: &[PermissionKey]) -> Failure {
    let named: Vec<&str> = permissions.iter().take(MAX_NAMED).map(PermissionKey::as_str).collect();
    let message = format!("roles grant permissions that would go, such as {}", named.join(", "));
    Failure::precondition(ErrorReason::PermissionInUse, message)
        .with("permissions", named.join(","))
        .with("permission_count", permissions.len())
}

fn parse_key(fields: &mut Fields, path: &str, text: &str) -> Option<CatalogKey> {
    fields.parse(path, CatalogKey::parse(text).ok_or("must be 2 to 64 of the characters a-z 0-9 -, first a letter"))
}
