//! What keeps telemetry running.

use crate::export::Export;

/// Keeps telemetry running; sends what is left and stops it on drop.
///
/// Dropping waits for the collector, but only for seconds.
#[derive(Debug)]
#[must_use = "telemetry stops when the guard is dropped"]
pub struct Guard {
    export: Option<Export>,
}

impl Guard {
    pub(crate) fn new(export: Option<Export>) -> Self {
        Self { export }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(export) = self.export.take() {
            export.finish();
        }
    }
}
