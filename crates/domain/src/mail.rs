use std::time::Duration;

use crate::{Email, Language, MailId, OrganizationId, Timestamp, UserId};

/// What a mail says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MailKind {
    /// A link to activate an account.
    Invitation,
    /// An account is active.
    Activated,
    /// A password that must be changed at the next sign-in.
    TemporaryPassword,
    /// A link to choose a new password.
    PasswordReset,
    /// A password was changed.
    PasswordChanged,
    /// A PIN that is active from its first use.
    NewPin,
}

impl MailKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Invitation,
        Self::Activated,
        Self::TemporaryPassword,
        Self::PasswordReset,
        Self::PasswordChanged,
        Self::NewPin,
    ];

    /// As it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Activated => "activated",
            Self::TemporaryPassword => "temporary_password",
            Self::PasswordReset => "password_reset",
            Self::PasswordChanged => "password_changed",
            Self::NewPin => "new_pin",
        }
    }

    /// Reads what `as_str` wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// To which category it belongs. Mails about credentials are of the general one and go out
    /// whatever the recipient prefers.
    pub const fn category(self) -> MailCategory {
        match self {
            Self::Invitation
            | Self::Activated
            | Self::TemporaryPassword
            | Self::PasswordReset
            | Self::PasswordChanged
            | Self::NewPin => MailCategory::General,
        }
    }
}

/// What mails are about; a person receives each category or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MailCategory {
    /// Announcements, passwords.
    General,
    /// Orders, welcome.
    Product,
    /// Renewals, registrations.
    Domain,
    /// Invoices.
    Billing,
    /// Tickets.
    Support,
}

impl MailCategory {
    /// Every category.
    pub const ALL: [Self; 5] = [Self::General, Self::Product, Self::Domain, Self::Billing, Self::Support];

    /// As it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Product => "product",
            Self::Domain => "domain",
            Self::Billing => "billing",
            Self::Support => "support",
        }
    }

    /// Reads what `as_str` wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.as_str() == text)
    }
}

/// How far a mail is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MailStatus {
    /// Waits to be sent.
    Queued,
    /// A mail server took it.
    Sent,
    /// Given up; an operator may send it again.
    Dead,
}

impl MailStatus {
    /// Every status.
    pub const ALL: [Self; 3] = [Self::Queued, Self::Sent, Self::Dead];

    /// As it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Dead => "dead",
        }
    }

    /// Reads what `as_str` wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

/// Why a mail was not sent, without a word of what the mail server answered: that may name people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MailFault {
    /// The mail server could not be reached, or did not answer in time.
    Unreachable,
    /// The mail server refused for now.
    Deferred,
    /// The mail server refused for good.
    Refused,
    /// The mail cannot be written: its content does not open, or its address is none to the mail server.
    Unwritable,
}

impl MailFault {
    /// Every fault.
    pub const ALL: [Self; 4] = [Self::Unreachable, Self::Deferred, Self::Refused, Self::Unwritable];

    /// As it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Deferred => "deferred",
            Self::Refused => "refused",
            Self::Unwritable => "unwritable",
        }
    }

    /// Reads what `as_str` wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.as_str() == text)
    }

    /// Whether another try would end alike.
    pub const fn is_final(self) -> bool {
        match self {
            Self::Unreachable | Self::Deferred => false,
            Self::Refused | Self::Unwritable => true,
        }
    }
}

/// A mail in the queue or out of it, without what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Names it.
    pub id: MailId,
    /// In whose name it is sent.
    pub organization: OrganizationId,
    /// To whom.
    pub user: UserId,
    /// Where the person received it, whatever the account says by now.
    pub recipient: Email,
    /// In which it is written.
    pub language: Language,
    /// What it says.
    pub kind: MailKind,
    /// How far it is.
    pub status: MailStatus,
    /// How often it was tried since it was queued.
    pub attempts: u32,
    /// When it is tried next, if it is queued.
    pub next_attempt_at: Timestamp,
    /// When it was queued first.
    pub created_at: Timestamp,
    /// When a mail server took it.
    pub sent_at: Option<Timestamp>,
    /// Why the last try failed.
    pub last_fault: Option<MailFault>,
}

/// Why a mail is not queued again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotRetried {
    /// It waits or was sent.
    #[error("the mail was not given up")]
    NotDead,
    /// What it said is no longer kept.
    #[error("the mail was queued first too long ago")]
    TooOld,
}

impl Mail {
    /// Tries before it is given up: with the pauses between them a day, more than a mail server is down for.
    pub const MAX_ATTEMPTS: u32 = 100;

    /// How long whoever tries has it for himself: longer than a try can take.
    pub const LEASE: Duration = Duration::from_mins(2);

    /// How long what a mail says is kept after it was queued, where it was given up: as long as a link
    /// works, so that nothing is thrown away that is of use to somebody.
    pub const CONTENT_KEPT_FOR: Duration = Duration::from_hours(7 * 24);

    /// How long a mail stays in the history after it was queued, once it was sent or given up.
    pub const KEPT_FOR: Duration = Duration::from_hours(365 * 24);

    const FIRST_PAUSE: Duration = Duration::from_secs(10);
    const LONGEST_PAUSE: Duration = Duration::from_mins(15);

    /// Begins a try. Whoever stores this before anybody else may send it.
    pub fn claim(&mut self, now: Timestamp) {
        self.attempts = self.attempts.saturating_add(1);
        self.next_attempt_at = now.plus(Self::LEASE);
    }

    /// Ends a try: a mail server took it.
    pub fn sent(&mut self, now: Timestamp) {
        self.status = MailStatus::Sent;
        self.sent_at = Some(now);
        self.last_fault = None;
    }

    /// Ends a try that failed.
    pub fn failed(&mut self, fault: MailFault, now: Timestamp) {
        self.last_fault = Some(fault);
        if fault.is_final() || self.attempts >= Self::MAX_ATTEMPTS {
            self.status = MailStatus::Dead;
        } else {
            self.next_attempt_at = now.plus(self.pause());
        }
    }

    /// Queues it again after it was given up, with as many tries as a new one.
    pub fn retry(&mut self, now: Timestamp) -> Result<(), NotRetried> {
        if self.status != MailStatus::Dead {
            return Err(NotRetried::NotDead);
        }
        if self.created_at.plus(Self::CONTENT_KEPT_FOR) <= now {
            return Err(NotRetried::TooOld);
        }
        self.status = MailStatus::Queued;
        self.attempts = 0;
        self.next_attempt_at = now;
        Ok(())
    }

    /// Until the next try: twice as long after each that failed, to a limit.
    fn pause(&self) -> Duration {
        let doubled = 1_u32.checked_shl(self.attempts.saturating_sub(1)).unwrap_or(u32::MAX);
        Self::FIRST_PAUSE.checked_mul(doubled).unwrap_or(Self::LONGEST_PAUSE).min(Self::LONGEST_PAUSE)
    }
}

#[cfg(test)]
mod tests;
