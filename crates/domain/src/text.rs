//! Texts that people write: names, emails, descriptions. Canonicalized first, checked after.

mod email;
mod label;
mod language;
mod search;
mod username;

pub use email::{Email, EmailError};
pub use label::{Description, Label, LabelError};
pub use language::{Language, LanguageError};
pub use search::{SearchWords, search_terms};
pub use username::{Username, UsernameError};

use unicode_normalization::UnicodeNormalization;

/// The form in which texts are compared: NFKC, then full case folding, then NFKC again, because
/// folding can undo a composition. Folding a folded text changes nothing.
pub fn fold(text: &str) -> String {
    let composed: String = text.nfkc().collect();
    caseless::default_case_fold_str(&composed).nfkc().collect()
}

/// Characters that make two different names look alike or reorder the text around them:
/// controls, bidirectional marks, zero-width and blank characters, variation selectors, private use,
/// and what Unicode will never give a meaning.
pub(crate) fn is_forbidden(character: char) -> bool {
    // The last two of every plane, and U+FDD0 to U+FDEF, are noncharacters.
    let is_noncharacter = u32::from(character) & 0xfffe == 0xfffe;
    is_noncharacter
        || character.is_control()
        || matches!(character,
            '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{e000}'..='\u{f8ff}'
            | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffd}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests;
