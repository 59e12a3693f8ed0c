//! The in-memory index and the decision: who may do what where.
//!
//! This crate is pure: facts in, decisions out. It knows no async, storage, gRPC or clock. An
//! [`Index`] is a snapshot that is cheap to clone; whoever publishes it clones, applies the facts
//! of a revision, advances, and swaps. The index keeps facts, never decisions.
//!
//! To add a fact: its variant in `fact.rs`, how an event tells it in `fact/read.rs`, what it
//! changes in `index/apply.rs`, and its line in the dump of `index/facts.rs`.

mod cell;
mod fact;
mod index;
mod question;
mod structure;

pub use cell::{Cell, CellFilter, Origin};
pub use fact::{CorruptEvent, Fact};
pub use index::{Index, Moment};
pub use question::{Decision, Explanation, Question, Reason};
