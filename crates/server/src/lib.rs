//! The varco binary: configuration, wiring, lifecycle, commands.
