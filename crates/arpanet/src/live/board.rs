//! The board of the control center on this terminal: draws it, and takes keys.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use host::live::Clock;
use machine::Span;
use ncc_log::Shared;
use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use tokio::sync::mpsc;
use tokio::time::sleep_until;

use super::board_view::BoardView;

/// How often the board is drawn anew, and what flashes changes.
const PHASE: Span = Span::from_millis(500);

/// At most this many keys are read ahead.
const AHEAD: usize = 32;

/// How long the thread that reads keys waits before it looks whether somebody still wants them.
const LOOK: Duration = Duration::from_millis(200);

/// What else the board tells than what the center knows.
pub(crate) struct Board {
    pub(crate) center: Shared,
    pub(crate) names: BTreeMap<u8, String>,
    pub(crate) clock: Clock,
    pub(crate) began: Span,
    /// How the IMP is, in words.
    pub(crate) imp: Rc<RefCell<String>>,
    pub(crate) color: bool,
}

/// The terminal while the board has it. It is given back when this is dropped, and if the program panics.
struct Screen(DefaultTerminal);

impl Drop for Screen {
    fn drop(&mut self) {
        ratatui::restore();
    }
}

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Nothing,
    Acknowledge,
    AcknowledgeAll,
    Rows(isize),
    End,
}

impl Board {
    /// Shows the board until a key or `stopped` ends it.
    ///
    /// # Errors
    /// The terminal cannot be used as one.
    pub(crate) async fn run(self, stopped: impl Future<Output = ()>) -> io::Result<()> {
        let mut screen = Screen(ratatui::try_init()?);
        let mut keys = keys();
        let mut stopped = pin!(stopped);
        let mut from = 0_usize;
        loop {
            let now = self.clock.now();
            let lit = (now.as_micros() / PHASE.as_micros()).is_multiple_of(2);
            {
                let center = self.center.borrow();
                let imp = self.imp.borrow();
                let view = BoardView {
                    center: &center,
                    names: &self.names,
                    now,
                    began: self.began,
                    imp: &imp,
                    from,
                    color: self.color,
                    lit,
                };
                from = from.min(view.rows().saturating_sub(1));
                screen.0.draw(|frame| BoardView { from, ..view }.draw(frame))?;
            }
            let mut tick = pin!(sleep_until(self.clock.real(now + PHASE)));
            let event = poll_fn(|cx| {
                if stopped.as_mut().poll(cx).is_ready() {
                    return Poll::Ready(Some(Asked::End));
                }
                match keys.poll_recv(cx) {
                    Poll::Ready(Some(event)) => return Poll::Ready(Some(asked(&event))),
                    // The terminal has gone.
                    Poll::Ready(None) => return Poll::Ready(Some(Asked::End)),
                    Poll::Pending => {}
                }
                tick.as_mut().poll(cx).map(|()| None)
            });
            match event.await.unwrap_or(Asked::Nothing) {
                Asked::Nothing => {}
                Asked::Acknowledge => {
                    self.center.borrow_mut().acknowledge();
                }
                Asked::AcknowledgeAll => while self.center.borrow_mut().acknowledge().is_some() {},
                Asked::Rows(count) => from = from.saturating_add_signed(count),
                Asked::End => return Ok(()),
            }
        }
    }
}

/// The events of the terminal, from a thread of its own. They end when the terminal does.
fn keys() -> mpsc::Receiver<Event> {
    let (sender, keys) = mpsc::channel(AHEAD);
    #[expect(clippy::disallowed_methods, reason = "only a thread can wait for a key")]
    std::thread::spawn(move || {
        while !sender.is_closed() {
            match event::poll(LOOK).and_then(|is_there| is_there.then(event::read).transpose()) {
                Ok(None) => {}
                Ok(Some(event)) => {
                    if sender.blocking_send(event).is_err() {
                        return;
                    }
                }
                Err(_) => return,
            }
        }
    });
    keys
}

fn asked(event: &Event) -> Asked {
    let Event::Key(KeyEvent { code, modifiers, kind: KeyEventKind::Press, .. }) = event else {
        return Asked::Nothing;
    };
    match code {
        KeyCode::Char('c' | 'd') if modifiers.contains(KeyModifiers::CONTROL) => Asked::End,
        KeyCode::Char('q') | KeyCode::Esc => Asked::End,
        KeyCode::Char('a' | ' ') | KeyCode::Enter => Asked::Acknowledge,
        KeyCode::Char('A') => Asked::AcknowledgeAll,
        KeyCode::Down | KeyCode::Char('j') => Asked::Rows(1),
        KeyCode::Up | KeyCode::Char('k') => Asked::Rows(-1),
        KeyCode::PageDown => Asked::Rows(10),
        KeyCode::PageUp => Asked::Rows(-10),
        _ => Asked::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_understood() {
        let press = |code, modifiers| asked(&Event::Key(KeyEvent::new(code, modifiers)));
        assert_eq!(press(KeyCode::Char('q'), KeyModifiers::NONE), Asked::End);
        assert_eq!(press(KeyCode::Char('c'), KeyModifiers::CONTROL), Asked::End);
        assert_eq!(press(KeyCode::Char('c'), KeyModifiers::NONE), Asked::Nothing);
        assert_eq!(press(KeyCode::Char('a'), KeyModifiers::NONE), Asked::Acknowledge);
        assert_eq!(press(KeyCode::Char('A'), KeyModifiers::SHIFT), Asked::AcknowledgeAll);
        assert_eq!(press(KeyCode::Up, KeyModifiers::NONE), Asked::Rows(-1));
        assert_eq!(asked(&Event::Resize(1, 1)), Asked::Nothing, "it is drawn anew");
    }
}
