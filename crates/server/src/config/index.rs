use std::time::Duration;

use toml::Table;

use super::document::Document;
use super::section::whole_seconds;

const MAX_STALENESS_SECONDS: u32 = 10;

/// `[index]`: the memory that answers checks.
pub struct IndexConfig {
    /// A replica that has not heard from the log for longer answers no checks, rather than answer
    /// from permissions that may have been revoked.
    pub max_staleness: Duration,
}

impl IndexConfig {
    pub(super) fn read(document: &mut Document) -> Option<Self> {
        // Under two seconds a log that is only slow would count as lost.
        let max_staleness = document.section("index").seconds("max_staleness_seconds", MAX_STALENESS_SECONDS, 2..=3600);
        Some(Self { max_staleness: max_staleness? })
    }

    pub(super) fn effective(&self) -> Table {
        Table::from_iter([("max_staleness_seconds".to_owned(), whole_seconds(self.max_staleness))])
    }
}
