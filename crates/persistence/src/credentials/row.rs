use sea_orm::FromQueryResult;
use uuid::Uuid;
use varco_application::storage::{Link, LinkPurpose, StoredPassword, StoredPin};
use varco_application::{PasswordHash, SecretDigest};
use varco_domain::{Timestamp, UserId};

#[derive(FromQueryResult)]
pub(super) struct PasswordRow {
    hash: String,
    changed_at: i64,
    must_change: bool,
}

#[derive(FromQueryResult)]
pub(super) struct PinRow {
    hash: String,
    is_active: bool,
}

#[derive(FromQueryResult)]
pub(super) struct LinkRow {
    user_id: Uuid,
    expires_at: i64,
}

impl From<PasswordRow> for StoredPassword {
    fn from(row: PasswordRow) -> Self {
        Self {
            hash: PasswordHash(row.hash),
            changed_at: Timestamp::from_micros(row.changed_at),
            must_change: row.must_change,
        }
    }
}

impl From<PinRow> for StoredPin {
    fn from(row: PinRow) -> Self {
        Self { hash: PasswordHash(row.hash), is_active: row.is_active }
    }
}

impl LinkRow {
    pub(super) fn into_link(self, digest: SecretDigest, purpose: LinkPurpose) -> Link {
        Link {
            digest,
            user: UserId::from_uuid(self.user_id),
            purpose,
            expires_at: Timestamp::from_micros(self.expires_at),
        }
    }
}
