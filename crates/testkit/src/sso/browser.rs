use std::collections::BTreeMap;

use url::{Url, form_urlencoded};

use super::SSO_REDIRECT_URI;
use super::web::{Page, fetch};

/// How many pages a sign-in may take.
const MAX_PAGES: usize = 20;

/// What a browser brings back from a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// The parameter `state`.
    pub state: String,
    /// The parameter `code`.
    pub code: String,
    /// The parameter `iss`.
    pub issuer: String,
}

/// Somebody at a browser who goes where a provider sends it.
#[derive(Default)]
pub(super) struct Browser {
    cookies: BTreeMap<String, String>,
}

impl Browser {
    /// Goes to an address, signs in there and agrees to everything, until the provider sends it back.
    pub(super) async fn sign_in(&mut self, address: &str, login: &str) -> Returned {
        let mut url = Url::parse(address).expect("an address");
        let mut form = None;
        for _ in 0..MAX_PAGES {
            let page = self.open(&url, form.take().as_deref()).await;
            if let Some(location) = &page.location {
                url = url.join(location).expect("an address");
                if url.as_str().starts_with(SSO_REDIRECT_URI) {
                    return returned(&url);
                }
            } else {
                assert!(page.status.is_success(), "{url}: {} {}", page.status, page.text);
                url = url.join(&between(&page.text, "action=\"", "\"")).expect("a form has an address");
                form = Some(filled(&page.text, login));
            }
        }
        panic!("the provider sends the browser nowhere");
    }

    async fn open(&mut self, url: &Url, form: Option<&str>) -> Page {
        let host = format!("{}:{}", url.host_str().expect("a host"), url.port().expect("a port"));
        let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let page = fetch(&host, path, &cookies.join("; "), form).await;
        for cookie in &page.cookies {
            let (name, value) = cookie.split(';').next().and_then(|it| it.split_once('=')).expect("a cookie");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        self.cookies.retain(|_, value| !value.is_empty());
        page
    }
}

/// Fills in the form of a page: it asks who is there, or whether that is fine.
fn filled(page: &str, login: &str) -> String {
    let prompt = between(page, "name=\"prompt\" value=\"", "\"");
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("prompt", &prompt);
    if prompt == "login" {
        form.append_pair("login", login).append_pair("password", "anything");
    }
    form.finish()
}

fn between(text: &str, before: &str, after: &str) -> String {
    let found = text.split_once(before).and_then(|(_, rest)| rest.split_once(after));
    found.unwrap_or_else(|| panic!("no {before} in {text}")).0.to_owned()
}

/// Reads what an address brings.
pub(super) fn returned(url: &Url) -> Returned {
    let value = |name: &str| {
        let found = url.query_pairs().find(|(it, _)| it == name);
        found.unwrap_or_else(|| panic!("no {name} in {url}")).1.into_owned()
    };
    Returned { state: value("state"), code: value("code"), issuer: value("iss") }
}
