/// A telephone number as somebody wrote it: digits with a leading `+` and the usual punctuation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone(String);

/// Why a text is no telephone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 3 to 20 digits, with nothing else but a leading `+`, spaces and `- . / ( )`, at most 40 characters")]
pub struct PhoneError;

impl Phone {
    /// In characters, which are bytes here.
    const MAX_LENGTH: usize = 40;

    /// Reads a number. Kept as it is written, because punctuation differs from country to country.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let text = text.trim();
        let number = text.strip_prefix('+').unwrap_or(text);
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        let is_clean = number.bytes().all(|byte| byte.is_ascii_digit() || b" -./()".contains(&byte));
        if text.len() > Self::MAX_LENGTH || !is_clean || !(3..=20).contains(&digits) {
            return Err(PhoneError);
        }
        Ok(Self(text.to_owned()))
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_kept_as_they_are_written() {
        for text in ["+39 02 1234-5678", "(02) 12.34/56", "112"] {
            assert_eq!(Phone::parse(text).unwrap().as_str(), text);
        }
        assert_eq!(Phone::parse(" 112 ").unwrap().as_str(), "112");
    }

    #[test]
    fn what_nobody_can_dial_is_refused() {
        let long = "1".repeat(41);
        for text in ["", "+", "12", "call me", "39+02 1234", "+39\u{202e}02", "1234567890123456789012", &long] {
            assert!(Phone::parse(text).is_err(), "{text}");
        }
    }
}
