use varco_domain::{ServiceAccount, ServiceSecret};
use varco_proto::v1;

use crate::present::timestamp;

/// A service account as the wire shows it.
pub(super) fn service_account(account: &ServiceAccount) -> v1::ServiceAccount {
    v1::ServiceAccount {
        service_account_id: account.id.to_string(),
        username: account.username.as_str().to_owned(),
        organization_id: account.organization.map(|organization| organization.to_string()).unwrap_or_default(),
        secrets: account.secrets.iter().map(secret).collect(),
        create_time: Some(timestamp(account.created_at)),
    }
}

/// A secret as the wire shows it, without its value.
pub(super) fn secret(secret: &ServiceSecret) -> v1::ServiceSecret {
    v1::ServiceSecret {
        secret_id: secret.id.to_string(),
        create_time: Some(timestamp(secret.created_at)),
        expire_time: Some(timestamp(secret.expires_at)),
        last_use_time: secret.last_used_at.map(timestamp),
    }
}
