//! Domain values as the wire shows them.

use prost_types::{Duration, Timestamp};
use varco_domain::Version;

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
