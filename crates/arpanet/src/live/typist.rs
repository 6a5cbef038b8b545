//! A teletype in this terminal: lines go to a program, and what it prints comes back.

use std::io::{self, BufRead, IsTerminal, Write};

use host::{Note, Prompt};
use tokio::sync::mpsc;

use super::Hidden;

/// So many lines may be typed ahead.
const AHEAD: usize = 16;

/// The paper of a teletype: standard output.
pub(crate) struct Typist {
    /// Whether a person types at a terminal, which shows what is typed.
    is_person: bool,
    /// Whether a prompt stands at the beginning of the line.
    at_prompt: bool,
    hidden: Option<Hidden>,
}

impl Typist {
    /// Begins to read lines from standard input.
    pub(crate) fn sit_down() -> (Self, mpsc::Receiver<String>) {
        let (sender, lines) = mpsc::channel(AHEAD);
        #[expect(
            clippy::disallowed_methods,
            reason = "nobody can wait for a line from a terminal but a thread"
        )]
        std::thread::spawn(move || {
            let lines = io::stdin().lock().lines().map_while(Result::ok);
            lines.map_while(|line| sender.blocking_send(line).ok()).for_each(drop);
        });
        let is_person = io::stdin().is_terminal() && io::stdout().is_terminal();
        (Typist { is_person, at_prompt: false, hidden: None }, lines)
    }

    /// Prints what happens at the teletype.
    pub(crate) fn see(&mut self, note: &Note) {
        match note {
            Note::Printed(line) => self.print(&format!("{line}\n")),
            // A terminal has shown what was typed, unless it was hidden.
            Note::Typed { line, .. } if self.is_person => {
                if line.is_none() {
                    self.print("\n");
                }
                self.at_prompt = false;
            }
            Note::Typed { prompt, line } => {
                self.print(&format!("{prompt}{}\n", line.as_deref().unwrap_or("(hidden)")));
            }
            Note::Booted | Note::Crashed | Note::Filed { .. } | Note::Deleted { .. } => {}
        }
    }

    /// A program asks for a line, or no longer does.
    pub(crate) fn asked(&mut self, asks: Option<&Prompt>) {
        if !self.is_person {
            return;
        }
        // What hid the line before is let go first.
        self.hidden = None;
        self.hidden = asks.filter(|prompt| prompt.hidden).and_then(|_| Hidden::new());
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
