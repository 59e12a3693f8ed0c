//! The gRPC port: every service of the contract, health and reflection, within limits.
//!
//! A path that no service has is `UNIMPLEMENTED` and nothing runs: the routes are those of the
//! contract, compared as they are written.

mod heard;
mod serve;
mod unread;

pub use serve::{Tls, serve};

use tonic::service::Routes;
use varco_proto::v1;

use crate::gate::Gate;
use crate::health::Health;

/// The size of requests. The longest that the contract allows elsewhere, 1,000 checks, has 300 KiB.
const MAX_REQUEST_BYTES: usize = 1024 * 1024;

/// For the services where the contract allows long lists: 100,000 subjects of a bulk call, 10,000
/// permissions of a role or a catalog.
const MAX_LIST_REQUEST_BYTES: usize = 4 * 1024 * 1024;

/// The size of responses, and of every message of a stream.
const MAX_RESPONSE_BYTES: usize = 4 * 1024 * 1024;

macro_rules! services {
    ($($folder:ident $service:ident $module:ident $server:ident $max_request_bytes:ident;)*) => {
        /// The full name of every service of the contract.
        pub(crate) const SERVICES: &[&str] = &[$(v1::$module::SERVICE_NAME),*];

        fn contract(gate: &Gate) -> Routes {
            Routes::default()$(.add_service(
                v1::$module::$server::new(crate::$folder::$service { gate: gate.clone() })
                    .max_decoding_message_size($max_request_bytes)
                    .max_encoding_message_size(MAX_RESPONSE_BYTES),
            ))*
        }
    };
}

services! {
    access_service AccessService access_service_server AccessServiceServer MAX_REQUEST_BYTES;
    assignment_service AssignmentService assignment_service_server AssignmentServiceServer MAX_LIST_REQUEST_BYTES;
    authentication_service AuthenticationService
        authentication_service_server AuthenticationServiceServer MAX_REQUEST_BYTES;
    catalog_service CatalogService catalog_service_server CatalogServiceServer MAX_LIST_REQUEST_BYTES;
    event_service EventService event_service_server EventServiceServer MAX_REQUEST_BYTES;
    license_service LicenseService license_service_server LicenseServiceServer MAX_REQUEST_BYTES;
    mail_service MailService mail_service_server MailServiceServer MAX_REQUEST_BYTES;
    organization_service OrganizationService
        organization_service_server OrganizationServiceServer MAX_REQUEST_BYTES;
    report_service ReportService report_service_server ReportServiceServer MAX_REQUEST_BYTES;
    role_service RoleService role_service_server RoleServiceServer MAX_LIST_REQUEST_BYTES;
    service_account_service ServiceAccountService
        service_account_service_server ServiceAccountServiceServer MAX_REQUEST_BYTES;
    unit_service UnitService unit_service_server UnitServiceServer MAX_REQUEST_BYTES;
    user_service UserService user_service_server UserServiceServer MAX_REQUEST_BYTES;
}

/// Every service, and reflection if it is wanted: it shows the contract, which is public.
pub fn routes(gate: &Gate, health: &Health, with_reflection: bool) -> Routes {
    let routes = contract(gate).add_service(health.service(gate.env.tasks.clone()));
    if !with_reflection {
        return routes.prepare();
    }
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(varco_proto::DESCRIPTORS)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .build_v1();
    match reflection {
        Ok(reflection) => routes.add_service(reflection).prepare(),
        Err(error) => {
            tracing::error!(%error, "no reflection: the descriptors of the contract cannot be read");
            routes.prepare()
        }
    }
}
