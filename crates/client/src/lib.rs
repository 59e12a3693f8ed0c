//! The Rust client of Varco.
