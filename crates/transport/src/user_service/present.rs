use varco_application::storage::NamedMembership;
use varco_domain::{
    BackOfficeLevel, Gender, Label, MailCategory, MailPreferences, Member, Membership, MembershipKind, Phone, User,
    UserStatus,
};
use varco_proto::v1;

use crate::present::{etag, timestamp};

/// A member as the wire shows it to its organization. What only the home of an account may know of its
/// person stays away from every other.
pub(crate) fn user(member: &Member) -> v1::User {
    let Member { user, membership } = member;
    let is_home = membership.kind == MembershipKind::Internal;
    let shown = account(user);
    v1::User {
        profile: if is_home { shown.profile } else { Some(public_profile(user)) },
        last_sign_in_time: shown.last_sign_in_time.filter(|_| is_home),
        activate_time: shown.activate_time.filter(|_| is_home),
        membership: Some(self::membership(membership)),
        ..shown
    }
}

/// An account as its own person and its home see it.
pub(crate) fn account(user: &User) -> v1::User {
    v1::User {
        user_id: user.id.to_string(),
        username: user.username.as_str().to_owned(),
        email: user.email.as_str().to_owned(),
        profile: Some(profile(user)),
        status: status(user.status).into(),
        membership: None,
        create_time: Some(timestamp(user.created_at)),
        etag: etag(user.version),
        last_sign_in_time: user.last_sign_in_at.map(timestamp),
        activate_time: user.activated_at.map(timestamp),
    }
}

fn public_profile(user: &User) -> v1::UserProfile {
    v1::UserProfile {
        first_name: user.profile.first_name.as_str().to_owned(),
        last_name: user.profile.last_name.as_str().to_owned(),
        language: user.profile.language.as_str().to_owned(),
        ..v1::UserProfile::default()
    }
}

fn profile(user: &User) -> v1::UserProfile {
    let details = &user.profile.details;
    let label = |label: &Option<Label>| label.as_ref().map(|label| label.as_str().to_owned()).unwrap_or_default();
    let phone = |phone: &Option<Phone>| phone.as_ref().map(|phone| phone.as_str().to_owned()).unwrap_or_default();
    v1::UserProfile {
        gender: gender(details.gender).into(),
        birth_date: details.birth_date.map(|date| date.to_string()).unwrap_or_default(),
        mobile_phone: phone(&details.mobile_phone),
        phone: phone(&details.phone),
        company: label(&details.company),
        address_line1: label(&details.address_line1),
        address_line2: label(&details.address_line2),
        city: label(&details.city),
        province: label(&details.province),
        postal_code: label(&details.postal_code),
        time_zone: details.time_zone.map(|zone| zone.as_str().to_owned()).unwrap_or_default(),
        ..public_profile(user)
    }
}

fn gender(gender: Option<Gender>) -> v1::Gender {
    match gender {
        None => v1::Gender::Unspecified,
        Some(Gender::Female) => v1::Gender::Female,
        Some(Gender::Male) => v1::Gender::Male,
        Some(Gender::Other) => v1::Gender::Other,
    }
}

/// A membership as the wire shows it.
pub(super) fn membership(membership: &Membership) -> v1::Membership {
    v1::Membership {
        organization_id: membership.organization.to_string(),
        user_id: membership.user.to_string(),
        kind: kind(membership.kind).into(),
        app_access: membership.access.app,
        back_office_level: back_office_level(membership.access.back_office).into(),
        create_time: Some(timestamp(membership.created_at)),
        expire_time: membership.expires_at.map(timestamp),
        mail_preferences: Some(mail_preferences(membership.mail)),
        organization_name: String::new(),
    }
}

/// As `membership`, with the name of the organization.
pub(super) fn named_membership(named: &NamedMembership) -> v1::Membership {
    let organization_name = named.organization_name.as_str().to_owned();
    v1::Membership { organization_name, ..membership(&named.membership) }
}

fn mail_preferences(mail: MailPreferences) -> v1::MailPreferences {
    v1::MailPreferences {
        general: mail.includes(MailCategory::General),
        product: mail.includes(MailCategory::Product),
        domain: mail.includes(MailCategory::Domain),
        billing: mail.includes(MailCategory::Billing),
        support: mail.includes(MailCategory::Support),
    }
}

fn status(status: UserStatus) -> v1::UserStatus {
    match status {
        UserStatus::Contact => v1::UserStatus::Contact,
        UserStatus::Invited => v1::UserStatus::Invited,
        UserStatus::Active => v1::UserStatus::Active,
        UserStatus::Suspended => v1::UserStatus::Suspended,
    }
}

fn kind(kind: MembershipKind) -> v1::MembershipKind {
    match kind {
        MembershipKind::Internal => v1::MembershipKind::Internal,
        MembershipKind::External => v1::MembershipKind::External,
    }
}

fn back_office_level(level: BackOfficeLevel) -> v1::BackOfficeLevel {
    match level {
        BackOfficeLevel::None => v1::BackOfficeLevel::None,
        BackOfficeLevel::Standard => v1::BackOfficeLevel::Standard,
        BackOfficeLevel::Admin => v1::BackOfficeLevel::Admin,
    }
}
