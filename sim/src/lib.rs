//! The world: hosts and the subnet between them, and the replay of scenarios in it.

mod driver;
mod failure;
mod generator;
mod message_log;
mod netstat;
mod node;
mod outcome;
mod output;
mod prepared;
mod remote;
mod replay;
mod rule_check;
mod run_observer;
mod setup;
mod socket_driver;
mod world;

pub use driver::{Driver, Wake};
pub use failure::Failure;
pub use outcome::{Options, Outcome};
pub use prepared::{Prepared, replay, replay_live, replay_with_progress};
pub use run_observer::{Progress, RecordSink};
pub use setup::hosts;
pub use world::{Advance, Counts, Log, World};
