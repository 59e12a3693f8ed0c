use crate::{MailPreferences, OrganizationId, SeatPool, Timestamp, User, UserId};

/// The tie between a user and an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The organization.
    pub organization: OrganizationId,
    /// The user.
    pub user: UserId,
    /// Internal at home, external elsewhere.
    pub kind: MembershipKind,
    /// What it lets the user enter, and so the seats it takes.
    pub access: Access,
    /// The mail that the member wants here.
    pub mail: MailPreferences,
    /// From when on it does not count; `None` for never. Internal ones never end so.
    pub expires_at: Option<Timestamp>,
    /// When the user joined.
    pub created_at: Timestamp,
}

impl Membership {
    /// Whether it counts at an instant.
    pub fn counts_at(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }
}

/// A user together with the membership through which an organization sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The account.
    pub user: User,
    /// The tie.
    pub membership: Membership,
}

/// How a user belongs to an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MembershipKind {
    /// The account was created here.
    Internal,
    /// The account lives elsewhere.
    External,
}

impl MembershipKind {
    /// As it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::External => "external",
        }
    }

    /// Reads what `as_str` wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Internal, Self::External].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// What a membership lets the user enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Access {
    /// The application.
    pub app: bool,
    /// The back office.
    pub back_office: BackOfficeLevel,
}

impl Access {
    /// Neither.
    pub const NONE: Self = Self { app: false, back_office: BackOfficeLevel::None };

    /// Whether it takes a seat of the pool.
    pub fn takes(self, pool: SeatPool) -> bool {
        match pool {
            SeatPool::App => self.app,
            SeatPool::BackOffice => self.back_office > BackOfficeLevel::None,
        }
    }
}

/// What a member may do in the back office.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BackOfficeLevel {
    /// Nothing.
    None,
    /// Every section but users and administration.
    Standard,
    /// Everything.
    Admin,
}

impl BackOfficeLevel {
    /// As it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Standard => "standard",
            Self::Admin => "admin",
        }
    }

    /// Reads what `as_str` wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::None, Self::Standard, Self::Admin].into_iter().find(|level| level.as_str() == text)
    }
}
