//! The teletype of a live host at this terminal: lines of standard input go to its program, which prints on standard
//! output.

use std::io::{self, IsTerminal, Write};
use std::rc::Rc;

use host::live::Ending;
use host::{Note, Prompt};
use tokio::sync::{Notify, mpsc};

use super::keyboard;
use super::script::{Script, ScriptError};
use crate::no_echo::NoEcho;
use crate::terminal::{PrintError, Terminal};

/// Prints what happens at the teletype.
pub(crate) struct Console {
    /// Whether input and output are a terminal, which shows what is typed.
    is_terminal: bool,
    /// The prompt behind which a person may be typing.
    prompt: Option<String>,
    /// Keeps the line that is asked for from being shown.
    no_echo: Option<NoEcho>,
    /// What became of the lines.
    script: Script,
    /// Whether nothing more is typed after a line of a script that is not done.
    stops_on_failure: bool,
    /// Why nothing can be printed any more.
    lost: Option<io::Error>,
    /// Who wants to know that nothing more is to be typed.
    gives_up: Rc<Notify>,
}

impl Console {
    /// Begins to read standard input. Returns its lines, too.
    pub(crate) fn start(
        terminal: Terminal,
        stops_on_failure: bool,
    ) -> io::Result<(Self, mpsc::Receiver<String>)> {
        let (lines, facts) = keyboard::start(terminal)?;
        let is_typed = io::stdin().is_terminal();
        let console = Console {
            is_terminal: is_typed && io::stdout().is_terminal(),
            prompt: None,
            no_echo: None,
            script: Script::new(facts, terminal, !is_typed),
            stops_on_failure,
            lost: None,
            gives_up: Rc::default(),
        };
        Ok((console, lines))
    }

    /// Whether a script types, and no person.
    pub(crate) fn is_typed_to_by_script() -> bool {
        !io::stdin().is_terminal()
    }

    /// Is told when nothing can be printed any more, or a script is to stop.
    pub(crate) fn gives_up(&self) -> Rc<Notify> {
        Rc::clone(&self.gives_up)
    }

    /// Prints what was typed or printed at the teletype.
    pub(crate) fn see(&mut self, note: &Note) {
        if let Note::Typed { prompt, line } = note {
            self.script.typed(prompt, line.as_deref().unwrap_or(HIDDEN));
        }
        match note {
            Note::Printed(line) => self.print(&format!("{line}\n")),
            // A terminal has shown what was typed, unless it was hidden.
            Note::Typed { line, .. } if self.is_terminal => {
                self.prompt = None;
                if line.is_none() {
                    self.print("\n");
                }
            }
            Note::Typed { prompt, line } => {
                self.print(&format!("{prompt}{}\n", line.as_deref().unwrap_or(HIDDEN)));
            }
            // A prompt is printed where somebody can answer it, and else in front of the answer.
            Note::Asked(_) | Note::Booted | Note::Crashed | Note::Filed { .. } => {}
            Note::Renamed { .. } | Note::Deleted { .. } => {}
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
            self.prompt = None;
            self.print(&prompt.text);
            self.prompt = Some(prompt.text.clone());
        }
    }

    /// The program says that what was typed last was not done.
    pub(crate) fn not_done(&mut self) {
        if self.script.not_done() && self.stops_on_failure {
            self.gives_up.notify_one();
        }
    }

    /// The host is down. Returns what a script has not done, and why nothing could be printed.
    pub(crate) fn finish(self, ending: &Ending) -> (Vec<ScriptError>, Option<PrintError>) {
        let not_done = self.script.finish(ending.is_unfinished, ending.asks.as_ref());
        (not_done, self.lost.map(PrintError::from))
    }

    fn print(&mut self, text: &str) {
        let mut out = io::stdout().lock();
        let printed = match &self.prompt {
            // What comes of itself stands above the prompt, which is asked again.
            Some(prompt) => {
                let (text, width) = (text.trim_end_matches('\n'), prompt.chars().count());
                write!(out, "\r{text:width$}\n{prompt}")
            }
            None => write!(out, "{text}"),
        };
        // Nobody goes on blindly.
        if let Err(error) = printed.and_then(|()| out.flush())
            && self.lost.is_none()
        {
            self.lost = Some(error);
            self.gives_up.notify_one();
        }
    }
}

/// What is printed instead of a line that is not to be seen.
const HIDDEN: &str = "(hidden)";
