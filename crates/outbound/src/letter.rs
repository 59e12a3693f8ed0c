use std::fmt;

use zeroize::Zeroizing;

/// A mail as it is written, in the language of whom it is for.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Letter {
    /// One line.
    pub(crate) subject: String,
    /// For programs that show no HTML.
    pub(crate) text: Zeroizing<String>,
    /// The same as HTML.
    pub(crate) html: Zeroizing<String>,
    /// What there is to click, if anything.
    pub(crate) link: Option<Zeroizing<String>>,
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter").field("subject", &self.subject).finish_non_exhaustive()
    }
}
