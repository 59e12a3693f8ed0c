use sea_orm::{DbErr, FromQueryResult, QueryResult};
use uuid::Uuid;
use varco_application::storage::StorageError;
use varco_domain::{
    Access, BackOfficeLevel, Email, Label, Language, Member, Membership, MembershipKind, OrganizationId, Profile,
    Timestamp, User, UserId, UserStatus, Username, Version,
};

use crate::place::Place;

macro_rules! user_columns {
    () => {
        "u.id, u.username, u.email, u.first_name, u.last_name, u.language, u.status, u.home_organization_id, \
         u.created_at, u.version"
    };
}

macro_rules! membership_columns {
    () => {
        "m.organization_id, m.user_id, m.kind, m.app_access, m.back_office_level, m.created_at AS joined_at"
    };
}

pub(super) const SELECT_USERS: &str = concat!("SELECT ", user_columns!(), " FROM users u");

pub(super) const SELECT_MEMBERSHIPS: &str = concat!("SELECT ", membership_columns!(), " FROM memberships m");

/// Members of the organization `$1`.
pub(super) const SELECT_MEMBERS: &str = concat!(
    "SELECT ",
    user_columns!(),
    ", ",
    membership_columns!(),
    " FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.organization_id = $1",
);

#[derive(FromQueryResult)]
pub(super) struct UserRow {
    id: Uuid,
    username: String,
    email: String,
    first_name: String,
    last_name: String,
    language: String,
    status: String,
    home_organization_id: Uuid,
    created_at: i64,
    version: i64,
}

#[derive(FromQueryResult)]
pub(super) struct MembershipRow {
    organization_id: Uuid,
    user_id: Uuid,
    kind: String,
    app_access: bool,
    back_office_level: String,
    joined_at: i64,
}

pub(super) struct MemberRow {
    user: UserRow,
    membership: MembershipRow,
}

impl FromQueryResult for MemberRow {
    fn from_query_result(result: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        Ok(Self {
            user: UserRow::from_query_result(result, prefix)?,
            membership: MembershipRow::from_query_result(result, prefix)?,
        })
    }
}

impl TryFrom<UserRow> for User {
    type Error = StorageError;

    fn try_from(row: UserRow) -> Result<Self, StorageError> {
        let id = UserId::from_uuid(row.id);
        let at = Place::new("users", id);
        Ok(Self {
            id,
            username: at.parsed("username", Username::parse(&row.username))?,
            email: at.parsed("email", Email::parse(&row.email))?,
            profile: Profile {
                first_name: at.parsed("first_name", Label::parse(&row.first_name))?,
                last_name: at.parsed("last_name", Label::parse(&row.last_name))?,
                language: at.parsed("language", Language::parse(&row.language))?,
            },
            status: at.read("status", UserStatus::parse(&row.status))?,
            home: OrganizationId::from_uuid(row.home_organization_id),
            created_at: Timestamp::from_micros(row.created_at),
            version: Version::new(row.version),
        })
    }
}

impl TryFrom<MembershipRow> for Membership {
    type Error = StorageError;

    fn try_from(row: MembershipRow) -> Result<Self, StorageError> {
        let user = UserId::from_uuid(row.user_id);
        let at = Place::new("memberships", user);
        let back_office = BackOfficeLevel::parse(&row.back_office_level);
        Ok(Self {
            organization: OrganizationId::from_uuid(row.organization_id),
            user,
            kind: at.read("kind", MembershipKind::parse(&row.kind))?,
            access: Access { app: row.app_access, back_office: at.read("back_office_level", back_office)? },
            created_at: Timestamp::from_micros(row.joined_at),
        })
    }
}

impl TryFrom<MemberRow> for Member {
    type Error = StorageError;

    fn try_from(row: MemberRow) -> Result<Self, StorageError> {
        Ok(Self { user: row.user.try_into()?, membership: row.membership.try_into()? })
    }
}
