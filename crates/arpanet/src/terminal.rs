//! The terminal: standard output and standard error.

use std::io::{self, IsTerminal, Write};

use miette::Diagnostic;
use scenario::Look;

/// Columns of what is not printed on a terminal: enough for the distances of the net of 1973.
const ANY_WIDTH: usize = 120;

/// Where output goes, and whether it may be coloured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal {
    /// Whether standard output may be coloured.
    pub(crate) color: bool,
    /// Whether standard error may be coloured.
    pub(crate) error_color: bool,
}

/// Standard output cannot be written, although a reader is there.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("cannot print: {0}")]
pub(crate) struct PrintError(io::Error);

impl Terminal {
    /// The terminal of this process. Colours are for terminals only, and not if `NO_COLOR` is set.
    #[expect(clippy::disallowed_methods, reason = "NO_COLOR changes what is printed, not what happens")]
    pub(crate) fn new() -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Terminal {
            color: wanted && io::stdout().is_terminal(),
            error_color: wanted && io::stderr().is_terminal(),
        }
    }

    /// How errors are shown: in colour on a terminal, and not wider than it, nor than one reads with ease.
    pub(crate) fn error_look(self) -> Look {
        let terminal = terminal_size::terminal_size_of(io::stderr());
        let width =
            terminal.map_or(Look::PLAIN.width, |(terminal_size::Width(columns), _)| usize::from(columns));
        Look { color: self.error_color, width: width.min(Look::PLAIN.width) }
    }

    /// How many columns there are to print in.
    pub(crate) fn width(self) -> usize {
        let terminal = terminal_size::terminal_size_of(io::stdout());
        terminal.map_or(ANY_WIDTH, |(terminal_size::Width(columns), _)| usize::from(columns))
    }

    /// Writes text to standard output.
    ///
    /// # Errors
    /// If it cannot be written, for example because a disk is full. A reader that has gone away (`| head`) is no error.
    pub(crate) fn print(self, text: &str) -> Result<(), PrintError> {
        let mut out = io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(PrintError(error)),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Writes text to standard error, if that still exists.
    pub(crate) fn tell(self, text: &str) {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }
}
