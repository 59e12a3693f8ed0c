use std::path::PathBuf;

use toml::{Table, Value};
use varco_credentials::MasterKey;

use super::document::Document;
use super::secret_file::read_private;

/// `[secrets]`: what all replicas share and nobody else knows.
pub struct SecretsConfig {
    /// The key of the installation, from which the keys for page tokens and the like are derived.
    pub master_key: MasterKey,
    key_file: PathBuf,
}

impl SecretsConfig {
    pub(super) fn read(document: &mut Document) -> Option<Self> {
        let mut section = document.section("secrets");
        let Some(key_file) = section.path("key_file") else {
            let problem = "must be given: a file with 32 random bytes in base64, as \
                           `(umask 077; openssl rand -base64 32 > varco.key)` makes it";
            section.problem("key_file", problem);
            return None;
        };
        let text = read_private(&key_file).map_err(|problem| section.problem("key_file", problem)).ok()?;
        let problem = |error| format!("names `{}`, whose content {error}", key_file.display());
        let master_key = MasterKey::parse(&text).map_err(|error| section.problem("key_file", problem(error))).ok()?;
        Some(Self { master_key, key_file })
    }

    pub(super) fn effective(&self) -> Table {
        Table::from_iter([("key_file".to_owned(), Value::String(self.key_file.display().to_string()))])
    }
}
