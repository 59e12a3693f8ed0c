use std::net::IpAddr;

use varco_application::sign_in::Origin;
use varco_proto::v1;

use crate::call::Call;
use crate::fields::Fields;

/// From where a sign-in comes.
pub(super) fn origin(call: &Call, fields: &mut Fields, client: Option<&v1::SignInClient>) -> Option<Origin> {
    let given = client.map_or("", |client| client.address.as_str());
    let parse = |text: &str| text.parse::<IpAddr>().map_err(|_| "must be an IPv4 or IPv6 address");
    let address = fields.parse_optional("client.address", given, parse);
    if address.is_none() && !given.is_empty() {
        return None;
    }
    let user_agent = client.map(|client| client.user_agent.as_str());
    Some(Origin::of(&call.env, &call.caller, address, user_agent))
}
