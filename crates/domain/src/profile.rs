//! What an account says of its person.

mod birth_date;
mod phone;
mod time_zone;

pub use birth_date::{BirthDate, BirthDateError};
pub use phone::{Phone, PhoneError};
pub use time_zone::{TimeZone, TimeZoneError};

use crate::{Label, Language};

/// What an account says of its person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// First name.
    pub first_name: Label,
    /// Last name.
    pub last_name: Label,
    /// In which mails are written.
    pub language: Language,
    /// What only the home organization sees.
    pub details: PersonalDetails,
}

/// What an account says of its person to its home organization alone. Nothing of it must be there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonalDetails {
    /// As the person gave it.
    pub gender: Option<Gender>,
    /// The day of birth.
    pub birth_date: Option<BirthDate>,
    /// A number that takes messages.
    pub mobile_phone: Option<Phone>,
    /// Another number.
    pub phone: Option<Phone>,
    /// Where the person works.
    pub company: Option<Label>,
    /// Street and number.
    pub address_line1: Option<Label>,
    /// What else finds the door.
    pub address_line2: Option<Label>,
    /// The city.
    pub city: Option<Label>,
    /// The province or state.
    pub province: Option<Label>,
    /// The postal code.
    pub postal_code: Option<Label>,
    /// In which times are shown.
    pub time_zone: Option<TimeZone>,
}

/// The gender that a person gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gender {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Neither.
    Other,
}

impl Gender {
    /// As it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
            Self::Other => "other",
        }
    }

    /// Reads what `as_str` wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Female, Self::Male, Self::Other].into_iter().find(|gender| gender.as_str() == text)
    }
}

/// A new value of one part of a profile; `None` takes away what need not be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileChange {
    /// The first name.
    FirstName(Label),
    /// The last name.
    LastName(Label),
    /// The language.
    Language(Language),
    /// The gender.
    Gender(Option<Gender>),
    /// The day of birth.
    BirthDate(Option<BirthDate>),
    /// The number that takes messages.
    MobilePhone(Option<Phone>),
    /// The other number.
    Phone(Option<Phone>),
    /// Where the person works.
    Company(Option<Label>),
    /// Street and number.
    AddressLine1(Option<Label>),
    /// What else finds the door.
    AddressLine2(Option<Label>),
    /// The city.
    City(Option<Label>),
    /// The province or state.
    Province(Option<Label>),
    /// The postal code.
    PostalCode(Option<Label>),
    /// The time zone.
    TimeZone(Option<TimeZone>),
}

impl Profile {
    /// A profile without details.
    pub fn new(first_name: Label, last_name: Label, language: Language) -> Self {
        Self { first_name, last_name, language, details: PersonalDetails::default() }
    }

    /// Takes in a change.
    pub fn change(&mut self, change: ProfileChange) {
        let details = &mut self.details;
        match change {
            ProfileChange::FirstName(name) => self.first_name = name,
            ProfileChange::LastName(name) => self.last_name = name,
            ProfileChange::Language(language) => self.language = language,
            ProfileChange::Gender(gender) => details.gender = gender,
            ProfileChange::BirthDate(date) => details.birth_date = date,
            ProfileChange::MobilePhone(number) => details.mobile_phone = number,
            ProfileChange::Phone(number) => details.phone = number,
            ProfileChange::Company(company) => details.company = company,
            ProfileChange::AddressLine1(line) => details.address_line1 = line,
            ProfileChange::AddressLine2(line) => details.address_line2 = line,
            ProfileChange::City(city) => details.city = city,
            ProfileChange::Province(province) => details.province = province,
            ProfileChange::PostalCode(code) => details.postal_code = code,
            ProfileChange::TimeZone(zone) => details.time_zone = zone,
        }
    }
}
