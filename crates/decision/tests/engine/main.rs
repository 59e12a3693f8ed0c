//! The engine against things that share no code with it: a naive model, the conformance vectors,
//! and itself built anew. Each check has a control: a seeded mistake that it must find.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod access;
mod agreement;
mod cells;
mod dice;
mod events;
mod mistake;
mod model;
mod naive;
mod operation;
mod rebuild;
mod stages;
mod story;
mod vectors;
mod world;
