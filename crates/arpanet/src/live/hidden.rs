//! Hides what is typed at the terminal.

use std::io::{self, Read};

#[cfg(unix)]
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};

/// The terminal does not show what is typed until this is dropped.
pub(crate) struct Hidden {
    #[cfg(unix)]
    before: Termios,
}

#[cfg(unix)]
impl Hidden {
    /// `None` where the terminal cannot do it.
    pub(crate) fn new() -> Option<Self> {
        Hidden::with(|_| {})
    }

    /// As [`new`](Hidden::new); and no key ends or stops the process, which would leave a terminal that shows nothing.
    /// Instead the one that interrupts ends a line, as its last byte.
    fn uninterrupted() -> Option<Self> {
        Hidden::with(|modes| {
            modes.local_modes.remove(LocalModes::ISIG);
            modes.special_codes[SpecialCodeIndex::VEOL] = modes.special_codes[SpecialCodeIndex::VINTR];
        })
    }

    fn with(change: impl FnOnce(&mut Termios)) -> Option<Self> {
        let before = tcgetattr(io::stdin()).ok()?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        change(&mut hidden);
        tcsetattr(io::stdin(), OptionalActions::Now, &hidden).ok()?;
        Some(Hidden { before })
    }

    /// The key that interrupts.
    fn interrupt(&self) -> u8 {
        self.before.special_codes[SpecialCodeIndex::VINTR]
    }
}

#[cfg(not(unix))]
impl Hidden {
    /// `None`: here the terminal cannot do it.
    pub(crate) fn new() -> Option<Self> {
        None
    }

    fn uninterrupted() -> Option<Self> {
        None
    }

    fn interrupt(&self) -> u8 {
        3
    }
}

#[cfg(unix)]
impl Drop for Hidden {
    fn drop(&mut self) {
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.before);
    }
}

/// Reads a line from standard input, hidden if that is a terminal; `ask` is called when it is. `None` if whoever types
/// interrupts it.
pub(crate) fn hidden_line(ask: impl FnOnce()) -> io::Result<Option<String>> {
    let hidden = Hidden::uninterrupted();
    ask();
    let interrupt = hidden.as_ref().map(Hidden::interrupt);
    let mut line = Vec::new();
    for byte in io::stdin().lock().bytes() {
        match byte? {
            b'\n' => break,
            byte if Some(byte) == interrupt => return Ok(None),
            byte => line.push(byte),
        }
    }
    if line.ends_with(b"\r") {
        line.pop();
    }
    String::from_utf8(line)
        .map(Some)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "this is no text"))
}
