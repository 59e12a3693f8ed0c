//! What happens when things break: the real binary, killed under load.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod disk_full;
mod history;
mod kill_nine;
mod size;
