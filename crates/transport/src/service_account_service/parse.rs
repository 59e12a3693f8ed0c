use varco_domain::{OrganizationId, SecretTtl, SecretTtlError};

use crate::fields::Fields;

/// The organization, or `None` for the platform, which an empty id means.
pub(super) fn owner(fields: &mut Fields, text: &str) -> Option<OrganizationId> {
    fields.parse_optional("organization_id", text, OrganizationId::parse)
}

/// How long a secret works; the default if it is not said.
pub(super) fn secret_ttl(fields: &mut Fields, ttl: Option<&prost_types::Duration>) -> Option<SecretTtl> {
    let Some(ttl) = ttl else { return Some(SecretTtl::default()) };
    // Fails on negative lengths alone.
    let length = std::time::Duration::try_from(*ttl).map_err(|_| SecretTtlError);
    fields.parse("secret_ttl", length.and_then(SecretTtl::parse))
}
