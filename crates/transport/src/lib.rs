//! gRPC and HTTP: parse, call, present.
