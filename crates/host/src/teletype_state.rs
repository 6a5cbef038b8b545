//! The host's side of its teletype.

use std::collections::VecDeque;
use std::task::Waker;

use crate::note::Prompt;

/// What was typed at the teletype and not read yet, and which program reads.
#[derive(Debug, Default)]
pub(crate) struct TeletypeState {
    typed: VecDeque<String>,
    /// The programs that wait for a line, or did: one that gave up reading is woken in vain.
    waiting: Vec<Waker>,
    /// The task that has taken a line, until it asks for the next one.
    working: Option<u64>,
    /// What the task that waits for a line has asked for.
    asks: Option<(u64, Prompt)>,
    /// How many programs listen, while they work, for what is typed meanwhile.
    overhearing: usize,
    /// Whether a program has said since it was last asked that something was not done.
    is_not_done: bool,
}

impl TeletypeState {
    /// A person types a line.
    pub(crate) fn type_line(&mut self, line: String) {
        self.typed.push_back(line);
        self.waiting.drain(..).for_each(Waker::wake);
    }

    /// Whether something was typed that no program has finished with.
    pub(crate) fn is_busy(&self) -> bool {
        self.working.is_some() || !self.typed.is_empty()
    }

    /// How many lines were typed that no program has read.
    pub(crate) fn typed(&self) -> usize {
        self.typed.len()
    }

    /// What was typed was not done.
    pub(crate) fn not_done(&mut self) {
        self.is_not_done = true;
    }

    /// Whether something was not done since this was last asked.
    pub(crate) fn takes_not_done(&mut self) -> bool {
        std::mem::take(&mut self.is_not_done)
    }

    /// What the program that reads waits for.
    pub(crate) fn asks(&self) -> Option<&Prompt> {
        self.asks.as_ref().map(|(_, prompt)| prompt)
    }

    /// Whether a program that works on a line listens for what is typed meanwhile.
    pub(crate) fn is_overheard(&self) -> bool {
        self.overhearing > 0
    }

    /// A program listens while it works.
    pub(crate) fn listens(&mut self) {
        self.overhearing += 1;
    }

    /// It does so no longer.
    pub(crate) fn listens_no_longer(&mut self) {
        self.overhearing -= 1;
    }

    /// A program that works takes the first line that is meant for it now; what stands before waits for its turn. Without one
    /// it is woken when there may be one.
    pub(crate) fn overhear(&mut self, waker: &Waker, is_meant: impl Fn(&str) -> bool) -> Option<String> {
        let found = self.typed.iter().position(|line| is_meant(line));
        if let Some(line) = found.and_then(|place| self.typed.remove(place)) {
            return Some(line);
        }
        self.wake_later(waker);
        None
    }

    fn wake_later(&mut self, waker: &Waker) {
        if !self.waiting.iter().any(|known| known.will_wake(waker)) {
            self.waiting.push(waker.clone());
        }
    }

    /// A task asks for the next line, or is over: it has finished with the one before.
    pub(crate) fn finished(&mut self, task: u64) {
        self.working = self.working.filter(|worker| *worker != task);
        self.asks.take_if(|(asker, _)| *asker == task);
    }

    /// A task takes a line; without one it is woken when there may be one.
    pub(crate) fn take(&mut self, task: u64, waker: &Waker, prompt: &Prompt) -> Option<String> {
        self.finished(task);
        let line = self.typed.pop_front();
        if line.is_some() {
            self.working = Some(task);
            return line;
        }
        self.asks = Some((task, prompt.clone()));
        self.wake_later(waker);
        None
    }
}
