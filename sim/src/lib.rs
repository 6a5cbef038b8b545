//! The world: hosts and the subnet between them, the scenario language, and the replay of scenarios.
//!
//! [`language`] reads a scenario, [`replay()`] plays it in a [`World`], and [`command`] is the `arpanet`
//! command around both.

mod build;
pub mod language;
mod netstat;
mod operator;
mod replay;
mod witness;
mod world;

pub use replay::{Failure, Options, Outcome, replay};
pub use world::{Counts, Log, World};
