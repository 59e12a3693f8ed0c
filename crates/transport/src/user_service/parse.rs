use varco_domain::{BackOfficeLevel, Label, Language, MembershipKind, Profile, UserStatus};
use varco_proto::v1;

use crate::fields::Fields;

/// The profile of a new account; every part of it must be there.
pub(super) fn profile(fields: &mut Fields, profile: Option<&v1::UserProfile>) -> Option<Profile> {
    let empty = v1::UserProfile::default();
    let profile = profile.unwrap_or(&empty);
    let first_name = fields.parse("profile.first_name", Label::parse(&profile.first_name));
    let last_name = fields.parse("profile.last_name", Label::parse(&profile.last_name));
    let language = fields.parse("profile.language", Language::parse(&profile.language));
    Some(Profile { first_name: first_name?, last_name: last_name?, language: language? })
}

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
        Ok(v1::UserStatus::Invited) => Some(UserStatus::Invited),
        Ok(v1::UserStatus::Active) => Some(UserStatus::Active),
        Ok(v1::UserStatus::Suspended) => Some(UserStatus::Suspended),
        Err(_) => {
            fields.problem("status", "must be one of INVITED, ACTIVE, SUSPENDED, or UNSPECIFIED for any");
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
