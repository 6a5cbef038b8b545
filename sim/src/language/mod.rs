//! The scenario language, and the net files in the same notation.
//!
//! One statement on a line, in plain words; it is read aloud in class. `#` begins a comment. Indented lines
//! belong to the statement above. Words of the language may be written in either case, and so may the names
//! of hosts. Numbers are decimal, or octal behind `0o`; durations have a unit: `20us`, `125ms`, `1.5s`,
//! `2min`. What is typed, seen or cited, a title, and a file's line behind its `|` run to the end of the
//! line and keep a `#`; the text of a message or of an error ends before a comment.
//!
//! ```text
//! title TEXT                       what the scenario shows; required
//! cites TEXT                       a document that it illustrates; any number of them
//! net   NAME                       a known net, or FILE.net beside the scenario; required
//! seed  N                          of the random numbers; 0
//! limit SPAN                       the longest that the run may take; 60min
//! fails TEXT                       the run must fail, with an error that holds the text
//!
//! host NAME CLAUSE ...             clauses may also stand below, indented
//!   serves ftp [edition rfc354|rfc438|rfc478]
//!   runs rsexec|ftp
//!   account NAME password WORD
//!   knows HOST as NAME password WORD
//!   file PATH                      and its lines below, behind `|`
//!   file PATH of N bytes
//!   refuses unmatched requests
//!   queues requests for SPAN
//!   is down
//!
//! [at SPAN | +SPAN] [within SPAN] STEP
//!   HOST types TEXT
//!   HOST sees TEXT                 may have `within`
//!   wait for HOST -> HOST TEXT     may have `within`
//!   HOST inits SOCKET to HOST SOCKET [size N]
//!   HOST listens SOCKET [for HOST [SOCKET]] [size N]
//!   HOST closes SOCKET
//!   HOST crashes|restarts
//!   line IMP to IMP fails|heals
//!   imp IMP crashes|restarts
//!   expect HOST file PATH          and its lines below, behind `|`
//!   expect HOST file PATH of N bytes
//!   expect HOST file PATH same as HOST PATH
//!   expect HOST no file PATH
//!   expect HOST saw TEXT
//!   expect [no] HOST -> HOST [TEXT]
//!   expect no file data through HOST
//!   expect HOST has no connections
//! ```
//!
//! Everything that is wrong with a file is told at once, in [`Errors`].

pub mod ast;
mod errors;
mod file;
mod hosts;
mod names;
pub(crate) mod nearest;
mod net;
mod quantity;
mod scenario;
mod steps;
#[cfg(test)]
mod tests;
mod words;

pub use ast::Scenario;
pub use errors::{Errors, Mistake};
pub use net::net;
pub use scenario::{Nets, scenario};
