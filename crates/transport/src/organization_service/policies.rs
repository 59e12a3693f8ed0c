use std::time::Duration;

use varco_domain::{Policies, PolicyError};
use varco_proto::v1;

use crate::fields::Fields;

/// Reads policies; a length that is absent is the default. `path` is that of the message.
pub(super) fn parse(fields: &mut Fields, path: &str, given: &v1::OrganizationPolicies) -> Policies {
    let defaults = Policies::default();
    let mut length = |field: &str, given: Option<prost_types::Duration>| {
        given.and_then(|given| fields.parse(format!("{path}.{field}"), parse_length(given)))
    };
    let policies = Policies {
        activation_link_ttl: length(ACTIVATION_LINK_TTL, given.activation_link_ttl)
            .unwrap_or(defaults.activation_link_ttl),
        pin_required: given.pin_required,
        max_password_age: length(MAX_PASSWORD_AGE, given.max_password_age),
        max_session_age: length(MAX_SESSION_AGE, given.max_session_age).unwrap_or(defaults.max_session_age),
    };
    for problem in policies.problems() {
        fields.problem(format!("{path}.{}", field_of(problem)), problem);
    }
    policies
}

const ACTIVATION_LINK_TTL: &str = "activation_link_ttl";
const MAX_PASSWORD_AGE: &str = "max_password_age";
const MAX_SESSION_AGE: &str = "max_session_age";

const fn field_of(problem: PolicyError) -> &'static str {
    match problem {
        PolicyError::ActivationLinkTtl => ACTIVATION_LINK_TTL,
        PolicyError::MaxPasswordAge => MAX_PASSWORD_AGE,
        PolicyError::MaxSessionAge => MAX_SESSION_AGE,
    }
}

/// Whole microseconds, as storage keeps them.
fn parse_length(given: prost_types::Duration) -> Result<Duration, &'static str> {
    let seconds = u64::try_from(given.seconds).ok();
    let nanos = u32::try_from(given.nanos).ok().filter(|nanos| *nanos < 1_000_000_000);
    let length = seconds.zip(nanos).map(|(seconds, nanos)| Duration::new(seconds, nanos / 1000 * 1000));
    length.ok_or("must be a length of time that is not negative")
}
