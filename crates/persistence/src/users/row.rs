use sea_orm::{DbErr, FromQueryResult, QueryResult};
use uuid::Uuid;
use varco_application::storage::{NamedMembership, StorageError};
use varco_domain::{
    Access, BackOfficeLevel, Email, Label, MailCategory, MailPreferences, Member, Membership, MembershipKind,
    OrganizationId, Timestamp, User, UserId, UserStatus, Username, Version,
};

use super::profile_row::{ProfileRow, profile_columns};
use crate::place::Place;

macro_rules! user_columns {
    () => {
        concat!(
            "u.id, u.username, u.email, u.status, u.home_organization_id, u.created_at, u.activated_at, \
             u.last_sign_in_at, u.version, ",
            profile_columns!(),
        )
    };
}

macro_rules! membership_columns {
    () => {
        "m.organization_id, m.user_id, m.kind, m.app_access, m.back_office_level, m.mail_general, m.mail_product, \
         m.mail_domain, m.mail_billing, m.mail_support, m.expires_at, m.created_at AS joined_at"
    };
}

pub(super) const SELECT_USERS: &str = concat!("SELECT ", user_columns!(), " FROM users u");

pub(super) const SELECT_MEMBERSHIPS: &str = concat!("SELECT ", membership_columns!(), " FROM memberships m");

/// Memberships with the names of their organizations.
pub(super) const SELECT_NAMED_MEMBERSHIPS: &str = concat!(
    "SELECT ",
    membership_columns!(),
    ", o.name AS organization_name FROM memberships m JOIN organizations o ON o.id = m.organization_id",
);

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
    status: String,
    home_organization_id: Uuid,
    created_at: i64,
    activated_at: Option<i64>,
    last_sign_in_at: Option<i64>,
    version: i64,
    #[sea_orm(nested)]
    profile: ProfileRow,
}

#[derive(FromQueryResult)]
#[expect(clippy::struct_excessive_bools, reason = "the columns of the table")]
pub(super) struct MembershipRow {
    organization_id: Uuid,
    user_id: Uuid,
    kind: String,
    app_access: bool,
    back_office_level: String,
    mail_general: bool,
    mail_product: bool,
    mail_domain: bool,
    mail_billing: bool,
    mail_support: bool,
    expires_at: Option<i64>,
    joined_at: i64,
}

pub(super) struct NamedMembershipRow {
    membership: MembershipRow,
    name: OrganizationNameRow,
}

#[derive(FromQueryResult)]
struct OrganizationNameRow {
    organization_name: String,
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

impl FromQueryResult for NamedMembershipRow {
    fn from_query_result(result: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        Ok(Self {
            membership: MembershipRow::from_query_result(result, prefix)?,
            name: OrganizationNameRow::from_query_result(result, prefix)?,
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
            profile: row.profile.read(&at)?,
            status: at.read("status", UserStatus::parse(&row.status))?,
            home: OrganizationId::from_uuid(row.home_organization_id),
            created_at: Timestamp::from_micros(row.created_at),
            activated_at: row.activated_at.map(Timestamp::from_micros),
            last_sign_in_at: row.last_sign_in_at.map(Timestamp::from_micros),
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
            mail: row.mail(),
            expires_at: row.expires_at.map(Timestamp::from_micros),
            created_at: Timestamp::from_micros(row.joined_at),
        })
    }
}

impl MembershipRow {
    fn mail(&self) -> MailPreferences {
        let chosen = [
            (MailCategory::General, self.mail_general),
            (MailCategory::Product, self.mail_product),
            (MailCategory::Domain, self.mail_domain),
            (MailCategory::Billing, self.mail_billing),
            (MailCategory::Support, self.mail_support),
        ];
        chosen.into_iter().filter(|(_, is_on)| *is_on).map(|(category, _)| category).collect()
    }
}

impl TryFrom<NamedMembershipRow> for NamedMembership {
    type Error = StorageError;

    fn try_from(row: NamedMembershipRow) -> Result<Self, StorageError> {
        let membership = Membership::try_from(row.membership)?;
        let at = Place::new("organizations", membership.organization);
        let organization_name = at.parsed("name", Label::parse(&row.name.organization_name))?;
        Ok(Self { membership, organization_name })
    }
}

impl TryFrom<MemberRow> for Member {
    type Error = StorageError;

    fn try_from(row: MemberRow) -> Result<Self, StorageError> {
        Ok(Self { user: row.user.try_into()?, membership: row.membership.try_into()? })
    }
}
