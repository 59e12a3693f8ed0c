//! The harness of the tests: servers, databases, actors; never shipped.
