use crate::{Email, OrganizationId, Profile, Timestamp, UserId, Username, Version};

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
    /// When its person activated it; `None` for not yet, and for contacts.
    pub activated_at: Option<Timestamp>,
    /// When its person signed in last; `None` for never.
    pub last_sign_in_at: Option<Timestamp>,
    /// Of profile and status.
    pub version: Version,
}

/// Whether an account may act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UserStatus {
    /// Known by name, without credentials: cannot sign in.
    Contact,
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
    /// It is a contact: there is nothing to stop, and nothing to take away.
    #[error("the user is a contact")]
    IsContact,
    /// It is no contact.
    #[error("the user is no contact")]
    NotContact,
    /// It is not waiting for its activation.
    #[error("the user is not invited")]
    NotInvited,
}

impl UserStatus {
    /// As it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }

    /// Reads what `as_str` wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Contact, Self::Invited, Self::Active, Self::Suspended].into_iter().find(|status| status.as_str() == text)
    }
}

impl User {
    /// Stops the account.
    pub fn suspend(&mut self) -> Result<(), StatusError> {
        match self.status {
            UserStatus::Invited | UserStatus::Active => self.status = UserStatus::Suspended,
            UserStatus::Suspended => return Err(StatusError::AlreadySuspended),
            UserStatus::Contact => return Err(StatusError::IsContact),
        }
        Ok(())
    }

    /// Takes the stop away: who had activated the account may act again, who had not still has to.
    pub fn reactivate(&mut self) -> Result<(), StatusError> {
        match (self.status, self.activated_at) {
            (UserStatus::Suspended, Some(_)) => self.status = UserStatus::Active,
            (UserStatus::Suspended, None) => self.status = UserStatus::Invited,
            (UserStatus::Contact | UserStatus::Invited | UserStatus::Active, _) => {
                return Err(StatusError::NotSuspended);
            }
        }
        Ok(())
    }

    /// Lets an invited account act.
    pub fn activate(&mut self, now: Timestamp) -> Result<(), StatusError> {
        match self.status {
            UserStatus::Invited => self.status = UserStatus::Active,
            UserStatus::Contact | UserStatus::Active | UserStatus::Suspended => return Err(StatusError::NotInvited),
        }
        self.activated_at = Some(now);
        Ok(())
    }

    /// Makes a contact an account that its person may activate.
    pub fn invite_contact(&mut self) -> Result<(), StatusError> {
        match self.status {
            UserStatus::Contact => self.status = UserStatus::Invited,
            UserStatus::Invited | UserStatus::Active | UserStatus::Suspended => return Err(StatusError::NotContact),
        }
        Ok(())
    }

    /// Makes an account a contact, which nobody can sign in as.
    pub fn become_contact(&mut self) -> Result<(), StatusError> {
        match self.status {
            UserStatus::Invited | UserStatus::Active | UserStatus::Suspended => self.status = UserStatus::Contact,
            UserStatus::Contact => return Err(StatusError::IsContact),
        }
        self.activated_at = None;
        Ok(())
    }
}
