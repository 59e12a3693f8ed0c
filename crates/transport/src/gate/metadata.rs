//! What a call says beside its message.

use std::fmt::Write as _;
use std::time::Duration;

use tonic::metadata::MetadataMap;
use varco_application::Entropy;

const MAX_REQUEST_ID_LENGTH: usize = 128;

/// The token of an `authorization: Bearer …` entry (RFC 6750), if there is exactly one entry.
pub(super) fn bearer_token(metadata: &MetadataMap) -> Option<&str> {
    let mut entries = metadata.get_all("authorization").iter();
    let entry = entries.next()?.to_str().ok()?;
    if entries.next().is_some() {
        return None;
    }
    let (scheme, token) = entry.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

/// The caller's `x-request-id` if it is one to take into logs and events, else a new one.
pub(super) fn request_id(metadata: &MetadataMap, entropy: &dyn Entropy) -> String {
    let given = metadata.get("x-request-id").and_then(|value| value.to_str().ok());
    let is_plain = |id: &&str| {
        (1..=MAX_REQUEST_ID_LENGTH).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
    };
    given.filter(is_plain).map_or_else(|| new_request_id(entropy), str::to_owned)
}

fn new_request_id(entropy: &dyn Entropy) -> String {
    let mut random = [0; 12];
    entropy.fill(&mut random);
    random.iter().fold(String::with_capacity(24), |mut id, byte| {
        // Writing to a String cannot fail.
        let _ = write!(id, "{byte:02x}");
        id
    })
}

/// How long the caller is willing to wait: `grpc-timeout`, such as `100m` for 100 milliseconds.
pub(super) fn time_limit(metadata: &MetadataMap) -> Option<Duration> {
    let text = metadata.get("grpc-timeout")?.to_str().ok()?;
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if number.is_empty() || number.len() > 8 {
        return None;
    }
    let number: u64 = number.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(number * 3600)),
        "M" => Some(Duration::from_secs(number * 60)),
        "S" => Some(Duration::from_secs(number)),
        "m" => Some(Duration::from_millis(number)),
        "u" => Some(Duration::from_micros(number)),
        "n" => Some(Duration::from_nanos(number)),
        _ => None,
    }
}
