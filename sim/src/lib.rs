//! The world: hosts and the subnet between them, the scenario language, and the replay of scenarios.
//!
//! [`language`] reads a scenario, [`replay()`] plays it in a [`World`], [`plot`] draws the figures that it took,
//! [`survey`] and [`drawing`] show a net, and [`command`] is the `arpanet` command around them.

mod attached;
mod bare;
mod build;
pub mod command;
pub mod drawing;
mod guard;
pub mod library;
mod live;
mod netstat;
mod operator;
pub mod plot;
mod progress;
mod replay;
pub mod survey;
mod svg;
mod umpire;
mod verbose;
mod witness;
mod world;

pub use replay::{Failure, Options, Outcome, replay, replay_watched};
pub use world::{Counts, Log, World};
