//! The `arpanet` command: scenarios, nets and captures at a terminal; nets and hosts in real time.
//!
//! Everything that is not about a terminal, a file, a socket or the clock is in the crates below: [`sim`] replays,
//! [`trace`] and [`view`] show.

pub mod command;
pub mod library;
mod live;
mod progress;
mod umpire;
mod verbose;
