use std::path::PathBuf;

use toml::{Table, Value};

use super::document::Document;

/// `[bootstrap]`: how the first operator comes into being.
pub struct BootstrapConfig {
    /// Where the first operator's credential is written if there is no operator yet. The file is
    /// made for its owner alone and never overwritten.
    pub operator_credential_file: Option<PathBuf>,
}

impl BootstrapConfig {
    pub(super) fn read(document: &mut Document) -> Self {
        Self { operator_credential_file: document.section("bootstrap").path("operator_credential_file") }
    }

    pub(super) fn effective(&self) -> Table {
        let file = self.operator_credential_file.iter();
        let line = file.map(|file| Value::String(file.display().to_string()));
        line.map(|value| ("operator_credential_file".to_owned(), value)).collect()
    }
}
