//! The lines that a script types to a live host, and which of them were not done.

use std::io;
use std::sync::mpsc::Receiver;

use host::Prompt;
use imp::visible::visible;
use miette::Diagnostic;

use super::keyboard::Fact;
use crate::system::words;
use crate::terminal::Terminal;

/// What was not done of a script.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum ScriptError {
    #[error("standard input, line {0} was not done")]
    #[diagnostic(help("below that line the program says why"))]
    NotDone(Command),
    #[error("standard input, {count} lines were not done, the first is {first}")]
    #[diagnostic(help("below each the program says why"))]
    SeveralNotDone { count: usize, first: Command },
    #[error("standard input, line {0}: it was taken down before the program had finished with it")]
    Unfinished(Command),
    #[error("standard input, line {command} was not done: nothing answers {question:?}")]
    #[diagnostic(help("the next line is the answer"))]
    Unanswered { command: Command, question: String },
    #[error("standard input: it was taken down before line {0} was typed")]
    NotTyped(usize),
    #[error("standard input, line {0} was not typed")]
    Left(usize),
    #[error("standard input: {}", words(.0))]
    Broken(io::Error),
    #[error("standard input was not read to its end")]
    BrokenOff,
}

/// A command that was typed, as the paper shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Command {
    line: usize,
    text: String,
}

impl std::fmt::Display for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.line, visible(&self.text))
    }
}

/// Follows the lines of standard input through the program to which they are typed.
pub(crate) struct Script {
    facts: Receiver<Fact>,
    terminal: Terminal,
    /// Whether it is one: who types at a terminal sees himself what is not done.
    is_script: bool,
    /// What was typed last that was no answer to a question.
    command: Option<Command>,
    /// How many were not done, the first of them, and the last.
    not_done: usize,
    first: Option<Command>,
    last: Option<Command>,
    /// The first line that could not be typed.
    left: Option<usize>,
    end: Option<Fact>,
}

impl Script {
    /// The script of which these are the facts. What is not done is told as soon as it is known.
    pub(crate) fn new(facts: Receiver<Fact>, terminal: Terminal, is_script: bool) -> Self {
        let (command, first, last, left, end) = (None, None, None, None, None);
        Script { facts, terminal, is_script, command, not_done: 0, first, last, left, end }
    }

    /// The next line is typed; the paper shows this of it.
    pub(crate) fn typed(&mut self, prompt: &str, shown: &str) {
        let Some(line) = self.next_line() else { return };
        let prompt = Prompt { text: prompt.to_owned(), hidden: false };
        // A name or a password that is asked for belongs to the command that asked.
        if prompt.is_ready_sign() || self.command.is_none() {
            self.command = Some(Command { line, text: shown.to_owned() });
        }
    }

    /// The program says that the last command was not done. Returns whether that is a line of a script.
    pub(crate) fn not_done(&mut self) -> bool {
        let Some(command) = self.command.as_ref().filter(|_| self.is_script) else { return false };
        if self.last.as_ref() == Some(command) {
            return true;
        }
        self.terminal.tell(&format!("standard input, line {command} was not done\n"));
        self.not_done += 1;
        self.first.get_or_insert_with(|| command.clone());
        self.last = Some(command.clone());
        true
    }

    /// The host is down. Returns what was not done. `is_unfinished`: whether the program had not finished with a line;
    /// `asks`: what it waited for to be typed.
    pub(crate) fn finish(mut self, is_unfinished: bool, asks: Option<&Prompt>) -> Vec<ScriptError> {
        if !self.is_script {
            return Vec::new();
        }
        let next = self.next_line();
        let mut errors = Vec::new();
        match (self.not_done, self.first.take()) {
            (0, _) | (_, None) => {}
            (1, Some(only)) => errors.push(ScriptError::NotDone(only)),
            (count, Some(first)) => errors.push(ScriptError::SeveralNotDone { count, first }),
        }
        errors.extend(self.left.map(ScriptError::Left));
        if is_unfinished {
            errors.extend(self.command.take().map(ScriptError::Unfinished));
        }
        // Who only waits for the next command has done the one before.
        if let Some(prompt) = asks.filter(|prompt| !prompt.is_ready_sign())
            && let Some(command) = self.command.take()
        {
            errors.push(ScriptError::Unanswered { command, question: prompt.text.trim().to_owned() });
        }
        errors.extend(next.map(ScriptError::NotTyped));
        match self.end {
            Some(Fact::Broken(error)) => errors.push(ScriptError::Broken(error)),
            Some(Fact::Ended) => {}
            Some(Fact::Goes(_) | Fact::Left(_)) | None if self.is_broken_off() => {
                errors.push(ScriptError::BrokenOff);
            }
            Some(Fact::Goes(_) | Fact::Left(_)) | None => {}
        }
        errors
    }

    /// The next line that goes to the program, if one is known.
    fn next_line(&mut self) -> Option<usize> {
        while let Ok(fact) = self.facts.try_recv() {
            match fact {
                Fact::Goes(line) => return Some(line),
                Fact::Left(line) => {
                    self.left.get_or_insert(line);
                }
                Fact::Ended | Fact::Broken(_) => self.end = Some(fact),
            }
        }
        None
    }

    /// Whether the reader of standard input has ended without saying that the input has.
    fn is_broken_off(&self) -> bool {
        self.facts.try_recv().is_err_and(|error| error == std::sync::mpsc::TryRecvError::Disconnected)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    /// What is said at the end of a script of which these are the facts, after this was done with it.
    fn said(facts: Vec<Fact>, is_unfinished: bool, act: impl FnOnce(&mut Script)) -> Vec<String> {
        let (sender, receiver) = channel();
        facts.into_iter().for_each(|fact| sender.send(fact).expect("it listens"));
        drop(sender);
        let mut script = Script::new(receiver, Terminal::new(clap::ColorChoice::Never), true);
        act(&mut script);
        let asks = Prompt { text: "*".to_owned(), hidden: false };
        script.finish(is_unfinished, Some(&asks)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_command_that_was_not_done_is_told_with_its_line_in_the_input() {
        let facts = || vec![Fact::Goes(1), Fact::Left(2), Fact::Goes(3), Fact::Goes(4), Fact::Ended];
        let all = |script: &mut Script| {
            script.typed("*", "CONNECT SITE1");
            script.typed("*", "LOGIN SMITH");
            script.typed("PASSWORD: ", "(hidden)");
        };
        assert_eq!(said(facts(), false, all), ["standard input, line 2 was not typed"]);
        let refused = said(facts(), false, |script| {
            all(script);
            script.not_done();
            script.not_done();
        });
        assert_eq!(
            refused[0], "standard input, line 3 (LOGIN SMITH) was not done",
            "the command, and not the password"
        );
        let both = said(facts(), false, |script| {
            script.typed("*", "CONNECT SITE9");
            script.not_done();
            script.typed("*", "GET A B");
            script.not_done();
            script.typed("*", "BYE");
        });
        assert_eq!(both[0], "standard input, 2 lines were not done, the first is 1 (CONNECT SITE9)");
    }

    #[test]
    fn what_a_host_that_is_taken_down_had_still_to_do_is_told() {
        let facts = vec![Fact::Goes(1), Fact::Goes(2), Fact::Ended];
        let stopped = said(facts, true, |script| script.typed("*", "GET A B"));
        let unfinished =
            "standard input, line 1 (GET A B): it was taken down before the program had finished with it";
        assert_eq!(stopped, [unfinished, "standard input: it was taken down before line 2 was typed"]);
        let all_done = vec![Fact::Goes(1), Fact::Ended];
        assert_eq!(said(all_done, false, |script| script.typed("*", "HELP")), [""; 0]);
    }

    #[test]
    fn a_script_that_ends_where_its_program_asks_something_has_not_done_the_command() {
        let (sender, receiver) = channel();
        [Fact::Goes(1), Fact::Ended].into_iter().for_each(|fact| sender.send(fact).expect("it listens"));
        let mut script = Script::new(receiver, Terminal::new(clap::ColorChoice::Never), true);
        script.typed("*", "LOGIN SMITH");
        let asks = Prompt { text: "PASSWORD: ".to_owned(), hidden: true };
        let said: Vec<String> = script.finish(false, Some(&asks)).iter().map(ToString::to_string).collect();
        let expected = "standard input, line 1 (LOGIN SMITH) was not done: nothing answers \"PASSWORD:\"";
        assert_eq!(said, [expected], "whoever sees status 0 thinks that it was logged in");
    }

    #[test]
    fn an_input_that_breaks_is_no_input_that_ends() {
        let folder = Fact::Broken(io::ErrorKind::IsADirectory.into());
        assert_eq!(said(vec![folder], false, |_| {}), ["standard input: that is a folder"]);
        assert_eq!(
            said(vec![], false, |_| {}),
            ["standard input was not read to its end"],
            "the reader is gone"
        );
    }
}
