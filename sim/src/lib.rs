//! The ARPANET of January 1973 as a library: hosts, the IMPs between them, and the replay of scenarios.
//!
//! A scenario is read from its text, replayed with a seed, and asked what came of it:
//!
//! ```
//! use sim::{Options, Prepared};
//!
//! # fn main() -> sim::Result {
//! let scenario = Prepared::parse(
//!     "title Get a file\nnet three-imps\n\
//!      host SITE1  serves ftp  account SMITH password BLUE\n  file <SMITH>NOTES.TXT\n    | FIRST LINE\n\
//!      host SITE3  runs ftp\n\
//!      SITE3 types  CONNECT SITE1\nSITE3 types  LOGIN SMITH BLUE\nSITE3 types  GET NOTES.TXT COPY.TXT\n",
//! )?;
//! let outcome = scenario.replay_with(7, Options::RECORDS);
//! outcome.verdict.clone()?;
//! assert_eq!(outcome.file("SITE3", "<SMITH>COPY.TXT")?.as_deref(), Some(&b"FIRST LINE\r\n".to_vec()));
//! assert!(outcome.messages("SITE1", "SITE3")?.iter().any(|said| said.starts_with("252 ")));
//! # Ok(())
//! # }
//! ```
//!
//! A [`Sim`] does the same without a text: a net, hosts with programs of one's own, faults at times. Here a program asks
//! another host for an echo, over simulated wires:
//!
//! ```
//! use sim::host::Handle;
//! use sim::{Sim, Span};
//!
//! async fn ask(host: Handle) {
//!     let other = host.host_named("SITE2").expect("it is in the host table");
//!     host.echo(other, 42);
//! }
//!
//! # fn main() -> sim::Result {
//! let mut sim = Sim::on("three-imps")?;
//! sim.host("SITE1")?.runs("asker", ask);
//! sim.host("SITE2")?;
//! sim.wait_until("SITE2 answers", Span::from_secs(1), |now| now.messages("SITE2", "SITE1").contains(&"ERP 42"))?;
//! sim.finish()?;
//! # Ok(())
//! # }
//! ```
//!
//! The folder `examples` of this crate has more: a test in ten lines, a server and a client of one's own, a thousand
//! seeds, and a log that counts. The way down from here: [`World`] is all machines and the order in which things
//! happen; [`host::Handle`] is what a program can do; [`trace`] has the records, the transcript and the monitor;
//! [`scenario`] is the language.
//!
//! This crate knows no terminal, no socket and no clock. Real time comes in through a [`Driver`].

mod counts;
mod driver;
mod failure;
mod generator;
mod host_agenda;
mod host_table;
mod icp_by_hand;
mod inbox;
mod judge;
pub mod lab;
mod message_log;
mod netstat;
mod node;
mod outcome;
mod output;
mod play;
mod played;
mod prepared;
pub mod programs;
mod remote;
mod replay;
mod rule_check;
mod run_observer;
mod setup;
mod sim_error;
mod simulation;
mod slot;
mod socket_driver;
mod socket_orders;
mod testimony;
mod typed;
mod world;

pub use counts::Counts;
pub use driver::{Driver, Wake};
pub use failure::{Failure, FailureKind, Failures};
pub use host_table::{HostTable, TableChange};
pub use judge::Judge;
pub use outcome::{Options, Outcome};
pub use play::Play;
pub use played::{Comparison, Mark, PlayedLine};
pub use prepared::{Prepared, replay, replay_live, replay_with_progress};
pub use run_observer::{Progress, RecordSink};
pub use setup::hosts;
pub use sim_error::{Result, SimError};
pub use simulation::{HostSetup, Moment, Sim};
pub use world::{Advance, Log, World};

pub use ::scenario::{Look, Note, Report};
pub use machine::{Bits, Instant, Span};
pub use ncp::{ForeignSocket, Socket};
pub use {ftp, host, imp, imp1822, machine, ncp, scenario, trace};
