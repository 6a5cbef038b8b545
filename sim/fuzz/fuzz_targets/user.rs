//! A user's program, and a server that does anything.

#![no_main]

#[path = "../../tests/fuzz/script.rs"]
mod script;
#[path = "../../tests/fuzz/user.rs"]
mod user;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| user::fuzz_user(bytes));
