//! The lines of a server, and what a user makes of them.

#![no_main]

#[path = "../../tests/fuzz/lines.rs"]
#[expect(dead_code, reason = "each of the two programs runs one of the targets")]
mod lines;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lines::fuzz_reply(bytes));
