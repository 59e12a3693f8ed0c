//! Single sign-on: an OpenID Connect client, and the little HTTP that it needs.
//!
//! A provider is somebody else's program. Every request to one is bounded in time and size, follows no
//! redirect, and goes only where this installation lets it; what comes back counts only if the
//! provider's own keys signed it for us, for this very request, just now.

mod client;
mod http;
mod providers;
mod reach;
mod verify;

pub use client::OpenIdClient;
pub use reach::Reach;
