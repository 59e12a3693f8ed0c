//! What the service does: one use case a function, and the ports it needs.
