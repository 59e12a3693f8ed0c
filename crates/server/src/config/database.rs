use std::fmt;
use std::path::PathBuf;

use toml::{Table, Value};
use zeroize::Zeroizing;

use super::document::Document;
use super::secret_file::read_private;
use super::section::Section;

/// `[database]`: exactly one of its keys.
pub enum DatabaseConfig {
    /// `url` or `url_file`: a PostgreSQL database.
    Postgres {
        /// Where it is.
        url: DatabaseUrl,
        /// The file that says so; `None` for the environment or the configuration.
        file: Option<PathBuf>,
    },
    /// `sqlite_path`: a file, for one server alone.
    Sqlite {
        /// The file.
        path: PathBuf,
    },
}

/// The address of a PostgreSQL database, perhaps with a password.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(Zeroizing<String>);

/// A text is no address of a database. It may hold a password, so it is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DatabaseUrlError;

impl fmt::Display for DatabaseUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("must be of the form postgres://user@host/database")
    }
}

impl std::error::Error for DatabaseUrlError {}

impl DatabaseUrl {
    /// Reads an address. Only its scheme is looked at here; the rest is for the database's client.
    pub fn parse(text: &str) -> Result<Self, DatabaseUrlError> {
        let text = text.trim();
        let rest = text.strip_prefix("postgres://").or_else(|| text.strip_prefix("postgresql://"));
        rest.filter(|rest| !rest.is_empty()).map(|_| Self(Zeroizing::new(text.to_owned()))).ok_or(DatabaseUrlError)
    }

    /// All of it, for the database's client.
    pub fn expose(&self) -> &str {
        &self.0
    }

    fn has_password(&self) -> bool {
        let (user, _) = self.split();
        user.contains(':') || self.0.contains("password=")
    }

    /// What stands before the host, and the rest.
    fn split(&self) -> (&str, &str) {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        authority.rfind('@').map_or(("", rest), |at| (&rest[..at], &rest[at + 1..]))
    }
}

impl fmt::Display for DatabaseUrl {
    /// Without user, password and options, any of which may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (_, rest) = self.split();
        write!(f, "postgres://{}", rest.split('?').next().unwrap_or_default())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

impl DatabaseConfig {
    pub(super) fn read(document: &mut Document) -> Option<Self> {
        let is_from_file = document.is_from_file("database", "url");
        let mut section = document.section("database");
        let (url, url_file) = (section.text("url").map(Zeroizing::new), section.path("url_file"));
        let sqlite_path = section.path("sqlite_path");
        match (url, url_file, sqlite_path) {
            (Some(url), None, None) => {
                let url =
                    DatabaseUrl::parse(&url).map_err(|problem| section.problem("url", problem.to_string())).ok()?;
                if is_from_file && url.has_password() {
                    let problem = "holds a password, which does not belong into a configuration: use \
                                   database.url_file or VARCO__DATABASE__URL";
                    section.problem("url", problem);
                    return None;
                }
                Some(Self::Postgres { url, file: None })
            }
            (None, Some(file), None) => {
                let url = read_url(&mut section, &file)?;
                Some(Self::Postgres { url, file: Some(file) })
            }
            (None, None, Some(path)) => Some(Self::Sqlite { path }),
            (None, None, None) => {
                section.problem("url_file", "or database.sqlite_path must be given, or VARCO__DATABASE__URL");
                None
            }
            _ => {
                section.problem("url", "url_file and sqlite_path exclude each other: keep one");
                None
            }
        }
    }

    pub(super) fn effective(&self) -> Table {
        let (key, value) = match self {
            Self::Postgres { file: Some(file), .. } => ("url_file", file.display().to_string()),
            Self::Postgres { url, file: None } => ("url", url.to_string()),
            Self::Sqlite { path } => ("sqlite_path", path.display().to_string()),
        };
        Table::from_iter([(key.to_owned(), Value::String(value))])
    }
}

fn read_url(section: &mut Section<'_>, file: &std::path::Path) -> Option<DatabaseUrl> {
    let text = read_private(file).map_err(|problem| section.problem("url_file", problem)).ok()?;
    let problem = |problem| format!("names `{}`, whose content {problem}", file.display());
    DatabaseUrl::parse(&text).map_err(|error| section.problem("url_file", problem(error))).ok()
}
