//! Holds the tree to what ARCHITECTURE.md and CONTRIBUTING.md promise.
//!
//! Every rule is a function that returns what violates it, and has a control: a seeded violation
//! that it must find.

mod arrows;
mod sources;

/// Fails with one violation a line.
fn assert_none(violations: &[String]) {
    assert!(violations.is_empty(), "\n{}", violations.join("\n"));
}
