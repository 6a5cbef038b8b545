//! Hides what is typed at the terminal.

#[cfg(unix)]
use std::io;

#[cfg(unix)]
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// The terminal does not show what is typed until this is dropped.
pub(crate) struct Hidden {
    #[cfg(unix)]
    before: Termios,
}

impl Hidden {
    /// `None` where the terminal cannot do it.
    #[cfg(unix)]
    pub(crate) fn new() -> Option<Self> {
        let before = tcgetattr(io::stdin()).ok()?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Now, &hidden).ok()?;
        Some(Hidden { before })
    }

    /// `None`: here the terminal cannot do it.
    #[cfg(not(unix))]
    pub(crate) fn new() -> Option<Self> {
        None
    }
}

#[cfg(unix)]
impl Drop for Hidden {
    fn drop(&mut self) {
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.before);
    }
}
