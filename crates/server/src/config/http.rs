use toml::{Table, Value};

use super::document::Document;
use super::values::ListenAddress;

const LISTEN: &str = "127.0.0.1:8080";

/// `[http]`: the port of `/livez` and `/readyz`.
pub struct HttpConfig {
    /// Where it listens.
    pub listen: ListenAddress,
}

impl HttpConfig {
    pub(super) fn read(document: &mut Document) -> Option<Self> {
        let listen = document.section("http").parse("listen", LISTEN, ListenAddress::parse);
        Some(Self { listen: listen? })
    }

    pub(super) fn effective(&self) -> Table {
        Table::from_iter([("listen".to_owned(), Value::String(self.listen.to_string()))])
    }
}
