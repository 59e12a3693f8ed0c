use std::fmt;

use time::{Date, Month, OffsetDateTime};

use crate::Timestamp;

/// The day on which somebody was born.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BirthDate(Date);

/// Why a text is no day of birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BirthDateError {
    /// Not written as a date, or no such day.
    #[error("must be a day of the calendar after 1900, written as YYYY-MM-DD")]
    Malformed,
    /// Nobody was born then yet.
    #[error("must not be in the future")]
    Future,
}

impl BirthDate {
    const FIRST_YEAR: i32 = 1900;

    /// Reads a date as it is stored.
    pub fn parse(text: &str) -> Result<Self, BirthDateError> {
        let date = read(text).filter(|date| date.year() >= Self::FIRST_YEAR);
        date.map(Self).ok_or(BirthDateError::Malformed)
    }

    /// Reads a date that somebody gives, which cannot be after today (in UTC).
    pub fn parse_past(text: &str, now: Timestamp) -> Result<Self, BirthDateError> {
        let date = Self::parse(text)?;
        let seconds = now.as_micros().div_euclid(1_000_000);
        let today = OffsetDateTime::from_unix_timestamp(seconds).map_or(Date::MAX, OffsetDateTime::date);
        if date.0 > today { Err(BirthDateError::Future) } else { Ok(date) }
    }
}

/// Digits and hyphens in their places, nothing else: no sign, no space, no shorter year.
fn read(text: &str) -> Option<Date> {
    let part = |text: &str, length: usize| -> Option<u16> {
        let is_number = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse().ok())?
    };
    let mut parts = text.split('-');
    let (year, month, day) = (part(parts.next()?, 4)?, part(parts.next()?, 2)?, part(parts.next()?, 2)?);
    if parts.next().is_some() {
        return None;
    }
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(i32::from(year), month, u8::try_from(day).ok()?).ok()
}

impl fmt::Display for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), u8::from(self.0.month()), self.0.day())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_of_the_calendar_are_read() {
        for text in ["2000-02-29", "1985-12-31", "1900-01-01"] {
            assert_eq!(BirthDate::parse(text).unwrap().to_string(), text);
        }
        let wrong =
            ["", "2001-02-29", "1985-13-01", "1985-00-10", "1985-1-1", "85-01-01", "1985-01-01T00:00", "+985-01-01"];
        for text in wrong.into_iter().chain(["1985-01-01-", "1899-12-31", "1985-04-31", "1985/01/01", "１985-01-01"]) {
            assert_eq!(BirthDate::parse(text), Err(BirthDateError::Malformed), "{text}");
        }
    }

    #[test]
    fn nobody_is_born_tomorrow() {
        let now = Timestamp::from_micros(1_763_836_799_000_000);
        assert!(BirthDate::parse_past("2025-11-22", now).is_ok());
        assert_eq!(BirthDate::parse_past("2025-11-23", now), Err(BirthDateError::Future));
    }
}
