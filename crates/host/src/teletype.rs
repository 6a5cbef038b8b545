//! The teletype of a host: one person, one paper, one program that reads.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Poll, Waker};

use crate::{Handle, Note};

/// The machine side of the teletype: what was typed, and who reads it.
#[derive(Debug, Default)]
pub(crate) struct Paper {
    typed: VecDeque<String>,
    /// Who waits for a line, or did: a program that gave up reading is woken in vain.
    waiting: Vec<Waker>,
    /// The task that has taken a line, until it asks for the next one.
    working: Option<u64>,
    /// What the task that waits for a line has asked for.
    asks: Option<(u64, Prompt)>,
}

/// What a program asks the person at the teletype for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// What it has printed to ask.
    pub text: String,
    /// Whether what is typed is not to be seen: a password.
    pub hidden: bool,
}

impl Paper {
    /// A person types a line.
    pub(crate) fn type_line(&mut self, line: String) {
        self.typed.push_back(line);
        self.waiting.drain(..).for_each(Waker::wake);
    }

    /// Whether something was typed that no program has finished with.
    pub(crate) fn is_busy(&self) -> bool {
        self.working.is_some() || !self.typed.is_empty()
    }

    /// What the program that reads waits for.
    pub(crate) fn asks(&self) -> Option<&Prompt> {
        self.asks.as_ref().map(|(_, prompt)| prompt)
    }

    /// A task asks for the next line, or is over: it has finished with the one before.
    pub(crate) fn finished(&mut self, task: u64) {
        self.working = self.working.filter(|worker| *worker != task);
        self.asks.take_if(|(asker, _)| *asker == task);
    }

    /// A task takes a line; without one it is woken when there may be one.
    fn take(&mut self, task: u64, waker: &Waker, prompt: &str, hidden: bool) -> Option<String> {
        self.finished(task);
        let line = self.typed.pop_front();
        if line.is_some() {
            self.working = Some(task);
            return line;
        }
        self.asks = Some((task, Prompt { text: prompt.to_owned(), hidden }));
        if !self.waiting.iter().any(|known| known.will_wake(waker)) {
            self.waiting.push(waker.clone());
        }
        None
    }
}

/// A program's hold on the teletype of its host.
#[derive(Clone)]
pub struct Teletype {
    host: Handle,
}

impl Teletype {
    pub(crate) fn new(host: Handle) -> Self {
        Teletype { host }
    }

    /// Prints a text; each of its lines becomes a line on the paper. A middle dot shows what a teletype does not print:
    /// nobody at the other end of a connection moves the paper or rings the bell.
    pub fn print(&self, text: &str) {
        let mut kernel = self.host.kernel();
        for line in text.lines() {
            let line = line.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '·' }).collect();
            kernel.note(Note::Printed(line));
        }
    }

    /// Prints a prompt and waits for a line to be typed.
    pub async fn read(&self, prompt: &str) -> String {
        self.line(prompt, false).await
    }

    /// Prints a prompt and waits for a line that does not appear on the paper: a password.
    pub async fn read_hidden(&self, prompt: &str) -> String {
        self.line(prompt, true).await
    }

    async fn line(&self, prompt: &str, hidden: bool) -> String {
        poll_fn(|cx| {
            let kernel = &mut *self.host.kernel();
            let Some(line) = kernel.paper.take(kernel.task, cx.waker(), prompt, hidden) else {
                return Poll::Pending;
            };
            let shown = (!hidden).then(|| line.clone());
            kernel.note(Note::Typed { prompt: prompt.to_owned(), line: shown });
            Poll::Ready(line)
        })
        .await
    }
}
