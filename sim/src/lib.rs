//! The world: hosts and the subnet between them, the scenario language, and the replay of scenarios.
//!
//! [`language`] reads a scenario, [`replay()`] plays it in a [`World`], and [`command`] is the `arpanet`
//! command around both.

mod build;
pub mod command;
mod guard;
pub mod language;
pub mod library;
mod netstat;
mod operator;
mod progress;
mod replay;
mod verbose;
mod witness;
mod world;

pub use replay::{Failure, Options, Outcome, replay, replay_watched};
pub use world::{Counts, Log, World};
