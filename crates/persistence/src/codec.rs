//! Records as JSON.

use serde_json::{Map, Value as Json};
use varco_domain::{Record, Subject, Value};

/// Writes a record.
pub(crate) fn write_record(record: &Record) -> String {
    record_to_json(record).to_string()
}

/// Reads what `write_record` wrote.
pub(crate) fn read_record(text: &str) -> Option<Record> {
    match serde_json::from_str(text).ok()? {
        Json::Object(fields) => record_from_json(fields),
        _ => None,
    }
}

fn record_to_json(record: &Record) -> Json {
    Json::Object(record.0.iter().map(|(name, value)| (name.clone(), value_to_json(value))).collect())
}

fn value_to_json(value: &Value) -> Json {
    match value {
        Value::Text(text) => Json::from(text.as_str()),
        Value::Integer(number) => Json::from(*number),
        Value::Flag(flag) => Json::from(*flag),
        Value::List(values) => Json::Array(values.iter().map(value_to_json).collect()),
        Value::Record(record) => record_to_json(record),
    }
}

fn record_from_json(fields: Map<String, Json>) -> Option<Record> {
    let fields = fields.into_iter().map(|(name, value)| Some((name, value_from_json(value)?)));
    fields.collect::<Option<_>>().map(Record)
}

fn value_from_json(value: Json) -> Option<Value> {
    Some(match value {
        Json::String(text) => Value::Text(text),
        Json::Number(number) => Value::Integer(number.as_i64()?),
        Json::Bool(flag) => Value::Flag(flag),
        Json::Array(values) => Value::List(values.into_iter().map(value_from_json).collect::<Option<_>>()?),
        Json::Object(fields) => Value::Record(record_from_json(fields)?),
        Json::Null => return None,
    })
}

/// Writes subjects as a list of pairs.
pub(crate) fn write_subjects(subjects: &[Subject]) -> String {
    let pairs = subjects.iter().map(|subject| Json::from(vec![subject.kind.as_str(), subject.id.as_str()]));
    Json::Array(pairs.collect()).to_string()
}

/// Reads what `write_subjects` wrote.
pub(crate) fn read_subjects(text: &str) -> Option<Vec<Subject>> {
    let pairs: Vec<(String, String)> = serde_json::from_str(text).ok()?;
    Some(pairs.into_iter().map(|(kind, id)| Subject { kind, id }).collect())
}

/// Writes texts as a list.
pub(crate) fn write_texts<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    Json::Array(texts.map(Json::from).collect()).to_string()
}

/// Reads what `write_texts` wrote.
pub(crate) fn read_texts(text: &str) -> Option<Vec<String>> {
    serde_json::from_str(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_reads_back_as_it_was_written() {
        let inner = Record::default().with("pool", "app").with("used", 3_u32);
        let record = Record::default()
            .with("name", "Caffè \u{1f600} \"quoted\"\n")
            .with("is_open", true)
            .with("least", Value::Integer(-(1 << 53)))
            .with("none", Value::List(Vec::new()))
            .with("roles", ["a", "b"].into_iter().collect::<Value>())
            .with("inner", Value::Record(inner));

        assert_eq!(read_record(&write_record(&record)), Some(record));
    }

    #[test]
    fn what_no_record_can_hold_is_not_read() {
        for text in ["", "[]", "null", r#"{"a":null}"#, r#"{"a":1.5}"#, r#"{"a":[{"b":null}]}"#] {
            assert_eq!(read_record(text), None, "{text}");
        }
    }

    #[test]
    fn subjects_keep_their_order() {
        let subjects = ["user", "unit"].map(|kind| Subject { kind: kind.to_owned(), id: format!("{kind}_1") });
        assert_eq!(read_subjects(&write_subjects(&subjects)), Some(subjects.to_vec()));
    }
}
