//! The teletype of a live host at this terminal: lines of standard input go to its program, which prints on standard
//! output.

use std::io::{self, BufRead, IsTerminal, Write};

use host::{Note, Prompt};
use tokio::sync::mpsc;

use crate::no_echo::NoEcho;

use crate::utf8::{NotUtf8, SAVE_AS_UTF8, decode};

/// At most this many lines are read ahead of the program.
const AHEAD: usize = 16;

/// Prints what happens at the teletype.
pub(crate) struct Console {
    /// Whether input and output are a terminal, which shows what is typed.
    is_terminal: bool,
    /// Whether a prompt stands at the beginning of the line.
    at_prompt: bool,
    /// Keeps the line that is asked for from being shown.
    no_echo: Option<NoEcho>,
}

impl Console {
    /// Begins to read standard input. Returns its lines, too.
    pub(crate) fn start() -> (Self, mpsc::Receiver<String>) {
        let (sender, receiver) = mpsc::channel(AHEAD);
        #[expect(clippy::disallowed_methods, reason = "only a thread can wait for a line from a terminal")]
        std::thread::spawn(move || {
            let typed = lines(io::stdin().lock(), |wrong| {
                // If the terminal is gone, there is nowhere to say so.
                let _ =
                    writeln!(io::stderr(), "standard input, {wrong}: this line is not typed; {SAVE_AS_UTF8}");
            });
            typed.map_while(|line| sender.blocking_send(line).ok()).for_each(drop);
        });
        let is_terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
        (Console { is_terminal, at_prompt: false, no_echo: None }, receiver)
    }

    /// Prints what was typed or printed at the teletype.
    pub(crate) fn see(&mut self, note: &Note) {
        match note {
            Note::Printed(line) => self.print(&format!("{line}\n")),
            // A terminal has shown what was typed, unless it was hidden.
            Note::Typed { line, .. } if self.is_terminal => {
                if line.is_none() {
                    self.print("\n");
                }
                self.at_prompt = false;
            }
            Note::Typed { prompt, line } => {
                self.print(&format!("{prompt}{}\n", line.as_deref().unwrap_or("(hidden)")));
            }
            // A prompt is printed where somebody can answer it, and else in front of the answer.
            Note::Asked(_) | Note::Booted | Note::Crashed | Note::Filed { .. } | Note::Deleted { .. } => {}
        }
    }

    /// A program asks for a line, or no longer does.
    pub(crate) fn asked(&mut self, asks: Option<&Prompt>) {
        if !self.is_terminal {
            return;
        }
        // The echo of the line before is restored first.
        self.no_echo = None;
        self.no_echo = asks.filter(|prompt| prompt.hidden).and_then(|_| NoEcho::new());
        if let Some(prompt) = asks {
            self.print(&prompt.text);
            self.at_prompt = true;
        }
    }

    fn print(&mut self, text: &str) {
        let mut out = io::stdout().lock();
        let newline = if std::mem::take(&mut self.at_prompt) && text != "\n" { "\n" } else { "" };
        // A reader who has gone away is no reason to stop.
        let _ = write!(out, "{newline}{text}").and_then(|()| out.flush());
    }
}

/// The lines of an input up to its end, without their ends. Those that are not in UTF-8 are told and left out.
fn lines(input: impl BufRead, tell: impl Fn(NotUtf8)) -> impl Iterator<Item = String> {
    let numbered = (1..).zip(input.split(b'\n').map_while(Result::ok));
    numbered.filter_map(move |(number, mut line)| {
        line.pop_if(|last| *last == b'\r');
        decode(line).map_err(|wrong| tell(NotUtf8 { line: number, ..wrong })).ok()
    })
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn a_line_that_is_not_in_utf8_is_told_and_the_next_one_is_typed() {
        let told = RefCell::new(Vec::new());
        let input: &[u8] = b"HELP\r\nQUOTE caf\xe9\n\nQUOTE NOOP\nQUOTE \xff\nHELP";
        let typed: Vec<String> = lines(input, |wrong| told.borrow_mut().push(wrong.to_string())).collect();
        assert_eq!(typed, ["HELP", "", "QUOTE NOOP", "HELP"]);
        let expected = ["line 2, byte 10: 0xe9 is not in UTF-8", "line 5, byte 7: 0xff is not in UTF-8"];
        assert_eq!(told.into_inner(), expected);
    }
}
