//! Holds what clients were told against what the log and the tables say.

use std::collections::{BTreeMap, BTreeSet};

use varco_proto::v1::Event;

/// A write that was acknowledged.
#[derive(Clone, Debug)]
pub(crate) struct Acknowledged {
    pub(crate) revision: u64,
    pub(crate) kind: &'static str,
    pub(crate) unit: String,
}

/// Everything that is known when the dust has settled.
#[derive(Clone, Default)]
pub(crate) struct History {
    pub(crate) acknowledged: Vec<Acknowledged>,
    /// In the order in which the watcher got them, over all its connections.
    pub(crate) watched: Vec<Event>,
    pub(crate) head: u64,
    /// The units that the tables hold.
    pub(crate) units: BTreeSet<String>,
    /// The units at which the rebuilt index sees an assignment.
    pub(crate) assigned: BTreeSet<String>,
}

impl History {
    /// Everything that was lost, doubled, reordered or half done.
    pub(crate) fn violations(&self) -> Vec<String> {
        [self.order(), self.completeness(), self.acknowledgements(), self.halves()].concat()
    }

    fn order(&self) -> Vec<String> {
        let keys = self.watched.iter().map(|event| (event.revision, event.ordinal));
        let pairs = keys.clone().zip(keys.skip(1));
        pairs.filter(|(one, next)| one >= next).map(|pair| format!("not in order, or doubled: {pair:?}")).collect()
    }

    fn completeness(&self) -> Vec<String> {
        let seen: BTreeSet<u64> = self.watched.iter().map(|event| event.revision).collect();
        (1..=self.head)
            .filter(|revision| !seen.contains(revision))
            .map(|it| format!("revision {it} is missing"))
            .collect()
    }

    fn acknowledgements(&self) -> Vec<String> {
        let mut by_revision: BTreeMap<u64, Vec<&Event>> = BTreeMap::new();
        for event in &self.watched {
            by_revision.entry(event.revision).or_default().push(event);
        }
        let has_event = |write: &Acknowledged| {
            let events = by_revision.get(&write.revision).map(Vec::as_slice).unwrap_or_default();
            events.iter().any(|event| event.r#type == write.kind && event.subject_ids.get("unit") == Some(&write.unit))
        };
        let lost = self.acknowledged.iter().filter(|write| !has_event(write));
        lost.map(|write| format!("acknowledged and not in the log: {write:?}")).collect()
    }

    /// A row without its event, or an event without its row.
    fn halves(&self) -> Vec<String> {
        let of_kind = |kind: &str| -> BTreeSet<String> {
            let events = self.watched.iter().filter(|event| event.r#type == kind);
            events.filter_map(|event| event.subject_ids.get("unit").cloned()).collect()
        };
        let differ = |what: &str, rows: &BTreeSet<String>, events: &BTreeSet<String>| -> Vec<String> {
            rows.symmetric_difference(events).map(|unit| format!("{what} {unit}: row or event alone")).collect()
        };
        let units = differ("unit", &self.units, &of_kind("unit.created"));
        [units, differ("assignment at", &self.assigned, &of_kind("assignment.granted"))].concat()
    }
}

/// The control: the checks find what they look for.
#[test]
fn control_every_kind_of_loss_is_found() {
    let event = |revision: u64, kind: &str| Event {
        revision,
        r#type: kind.to_owned(),
        subject_ids: [("unit".to_owned(), "u".to_owned())].into(),
        ..Default::default()
    };
    let write = |revision, kind| Acknowledged { revision, kind, unit: "u".to_owned() };
    let sound = History {
        acknowledged: vec![write(1, "unit.created"), write(2, "assignment.granted")],
        watched: vec![event(1, "unit.created"), event(2, "assignment.granted")],
        head: 2,
        units: ["u".to_owned()].into(),
        assigned: ["u".to_owned()].into(),
    };
    assert_eq!(sound.violations(), Vec::<String>::new());

    type Change = fn(&mut History);
    let changes: [(&str, Change); 6] = [
        ("a lost event", |history| drop(history.watched.pop())),
        ("a doubled event", |history| history.watched.push(history.watched[1].clone())),
        ("two events swapped", |history| history.watched.swap(0, 1)),
        ("a revision that nobody saw", |history| history.head = 3),
        ("a row that is gone", |history| history.units.clear()),
        ("an assignment that the index lost", |history| history.assigned.clear()),
    ];
    for (what, change) in changes {
        let mut history = sound.clone();
        change(&mut history);
        assert_ne!(history.violations(), Vec::<String>::new(), "{what} was not found");
    }
}
