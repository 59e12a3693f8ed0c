use std::fmt;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use toml::{Table, Value};

use super::problems::Problems;

/// One section. What is not read by the time it is dropped is unknown.
pub(super) struct Section<'a> {
    name: &'static str,
    keys: Table,
    problems: &'a mut Problems,
}

impl<'a> Section<'a> {
    pub(super) fn new(name: &'static str, keys: Table, problems: &'a mut Problems) -> Self {
        Self { name, keys, problems }
    }

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

    /// What a text says that must be there.
    pub(super) fn required<T, E: fmt::Display>(
        &mut self,
        key: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let Some(text) = self.text(key) else {
            self.problem(key, "must be given");
            return None;
        };
        parse(&text).map_err(|problem| self.problem(key, problem.to_string())).ok()
    }

    /// A port.
    pub(super) fn port(&mut self, key: &str, default: u16) -> Option<u16> {
        let port = match self.keys.remove(key) {
            None => Some(default),
            Some(Value::Integer(port)) => u16::try_from(port).ok(),
            Some(Value::String(text)) => text.parse().ok(),
            Some(_) => None,
        };
        if port.is_none() {
            self.problem(key, "must be a number from 0 to 65535");
        }
        port
    }

    /// Leaves what was not read unmentioned: what it should be depends on what is wrong.
    pub(super) fn ignore_rest(&mut self) {
        self.keys.clear();
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
    pub(super) fn number(&mut self, key: &str, default: f64, limits: RangeInclusive<f64>) -> Option<f64> {
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
    pub(super) fn seconds(&mut self, key: &str, default: u32, limits: RangeInclusive<u32>) -> Option<Duration> {
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

/// A length of time as a file says it.
pub(super) fn whole_seconds(length: Duration) -> Value {
    Value::Integer(i64::try_from(length.as_secs()).unwrap_or(i64::MAX))
}
