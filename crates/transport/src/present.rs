//! Domain values as the wire shows them.

use prost_types::{Duration, Timestamp};
use varco_decision::{Cell, Origin};
use varco_domain::Version;
use varco_proto::v1;

/// An instant.
pub(crate) fn timestamp(instant: varco_domain::Timestamp) -> Timestamp {
    let micros = instant.as_micros();
    let nanos = micros.rem_euclid(1_000_000) * 1000;
    Timestamp { seconds: micros.div_euclid(1_000_000), nanos: i32::try_from(nanos).unwrap_or(0) }
}

/// A length of time.
pub(crate) fn duration(length: std::time::Duration) -> Duration {
    Duration {
        seconds: i64::try_from(length.as_secs()).unwrap_or(i64::MAX),
        nanos: i32::try_from(length.subsec_nanos()).unwrap_or(0),
    }
}

/// The etag of a version.
pub(crate) fn etag(version: Version) -> String {
    version.get().to_string()
}

/// What a subject holds at a unit.
pub(crate) fn access_cell(cell: &Cell) -> v1::AccessCell {
    let (origin, source) = match cell.origin {
        Origin::Nothing => (v1::AccessOrigin::None, None),
        Origin::Direct => (v1::AccessOrigin::Direct, None),
        Origin::Inherited { source } => (v1::AccessOrigin::Inherited, Some(source)),
    };
    v1::AccessCell {
        subject_id: cell.subject.to_string(),
        unit_id: cell.unit.to_string(),
        role_ids: cell.roles.iter().map(ToString::to_string).collect(),
        origin: origin.into(),
        source_unit_id: source.map(|source| source.to_string()).unwrap_or_default(),
        propagates: cell.propagates,
        barrier: cell.barrier,
    }
}
