//! A TOML text with the environment over it, read key by key; what is left over is unknown.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use toml::{Table, Value};

/// The environment's variables that are ours: `VARCO__SECTION__KEY`.
const PREFIX: &str = "VARCO__";

/// A length of time as a file says it.
pub(super) fn whole_seconds(length: Duration) -> Value {
    Value::Integer(i64::try_from(length.as_secs()).unwrap_or(i64::MAX))
}

/// What is wrong with one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Such as `grpc.listen`.
    pub key: String,
    /// Such as `must be an address and a port`.
    pub problem: String,
}

/// Everything that is wrong with a configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    pub(super) fn one(key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self(vec![Problem { key: key.into(), problem: problem.into() }])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the configuration cannot be used:")?;
        self.0.iter().try_for_each(|Problem { key, problem }| write!(f, "\n  {key} {problem}"))
    }
}

impl std::error::Error for Problems {}

/// What is there to read, and what was wrong so far.
pub(super) struct Document {
    sections: Table,
    /// Keys as `section.key` that the environment gave.
    overridden: Vec<String>,
    problems: Problems,
}

impl Document {
    pub(super) fn parse(text: &str) -> Result<Self, Problems> {
        // TOML's own message shows the line, which may hold a password; only its place is told.
        let sections = text.parse::<Table>().map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            Problems::one(format!("line {line}"), format!("is no TOML: {}", error.message()))
        })?;
        Ok(Self { sections, overridden: Vec::new(), problems: Problems::default() })
    }

    /// Puts what the environment says over what the file says.
    pub(super) fn overlay(&mut self, environment: impl IntoIterator<Item = (OsString, OsString)>) {
        for (name, value) in environment {
            let Some(name) = name.to_str().filter(|name| name.starts_with(PREFIX)) else { continue };
            let parts = name[PREFIX.len()..].split_once("__");
            let (Some((section, key)), Some(value)) = (parts, value.to_str()) else {
                self.problem(name, "must be VARCO__SECTION__KEY with a text as its value");
                continue;
            };
            let (section, key) = (section.to_lowercase(), key.to_lowercase());
            self.overridden.push(format!("{section}.{key}"));
            let section = self.sections.entry(section).or_insert_with(|| Value::Table(Table::new()));
            match section.as_table_mut() {
                Some(section) => _ = section.insert(key, Value::String(value.to_owned())),
                None => self.problem(name, "is in a section that the file gives a single value"),
            }
        }
    }

    /// Whether the file gives a key, and not the environment.
    pub(super) fn is_from_file(&self, section: &str, key: &str) -> bool {
        !self.overridden.contains(&format!("{section}.{key}"))
    }

    /// Takes a section to read.
    pub(super) fn section(&mut self, name: &'static str) -> Section<'_> {
        let keys = match self.sections.remove(name) {
            None => Table::new(),
            Some(Value::Table(keys)) => keys,
            Some(_) => {
                self.problem(name, format!("must be a section: write [{name}] above its keys"));
                Table::new()
            }
        };
        Section { name, keys, problems: &mut self.problems }
    }

    /// Gives the value if nothing was wrong. `value` is `None` only where something was.
    pub(super) fn finish<T>(mut self, value: impl FnOnce() -> Option<T>) -> Result<T, Problems> {
        for name in self.sections.keys() {
            let problem = "is unknown: remove it, or look for a slip in its name".to_owned();
            self.problems.0.push(Problem { key: name.clone(), problem });
        }
        if !self.problems.0.is_empty() {
            return Err(self.problems);
        }
        value().ok_or_else(|| Problems::one("configuration", "lacks a value and nothing says which"))
    }

    fn problem(&mut self, key: &str, problem: impl Into<String>) {
        self.problems.0.extend(Problems::one(key, problem).0);
    }
}

/// One section. What is not read by the time it is dropped is unknown.
pub(super) struct Section<'a> {
    name: &'static str,
    keys: Table,
    problems: &'a mut Problems,
}

impl Section<'_> {
    /// Notes a problem.
    pub(super) fn problem(&mut self, key: &str, problem: impl Into<String>) {
        self.problems.0.extend(Problems::one(format!("{}.{key}", self.name), problem).0);
    }

    /// A text, if it is there and not empty.
    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        if let Value::String(text) = self.keys.remove(key)? {
            return Some(text).filter(|text| !text.is_empty());
        }
        self.problem(key, "must be a text in quotes");
        None
    }

    /// A path, if it is there.
    pub(super) fn path(&mut self, key: &str) -> Option<PathBuf> {
        self.text(key).map(PathBuf::from)
    }

    /// What a text says, or what `default` says. `None` only where it is malformed.
    pub(super) fn parse<T, E: fmt::Display>(
        &mut self,
        key: &str,
        default: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = self.text(key).unwrap_or_else(|| default.to_owned());
        parse(&text).map_err(|problem| self.problem(key, problem.to_string())).ok()
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, key: &str, default: bool) -> Option<bool> {
        match self.keys.remove(key) {
            None => return Some(default),
            Some(Value::Boolean(flag)) => return Some(flag),
            Some(Value::String(text)) if text == "true" => return Some(true),
            Some(Value::String(text)) if text == "false" => return Some(false),
            Some(_) => self.problem(key, "must be true or false"),
        }
        None
    }

    /// A number within limits.
    pub(super) fn number(&mut self, key: &str, default: f64, limits: std::ops::RangeInclusive<f64>) -> Option<f64> {
        let number = match self.keys.remove(key) {
            None => Some(default),
            #[expect(clippy::cast_precision_loss, reason = "limits are far below 2^52")]
            Some(Value::Integer(number)) => Some(number as f64),
            Some(Value::Float(number)) => Some(number),
            Some(Value::String(text)) => text.parse().ok(),
            Some(_) => None,
        };
        let within = number.filter(|number| limits.contains(number));
        if within.is_none() {
            self.problem(key, format!("must be a number from {} to {}", limits.start(), limits.end()));
        }
        within
    }

    /// A length of time in whole seconds within limits.
    pub(super) fn seconds(
        &mut self,
        key: &str,
        default: u32,
        limits: std::ops::RangeInclusive<u32>,
    ) -> Option<Duration> {
        let limits = f64::from(*limits.start())..=f64::from(*limits.end());
        let seconds = self.number(key, f64::from(default), limits)?;
        if seconds.fract() != 0.0 {
            self.problem(key, "must be whole seconds");
            return None;
        }
        Some(Duration::from_secs_f64(seconds))
    }
}

impl Drop for Section<'_> {
    fn drop(&mut self) {
        for key in std::mem::take(&mut self.keys).keys() {
            self.problem(key, "is unknown: remove it, or look for a slip in its name");
        }
    }
}
