//! Persistent structures: a clone is free, a change copies only what lies on its way.

mod bits;
mod packed_set;
mod row;
mod shared;
mod table;

pub(crate) use bits::Bits;
pub(crate) use packed_set::PackedSet;
pub(crate) use table::Table;
