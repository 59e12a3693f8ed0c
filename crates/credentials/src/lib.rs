//! The ports to secrets: clock, randomness, digests, sealed page tokens.
