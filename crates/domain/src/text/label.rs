use std::fmt;

use unicode_normalization::UnicodeNormalization;

use super::{fold, is_forbidden};

/// Why a text is no label or description.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LabelError {
    /// Nothing but white space.
    #[error("must not be empty")]
    Empty,
    /// Over the limit.
    #[error("must be at most {limit} characters")]
    TooLong {
        /// The limit, in characters.
        limit: usize,
    },
    /// A control, bidirectional or invisible character.
    #[error("must not contain the character U+{:04X}", u32::from(*.found))]
    Forbidden {
        /// The first one found.
        found: char,
    },
}

/// A name that people gave to something: NFC, trimmed, 1 to 200 characters. A label, never an
/// identifier: nothing is authorized by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    shown: String,
    folded: String,
}

impl Label {
    /// In characters.
    pub const MAX_LENGTH: usize = 200;

    /// Reads a label.
    pub fn parse(text: &str) -> Result<Self, LabelError> {
        let shown = clean(text, Self::MAX_LENGTH, is_forbidden)?;
        if shown.is_empty() {
            return Err(LabelError::Empty);
        }
        let folded = fold(&shown);
        Ok(Self { shown, folded })
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// As it is compared: labels that differ in case alone are the same.
    pub fn folded(&self) -> &str {
        &self.folded
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// A longer text, possibly empty and of several lines, at most 1,000 characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description(String);

impl Description {
    /// In characters.
    pub const MAX_LENGTH: usize = 1000;

    /// Reads a description.
    pub fn parse(text: &str) -> Result<Self, LabelError> {
        let is_forbidden_here = |character| character != '\n' && character != '\t' && is_forbidden(character);
        clean(text, Self::MAX_LENGTH, is_forbidden_here).map(Self)
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn clean(text: &str, limit: usize, is_forbidden: impl Fn(char) -> bool) -> Result<String, LabelError> {
    // A bound on the bytes before anything is allocated for a hostile text.
    if text.len() > limit * 4 {
        return Err(LabelError::TooLong { limit });
    }
    let shown: String = text.trim().nfc().collect();
    if let Some(found) = shown.chars().find(|character| is_forbidden(*character)) {
        return Err(LabelError::Forbidden { found });
    }
    if shown.chars().count() > limit {
        return Err(LabelError::TooLong { limit });
    }
    Ok(shown)
}
