//! What must hold of every operation on entries, whatever the tree and the entries are. The rule
//! of effective roles is written down here a second time, so that it is tested too.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod effective;
mod mistakes;
mod properties;
mod scene;
