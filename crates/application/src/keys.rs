//! The keys that sign the access tokens of users: which of them signs, which are published, and how
//! one follows another.

mod life;
mod ring;
mod rotate;

pub use ring::KeyRing;
pub use rotate::rotate_keys;
