//! The terminal: standard output and standard error.

use std::io::{self, IsTerminal, Write};
use std::sync::OnceLock;

use anstream::AutoStream;
use clap::ColorChoice;
use imp::visible::visible_lines;
use miette::Diagnostic;
use scenario::Look;
use trace::Paper;

use crate::exit::Exit;
use crate::system::words;

/// Columns of what is not printed on a terminal: enough for the distances of the net of 1973.
const ANY_WIDTH: usize = 120;

/// Columns of a help that is not printed on a terminal, and the most on one: more are not read with ease.
const WIDEST_HELP: usize = 100;

/// A terminal that says it has fewer columns is not believed.
pub(crate) const LEAST_WIDTH: u16 = 20;

/// Where output goes, and whether it may be coloured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal {
    /// Whether standard output may be coloured.
    pub(crate) color: bool,
    /// Whether standard error may be coloured.
    pub(crate) error_color: bool,
    /// Whether a line on standard error can be written anew.
    pub(crate) can_clear: bool,
}

/// Standard output cannot be written.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("cannot print: {}", words(.0))]
pub(crate) struct PrintError(#[from] io::Error);

/// Why standard error could not be written, the first time.
static LOST: OnceLock<io::Error> = OnceLock::new();

/// Whether something else than text goes to standard output.
static DATA: OnceLock<()> = OnceLock::new();

/// Standard error as it is written from everywhere: it never fails. What could not be written is told when the command
/// [ends](Terminal::ended).
#[derive(Debug, Clone, Copy)]
pub(crate) struct StandardError;

impl Write for StandardError {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Err(error) = io::stderr().lock().write_all(bytes)
            // A reader who has gone away has seen enough.
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            LOST.get_or_init(|| error);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Terminal {
    /// The terminal of this process. Each stream is coloured if the user says so with `--color`; else `NO_COLOR`,
    /// `CLICOLOR_FORCE`, `CLICOLOR` and `TERM` decide, in this order; else whether the stream is a terminal.
    #[expect(clippy::disallowed_methods, reason = "TERM changes what is printed, not what happens")]
    pub(crate) fn new(colors: ColorChoice) -> Self {
        let color = |auto: anstream::ColorChoice| match colors {
            ColorChoice::Auto => auto != anstream::ColorChoice::Never,
            ColorChoice::Always => true,
            ColorChoice::Never => false,
        };
        let is_dumb = std::env::var_os("TERM").is_none_or(|name| name == "dumb");
        Terminal {
            color: color(AutoStream::choice(&io::stdout())),
            error_color: color(AutoStream::choice(&io::stderr())),
            can_clear: io::stderr().is_terminal() && !is_dumb,
        }
    }

    /// How errors are shown: in colour on a terminal, and not wider than it, nor than one reads with ease.
    pub(crate) fn error_look(self) -> Look {
        let width = columns(&io::stderr()).unwrap_or(Look::PLAIN.width);
        Look { color: self.error_color, width: width.min(Look::PLAIN.width) }
    }

    /// How many columns there are to print in, on a terminal or not.
    pub(crate) fn width(self) -> usize {
        columns(&io::stdout()).unwrap_or(ANY_WIDTH)
    }

    /// What standard output is printed on: as wide as asked for, else as the terminal is. What is no terminal has no end, so
    /// that the same is printed on every machine.
    pub(crate) fn paper(self, asked: Option<u16>) -> Paper {
        let width = asked.map(usize::from).or_else(|| columns(&io::stdout()));
        Paper { width, color: self.color }
    }

    /// The same of standard error.
    #[cfg(feature = "full")]
    pub(crate) fn error_paper(self) -> Paper {
        Paper { width: columns(&io::stderr()), color: self.error_color }
    }

    /// Writes text to standard output.
    ///
    /// # Errors
    /// If it cannot be written, for example because a disk is full. A reader that has gone away (`| head`) is no error.
    pub(crate) fn print(self, text: &str) -> Result<(), PrintError> {
        let mut out = io::stdout().lock();
        printed(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
    }

    /// Writes text that has no colours and quotes what others wrote, a path or a title: no control character of it reaches
    /// the terminal.
    ///
    /// # Errors
    /// As [`print`](Terminal::print).
    pub(crate) fn say(self, text: &str) -> Result<(), PrintError> {
        self.print(&visible_lines(text))
    }

    /// Writes text to standard error, if that still exists.
    pub(crate) fn tell(self, text: &str) {
        // It does not fail.
        let _ = StandardError.write_all(text.as_bytes());
    }

    /// How the command has ended, if it was to end so. Where standard error could not be written, standard output says
    /// that, unless a reader takes it for something else than text.
    pub(crate) fn ended(self, exit: Exit) -> Exit {
        let Some(error) = LOST.get() else { return exit };
        if DATA.get().is_none() {
            // Where nothing can be written, the status is all that is left.
            let _ = self.print(&format!("cannot print on standard error: {}\n", words(error)));
        }
        if exit == Exit::Held { Exit::Unusable } else { exit }
    }
}

/// Something else than text goes to standard output: a capture, a picture.
pub(crate) fn is_data() {
    DATA.get_or_init(|| ());
}

/// How many columns the help of a command has: as many as the terminal, else as the environment says.
pub(crate) fn help_width() -> usize {
    columns(&io::stdout()).or_else(said_columns).unwrap_or(WIDEST_HELP).min(WIDEST_HELP)
}

/// What became of something that was printed.
///
/// # Errors
/// As [`Terminal::print`].
pub(crate) fn printed(result: io::Result<()>) -> Result<(), PrintError> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(PrintError(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// How many columns a terminal has, if it is one. One that does not say how wide it is, as under `script` or on a serial
/// line, is as wide as the environment says.
fn columns(stream: &(impl Size + IsTerminal)) -> Option<usize> {
    if !stream.is_terminal() {
        return None;
    }
    stream.columns().filter(|columns| *columns > 0).map(believed).or_else(said_columns)
}

/// What the environment says of the terminal's columns.
#[expect(clippy::disallowed_methods, reason = "COLUMNS changes what is printed, not what happens")]
fn said_columns() -> Option<usize> {
    std::env::var("COLUMNS").ok()?.parse().ok().filter(|columns| *columns > 0).map(believed)
}

/// A width as it is used.
fn believed(columns: u16) -> usize {
    usize::from(columns.max(LEAST_WIDTH))
}

/// What a terminal says of its size.
trait Size {
    /// Its columns; 0 if it does not know. Of its rows nothing is asked: a terminal may know one and not the other.
    fn columns(&self) -> Option<u16>;
}

#[cfg(unix)]
impl<T: std::os::fd::AsFd> Size for T {
    fn columns(&self) -> Option<u16> {
        rustix::termios::tcgetwinsize(self).ok().map(|size| size.ws_col)
    }
}

#[cfg(windows)]
impl<T: std::os::windows::io::AsHandle> Size for T {
    fn columns(&self) -> Option<u16> {
        terminal_size::terminal_size_of(self).map(|(terminal_size::Width(columns), _)| columns)
    }
}
