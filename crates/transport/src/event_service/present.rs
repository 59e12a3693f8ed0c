use prost_types::value::Kind;
use prost_types::{ListValue, Struct};
use varco_domain::{Actor, Event, Record, Value};
use varco_proto::v1;

use crate::present::timestamp;

/// An event as the wire shows it.
pub(super) fn event(event: &Event) -> v1::Event {
    let subjects = event.subjects.iter().map(|subject| (subject.kind.clone(), subject.id.clone()));
    v1::Event {
        revision: event.revision.get(),
        ordinal: event.ordinal,
        event_time: Some(timestamp(event.occurred_at)),
        organization_id: event.organization.map(|organization| organization.to_string()).unwrap_or_default(),
        r#type: event.kind.as_str().to_owned(),
        subject_ids: subjects.collect(),
        actor: Some(actor(event)),
        request_id: event.request_id.clone(),
        before: event.before.as_ref().map(record),
        after: event.after.as_ref().map(record),
    }
}

fn actor(event: &Event) -> v1::Actor {
    let (kind, id) = match event.actor {
        Actor::System => (v1::ActorKind::System, String::new()),
        Actor::ServiceAccount(account) => (v1::ActorKind::ServiceAccount, account.to_string()),
    };
    v1::Actor { kind: kind.into(), actor_id: id, address: event.address.clone().unwrap_or_default() }
}

fn record(record: &Record) -> Struct {
    Struct { fields: record.0.iter().map(|(name, it)| (name.clone(), value(it))).collect() }
}

fn value(value: &Value) -> prost_types::Value {
    let kind = match value {
        Value::Text(text) => Kind::StringValue(text.clone()),
        // `Struct` knows only doubles, which hold whole numbers up to 2^53.
        #[expect(clippy::cast_precision_loss, reason = "records hold whole numbers up to 2^53")]
        Value::Integer(number) => Kind::NumberValue(*number as f64),
        Value::Flag(flag) => Kind::BoolValue(*flag),
        Value::List(values) => Kind::ListValue(ListValue { values: values.iter().map(self::value).collect() }),
        Value::Record(inner) => Kind::StructValue(record(inner)),
    };
    prost_types::Value { kind: Some(kind) }
}
