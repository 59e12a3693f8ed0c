//! The in-memory index and the decision: who may do what where; pure.
