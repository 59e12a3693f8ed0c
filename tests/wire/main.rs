//! The contract as clients see it: what is promised once is not changed by accident.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod documents;
mod reasons;
mod rpcs;
mod secrets;

use std::path::{Path, PathBuf};

/// A file of the repository.
fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
