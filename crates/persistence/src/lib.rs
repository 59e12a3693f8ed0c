//! The storage ports over sea-orm, for SQLite and PostgreSQL.
