use toml::{Table, Value};
use varco_credentials::TokenScope;

use super::document::Document;

/// `[tokens]`: what the access tokens of users say of where they come from and whom they are for.
/// Without both, a token of another installation could pass for one of this.
pub struct TokensConfig {
    /// Who issues, and for whom.
    pub scope: TokenScope,
}

impl TokensConfig {
    pub(super) fn read(document: &mut Document) -> Option<Self> {
        let mut section = document.section("tokens");
        let issuer = section.text("issuer");
        let audience = section.text("audience");
        if issuer.is_none() {
            let problem = "must be given: the URL at which others reach the HTTP port, such as \
                           https://varco.example.com; below it the keys that verify tokens are published";
            section.problem("issuer", problem);
        }
        if audience.is_none() {
            section
                .problem("audience", "must be given: what tokens are for, such as varco or the name of your platform");
        }
        let issuer = issuer.filter(|issuer| is_url(issuer).map_err(|it| section.problem("issuer", it)).is_ok())?;
        Some(Self { scope: TokenScope { issuer, audience: audience? } })
    }

    pub(super) fn effective(&self) -> Table {
        let TokenScope { issuer, audience } = &self.scope;
        let value = |text: &String| Value::String(text.clone());
        Table::from_iter([("issuer".to_owned(), value(issuer)), ("audience".to_owned(), value(audience))])
    }
}

/// Compared character by character by whoever verifies tokens, so it has to be spelled in one way.
fn is_url(issuer: &str) -> Result<(), &'static str> {
    let host = issuer.strip_prefix("https://").or_else(|| issuer.strip_prefix("http://"));
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#".contains(&byte));
    match host {
        Some(host) if !host.is_empty() && is_plain(host) && !host.ends_with('/') => Ok(()),
        _ => Err("must be a URL that begins with https:// or http:// and ends without a slash"),
    }
}
