use super::{LabelError, fold};

/// What somebody searches for: folded words, each of which must begin a term of what is found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchWords(Vec<String>);

impl SearchWords {
    /// In characters, all words together.
    pub const MAX_LENGTH: usize = 200;
    /// More words than this narrow nothing and cost a join each.
    const MAX_WORDS: usize = 8;

    /// Reads what was typed; nothing but white space searches for everything.
    pub fn parse(text: &str) -> Result<Self, LabelError> {
        let limit = Self::MAX_LENGTH;
        if text.len() > limit * 4 || text.chars().count() > limit {
            return Err(LabelError::TooLong { limit });
        }
        if let Some(found) = text.chars().find(|character| *character == '\0') {
            return Err(LabelError::Forbidden { found });
        }
        let mut words: Vec<String> = fold(text).split_whitespace().map(str::to_owned).collect();
        words.truncate(Self::MAX_WORDS);
        Ok(Self(words))
    }

    /// The words.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// The terms by which a thing is found: every given text whole, and every word within it.
pub fn search_terms<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut terms = Vec::new();
    for text in texts {
        let folded = fold(text);
        terms.extend(folded.split(|character: char| !character.is_alphanumeric()).map(str::to_owned));
        terms.extend(folded.split_whitespace().map(str::to_owned));
        terms.push(folded);
    }
    terms.retain(|term| !term.is_empty());
    terms.sort_unstable();
    terms.dedup();
    terms
}
