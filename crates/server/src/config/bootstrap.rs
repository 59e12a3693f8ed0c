use std::path::{Path, PathBuf};

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
        let mut section = document.section("bootstrap");
        let operator_credential_file = section.path("operator_credential_file");
        // Said before anything is created: an operator whose secret cannot be written is no use.
        if let Some(folder) = operator_credential_file.as_deref().map(folder_of)
            && !folder.is_dir()
        {
            let problem = format!("is in `{}`, which is no folder: make it, or name another", folder.display());
            section.problem("operator_credential_file", problem);
        }
        Self { operator_credential_file }
    }

    pub(super) fn effective(&self) -> Table {
        let file = self.operator_credential_file.iter();
        let line = file.map(|file| Value::String(file.display().to_string()));
        line.map(|value| ("operator_credential_file".to_owned(), value)).collect()
    }
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
