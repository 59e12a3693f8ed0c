//! Who holds which roles where.

mod clear;

pub(crate) use clear::clear_units;
