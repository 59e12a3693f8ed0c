//! What users, roles, units and entries are and what may happen to them; pure.
