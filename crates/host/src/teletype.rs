//! The teletype of a host: one person, one paper, one program that reads.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Poll, Waker};

use crate::{Handle, Note};

/// The machine side of the teletype: what was typed, and whether a program reads it.
#[derive(Debug, Default)]
pub(crate) struct Paper {
    typed: VecDeque<String>,
    reader: Reader,
}

#[derive(Debug, Default)]
enum Reader {
    /// No program has read a line yet.
    #[default]
    None,
    /// A program waits for a line.
    Waiting(Waker),
    /// A program has taken a line and works on it.
    Working,
}

impl Paper {
    /// A person types a line.
    pub(crate) fn type_line(&mut self, line: String) {
        self.typed.push_back(line);
        if let Reader::Waiting(waker) = &self.reader {
            waker.wake_by_ref();
        }
    }

    /// Whether something was typed that no program has finished with.
    pub(crate) fn is_busy(&self) -> bool {
        match self.reader {
            Reader::None | Reader::Waiting(_) => !self.typed.is_empty(),
            Reader::Working => true,
        }
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

    /// Prints a text; each of its lines becomes a line on the paper.
    pub fn print(&self, text: &str) {
        let mut kernel = self.host.kernel();
        text.lines().for_each(|line| kernel.note(Note::Printed(line.to_owned())));
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
            let mut kernel = self.host.kernel();
            let Some(line) = kernel.paper.typed.pop_front() else {
                kernel.paper.reader = Reader::Waiting(cx.waker().clone());
                return Poll::Pending;
            };
            kernel.paper.reader = Reader::Working;
            let shown = (!hidden).then(|| line.clone());
            kernel.note(Note::Typed { prompt: prompt.to_owned(), line: shown });
            Poll::Ready(line)
        })
        .await
    }
}
