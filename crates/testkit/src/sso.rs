//! Providers of single sign-on: one that nobody here wrote, and one that lies.

mod browser;
mod hostile;
mod id_token;
mod real;
mod web;

pub use browser::Returned;
pub use hostile::{HostileProvider, Mischief, Pending};
pub use real::OidcProvider;

/// As what every provider knows the service.
pub const SSO_CLIENT_ID: &str = "varco";

/// The service's secret at every provider.
pub const SSO_CLIENT_SECRET: &str = "a-secret-that-only-the-provider-knows";

/// Where every provider sends browsers back to. Nobody listens there: the browser is the test.
pub const SSO_REDIRECT_URI: &str = "https://app.example.com/sso/callback?tenant=1";
