//! The teletype of a live host at this terminal: lines of standard input go to its program, which prints on standard
//! output.

use std::io::{self, BufRead, IsTerminal, Write};

use host::{Note, Prompt};
use tokio::sync::mpsc;

use crate::no_echo::NoEcho;

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
        let (sender, lines) = mpsc::channel(AHEAD);
        #[expect(clippy::disallowed_methods, reason = "only a thread can wait for a line from a terminal")]
        std::thread::spawn(move || {
            let lines = io::stdin().lock().lines().map_while(Result::ok);
            lines.map_while(|line| sender.blocking_send(line).ok()).for_each(drop);
        });
        let is_terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
        (Console { is_terminal, at_prompt: false, no_echo: None }, lines)
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
