use sea_orm::FromQueryResult;
use uuid::Uuid;
use varco_application::storage::{Challenge, Flood, NamedDoor, SignInAccount, SignInFailure, StorageError};
use varco_domain::{
    Client, Door, Label, OrganizationId, SessionId, Shown, SignInFailureId, SignInRefusal, Step, Timestamp, UserId,
    UserStatus,
};

use crate::place::Place;

pub(super) const SELECT_ACCOUNTS: &str = "SELECT id, status, home_organization_id FROM users";

/// Where the user `$1` may go at the instant `$2`.
pub(super) const SELECT_DOORS: &str = "SELECT m.organization_id, o.name, o.pin_required FROM memberships m \
    JOIN organizations o ON o.id = m.organization_id \
    WHERE m.user_id = $1 AND (m.expires_at IS NULL OR m.expires_at > $2) \
    AND (m.app_access OR m.back_office_level <> 'none') ORDER BY m.organization_id";

#[derive(FromQueryResult)]
pub(super) struct AccountRow {
    pub(super) id: Uuid,
    status: String,
    home_organization_id: Uuid,
}

#[derive(FromQueryResult)]
pub(super) struct DoorRow {
    organization_id: Uuid,
    name: String,
    pin_required: bool,
}

#[derive(FromQueryResult)]
pub(super) struct ChallengeRow {
    user_id: Uuid,
    step: String,
    pin_shown: bool,
    organization_id: Option<Uuid>,
    session_id: Option<Uuid>,
    expires_at: i64,
    attempts: i64,
}

#[derive(FromQueryResult)]
pub(super) struct FailureRow {
    id: Uuid,
    user_id: Option<Uuid>,
    organization_id: Option<Uuid>,
    occurred_at: i64,
    reason: String,
    address: Option<String>,
    user_agent: Option<String>,
    browser: Option<String>,
    operating_system: Option<String>,
}

impl AccountRow {
    pub(super) fn with_doors(self, doors: Vec<DoorRow>) -> Result<SignInAccount, StorageError> {
        let user = UserId::from_uuid(self.id);
        let status = Place::new("users", user).read("status", UserStatus::parse(&self.status))?;
        let doors = doors.into_iter().map(NamedDoor::try_from).collect::<Result<_, _>>()?;
        Ok(SignInAccount { user, status, home: OrganizationId::from_uuid(self.home_organization_id), doors })
    }
}

impl TryFrom<DoorRow> for NamedDoor {
    type Error = StorageError;

    fn try_from(row: DoorRow) -> Result<Self, StorageError> {
        let organization = OrganizationId::from_uuid(row.organization_id);
        let name = Place::new("organizations", organization).parsed("name", Label::parse(&row.name))?;
        Ok(Self { door: Door { organization, pin: row.pin_required }, name })
    }
}

impl TryFrom<ChallengeRow> for Challenge {
    type Error = StorageError;

    fn try_from(row: ChallengeRow) -> Result<Self, StorageError> {
        let user = UserId::from_uuid(row.user_id);
        Ok(Self {
            user,
            step: Place::new("challenges", user).read("step", Step::parse(&row.step))?,
            shown: Shown { pin: row.pin_shown, organization: row.organization_id.map(OrganizationId::from_uuid) },
            replaced: row.session_id.map(SessionId::from_uuid),
            expires_at: Timestamp::from_micros(row.expires_at),
            attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
        })
    }
}

impl TryFrom<FailureRow> for SignInFailure {
    type Error = StorageError;

    fn try_from(row: FailureRow) -> Result<Self, StorageError> {
        let id = SignInFailureId::from_uuid(row.id);
        Ok(Self {
            id,
            user: row.user_id.map(UserId::from_uuid),
            home: row.organization_id.map(OrganizationId::from_uuid),
            occurred_at: Timestamp::from_micros(row.occurred_at),
            refusal: Place::new("sign_in_failures", id).read("reason", SignInRefusal::parse(&row.reason))?,
            client: Client {
                address: row.address,
                user_agent: row.user_agent,
                browser: row.browser,
                operating_system: row.operating_system,
            },
        })
    }
}

#[derive(FromQueryResult)]
pub(super) struct FloodRow {
    user_id: Option<Uuid>,
    organization_id: Option<Uuid>,
}

impl From<FloodRow> for Flood {
    fn from(row: FloodRow) -> Self {
        Self { user: row.user_id.map(UserId::from_uuid), home: row.organization_id.map(OrganizationId::from_uuid) }
    }
}
