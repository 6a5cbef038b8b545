//! The `arpanet` command: scenarios, nets and captures at a terminal; nets and hosts in real time.
//!
//! Everything that is not about a terminal, a file, a socket or the clock is in the crates below: [`sim`] replays,
//! [`trace`] and [`view`] show. [`arguments`], [`understand`] and [`obey`] are the command; a [`library`](library::Library) is where it
//! finds scenarios and nets.
//!
//! Within this crate, `cli` stands on top and runs the `commands`. These read their options with what lies beside
//! them here, let nets and hosts work in real time with `live`, and return an `error`, which `cli` prints.
//!
//! All that reading and replaying do not need stands behind the feature `full`, so that a first replay does not wait for
//! sockets, passwords and logs to be compiled. Without it the command has the same arguments and help, and says what it
//! cannot do: [`needs_full`].

#[cfg(feature = "full")]
mod accounts;
#[cfg(feature = "full")]
mod addresses;
#[cfg(feature = "full")]
mod bridge_key;
mod capture_input;
mod cli;
mod collection;
mod commands;
#[cfg(feature = "full")]
mod concerns;
mod error;
mod exit;
mod folder_files;
mod help;
mod hints;
mod lenses;
pub mod library;
#[cfg(feature = "full")]
mod live;
#[cfg(feature = "full")]
mod no_echo;
mod numbers;
mod operand_error;
mod output_file;
#[cfg(feature = "full")]
mod password;
#[cfg(feature = "full")]
mod policies;
#[cfg(feature = "full")]
mod programs;
mod progress;
mod server_args;
#[cfg(feature = "full")]
mod serving;
mod shell_path;
#[cfg(feature = "full")]
mod stepper;
#[cfg(feature = "full")]
mod storage;
mod storage_args;
#[cfg(feature = "full")]
mod sweep_error;
mod system;
mod telling_error;
mod terminal;
mod usage;
mod utf8;
#[cfg(feature = "full")]
mod verbose;
#[cfg(feature = "full")]
mod wall_clock;

pub use cli::{arguments, needs_full, obey, understand, with_common};
