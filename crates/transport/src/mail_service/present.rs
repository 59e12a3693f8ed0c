use varco_domain::{Mail, MailCategory, MailFault, MailKind, MailStatus};
use varco_proto::v1;

use crate::fields::Fields;
use crate::present::timestamp;

/// A mail as operators see it.
pub(super) fn mail(mail: &Mail) -> v1::Mail {
    v1::Mail {
        mail_id: mail.id.to_string(),
        organization_id: mail.organization.to_string(),
        user_id: mail.user.to_string(),
        recipient: mail.recipient.as_str().to_owned(),
        language: mail.language.as_str().to_owned(),
        kind: kind(mail.kind).into(),
        status: status(mail.status).into(),
        attempts: mail.attempts,
        last_fault: mail.last_fault.map_or(v1::MailFault::Unspecified, fault).into(),
        create_time: Some(timestamp(mail.created_at)),
        send_time: mail.sent_at.map(timestamp),
        next_attempt_time: (mail.status == MailStatus::Queued).then(|| timestamp(mail.next_attempt_at)),
    }
}

/// A mail in the history of a user.
pub(crate) fn sent_mail(mail: &Mail) -> v1::SentMail {
    v1::SentMail {
        mail_id: mail.id.to_string(),
        kind: kind(mail.kind).into(),
        category: category(mail.kind.category()).into(),
        recipient: mail.recipient.as_str().to_owned(),
        status: status(mail.status).into(),
        create_time: Some(timestamp(mail.created_at)),
        send_time: mail.sent_at.map(timestamp),
    }
}

/// Which status a request names; `None` for any.
pub(super) fn parse_status(fields: &mut Fields, path: &str, number: i32) -> Option<MailStatus> {
    match v1::MailStatus::try_from(number) {
        Ok(v1::MailStatus::Unspecified) => None,
        Ok(v1::MailStatus::Queued) => Some(MailStatus::Queued),
        Ok(v1::MailStatus::Sent) => Some(MailStatus::Sent),
        Ok(v1::MailStatus::Dead) => Some(MailStatus::Dead),
        Err(_) => fields.parse(path, Err("must be one of UNSPECIFIED, QUEUED, SENT, DEAD")),
    }
}

const fn kind(kind: MailKind) -> v1::MailKind {
    match kind {
        MailKind::Invitation => v1::MailKind::Invitation,
        MailKind::Activated => v1::MailKind::Activated,
        MailKind::TemporaryPassword => v1::MailKind::TemporaryPassword,
        MailKind::PasswordReset => v1::MailKind::PasswordReset,
        MailKind::PasswordChanged => v1::MailKind::PasswordChanged,
        MailKind::NewPin => v1::MailKind::NewPin,
    }
}

const fn category(category: MailCategory) -> v1::MailCategory {
    match category {
        MailCategory::General => v1::MailCategory::General,
        MailCategory::Product => v1::MailCategory::Product,
        MailCategory::Domain => v1::MailCategory::Domain,
        MailCategory::Billing => v1::MailCategory::Billing,
        MailCategory::Support => v1::MailCategory::Support,
    }
}

const fn status(status: MailStatus) -> v1::MailStatus {
    match status {
        MailStatus::Queued => v1::MailStatus::Queued,
        MailStatus::Sent => v1::MailStatus::Sent,
        MailStatus::Dead => v1::MailStatus::Dead,
    }
}

const fn fault(fault: MailFault) -> v1::MailFault {
    match fault {
        MailFault::Unreachable => v1::MailFault::Unreachable,
        MailFault::Deferred => v1::MailFault::Deferred,
        MailFault::Refused => v1::MailFault::Refused,
        MailFault::Unwritable => v1::MailFault::Unwritable,
    }
}
