//! The scenario language, and the net files in the same notation.
//!
//! [`parse`] reads a scenario and [`parse_net`] a net; both take text and return plain data. Everything that is wrong with
//! a file is told at once, in [`Errors`]. [`write`](write()) makes text of a scenario again, which a program may have changed.
//! Nothing is played here, and no file is opened: a scenario's net comes from
//! [`Nets`].
//!
//! ```text
#![doc = include_str!("language.txt")]
//! ```

pub mod ast;
mod characters;
mod choice;
mod comments;
mod context;
mod description;
mod drawn_faults;
mod errors;
mod expectations;
mod faults;
mod file;
mod files;
mod heading;
mod host_steps;
mod hosts;
mod keywords;
mod layout;
pub mod library;
mod lists;
mod look;
mod measurements;
mod names;
mod ncp_clauses;
mod net;
mod orders;
mod outside;
mod place;
mod quantity;
mod scenario;
mod server_clauses;
mod slips;
mod sockets;
mod standing;
mod steps;
mod sweep;
#[cfg(test)]
mod tests;
mod texts;
mod timing;
mod traffic;
mod verbs;
mod whole_run;
mod words;
mod write;

pub use ast::Scenario;
pub use description::{LANGUAGE, NET_LANGUAGE, forms};
pub use errors::{Errors, Mistake};
pub use files::read_right;
pub use heading::{Nets, NoNet};
pub use imp::nearest;
pub use layout::{laid_out, means_the_same};
pub use look::{Look, Note, Report};
pub use net::parse_net;
pub use quantity::read_span;
pub use scenario::{parse, parse_steps};
pub use write::{on_net, write, write_commented};
