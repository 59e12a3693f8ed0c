use std::time::Duration;

use crate::{OrganizationId, SessionId, Timestamp, UserId};

/// A user who signed in and works in one organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Names it.
    pub id: SessionId,
    /// Who signed in.
    pub user: UserId,
    /// Where it works.
    pub organization: OrganizationId,
    /// Whether the PIN was given on the way to it.
    pub pin_given: bool,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was begun or refreshed last.
    pub last_used_at: Timestamp,
    /// From this instant it has ended, used or not.
    pub expires_at: Timestamp,
    /// From what it was begun.
    pub client: Client,
}

impl Session {
    /// How long a session lives that is not refreshed.
    pub const MAX_IDLE: Duration = Duration::from_hours(1);

    /// How many sessions one user may have; the one used least recently makes room.
    pub const MAX_PER_USER: usize = 50;

    /// How often a session is refreshed at most: with every access token of the longest session there
    /// may be, and some more.
    ///
    /// Invariant: every refresh token of a session is kept as long as the session, or whoever has stolen
    /// one could push it out of memory and stay unnoticed. This bounds how many those are.
    pub const MAX_REFRESHES: u32 = 10_000;

    /// From this instant it has ended, if nobody refreshes it.
    pub fn ends_at(&self) -> Timestamp {
        self.expires_at.min(self.last_used_at.plus(Self::MAX_IDLE))
    }
}

/// From what somebody signs in, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// The network address.
    pub address: Option<String>,
    /// The program as it names itself.
    pub user_agent: Option<String>,
    /// The browser behind that name.
    pub browser: Option<String>,
    /// The operating system behind that name.
    pub operating_system: Option<String>,
}

macro_rules! ends {
    ($($variant:ident $text:literal $doc:literal)*) => {
        /// Why a session ended before its time.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum SessionEnd {$(
            #[doc = $doc]
            $variant,
        )*}

        impl SessionEnd {
            /// As events show it.
            pub const fn as_str(self) -> &'static str {
                match self {$(Self::$variant => $text,)*}
            }
        }
    };
}

ends! {
    SignedOut "signed_out" "Its user signed out."
    Revoked "revoked" "Its user or an administrator ended it from outside."
    OrganizationChanged "organization_changed" "Its user went on in another organization."
    RefreshTokenReused "refresh_token_reused" "A refresh token was presented that had been used."
    TooMany "too_many" "Its user has as many others as there may be."
    Suspended "suspended" "Its user was suspended."
    Deactivated "deactivated" "Its user became a contact."
    MembershipEnded "membership_ended" "Its user left its organization or lost all access there."
    Removed "removed" "Its user's account was deleted."
    PasswordChanged "password_changed" "Its user chose another password."
    PasswordReset "password_reset" "An administrator reset its user's password."
    PinReset "pin_reset" "An administrator reset its user's PIN."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_when_it_is_idle_or_old() {
        let start = Timestamp::EPOCH;
        let session = |used: u64, age: u64| Session {
            id: SessionId::generate(start, [0; 10]),
            user: UserId::generate(start, [0; 10]),
            organization: OrganizationId::generate(start, [0; 10]),
            pin_given: false,
            created_at: start,
            last_used_at: start.plus(Duration::from_mins(used)),
            expires_at: start.plus(Duration::from_mins(age)),
            client: Client::default(),
        };

        assert_eq!(session(0, 90).ends_at(), start.plus(Duration::from_hours(1)));
        assert_eq!(session(45, 90).ends_at(), start.plus(Duration::from_mins(90)));
    }
}
