//! Logs, traces and metrics: one init, one guard.
