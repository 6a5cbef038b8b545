//! Why a simulation cannot be set up or go on.

use std::fmt;

use host::PathError;
use imp::{MeetsNothing, NetError, NoHost};
use machine::Span;
use scenario::{Errors, Look, Note};

use crate::failure::Failures;

/// What a test that uses a [`Sim`](crate::Sim) returns.
pub type Result<T = ()> = std::result::Result<T, SimError>;

/// Why a simulation cannot be set up or go on.
#[derive(thiserror::Error)]
pub enum SimError {
    /// No built-in net has this name.
    #[error("there is no net `{name}`; there are: {}", .known.join(", "))]
    NoNet {
        /// The name.
        name: String,
        /// The names of the built-in nets.
        known: Vec<String>,
    },
    /// The net is not sound.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Net(Vec<NetError>),
    /// The net has no host of this name.
    #[error("{}: {}", .0, .0.meant)]
    NoHost(#[from] NoHost),
    /// The net has this host, but the simulation does not.
    #[error("host {0} is not declared")]
    Undeclared(String),
    /// A host, the seed, the options or the monitor were to be set up after the simulation had begun.
    #[error("{0} cannot be set up any more: the simulation has begun")]
    Begun(String),
    /// The host is down.
    #[error("host {0} is down")]
    Down(String),
    /// The host was to be switched on, and is up.
    #[error("host {0} is up already")]
    Up(String),
    /// The path name is none at that host.
    #[error("{path}: {error}")]
    Path {
        /// The path name.
        path: String,
        /// What is wrong with it.
        error: PathError,
    },
    /// Messages were asked for, and the run kept only its digest.
    #[error("the records were not kept: replay with Options::RECORDS")]
    NotKept,
    /// The text of a scenario or of steps is wrong.
    #[error("{}", .0.render(false, 100))]
    Text(#[from] Errors),
    /// Steps did not hold, or a rule of the protocols was broken.
    #[error("{0}")]
    Failed(#[from] Failures),
    /// What was waited for did not come about.
    #[error("not after {within}: {what}\n{}", shown(.notes))]
    Timeout {
        /// What was waited for.
        what: String,
        /// For how long.
        within: Span,
        /// What the hosts are waiting for, what their teletypes printed last, and which rule was broken before.
        notes: Vec<Note>,
    },
    /// A fault meets nothing.
    #[error(transparent)]
    NoPart(#[from] MeetsNothing),
}

/// The notes as they stand below a failure.
fn shown(notes: &[Note]) -> String {
    notes.iter().map(|note| Look::PLAIN.note(note)).collect()
}

impl fmt::Debug for SimError {
    /// As it is displayed: it is what a test shows that returns the error.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
