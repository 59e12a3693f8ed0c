use prost_types::value::Kind;
use prost_types::{ListValue, Struct};
use varco_application::Caller;
use varco_domain::{Actor, Event, Record, SubjectId, Value};
use varco_proto::v1;

use crate::present::timestamp;

/// An event as the wire shows it to a caller.
pub(super) fn event(event: &Event, caller: &Caller) -> v1::Event {
    let knows_actor = may_know_actor(event, caller);
    let subjects = event.subjects.iter().map(|subject| (subject.kind.clone(), subject.id.clone()));
    v1::Event {
        revision: event.revision.get(),
        ordinal: event.ordinal,
        event_time: Some(timestamp(event.occurred_at)),
        organization_id: event.organization.map(|organization| organization.to_string()).unwrap_or_default(),
        r#type: event.kind.as_str().to_owned(),
        subject_ids: subjects.collect(),
        actor: Some(actor(event, knows_actor)),
        request_id: if knows_actor { event.request_id.clone() } else { String::new() },
        before: event.before.as_ref().map(record),
        after: event.after.as_ref().map(record),
    }
}

/// Who acts in several organizations at once, as the home of an account that is removed, is known
/// in each by what happened and not by who, from where and in which call.
fn may_know_actor(event: &Event, caller: &Caller) -> bool {
    let is_from_here = match event.actor {
        Actor::System => true,
        Actor::Subject { organization, .. } => organization == event.organization,
    };
    is_from_here || caller.is_operator()
}

fn actor(event: &Event, is_known: bool) -> v1::Actor {
    let (kind, id) = match event.actor {
        Actor::System => (v1::ActorKind::System, None),
        Actor::Subject { id: id @ SubjectId::User(_), .. } => (v1::ActorKind::User, Some(id)),
        Actor::Subject { id: id @ SubjectId::ServiceAccount(_), .. } => (v1::ActorKind::ServiceAccount, Some(id)),
    };
    let actor_id = id.filter(|_| is_known).map(|id| id.to_string()).unwrap_or_default();
    let address = event.address.clone().filter(|_| is_known).unwrap_or_default();
    v1::Actor { kind: kind.into(), actor_id, address }
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
