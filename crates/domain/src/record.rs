//! Things as an event shows them: named values, without secrets.
//!
//! Storage writes a record as JSON and the wire as a `Struct`; both know only this shape.

mod things;

use std::collections::BTreeMap;

/// Named values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record(pub BTreeMap<String, Value>);

/// One value of a record.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A whole number, at most 2^53 in size so that JSON keeps it.
    Integer(i64),
    /// Yes or no.
    Flag(bool),
    /// Several values.
    List(Vec<Value>),
    /// Named values.
    Record(Record),
}

impl Record {
    /// Adds a value.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a value if there is one.
    #[must_use]
    pub fn with_some(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// A text of this name.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.0.get(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A flag of this name.
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.0.get(name)? {
            Value::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// A list of texts of this name. `None` if one of them is none.
    pub fn texts(&self, name: &str) -> Option<Vec<&str>> {
        let Value::List(values) = self.0.get(name)? else {
            return None;
        };
        values.iter().map(|value| if let Value::Text(text) = value { Some(text.as_str()) } else { None }).collect()
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Integer(i64::from(number))
    }
}

impl From<std::time::Duration> for Value {
    /// Whole seconds.
    fn from(length: std::time::Duration) -> Self {
        Self::Integer(i64::try_from(length.as_secs()).unwrap_or(i64::MAX))
    }
}

impl<T: Into<Value>> FromIterator<T> for Value {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}
