use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use varco_domain::{Client, OrganizationId};

use crate::{Caller, Environment, Identity, Principal, Scope};

/// How much of what a program says of itself is kept.
const MAX_USER_AGENT: usize = 512;

/// From where a sign-in comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// As it is shown to the user and to administrators.
    pub client: Client,
    /// As tries are counted.
    pub source: Source,
    /// Names the call in logs and events.
    pub request_id: String,
}

impl Origin {
    /// Of a call. Only a service account, which stands between the user and the service, is believed
    /// where the user is.
    pub fn of(env: &Environment, caller: &Caller, claimed: Option<IpAddr>, user_agent: Option<&str>) -> Self {
        let is_program = |principal: &Principal| matches!(principal.identity, Identity::ServiceAccount { .. });
        let gateway = match caller.principal.filter(is_program).map(|principal| principal.scope) {
            None | Some(Scope::Member(_)) => Gateway::None,
            Some(Scope::Platform) => Gateway::Platform,
            Some(Scope::Organization(organization)) => Gateway::Organization(organization),
        };
        let peer = caller.address.as_deref().and_then(|address| address.parse().ok());
        let address = claimed.filter(|_| gateway != Gateway::None).or(peer);
        let user_agent = user_agent.filter(|text| !text.is_empty()).map(|text| shortened(text, MAX_USER_AGENT));
        let agent = user_agent.as_deref().map(|text| env.user_agents.read(text)).unwrap_or_default();
        let client = Client {
            address: address.map(|address| address.to_canonical().to_string()),
            user_agent,
            browser: Some(agent.browser).filter(|text| !text.is_empty()),
            operating_system: Some(agent.operating_system).filter(|text| !text.is_empty()),
        };
        Self {
            client,
            source: Source { gateway, network: address.map(network_of) },
            request_id: caller.request_id.clone(),
        }
    }

    /// As the log names who calls.
    pub(crate) fn caller(&self) -> Caller {
        Caller { principal: None, address: self.client.address.clone(), request_id: self.request_id.clone() }
    }
}

/// Where tries come from. What one gateway says of addresses counts for that gateway alone: no tenant
/// can pass for the user of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Source {
    gateway: Gateway,
    network: Option<IpAddr>,
}

impl Source {
    /// The organization whose programs speak for it.
    pub(super) const fn organization(self) -> Option<OrganizationId> {
        match self.gateway {
            Gateway::Organization(organization) => Some(organization),
            Gateway::None | Gateway::Platform => None,
        }
    }

    #[cfg(test)]
    pub(super) fn direct(address: IpAddr) -> Self {
        Self { gateway: Gateway::None, network: Some(network_of(address)) }
    }

    #[cfg(test)]
    pub(super) fn spoken_for(self, organization: OrganizationId) -> Self {
        Self { gateway: Gateway::Organization(organization), ..self }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Gateway {
    None,
    Platform,
    Organization(OrganizationId),
}

impl fmt::Display for Source {
    /// The gateway has no space in its name, so no two sources read alike.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.gateway {
            Gateway::None => f.write_str("direct ")?,
            Gateway::Platform => f.write_str("platform ")?,
            Gateway::Organization(organization) => write!(f, "{organization} ")?,
        }
        match self.network {
            Some(network) => write!(f, "{network}"),
            None => f.write_str("unknown"),
        }
    }
}

/// An address as one somebody can hold: with IPv6 everybody has the whole last half.
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        address @ IpAddr::V4(_) => address,
    }
}

fn shortened(text: &str, max_bytes: usize) -> String {
    let mut end = text.len().min(max_bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].chars().filter(|character| !character.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> String {
        network_of(text.parse().unwrap()).to_string()
    }

    #[test]
    fn neighbors_of_ipv6_are_one_source() {
        assert_eq!(network("192.0.2.7"), "192.0.2.7");
        assert_eq!(network("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(network("2001:db8:1:2:aaaa::1"), network("2001:db8:1:2:bbbb::2"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
    }

    #[test]
    fn what_a_program_says_of_itself_is_cut_between_characters() {
        assert_eq!(shortened("caf\u{e9}", 4), "caf");
        assert_eq!(shortened("a\nb", 512), "ab");
    }
}
