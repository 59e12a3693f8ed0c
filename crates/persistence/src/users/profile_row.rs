use sea_orm::FromQueryResult;
use varco_application::storage::StorageError;
use varco_domain::{BirthDate, Gender, Label, Language, PersonalDetails, Phone, Profile, TimeZone, UserId};

use crate::place::Place;

macro_rules! profile_columns {
    () => {
        "u.first_name, u.last_name, u.language, u.gender, u.birth_date, u.mobile_phone, u.phone, u.company, \
         u.address_line1, u.address_line2, u.city, u.province, u.postal_code, u.time_zone"
    };
}
pub(super) use profile_columns;

#[derive(FromQueryResult)]
pub(super) struct ProfileRow {
    first_name: String,
    last_name: String,
    language: String,
    gender: Option<String>,
    birth_date: Option<String>,
    mobile_phone: Option<String>,
    phone: Option<String>,
    company: Option<String>,
    address_line1: Option<String>,
    address_line2: Option<String>,
    city: Option<String>,
    province: Option<String>,
    postal_code: Option<String>,
    time_zone: Option<String>,
}

impl ProfileRow {
    pub(super) fn read(self, at: &Place<UserId>) -> Result<Profile, StorageError> {
        Ok(Profile {
            first_name: at.parsed("first_name", Label::parse(&self.first_name))?,
            last_name: at.parsed("last_name", Label::parse(&self.last_name))?,
            language: at.parsed("language", Language::parse(&self.language))?,
            details: self.details(at)?,
        })
    }

    fn details(&self, at: &Place<UserId>) -> Result<PersonalDetails, StorageError> {
        let label = |column, text: &Option<String>| maybe(at, column, text.as_deref(), |text| Label::parse(text).ok());
        let phone = |column, text: &Option<String>| maybe(at, column, text.as_deref(), |text| Phone::parse(text).ok());
        Ok(PersonalDetails {
            gender: maybe(at, "gender", self.gender.as_deref(), Gender::parse)?,
            birth_date: maybe(at, "birth_date", self.birth_date.as_deref(), |text| BirthDate::parse(text).ok())?,
            mobile_phone: phone("mobile_phone", &self.mobile_phone)?,
            phone: phone("phone", &self.phone)?,
            company: label("company", &self.company)?,
            address_line1: label("address_line1", &self.address_line1)?,
            address_line2: label("address_line2", &self.address_line2)?,
            city: label("city", &self.city)?,
            province: label("province", &self.province)?,
            postal_code: label("postal_code", &self.postal_code)?,
            time_zone: maybe(at, "time_zone", self.time_zone.as_deref(), |text| TimeZone::parse(text).ok())?,
        })
    }
}

fn maybe<T>(
    at: &Place<UserId>,
    column: &'static str,
    text: Option<&str>,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, StorageError> {
    text.map(|text| at.read(column, parse(text))).transpose()
}
