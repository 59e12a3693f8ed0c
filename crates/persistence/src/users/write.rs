use sea_orm::Value;
use varco_domain::{BirthDate, Gender, Label, Membership, Phone, Profile, TimeZone, Timestamp, User, UserId};

use crate::sql::{Sql, sql};

/// A column and what to store in it.
type Column = (&'static str, Value);

/// Stores a new account.
pub(super) fn insert(user: &User) -> Sql {
    let mut columns: Vec<Column> = vec![
        ("id", user.id.as_uuid().into()),
        ("username", user.username.as_str().into()),
        ("email", user.email.as_str().into()),
        ("email_folded", user.email.folded().into()),
        ("home_organization_id", user.home.as_uuid().into()),
        ("created_at", user.created_at.as_micros().into()),
        ("last_sign_in_at", user.last_sign_in_at.map(Timestamp::as_micros).into()),
        ("version", user.version.get().into()),
    ];
    columns.extend(state(user));
    let names: Vec<_> = columns.iter().map(|(name, _)| *name).collect();
    let mut insert = sql("INSERT INTO users (");
    insert.push(&names.join(", ")).push(") VALUES (");
    for (place, (_, value)) in columns.into_iter().enumerate() {
        insert.push(if place == 0 { "" } else { ", " }).bind(value);
    }
    insert.push(")");
    insert
}

/// Stores profile and status of an account that is as it was read.
pub(super) fn update(user: &User) -> Sql {
    let mut update = sql("UPDATE users SET version = version + 1");
    for (name, value) in state(user) {
        update.push(", ").push(name).push(" = ").bind(value);
    }
    update.push(" WHERE id = ").bind(user.id.as_uuid()).push(" AND version = ").bind(user.version.get());
    update
}

/// Notes a sign-in, unless a later one is noted.
pub(super) fn note_sign_in(user: UserId, at: i64) -> Sql {
    sql("UPDATE users SET last_sign_in_at = $1 WHERE id = $2 AND (last_sign_in_at IS NULL OR last_sign_in_at < $1)")
        .with(at)
        .with(user.as_uuid())
}

/// What changes in the life of an account.
fn state(user: &User) -> impl Iterator<Item = Column> {
    let of_account =
        [("status", user.status.as_str().into()), ("activated_at", user.activated_at.map(Timestamp::as_micros).into())];
    of_account.into_iter().chain(profile(&user.profile))
}

fn profile(profile: &Profile) -> [Column; 14] {
    let details = &profile.details;
    let label = |label: &Option<Label>| Value::from(label.as_ref().map(Label::as_str));
    let phone = |phone: &Option<Phone>| Value::from(phone.as_ref().map(Phone::as_str));
    [
        ("first_name", profile.first_name.as_str().into()),
        ("last_name", profile.last_name.as_str().into()),
        ("language", profile.language.as_str().into()),
        ("gender", details.gender.map(Gender::as_str).into()),
        ("birth_date", details.birth_date.as_ref().map(BirthDate::to_string).into()),
        ("mobile_phone", phone(&details.mobile_phone)),
        ("phone", phone(&details.phone)),
        ("company", label(&details.company)),
        ("address_line1", label(&details.address_line1)),
        ("address_line2", label(&details.address_line2)),
        ("city", label(&details.city)),
        ("province", label(&details.province)),
        ("postal_code", label(&details.postal_code)),
        ("time_zone", details.time_zone.map(TimeZone::as_str).into()),
    ]
}

/// What changes in the life of a membership: access, mail, end.
pub(super) fn with_membership_state(sql: Sql, membership: &Membership) -> Sql {
    use varco_domain::MailCategory as C;
    [C::General, C::Product, C::Domain, C::Billing, C::Support]
        .into_iter()
        .fold(sql.with(membership.access.app).with(membership.access.back_office.as_str()), |sql, category| {
            sql.with(membership.mail.includes(category))
        })
        .with(membership.expires_at.map(Timestamp::as_micros))
}
