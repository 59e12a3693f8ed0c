use std::fmt;

use fst::Set;
use varco_application::PasswordRules;

/// Looked up where it lies in the binary: nothing is unpacked.
const COMMON: &[u8] = include_bytes!("../data/common-passwords.fst");

/// What is repeated to make up a password has to be longer than this, in characters.
const MAX_TRIVIAL: usize = 4;

/// The passwords that are tried first: a list of more than 100,000, and what is made by repeating.
pub struct CommonPasswords(Set<&'static [u8]>);

impl Default for CommonPasswords {
    fn default() -> Self {
        Self(Set::new(COMMON).expect("the list that is compiled in was read by a test"))
    }
}

impl PasswordRules for CommonPasswords {
    fn is_common(&self, folded: &str) -> bool {
        let unit = repeated(folded);
        let is_trivial = unit.len() < folded.len() && unit.chars().count() <= MAX_TRIVIAL;
        is_trivial || self.0.contains(folded) || self.0.contains(unit)
    }
}

impl fmt::Debug for CommonPasswords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CommonPasswords({})", self.0.len())
    }
}

/// The shortest part that the whole text repeats; the text itself if it repeats nothing.
fn repeated(text: &str) -> &str {
    let lengths = text.char_indices().map(|(start, _)| start).skip(1);
    let mut lengths = lengths.filter(|length| text.len().is_multiple_of(*length));
    let unit = lengths.find(|length| text.as_bytes()[*length..] == text.as_bytes()[..text.len() - length]);
    unit.map_or(text, |length| &text[..length])
}

#[cfg(test)]
mod tests {
    use fst::Streamer;
    use proptest::prelude::*;
    use varco_domain::fold;

    use super::*;

    fn is_common(password: &str) -> bool {
        CommonPasswords::default().is_common(password)
    }

    #[test]
    fn the_list_is_whole() {
        assert!(CommonPasswords::default().0.as_fst().verify().is_ok());
        assert!(CommonPasswords::default().0.len() > 100_000);
    }

    #[test]
    fn every_entry_is_in_the_form_in_which_it_is_looked_up() {
        let list = CommonPasswords::default();
        let mut entries = list.0.stream();
        while let Some(entry) = entries.next() {
            let entry = std::str::from_utf8(entry).unwrap();
            assert_eq!(fold(entry), entry);
        }
    }

    #[test]
    fn what_everybody_uses_is_common() {
        for password in ["password", "123456", "qwertyuiop", "1234567890qwertyuiop", "123456789987654321", "juventus"] {
            assert!(is_common(password), "{password}");
        }
    }

    #[test]
    fn what_is_made_by_repeating_is_common() {
        for password in [
            "aaaaaaaaaaaaaaa",
            "abcdabcdabcdabcd",
            "passwordpassword",
            "dragondragondragon",
            "familiyafamiliya",
            "ééééééé",
        ] {
            assert!(is_common(password), "{password}");
        }
    }

    #[test]
    fn what_merely_holds_a_common_one_is_not() {
        for password in ["", "correct horse battery", "my password is long", "dragon dragon dragon?", "zxkqj7zxkqj8"] {
            assert!(!is_common(password), "{password}");
        }
    }

    #[test]
    fn the_part_that_repeats_is_the_shortest() {
        for (text, unit) in
            [("", ""), ("a", "a"), ("aa", "a"), ("abab", "ab"), ("ababa", "ababa"), ("aabaab", "aab"), ("èéèé", "èé")]
        {
            assert_eq!(repeated(text), unit);
        }
    }

    proptest! {
        #[test]
        fn a_text_is_its_part_repeated(unit in "\\PC{1,9}", times in 1_usize..9) {
            let text = unit.repeat(times);
            let found = repeated(&text);

            prop_assert!(found.len() <= unit.len());
            prop_assert_eq!(found.repeat(text.len() / found.len()), text);
        }
    }
}
