//! A host: its interface to the IMP, its NCP, its files, accounts and clock, and the programs that run on it.
//!
//! A [`Host`] is one [machine](machine::Machine) with its programs inside. Signals of the cable go in and
//! come out, and it has one deadline. The programs are ordinary `async fn`s on a [`Handle`] to their host; a
//! small executor inside the host polls them, and everything that they can wait for is a deadline or a
//! message of that host. So the same program runs on a simulated cable and on a real one, on which `live` drives
//! it (with the feature of that name).
//!
//! ```
//! use host::{Handle, Host, Program, Settings};
//! use machine::{Instant, Machine, Span};
//!
//! async fn greet(host: Handle) {
//!     host.sleep(Span::from_secs(2)).await;
//!     host.teletype().print("GOOD MORNING");
//! }
//!
//! let mut host = Host::new(Settings { programs: vec![Program::new("greeter", greet)], ..Settings::default() });
//! host.boot(Instant::START);
//! let deadline = host.deadline().expect("the program sleeps");
//! assert_eq!(deadline, Instant::from_micros(2_000_000));
//! host.alarm(deadline);
//! assert!(std::iter::from_fn(|| host.poll()).any(|output| format!("{output:?}").contains("GOOD MORNING")));
//! ```

mod accounts;
mod alarms;
mod board;
mod broken;
mod connection;
pub mod data;
mod directory;
mod door;
mod draws;
mod executor;
mod expecting;
mod files;
mod guest;
mod handle;
mod held;
mod host;
mod icp;
mod kernel;
mod lease;
#[cfg(feature = "live")]
pub mod live;
mod note;
mod operator;
mod output;
#[cfg(feature = "live")]
mod password;
mod presence;
mod shown;
mod sockets;
mod teletype;
mod teletype_state;
mod time;
pub mod typed;

pub use accounts::{Accounts, Terms};
pub use board::Board;
pub use broken::disconnect_reason;
pub use connection::{Connection, Opening};
pub use directory::Directory;
pub use executor::{Origin, Task};
pub use expecting::Expecting;
pub use files::disk;
pub use files::{
    Deleted, DirEntry, Draft, FileError, Files, Form, Limits, ListTarget, MAX_LISTED, Naming, PathError,
    PathName, Pattern, Renamed, Right, Store, Who, WriteMode, Written,
};
pub use handle::Handle;
pub use held::{Held, Owned, Running};
pub use host::{Host, Program, Settings, stream};
pub use icp::{Answering, Duplex, IcpError, IcpServer};
pub use lease::Lease;
pub use note::{Note, Prompt};
pub use operator::{Notice, Notices};
pub use output::Output;
pub use presence::{Login, Stay};
pub use shown::Shown;
pub use teletype::{INTERRUPT, Teletype};
pub use time::{Sleep, TimedOut};
