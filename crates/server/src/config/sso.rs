use toml::{Table, Value};
use varco_outbound::Reach;

use super::document::Document;

/// `[sso]`: single sign-on by providers that organizations set up for themselves.
pub struct SsoConfig {
    /// Where providers may be.
    pub reach: Reach,
}

impl SsoConfig {
    pub(super) fn read(document: &mut Document) -> Option<Self> {
        // Off, because whoever administers an organization names the addresses that the server talks to:
        // they must not lead to what only the server can reach.
        let private_networks = document.section("sso").flag("private_networks", false)?;
        Some(Self { reach: if private_networks { Reach::Private } else { Reach::Public } })
    }

    pub(super) fn effective(&self) -> Table {
        let private_networks = Value::Boolean(self.reach == Reach::Private);
        Table::from_iter([("private_networks".to_owned(), private_networks)])
    }
}
