use crate::{Email, Label, Language, OrganizationId, Timestamp, UserId, Username, Version};

/// One account in the whole system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Names it.
    pub id: UserId,
    /// Never changes.
    pub username: Username,
    /// Never changes.
    pub email: Email,
    /// Of its person.
    pub profile: Profile,
    /// Whether it may act.
    pub status: UserStatus,
    /// The organization where it was created, which alone changes it.
    pub home: OrganizationId,
    /// When it was created.
    pub created_at: Timestamp,
    /// Of profile and status.
    pub version: Version,
}

/// What an account says of its person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// First name.
    pub first_name: Label,
    /// Last name.
    pub last_name: Label,
    /// In which mails are written.
    pub language: Language,
}

/// Whether an account may act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UserStatus {
    /// Not activated yet.
    Invited,
    /// May act.
    Active,
    /// Stopped; nothing is deleted.
    Suspended,
}

/// Why a status does not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StatusError {
    /// It is suspended.
    #[error("the user is suspended already")]
    AlreadySuspended,
    /// It is not suspended.
    #[error("the user is not suspended")]
    NotSuspended,
}

impl UserStatus {
    /// As it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }

    /// Reads what `as_str` wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Invited, Self::Active, Self::Suspended].into_iter().find(|status| status.as_str() == text)
    }
}

impl User {
    /// Stops the account.
    pub fn suspend(&mut self) -> Result<(), StatusError> {
        match self.status {
            UserStatus::Invited | UserStatus::Active => self.status = UserStatus::Suspended,
            UserStatus::Suspended => return Err(StatusError::AlreadySuspended),
        }
        Ok(())
    }

    /// Lets a suspended account act again.
    pub fn reactivate(&mut self) -> Result<(), StatusError> {
        match self.status {
            UserStatus::Suspended => self.status = UserStatus::Active,
            UserStatus::Invited | UserStatus::Active => return Err(StatusError::NotSuspended),
        }
        Ok(())
    }
}
