//! Page tokens that somebody edited.

/// The token with one character replaced by another.
pub(crate) fn tampered(token: &str) -> String {
    let (start, end) = token.split_at(token.len() / 2);
    let replacement = if end.starts_with('A') { 'B' } else { 'A' };
    format!("{start}{replacement}{}", &end[1..])
}
