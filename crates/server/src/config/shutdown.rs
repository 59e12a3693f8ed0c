use std::time::Duration;

use toml::Table;

use super::document::Document;
use super::section::whole_seconds;

/// Under the 10 seconds after which Docker kills.
const GRACE_SECONDS: u32 = 8;

/// `[shutdown]`
pub struct ShutdownConfig {
    /// How long open calls may take to finish after SIGTERM.
    pub grace: Duration,
}

impl ShutdownConfig {
    pub(super) fn read(document: &mut Document) -> Option<Self> {
        let grace = document.section("shutdown").seconds("grace_seconds", GRACE_SECONDS, 1..=600);
        Some(Self { grace: grace? })
    }

    pub(super) fn effective(&self) -> Table {
        Table::from_iter([("grace_seconds".to_owned(), whole_seconds(self.grace))])
    }
}
