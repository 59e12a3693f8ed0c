//! A TOML text with the environment over it, read key by key; what is left over is unknown.

use std::ffi::OsString;

use toml::{Table, Value};

use super::problems::{Problem, Problems};
use super::section::Section;

/// The environment's variables that are ours: `VARCO__SECTION__KEY`.
const PREFIX: &str = "VARCO__";

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
        Section::new(name, keys, &mut self.problems)
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
