//! The conversation of a sign-in: what has been shown, what is demanded, and so what comes next.

use crate::OrganizationId;

/// What a sign-in has shown so far. It begins with the password: without that there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Whether the PIN was right.
    pub pin: bool,
    /// The organization that was asked for or chosen.
    pub organization: Option<OrganizationId>,
}

/// What the account and the organizations demand, as things are now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demands {
    /// Whether the password must be changed before anything else: it is temporary or too old.
    pub new_password: bool,
    /// Whether the account's own organization asks for the PIN, wherever its user goes.
    pub pin: bool,
    /// Where the user may go, by id.
    pub doors: Vec<Door>,
}

/// An organization that a user may enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Door {
    /// Which.
    pub organization: OrganizationId,
    /// Whether it asks for the PIN.
    pub pin: bool,
}

/// What somebody who signs in has to give next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// A new password.
    NewPassword,
    /// The PIN.
    Pin,
    /// One of the organizations that the user may enter.
    Organization,
}

impl Step {
    /// As it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NewPassword => "new_password",
            Self::Pin => "pin",
            Self::Organization => "organization",
        }
    }

    /// Reads what `as_str` wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::NewPassword, Self::Pin, Self::Organization].into_iter().find(|step| step.as_str() == text)
    }
}

/// Where a sign-in stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Something is missing.
    Next(Step),
    /// Nothing is: a session may begin in this organization.
    Done(OrganizationId),
    /// There is no organization to enter, or not the one that was asked for.
    Nowhere,
}

impl Demands {
    /// Compares what is demanded with what was shown.
    ///
    /// Invariant: `Done` is given only if every demand of the account and of the organization is met.
    pub fn progress(&self, shown: &Shown) -> Progress {
        let door = match (shown.organization, self.doors.as_slice()) {
            (_, []) => return Progress::Nowhere,
            (Some(asked), doors) => match doors.iter().find(|door| door.organization == asked) {
                Some(door) => Some(*door),
                None => return Progress::Nowhere,
            },
            (None, [only]) => Some(*only),
            (None, _) => None,
        };
        if self.new_password {
            return Progress::Next(Step::NewPassword);
        }
        if !shown.pin && (self.pin || door.is_some_and(|door| door.pin)) {
            return Progress::Next(Step::Pin);
        }
        door.map_or(Progress::Next(Step::Organization), |door| Progress::Done(door.organization))
    }
}

macro_rules! refusals {
    ($($variant:ident $text:literal $doc:literal)*) => {
        /// Why a sign-in was refused. Only administrators learn of it; who signs in does not.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum SignInRefusal {$(
            #[doc = $doc]
            $variant,
        )*}

        impl SignInRefusal {
            /// Every cause.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// As it is stored.
            pub const fn as_str(self) -> &'static str {
                match self {$(Self::$variant => $text,)*}
            }
        }
    };
}

refusals! {
    UnknownUser "unknown_user" "No account has that name or address."
    WrongPassword "wrong_password" "The password is wrong."
    PasswordExpired "password_expired" "The temporary password was not used in time."
    NoPassword "no_password" "The account has no password: it is a contact's, not activated, or signs in elsewhere."
    WrongPin "wrong_pin" "The PIN is wrong."
    NotActivated "not_activated" "The account is not activated yet."
    Suspended "suspended" "The account is suspended."
    NoAccess "no_access" "The account has no access to any organization, or not to the one asked for."
    ProviderRefused "provider_refused" "The provider of single sign-on did not prove who signs in."
    UnknownIdentity "unknown_identity" "The provider of single sign-on knows somebody who has no account here."
    TooManyAttempts "too_many_attempts" "It came too early after others that failed."
}

impl SignInRefusal {
    /// Reads what `as_str` wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|refusal| refusal.as_str() == text)
    }
}

#[cfg(test)]
mod tests;
