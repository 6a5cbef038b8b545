//! The teletype of a host: one person, one paper, one program that reads.

use std::future::poll_fn;
use std::task::Poll;

use crate::kernel::Shared;
use crate::note::{Note, Prompt};

/// What a program that [listens](Teletype::overhear) while it works hears when the key that interrupts is struck: a line of the
/// character that a TENEX takes for that, control-C.
pub const INTERRUPT: &str = "\u{3}";

/// A program's hold on the teletype of its host.
#[derive(Clone)]
pub struct Teletype {
    kernel: Shared,
}

impl Teletype {
    pub(crate) fn new(kernel: Shared) -> Self {
        Teletype { kernel }
    }

    /// Prints a text; each of its lines becomes a line on the paper. A middle dot stands for what a teletype does not print,
    /// so that text from another host can neither move the paper nor ring the bell.
    pub fn print(&self, text: &str) {
        let mut kernel = self.kernel.borrow_mut();
        text.lines().for_each(|line| kernel.note(Note::Printed(printable(line))));
    }

    /// Prints why what was typed was not done, or not all of it. Whoever typed can read that; who hands a program its lines
    /// from a script asks the host: [`Host::takes_not_done`](crate::Host::takes_not_done).
    pub fn complain(&self, text: &str) {
        self.print(text);
        self.kernel.borrow_mut().teletype.not_done();
    }

    /// Prints a prompt and waits for a line to be typed.
    pub async fn read(&self, prompt: &str) -> String {
        self.line(prompt, false).await
    }

    /// Prints a prompt and waits for a line that does not appear on the paper: a password.
    pub async fn read_hidden(&self, prompt: &str) -> String {
        self.line(prompt, true).await
    }

    /// Waits, while the program works on something else, for a line that `is_meant` for it now, whatever was typed before:
    /// that waits until it is read. No prompt is printed, and the program counts as busy with the line before.
    pub async fn overhear(&self, is_meant: impl Fn(&str) -> bool) -> String {
        let _listens = Listening::begin(self.kernel.clone());
        poll_fn(|cx| {
            let kernel = &mut *self.kernel.borrow_mut();
            let Some(line) = kernel.teletype.overhear(cx.waker(), &is_meant) else { return Poll::Pending };
            kernel.note(Note::Typed { prompt: String::new(), line: Some(line.clone()) });
            Poll::Ready(line)
        })
        .await
    }

    async fn line(&self, prompt: &str, hidden: bool) -> String {
        let prompt = Prompt { text: printable(prompt), hidden };
        let mut has_asked = false;
        poll_fn(|cx| {
            let kernel = &mut *self.kernel.borrow_mut();
            // It is printed once, also if somebody has typed already.
            if !std::mem::replace(&mut has_asked, true) {
                kernel.note(Note::Asked(prompt.clone()));
            }
            let Some(line) = kernel.teletype.take(kernel.task, cx.waker(), &prompt) else {
                return Poll::Pending;
            };
            let shown = (!hidden).then(|| line.clone());
            kernel.note(Note::Typed { prompt: prompt.text.clone(), line: shown });
            Poll::Ready(line)
        })
        .await
    }
}

/// A program listens to the teletype while it works, for as long as this is held.
struct Listening {
    kernel: Shared,
    /// The incarnation of the host in which it does.
    incarnation: u64,
}

impl Listening {
    fn begin(shared: Shared) -> Self {
        let kernel = &mut *shared.borrow_mut();
        kernel.teletype.listens();
        Listening { incarnation: kernel.incarnation, kernel: shared.clone() }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let kernel = &mut *self.kernel.borrow_mut();
        // After a crash there is another teletype.
        if kernel.incarnation == self.incarnation {
            kernel.teletype.listens_no_longer();
        }
    }
}

/// A line as a teletype prints it.
fn printable(line: &str) -> String {
    let is_printable = |c: char| c.is_ascii_graphic() || c == ' ';
    match line.chars().all(is_printable) {
        true => line.to_owned(),
        false => line.chars().map(|c| if is_printable(c) { c } else { '·' }).collect(),
    }
}
