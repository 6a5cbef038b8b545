//! A server, and a stranger on all its connections.

#![no_main]

#[path = "../../tests/fuzz/script.rs"]
mod script;
#[path = "../../tests/fuzz/server.rs"]
mod server;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| server::fuzz_server(bytes));
