//! The ports to secrets: clock, randomness, digests, passwords, sealed page tokens.
//!
//! This crate is the one place that reads the wall clock and the system's randomness, and the one
//! that knows which algorithms stand behind the ports of `application`. It knows no storage, gRPC
//! or configuration.
//!
//! To add a purpose for the installation's key: a label in `MasterKey::derive` for it alone, so
//! that no two purposes ever share a key.

mod access_tokens;
mod aead;
mod blocklist;
mod clock;
mod entropy;
mod master_key;
mod passwords;
mod sealer;
mod secrets;
mod typed;
mod user_agents;
mod vault;

pub use access_tokens::{JwtAccessTokens, TokenScope};
pub use blocklist::CommonPasswords;
pub use clock::SystemClock;
pub use entropy::SystemEntropy;
pub use master_key::{MasterKey, MasterKeyError};
pub use passwords::{Argon2Passwords, HashParameters};
pub use sealer::AeadSealer;
pub use secrets::TokenSecrets;
pub use user_agents::WootheeAgents;
pub use vault::AeadVault;
