//! Search: every word must begin a term, which is a range of terms in byte order.

use varco_domain::SearchWords;

use crate::sql::Sql;

/// Adds the condition, once a word, that a term begins with it. `among` selects what has terms and
/// ends in a place for one more condition.
pub(crate) fn add_words(sql: &mut Sql, words: &SearchWords, among: &str) {
    for word in words.iter() {
        sql.push(among).push(" AND term >= ").bind(word).push(" AND term < ").bind(prefix_end(word)).push(")");
    }
}

/// The first text after all that begin with this one: its last character stepped.
fn prefix_end(word: &str) -> String {
    let mut kept = word.to_owned();
    while let Some(last) = kept.pop() {
        if let Some(next) = next_character(last) {
            kept.push(next);
            return kept;
        }
    }
    // Nothing comes after the last character there is; a few of them come after everything written.
    "\u{10ffff}".repeat(4)
}

fn next_character(character: char) -> Option<char> {
    match character {
        // Between these two lie the surrogates, which are no characters.
        '\u{d7ff}' => Some('\u{e000}'),
        _ => char::from_u32(u32::from(character) + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_ends_where_its_last_character_steps() {
        assert_eq!(prefix_end("ros"), "rot");
        assert_eq!(prefix_end("caff\u{e8}"), "caff\u{e9}");
        assert_eq!(prefix_end("a\u{d7ff}"), "a\u{e000}");
        assert_eq!(prefix_end("a\u{10ffff}"), "b");
        assert!(prefix_end("\u{10ffff}").as_str() > "\u{10ffff}z");
    }
}
