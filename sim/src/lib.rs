//! The world: hosts and the subnet between them, and the replay of scenarios in it.

mod attached;
mod bare;
mod build;
mod external;
mod failure;
mod guard;
mod netstat;
mod operator;
mod replay;
mod witness;
mod world;

pub use build::hosts;
pub use failure::Failure;
pub use replay::{Options, Outcome, replay, replay_live, replay_watched};
pub use witness::Audience;
pub use world::{Counts, Log, Outside, Waited, World};
