use varco_domain::{BackOfficeLevel, Member, Membership, MembershipKind, UserStatus};
use varco_proto::v1;

use crate::present::{etag, timestamp};

/// A member as the wire shows it.
pub(crate) fn user(member: &Member) -> v1::User {
    let Member { user, membership } = member;
    v1::User {
        user_id: user.id.to_string(),
        username: user.username.as_str().to_owned(),
        email: user.email.as_str().to_owned(),
        profile: Some(v1::UserProfile {
            first_name: user.profile.first_name.as_str().to_owned(),
            last_name: user.profile.last_name.as_str().to_owned(),
            language: user.profile.language.as_str().to_owned(),
        }),
        status: status(user.status).into(),
        membership: Some(self::membership(membership)),
        create_time: Some(timestamp(user.created_at)),
        etag: etag(user.version),
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
    }
}

fn status(status: UserStatus) -> v1::UserStatus {
    match status {
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
