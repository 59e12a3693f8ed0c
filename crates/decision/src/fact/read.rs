mod reader;

use varco_domain::{Entry, Event, EventKind, RoleId, ServiceAccountId, SubjectId, UnitId, UserStatus};

use self::reader::Reader;
use super::{CorruptEvent, Fact};

impl Fact {
    /// Reads the fact that an event tells; `None` if it does not concern decisions.
    ///
    /// An event names things in its subjects, by kind: `organization`, `user`, `unit`, `role`,
    /// `catalog`, `service_account`, `secret`, and `subject` for the user or service account of an
    /// assignment. What the thing is now stands in the record `after`:
    ///
    /// | event | subjects | read from `after` | fact |
    /// |---|---|---|---|
    /// | `user.created`, `.activated`, `.suspended`, `.reactivated` | `user` | `status` | [`Fact::Account`] |
    /// | `user.sub_account_activated`, `.sub_account_deactivated` | `user` | `status` | [`Fact::Account`] |
    /// | `user.removed` | `user` | | [`Fact::AccountGone`] |
    /// | `membership.added`, `.access_changed` | `user` | `app_access`, `expire_time_micros` | [`Fact::Member`] |
    /// | `membership.removed`, `.expired` | `user` | | [`Fact::MemberGone`] |
    /// | `unit.created`, `.moved` | `unit` | `parent_unit_id`, absent for the root | [`Fact::Unit`] |
    /// | `unit.deleted` | `unit` | | [`Fact::UnitGone`] |
    /// | `role.created`, `.permissions_changed` | `role` | `permissions` | [`Fact::Role`] |
    /// | `role.deleted` | `role` | | [`Fact::RoleGone`] |
    /// | `assignment.*` | `subject`, `unit` | `role_ids`, `propagates`, `barrier` | [`Fact::Entry`] |
    /// | `assignment.*` without `after` | `subject`, `unit` | | [`Fact::EntryGone`] |
    /// | `catalog.applied` | `catalog` | `permissions` | [`Fact::Catalog`] |
    /// | `catalog.subscribed`, `.unsubscribed` | `catalog` | | [`Fact::Subscribed`], [`Fact::Unsubscribed`] |
    /// | `service_account.created`, `.deleted` | `service_account` | | [`Fact::Member`], [`Fact::MemberGone`] |
    /// | `organization.deleted` | | | [`Fact::OrganizationGone`] |
    ///
    /// The organization is that of the event; only a service account may lack one, and then
    /// belongs to none. One event tells one fact: creating a user tells the account, and a
    /// `membership.added` beside it the member; deleting a unit, a role, a member or an account
    /// comes with an event for every entry and every membership that goes with it.
    pub fn from_event(event: &Event) -> Result<Option<Self>, CorruptEvent> {
        Reader(event).fact()
    }
}

impl Reader<'_> {
    fn fact(&self) -> Result<Option<Fact>, CorruptEvent> {
        use EventKind as E;
        let fact = match self.0.kind {
            E::OrganizationDeleted => Fact::OrganizationGone { organization: self.organization()? },
            E::UserCreated
            | E::UserActivated
            | E::UserSuspended
            | E::UserReactivated
            | E::SubAccountActivated
            | E::SubAccountDeactivated => self.account()?,
            E::UserRemoved => Fact::AccountGone { user: self.id("user")? },
            E::MembershipAdded | E::MembershipAccessChanged => self.member()?,
            E::MembershipRemoved | E::MembershipExpired => {
                Fact::MemberGone { organization: self.organization()?, subject: self.user()? }
            }
            E::UnitCreated | E::UnitMoved => self.unit()?,
            E::UnitDeleted => Fact::UnitGone { organization: self.organization()?, unit: self.id("unit")? },
            E::RoleCreated | E::RolePermissionsChanged => self.role()?,
            E::RoleDeleted => Fact::RoleGone { organization: self.organization()?, role: self.id("role")? },
            E::AssignmentGranted
            | E::AssignmentRevoked
            | E::InheritanceEnabled
            | E::InheritanceDisabled
            | E::InheritanceBroken
            | E::AssignmentReplaced => self.entry()?,
            E::CatalogApplied => Fact::Catalog { key: self.catalog()?, permissions: self.permissions()? },
            E::CatalogSubscribed => Fact::Subscribed { organization: self.organization()?, catalog: self.catalog()? },
            E::CatalogUnsubscribed => {
                Fact::Unsubscribed { organization: self.organization()?, catalog: self.catalog()? }
            }
            E::ServiceAccountCreated | E::ServiceAccountDeleted => return self.service_account(),
            E::OrganizationCreated
            | E::OrganizationUpdated
            | E::SsoProviderSet
            | E::SsoProviderRemoved
            | E::UserSsoLinked
            | E::LicenseLimitsChanged
            | E::LicenseThresholdReached
            | E::UserUpdated
            | E::UserInvited
            | E::UserPasswordResetRequested
            | E::UserPasswordChanged
            | E::UserPasswordReset
            | E::UserPinReset
            | E::UserPinActivated
            | E::SessionStarted
            | E::SessionEnded
            | E::SigningKeyCreated
            | E::SigningKeyRetired
            | E::MembershipMailChanged
            | E::UnitUpdated
            | E::RoleUpdated
            | E::MailQueued
            | E::MailSent
            | E::MailDied
            | E::MailRetried
            | E::SecretCreated
            | E::SecretRevoked => return Ok(None),
        };
        Ok(Some(fact))
    }

    fn account(&self) -> Result<Fact, CorruptEvent> {
        let status = self.after()?.text("status").and_then(UserStatus::parse);
        Ok(Fact::Account { user: self.id("user")?, status: self.given("status", status)? })
    }

    fn member(&self) -> Result<Fact, CorruptEvent> {
        let app_access = self.flag("app_access")?;
        let expires_at = self.instant("expire_time_micros")?;
        Ok(Fact::Member { organization: self.organization()?, subject: self.user()?, app_access, expires_at })
    }

    fn unit(&self) -> Result<Fact, CorruptEvent> {
        let after = self.after()?;
        let parent = match after.0.get("parent_unit_id") {
            Some(_) => Some(self.given("parent_unit_id", after.text("parent_unit_id").and_then(parse_unit))?),
            None => None,
        };
        Ok(Fact::Unit { organization: self.organization()?, unit: self.id("unit")?, parent })
    }

    fn role(&self) -> Result<Fact, CorruptEvent> {
        let permissions = self.permissions()?;
        Ok(Fact::Role { organization: self.organization()?, role: self.id("role")?, permissions })
    }

    fn entry(&self) -> Result<Fact, CorruptEvent> {
        let organization = self.organization()?;
        let subject: SubjectId = self.id("subject")?;
        let unit = self.id("unit")?;
        if self.0.after.is_none() {
            return Ok(Fact::EntryGone { organization, subject, unit });
        }
        let roles = self.texts("role_ids")?.into_iter().map(|text| RoleId::parse(text).ok()).collect();
        let roles = self.given("role_ids", roles)?;
        let entry = Entry { roles, propagates: self.flag("propagates")?, barrier: self.flag("barrier")? };
        Ok(Fact::Entry { organization, subject, unit, entry })
    }

    fn service_account(&self) -> Result<Option<Fact>, CorruptEvent> {
        let Some(organization) = self.0.organization else { return Ok(None) };
        let subject = SubjectId::ServiceAccount(self.id::<ServiceAccountId>("service_account")?);
        Ok(Some(if self.0.kind == EventKind::ServiceAccountCreated {
            Fact::Member { organization, subject, app_access: true, expires_at: None }
        } else {
            Fact::MemberGone { organization, subject }
        }))
    }
}

fn parse_unit(text: &str) -> Option<UnitId> {
    UnitId::parse(text).ok()
}
