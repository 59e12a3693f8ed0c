//! Profiles as requests give them: whole for a new account, in parts for a change.

use varco_domain::{
    BirthDate, Gender, Label, LabelError, Language, Phone, Profile, ProfileChange, TimeZone, Timestamp,
};
use varco_proto::v1;

use crate::fields::Fields;

/// What must be there.
const FIRST_NAME: &str = "profile.first_name";
const LAST_NAME: &str = "profile.last_name";
const LANGUAGE: &str = "profile.language";

/// What may be empty.
const GENDER: &str = "profile.gender";
const BIRTH_DATE: &str = "profile.birth_date";
const MOBILE_PHONE: &str = "profile.mobile_phone";
const PHONE: &str = "profile.phone";
const COMPANY: &str = "profile.company";
const ADDRESS_LINE1: &str = "profile.address_line1";
const ADDRESS_LINE2: &str = "profile.address_line2";
const CITY: &str = "profile.city";
const PROVINCE: &str = "profile.province";
const POSTAL_CODE: &str = "profile.postal_code";
const TIME_ZONE: &str = "profile.time_zone";

/// Every path that an update mask may name.
pub(crate) const PATHS: [&str; 14] = [
    FIRST_NAME,
    LAST_NAME,
    LANGUAGE,
    GENDER,
    BIRTH_DATE,
    MOBILE_PHONE,
    PHONE,
    COMPANY,
    ADDRESS_LINE1,
    ADDRESS_LINE2,
    CITY,
    PROVINCE,
    POSTAL_CODE,
    TIME_ZONE,
];

/// The profile of a new account: names must be there.
pub(crate) fn new_profile(fields: &mut Fields, given: Option<&v1::UserProfile>, now: Timestamp) -> Option<Profile> {
    let empty = v1::UserProfile::default();
    let given = given.unwrap_or(&empty);
    let first_name = fields.parse(FIRST_NAME, Label::parse(&given.first_name));
    let last_name = fields.parse(LAST_NAME, Label::parse(&given.last_name));
    let language = fields.parse(LANGUAGE, Language::parse(&given.language));
    let details: Vec<_> = PATHS[3..].iter().filter_map(|path| change(fields, "", path, given, now)).collect();
    let mut profile = Profile::new(first_name?, last_name?, language?);
    for detail in details {
        profile.change(detail);
    }
    Some(profile)
}

/// What an update mask names of a profile that stands at `prefix` in the request.
pub(crate) fn changes(
    fields: &mut Fields,
    mask: Option<&prost_types::FieldMask>,
    prefix: &str,
    given: &v1::UserProfile,
    now: Timestamp,
) -> Vec<ProfileChange> {
    let named = fields.mask(mask, &PATHS);
    named.into_iter().filter_map(|path| change(fields, prefix, path, given, now)).collect()
}

fn change(
    fields: &mut Fields,
    prefix: &str,
    path: &str,
    given: &v1::UserProfile,
    now: Timestamp,
) -> Option<ProfileChange> {
    use ProfileChange as C;
    let field = format!("{prefix}{path}");
    let change: Result<C, String> = match path {
        FIRST_NAME => Label::parse(&given.first_name).map(C::FirstName).map_err(text),
        LAST_NAME => Label::parse(&given.last_name).map(C::LastName).map_err(text),
        LANGUAGE => Language::parse(&given.language).map(C::Language).map_err(text),
        GENDER => gender(given.gender).map(C::Gender),
        BIRTH_DATE => optional(&given.birth_date, |text| BirthDate::parse_past(text, now)).map(C::BirthDate),
        MOBILE_PHONE => optional(&given.mobile_phone, Phone::parse).map(C::MobilePhone),
        PHONE => optional(&given.phone, Phone::parse).map(C::Phone),
        COMPANY => label(&given.company).map(C::Company),
        ADDRESS_LINE1 => label(&given.address_line1).map(C::AddressLine1),
        ADDRESS_LINE2 => label(&given.address_line2).map(C::AddressLine2),
        CITY => label(&given.city).map(C::City),
        PROVINCE => label(&given.province).map(C::Province),
        POSTAL_CODE => label(&given.postal_code).map(C::PostalCode),
        _ => optional(&given.time_zone, TimeZone::parse).map(C::TimeZone),
    };
    fields.parse(field, change)
}

fn gender(number: i32) -> Result<Option<Gender>, String> {
    match v1::Gender::try_from(number) {
        Ok(v1::Gender::Unspecified) => Ok(None),
        Ok(v1::Gender::Female) => Ok(Some(Gender::Female)),
        Ok(v1::Gender::Male) => Ok(Some(Gender::Male)),
        Ok(v1::Gender::Other) => Ok(Some(Gender::Other)),
        Err(_) => Err("must be one of FEMALE, MALE, OTHER, or UNSPECIFIED for none".to_owned()),
    }
}

fn label(text: &str) -> Result<Option<Label>, String> {
    optional::<_, LabelError>(text, Label::parse)
}

/// Empty text is no value.
fn optional<T, E: ToString>(text: &str, parse: impl FnOnce(&str) -> Result<T, E>) -> Result<Option<T>, String> {
    if text.is_empty() { Ok(None) } else { parse(text).map(Some).map_err(self::text) }
}

#[expect(clippy::needless_pass_by_value, reason = "it turns an error into its text")]
fn text(error: impl ToString) -> String {
    error.to_string()
}
