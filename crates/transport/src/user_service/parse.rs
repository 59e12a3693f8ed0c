use varco_domain::{BackOfficeLevel, MailCategory, MembershipKind, UserStatus};
use varco_proto::v1;

use crate::fields::Fields;

/// A back-office level, which must be said.
pub(super) fn back_office_level(fields: &mut Fields, number: i32) -> Option<BackOfficeLevel> {
    let level = match v1::BackOfficeLevel::try_from(number) {
        Ok(v1::BackOfficeLevel::None) => Some(BackOfficeLevel::None),
        Ok(v1::BackOfficeLevel::Standard) => Some(BackOfficeLevel::Standard),
        Ok(v1::BackOfficeLevel::Admin) => Some(BackOfficeLevel::Admin),
        Ok(v1::BackOfficeLevel::Unspecified) | Err(_) => None,
    };
    fields.parse("back_office_level", level.ok_or("must be one of NONE, STANDARD, ADMIN"))
}

/// The status to filter by; UNSPECIFIED for any.
pub(super) fn status_filter(fields: &mut Fields, number: i32) -> Option<UserStatus> {
    match v1::UserStatus::try_from(number) {
        Ok(v1::UserStatus::Unspecified) => None,
        Ok(v1::UserStatus::Contact) => Some(UserStatus::Contact),
        Ok(v1::UserStatus::Invited) => Some(UserStatus::Invited),
        Ok(v1::UserStatus::Active) => Some(UserStatus::Active),
        Ok(v1::UserStatus::Suspended) => Some(UserStatus::Suspended),
        Err(_) => {
            fields.problem("status", "must be one of CONTACT, INVITED, ACTIVE, SUSPENDED, or UNSPECIFIED for any");
            None
        }
    }
}

/// The kind to filter by; UNSPECIFIED for both.
pub(super) fn kind_filter(fields: &mut Fields, number: i32) -> Option<MembershipKind> {
    match v1::MembershipKind::try_from(number) {
        Ok(v1::MembershipKind::Unspecified) => None,
        Ok(v1::MembershipKind::Internal) => Some(MembershipKind::Internal),
        Ok(v1::MembershipKind::External) => Some(MembershipKind::External),
        Err(_) => {
            fields.problem("kind", "must be one of INTERNAL, EXTERNAL, or UNSPECIFIED for both");
            None
        }
    }
}

/// A category of mail, which must be said.
pub(crate) fn mail_category(fields: &mut Fields, number: i32) -> Option<MailCategory> {
    let category = match v1::MailCategory::try_from(number) {
        Ok(v1::MailCategory::General) => Some(MailCategory::General),
        Ok(v1::MailCategory::Product) => Some(MailCategory::Product),
        Ok(v1::MailCategory::Domain) => Some(MailCategory::Domain),
        Ok(v1::MailCategory::Billing) => Some(MailCategory::Billing),
        Ok(v1::MailCategory::Support) => Some(MailCategory::Support),
        Ok(v1::MailCategory::Unspecified) | Err(_) => None,
    };
    fields.parse("category", category.ok_or("must be one of GENERAL, PRODUCT, DOMAIN, BILLING, SUPPORT"))
}
