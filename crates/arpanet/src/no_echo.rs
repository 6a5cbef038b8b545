//! Keeps the terminal from showing what is typed.

use std::io::{self, Read};

#[cfg(unix)]
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};

/// The terminal does not show what is typed until this is dropped.
pub(crate) struct NoEcho {
    #[cfg(unix)]
    before: Termios,
}

#[cfg(unix)]
impl NoEcho {
    /// `None` where the terminal cannot do it.
    pub(crate) fn new() -> Option<Self> {
        NoEcho::with(|_| {})
    }

    /// As [`new`](NoEcho::new); besides, no key ends or stops the process, which would leave a terminal without echo.
    /// The key that interrupts ends a line instead, as its last byte.
    fn uninterrupted() -> Option<Self> {
        NoEcho::with(|modes| {
            modes.local_modes.remove(LocalModes::ISIG);
            modes.special_codes[SpecialCodeIndex::VEOL] = modes.special_codes[SpecialCodeIndex::VINTR];
        })
    }

    fn with(change: impl FnOnce(&mut Termios)) -> Option<Self> {
        let before = tcgetattr(io::stdin()).ok()?;
        let mut changed = before.clone();
        changed.local_modes.remove(LocalModes::ECHO);
        change(&mut changed);
        tcsetattr(io::stdin(), OptionalActions::Now, &changed).ok()?;
        Some(NoEcho { before })
    }

    /// The byte of the key that interrupts.
    fn interrupt(&self) -> u8 {
        self.before.special_codes[SpecialCodeIndex::VINTR]
    }
}

#[cfg(not(unix))]
impl NoEcho {
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
impl Drop for NoEcho {
    fn drop(&mut self) {
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.before);
    }
}

/// Reads a line from standard input, without echo if that is a terminal; `ask` is called when the echo is off. `None`
/// if the user types the key that interrupts. A line of more than `longest` bytes is an error, and is not read to its end.
pub(crate) fn hidden_line(longest: usize, ask: impl FnOnce()) -> io::Result<Option<String>> {
    let no_echo = NoEcho::uninterrupted();
    ask();
    let interrupt = no_echo.as_ref().map(NoEcho::interrupt);
    let mut line = Vec::new();
    for byte in io::stdin().lock().bytes() {
        match byte? {
            b'\n' => break,
            byte if Some(byte) == interrupt => return Ok(None),
            _ if line.len() > longest => {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    format!("a line of more than {longest} bytes"),
                ));
            }
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
