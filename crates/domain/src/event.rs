use crate::{OrganizationId, Record, Revision, SubjectId, Timestamp};

/// One change, as the log keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Of the change. Events of one commit share it.
    pub revision: Revision,
    /// The place among the events of the revision, from 0.
    pub ordinal: u32,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// The organization it concerns; `None` for the platform.
    pub organization: Option<OrganizationId>,
    /// What happened.
    pub kind: EventKind,
    /// The things it concerns.
    pub subjects: Vec<Subject>,
    /// Who did it.
    pub actor: Actor,
    /// The network address of the caller.
    pub address: Option<String>,
    /// The call that did it.
    pub request_id: String,
    /// How the thing was; `None` if it did not exist. Never a secret.
    pub before: Option<Record>,
    /// How it is; `None` if it no longer exists. Never a secret.
    pub after: Option<Record>,
}

/// A thing that an event concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Such as `user` or `unit`.
    pub kind: String,
    /// Its identifier as written.
    pub id: String,
}

impl Event {
    /// The identifier of the thing of this kind that the event concerns.
    pub fn subject(&self, kind: &str) -> Option<&str> {
        self.subjects.iter().find(|subject| subject.kind == kind).map(|subject| subject.id.as_str())
    }
}

/// Who made a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The service itself.
    System,
    /// A user or a service account.
    Subject {
        /// Which.
        id: SubjectId,
        /// Where it acted: a service account's own organization, `None` for the platform, or that of
        /// a user's session. The account may be gone by the time somebody reads of it.
        organization: Option<OrganizationId>,
    },
}

macro_rules! event_kinds {
    ($($variant:ident $text:literal $doc:literal)*) => {
        /// What happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum EventKind {$(
            #[doc = $doc]
            $variant,
        )*}

        impl EventKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// As it is stored and shown: aggregate, dot, what happened to it.
            pub const fn as_str(self) -> &'static str {
                match self {$(Self::$variant => $text,)*}
            }

            /// One sentence for the list of events.
            pub const fn description(self) -> &'static str {
                match self {$(Self::$variant => $doc,)*}
            }
        }
    };
}

event_kinds! {
    OrganizationCreated "organization.created" "An organization was created."
    OrganizationUpdated "organization.updated" "Its name, display name or policies changed."
    OrganizationDeleted "organization.deleted" "An organization was deleted with all it owned."
    SsoProviderSet "organization.sso_provider_set" "An organization has a provider of single sign-on, or another one."
    SsoProviderRemoved "organization.sso_provider_removed" "An organization no longer has single sign-on."
    LicenseLimitsChanged "license.limits_changed" "The limit of a seat pool changed."
    LicenseThresholdReached "license.threshold_reached" "A seat pool is used to 90 or to 100 percent."
    UserCreated "user.created" "An account was created."
    UserUpdated "user.updated" "An account's profile changed."
    UserSuspended "user.suspended" "An account was stopped."
    UserReactivated "user.reactivated" "A suspended account may act again."
    SubAccountActivated "user.sub_account_activated" "A contact became an account that its person may activate."
    SubAccountDeactivated "user.sub_account_deactivated" "An account became a contact: nobody can sign in as it."
    UserRemoved "user.removed" "An account was deleted from the whole system."
    UserInvited "user.invited" "A link to activate an account was mailed; an older one no longer works."
    UserActivated "user.activated" "An account was activated and may act."
    UserSsoLinked "user.sso_linked" "A user can sign in by a provider of single sign-on."
    UserPasswordResetRequested "user.password_reset_requested" "A link to choose a password was mailed to a user who asked for it."
    UserPasswordChanged "user.password_changed" "A user chose a password."
    UserPasswordReset "user.password_reset" "A user's password stopped working; a temporary one was mailed."
    UserPinReset "user.pin_reset" "A user's PIN stopped working; a new one was mailed."
    UserPinActivated "user.pin_activated" "A user used a PIN for the first time."
    MembershipAdded "membership.added" "A user joined an organization."
    MembershipAccessChanged "membership.access_changed" "A member's app access or back-office level changed."
    MembershipMailChanged "membership.mail_preferences_changed" "A member wants other categories of mail."
    MembershipRemoved "membership.removed" "A user left an organization."
    MembershipExpired "membership.expired" "A membership reached its end and was taken away."
    UnitCreated "unit.created" "A unit was created."
    UnitUpdated "unit.updated" "A unit's name or kind changed."
    UnitMoved "unit.moved" "A unit was moved with all below it."
    UnitDeleted "unit.deleted" "A unit was deleted."
    RoleCreated "role.created" "A role was created."
    RoleUpdated "role.updated" "A role's name or description changed."
    RolePermissionsChanged "role.permissions_changed" "A role grants other permissions."
    RoleDeleted "role.deleted" "A role was deleted."
    AssignmentGranted "assignment.granted" "Roles were added at a unit."
    AssignmentRevoked "assignment.revoked" "Roles were removed at a unit."
    InheritanceEnabled "assignment.inheritance_enabled" "Roles at a unit are passed on to the units below."
    InheritanceDisabled "assignment.inheritance_disabled" "Roles at a unit are no longer passed on."
    InheritanceBroken "assignment.inheritance_broken" "Inherited roles at a unit became direct ones."
    AssignmentReplaced "assignment.replaced" "An entry below a unit gave way to inheritance from it."
    CatalogApplied "catalog.applied" "A catalog was created or replaced."
    CatalogSubscribed "catalog.subscribed" "An organization may use a catalog."
    CatalogUnsubscribed "catalog.unsubscribed" "An organization no longer uses a catalog."
    ServiceAccountCreated "service_account.created" "A service account was created."
    ServiceAccountDeleted "service_account.deleted" "A service account was deleted."
    SecretCreated "service_account.secret_created" "A service account got a secret."
    MailQueued "mail.queued" "A mail to a user was queued."
    MailSent "mail.sent" "A mail server took a mail."
    MailDied "mail.died" "A mail was given up: it was refused, or tried too often."
    MailRetried "mail.retried" "An operator queued a mail again that was given up."
    SecretRevoked "service_account.secret_revoked" "A secret no longer works, nor do its tokens."
    SessionStarted "session.started" "A user signed in."
    SessionEnded "session.ended" "A session ended before its time, and its tokens with it."
    SigningKeyCreated "signing_key.created" "A key to sign access tokens was made and published."
    SigningKeyRetired "signing_key.retired" "A key to sign access tokens, long replaced, was destroyed."
}

impl EventKind {
    /// Reads what `as_str` wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
    }
}
