use std::fmt;

use zeroize::Zeroizing;

/// The second factor: six digits that the service made and mailed. Wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(Zeroizing<String>);

/// Why a text is no PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 6 digits")]
pub struct PinError;

impl Pin {
    /// In digits.
    pub const LENGTH: usize = 6;

    /// Reads a PIN.
    pub fn parse(text: &str) -> Result<Self, PinError> {
        let is_pin = text.len() == Self::LENGTH && text.bytes().all(|byte| byte.is_ascii_digit());
        is_pin.then(|| Self(Zeroizing::new(text.to_owned()))).ok_or(PinError)
    }

    /// Shows it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it is among those that are tried first: with four digits in a run or three the same,
    /// of repeated parts such as 121212 or 183183, or with the digits of a date or a year.
    pub fn is_guessable(&self) -> bool {
        let digits = self.0.as_bytes();
        let steps: Vec<i16> = digits.windows(2).map(|pair| i16::from(pair[1]) - i16::from(pair[0])).collect();
        let is_run = steps.windows(3).any(|three| three == [1; 3] || three == [-1; 3]);
        let is_same = steps.windows(2).any(|two| two == [0; 2]);
        let is_repeated = digits[..3] == digits[3..] || (digits[..2] == digits[2..4] && digits[2..4] == digits[4..]);
        is_run || is_same || is_repeated || self.is_date()
    }

    /// DDMMYY, MMDDYY, YYMMDD, or a year of the last or this century at either end.
    fn is_date(&self) -> bool {
        let two = |place: usize| self.0[place..place + 2].parse().unwrap_or(0_u8);
        let (first, second, third) = (two(0), two(2), two(4));
        let day_and_month = |day: u8, month: u8| (1..=31).contains(&day) && (1..=12).contains(&month);
        let is_year = |century: u8| matches!(century, 19 | 20);
        day_and_month(first, second)
            || day_and_month(second, first)
            || day_and_month(third, second)
            || is_year(first)
            || is_year(second)
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_guessable(text: &str) -> bool {
        Pin::parse(text).unwrap().is_guessable()
    }

    #[test]
    fn a_pin_is_six_digits() {
        assert_eq!(Pin::parse("048215").unwrap().expose(), "048215");
        for text in ["", "12345", "1234567", "12345a", " 12345", "12345 ", "+12345", "-12345", "１２３４５６", "٤٨٣٩٢٠"]
        {
            assert_eq!(Pin::parse(text), Err(PinError), "{text:?}");
        }
    }

    #[test]
    fn runs_repeats_and_dates_are_guessable() {
        let guessable = [
            "123456", "234567", "654321", "012389", "891234", "876590", "000000", "111222", "455567", "121212",
            "483483", "310599", "053199", "990531", "198504", "041985", "202637",
        ];
        for text in guessable {
            assert!(is_guessable(text), "{text}");
        }
    }

    #[test]
    fn others_are_not() {
        for text in ["483920", "048215", "759304", "386475", "997741"] {
            assert!(!is_guessable(text), "{text}");
        }
    }

    #[test]
    fn most_pins_remain() {
        let remaining = (0..1_000_000).filter(|number| !is_guessable(&format!("{number:06}"))).count();

        assert!((800_000..900_000).contains(&remaining), "{remaining}");
    }

    #[test]
    fn debug_shows_no_secret() {
        assert_eq!(format!("{:?}", Pin::parse("483920").unwrap()), "Pin([redacted])");
    }
}
