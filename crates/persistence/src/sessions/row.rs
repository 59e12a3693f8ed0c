use sea_orm::FromQueryResult;
use uuid::Uuid;
use varco_application::storage::{EndedSession, LiveSession, StorageError};
use varco_domain::{BackOfficeLevel, Client, OrganizationId, Session, SessionId, Timestamp, UserId};

use crate::place::Place;

pub(super) const SELECT: &str = "SELECT s.id, s.user_id, s.organization_id, s.pin_given, s.created_at, \
    s.last_used_at, s.expires_at, s.address, s.user_agent, s.browser, s.operating_system FROM sessions s";

pub(super) const SELECT_ENDED: &str = "SELECT id, user_id, organization_id FROM sessions";

/// Sessions of active users whose membership counts at the instant `$1` and lets them enter something.
pub(super) const SELECT_LIVE: &str = "SELECT s.user_id, s.organization_id, s.expires_at, \
    m.back_office_level, m.expires_at AS membership_expires_at FROM sessions s \
    JOIN users u ON u.id = s.user_id \
    JOIN memberships m ON m.organization_id = s.organization_id AND m.user_id = s.user_id \
    WHERE u.status = 'active' AND (m.expires_at IS NULL OR m.expires_at > $1) \
    AND (m.app_access OR m.back_office_level <> 'none')";

#[derive(FromQueryResult)]
pub(super) struct SessionRow {
    id: Uuid,
    user_id: Uuid,
    organization_id: Uuid,
    pin_given: bool,
    created_at: i64,
    last_used_at: i64,
    expires_at: i64,
    address: Option<String>,
    user_agent: Option<String>,
    browser: Option<String>,
    operating_system: Option<String>,
}

#[derive(FromQueryResult)]
pub(super) struct EndedRow {
    pub(super) id: Uuid,
    user_id: Uuid,
    organization_id: Uuid,
}

#[derive(FromQueryResult)]
pub(super) struct TokenRow {
    session_id: Uuid,
}

#[derive(FromQueryResult)]
pub(super) struct LiveRow {
    user_id: Uuid,
    organization_id: Uuid,
    expires_at: i64,
    back_office_level: String,
    membership_expires_at: Option<i64>,
}

impl TokenRow {
    pub(super) fn session(self) -> SessionId {
        SessionId::from_uuid(self.session_id)
    }
}

impl From<SessionRow> for Session {
    fn from(row: SessionRow) -> Self {
        Self {
            id: SessionId::from_uuid(row.id),
            user: UserId::from_uuid(row.user_id),
            organization: OrganizationId::from_uuid(row.organization_id),
            pin_given: row.pin_given,
            created_at: Timestamp::from_micros(row.created_at),
            last_used_at: Timestamp::from_micros(row.last_used_at),
            expires_at: Timestamp::from_micros(row.expires_at),
            client: Client {
                address: row.address,
                user_agent: row.user_agent,
                browser: row.browser,
                operating_system: row.operating_system,
            },
        }
    }
}

impl From<EndedRow> for EndedSession {
    fn from(row: EndedRow) -> Self {
        Self {
            id: SessionId::from_uuid(row.id),
            user: UserId::from_uuid(row.user_id),
            organization: OrganizationId::from_uuid(row.organization_id),
        }
    }
}

impl TryFrom<LiveRow> for LiveSession {
    type Error = StorageError;

    fn try_from(row: LiveRow) -> Result<Self, StorageError> {
        let user = UserId::from_uuid(row.user_id);
        let level = BackOfficeLevel::parse(&row.back_office_level);
        let ends_at = row.membership_expires_at.map_or(row.expires_at, |end| end.min(row.expires_at));
        Ok(Self {
            user,
            organization: OrganizationId::from_uuid(row.organization_id),
            back_office_level: Place::new("memberships", user).read("back_office_level", level)?,
            ends_at: Timestamp::from_micros(ends_at),
        })
    }
}
