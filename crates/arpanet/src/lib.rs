//! The `arpanet` command: scenarios, nets and captures at a terminal; nets and hosts in real time.
//!
//! Everything that is not about a terminal, a file, a socket or the clock is in the crates below: [`sim`] replays,
//! [`trace`] and [`view`] show. [`arguments`] and [`obey`] are the command; a [`library`](library::Library) is where it
//! finds scenarios and nets.
//!
//! Within this crate, `cli` stands on top and runs the `commands`. These read their options with what lies beside
//! them here, let nets and hosts work in real time with `live`, and return an `error`, which `cli` prints.

mod accounts;
mod addresses;
mod cli;
mod commands;
mod error;
mod exit;
mod lenses;
pub mod library;
mod live;
mod no_echo;
mod password;
mod policies;
mod programs;
mod progress;
mod storage;
mod terminal;
mod utf8;
mod verbose;

pub use cli::{arguments, obey};
