//! Collects what is wrong with the fields of a request, all of it, before anything happens.

use std::fmt::Display;

use uuid::Uuid;
use varco_application::Mode;
use varco_domain::{Timestamp, Version};

use crate::failure::{Failure, FieldProblem};

/// The problems found so far.
#[derive(Default)]
pub(crate) struct Fields {
    problems: Vec<FieldProblem>,
}

impl Fields {
    /// Keeps the value, or notes why there is none.
    pub(crate) fn parse<T, E: Display>(&mut self, path: impl Into<String>, parsed: Result<T, E>) -> Option<T> {
        parsed.map_err(|problem| self.problem(path, problem)).ok()
    }

    /// As `parse` for a field that may be empty.
    pub(crate) fn parse_optional<T, E: Display>(
        &mut self,
        path: &str,
        text: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        if text.is_empty() { None } else { self.parse(path, parse(text)) }
    }

    /// As `parse` for every element of a repeated field.
    pub(crate) fn parse_each<T, E: Display>(
        &mut self,
        path: &str,
        texts: &[String],
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Vec<T> {
        let elements = texts.iter().enumerate();
        elements.filter_map(|(place, text)| self.parse(format!("{path}[{place}]"), parse(text))).collect()
    }

    /// Notes a repeated field with too few or too many elements.
    pub(crate) fn check_count(&mut self, path: &str, count: usize, limits: std::ops::RangeInclusive<usize>) {
        if !limits.contains(&count) {
            self.problem(path, format!("must have {} to {} elements", limits.start(), limits.end()));
        }
    }

    /// Notes a problem.
    #[expect(clippy::needless_pass_by_value, reason = "callers give what they have, errors or texts")]
    pub(crate) fn problem(&mut self, path: impl Into<String>, problem: impl ToString) {
        self.problems.push(FieldProblem { path: path.into(), problem: problem.to_string() });
    }

    /// The id that makes the call repeatable, if there is one.
    pub(crate) fn request_id(&mut self, text: &str) -> Option<Uuid> {
        self.parse_optional("request_id", text, |text| Uuid::try_parse(text).map_err(|_| "must be a UUID"))
    }

    /// The version behind an etag.
    pub(crate) fn etag(&mut self, path: &str, text: &str) -> Option<Version> {
        let version = text.parse().ok().filter(|number: &i64| *number > 0 && number.to_string() == text);
        self.parse(path, version.map(Version::new).ok_or("must be the etag that reading the resource gave"))
    }

    /// The paths of an update mask, which must be among `known`.
    pub(crate) fn mask(&mut self, mask: Option<&prost_types::FieldMask>, known: &[&'static str]) -> Vec<&'static str> {
        let paths = mask.map(|mask| mask.paths.as_slice()).unwrap_or_default();
        if paths.is_empty() {
            self.problem("update_mask", format!("must name at least one of {}", known.join(", ")));
        }
        let mut named = Vec::new();
        for path in paths {
            match known.iter().find(|it| *it == path) {
                Some(path) => named.push(*path),
                None => self.problem("update_mask", format!("must name only {}", known.join(", "))),
            }
        }
        named
    }

    /// Gives the value if no problem was noted. `value` is `None` only where one was.
    pub(crate) fn finish<T>(self, value: impl FnOnce() -> Option<T>) -> Result<T, Failure> {
        if !self.problems.is_empty() {
            return Err(Failure::fields(self.problems));
        }
        value().ok_or_else(|| Failure::internal("a field is missing and no problem says so"))
    }
}

/// What `validate_only` asks for.
pub(crate) fn mode(validate_only: bool) -> Mode {
    if validate_only { Mode::Validate } else { Mode::Execute }
}

/// An instant that may be absent.
pub(crate) fn parse_instant(
    fields: &mut Fields,
    path: &str,
    instant: Option<prost_types::Timestamp>,
) -> Option<Timestamp> {
    let instant = instant?;
    let micros =
        instant.seconds.checked_mul(1_000_000).and_then(|micros| micros.checked_add(i64::from(instant.nanos) / 1000));
    let is_valid = (0..1_000_000_000).contains(&instant.nanos);
    let micros = micros.filter(|_| is_valid).ok_or("must be an instant with nanoseconds below a second");
    fields.parse(path, micros.map(Timestamp::from_micros))
}
