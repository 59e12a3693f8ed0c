/// A language tag (BCP 47, RFC 5646) such as `it` or `en-GB`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Language(String);

/// Why a text is no language tag.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a language tag such as `it` or `en-GB`")]
pub struct LanguageError;

impl Language {
    const MAX_LENGTH: usize = 35;

    /// Reads a tag; empty means English. Only the form is checked, not the registry.
    pub fn parse(text: &str) -> Result<Self, LanguageError> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let is_part =
            |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let primary = text.split('-').next().unwrap_or_default();
        let is_primary = (2..=3).contains(&primary.len()) && primary.bytes().all(|byte| byte.is_ascii_alphabetic());
        if text.len() > Self::MAX_LENGTH || !is_primary || !text.split('-').all(is_part) {
            return Err(LanguageError);
        }
        Ok(Self(text.to_owned()))
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Language {
    fn default() -> Self {
        Self("en".to_owned())
    }
}
