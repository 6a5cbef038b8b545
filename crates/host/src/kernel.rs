//! What the programs of a host share: its clock, its NCP, its files, its teletype.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Waker;

use imp1822::{FromImp, HostAddress, Interface, News, Signal};
use machine::{Bits, Instant, Machine, Sorted};
use ncp::{ByteSize, CloseReason, ConnectionId, Event, ForeignSocket, Ncp, Reached, Start};
use tokio::sync::mpsc;

use crate::alarms::Alarms;
use crate::draws::Draws;
use crate::executor::{Origin, Spawned};
use crate::operator::Operator;
use crate::presence::Presence;
use crate::shown::Boards;
use crate::sockets::Sockets;
use crate::teletype_state::TeletypeState;
use crate::{Accounts, Directory, Files, Note, Output};

/// A kernel as the host, its programs and what they hold share it.
pub(crate) type Shared = Rc<RefCell<Kernel>>;

/// The state of a host apart from its programs, which hold a [`Handle`](crate::Handle) to it.
pub(crate) struct Kernel {
    pub(crate) name: String,
    pub(crate) address: HostAddress,
    pub(crate) directory: Arc<Directory>,
    pub(crate) now: Instant,
    /// The task that is being polled, or was the last to be.
    pub(crate) task: u64,
    /// Who has started that task.
    pub(crate) origin: Origin,
    /// How often the host has crashed: what a program holds is worth something in one incarnation only.
    pub(crate) incarnation: u64,
    pub(crate) random: Draws,
    pub(crate) interface: Interface,
    /// Whether the interface stands still: it takes nothing from the NCP.
    pub(crate) is_stuck: bool,
    pub(crate) ncp: Ncp,
    /// Which states of connections have met which inputs before the last crash.
    pub(crate) reached: Reached,
    pub(crate) files: Files,
    pub(crate) accounts: Accounts,
    pub(crate) presence: Presence,
    pub(crate) operator: Operator,
    /// What programs show, if somebody looks.
    pub(crate) boards: Option<Box<Boards>>,
    pub(crate) teletype: TeletypeState,
    pub(crate) alarms: Alarms,
    pub(crate) sockets: Sockets,
    /// The connections that programs hold.
    pub(crate) connections: Sorted<ConnectionId, ConnectionSlot>,
    /// The programs that want to know what the NCP says that concerns no connection.
    pub(crate) watchers: Vec<mpsc::UnboundedSender<Event>>,
    /// The programs that take what the programs of IMPs send.
    pub(crate) imp_listeners: Vec<mpsc::Sender<Bits>>,
    pub(crate) spawned: Vec<Spawned>,
    pub(crate) out: VecDeque<Output>,
}

/// What the NCP has said of a connection, and which programs wait for more.
#[derive(Debug, Default)]
pub(crate) struct ConnectionSlot {
    pub(crate) state: ConnectionState,
    /// The other end, once the connection has been open.
    pub(crate) far: Option<(ForeignSocket, ByteSize)>,
    pub(crate) interrupts: usize,
    /// Whether all that has arrived is read: nothing more has until the next event.
    pub(crate) is_read_out: bool,
    /// Whether the NCP has taken less than it was given: it takes no more until the next event.
    pub(crate) is_full: bool,
    /// The task that had to do with it last.
    pub(crate) task: u64,
    /// The programs that wait for the next event, most often one: the first, and the others.
    waker: Option<Waker>,
    other_wakers: Vec<Waker>,
}

/// How far a connection has come, as its program sees it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConnectionState {
    /// The requests have not matched yet.
    #[default]
    Opening,
    /// Both requests were exchanged.
    Open,
    /// The other end has sent its CLS.
    Ending,
    /// The connection is over; text that has not been read can still be read.
    Gone(CloseReason),
}

impl ConnectionSlot {
    /// A connection that a task has asked for.
    pub(crate) fn of(task: u64) -> Self {
        ConnectionSlot { task, ..ConnectionSlot::default() }
    }

    /// Lets `waker` know of the next thing that happens to the connection.
    pub(crate) fn watch(&mut self, waker: &Waker) {
        let is_known = |known: &Waker| known.will_wake(waker);
        match &self.waker {
            None => self.waker = Some(waker.clone()),
            Some(first) if is_known(first) || self.other_wakers.iter().any(is_known) => {}
            Some(_) => self.other_wakers.push(waker.clone()),
        }
    }

    fn wake(&mut self) {
        if let Some(first) = self.waker.take() {
            first.wake();
            // Hardly ever are there others.
            if !self.other_wakers.is_empty() {
                self.other_wakers.drain(..).for_each(Waker::wake);
            }
        }
    }
}

impl Kernel {
    /// Takes a signal from the cable.
    pub(crate) fn signal(&mut self, signal: Signal) {
        match signal {
            Signal::Message(bits) => {
                if let Some(message) = self.interface.hear(&bits) {
                    self.imp_says(message, bits);
                }
            }
            Signal::Ready(_) => self.interface.handle(self.now, signal),
        }
        self.drain();
    }

    /// Something was lost on the cable.
    pub(crate) fn cable_lost(&mut self) {
        self.interface.cable_lost();
        self.drain();
    }

    /// The interface stands still, or goes on.
    pub(crate) fn set_stuck(&mut self, is_stuck: bool) {
        self.is_stuck = is_stuck;
        self.ncp.handle(self.now, if is_stuck { ncp::Input::Stuck } else { ncp::Input::GoesOn });
        self.drain();
    }

    /// An NCP of the same host, with the same policy.
    pub(crate) fn new_ncp(&self, start: Start) -> Ncp {
        Ncp::new(self.address, self.ncp.policy().clone(), start)
    }

    /// All is said. A host without a connection says nothing for long: its queues, which had room for the greeting of its
    /// IMP, would be most of what it takes.
    #[inline]
    pub(crate) fn let_go_of_room(&mut self) {
        if self.connections.is_empty() && self.out.capacity() > 0 {
            self.shrink();
        }
    }

    #[cold]
    fn shrink(&mut self) {
        self.out.shrink_to_fit();
        self.interface.let_go_of_room();
        self.ncp.let_go_of_room();
    }

    /// Another NCP takes over, at the same interface.
    pub(crate) fn replace_ncp(&mut self, ncp: Ncp) {
        self.ncp = ncp;
        if self.is_stuck {
            self.ncp.handle(self.now, ncp::Input::Stuck);
        }
    }

    /// Moves what the interface and the NCP have to say to where it belongs.
    #[inline]
    pub(crate) fn drain(&mut self) {
        // Most of what a program does gives them nothing to say.
        if !(self.interface.is_at_rest() && self.ncp.is_at_rest()) {
            self.drain_both();
        }
    }

    #[inline(never)]
    fn drain_both(&mut self) {
        while let Some(news) = self.interface.poll() {
            match news {
                News::ToImp(signal) => self.out.push_back(Output::ToImp(signal)),
                News::Up => self.ncp.handle(self.now, ncp::Input::Up),
                News::Down(why) => self.ncp.handle(self.now, ncp::Input::Down(why)),
                News::Message(message, bits) => self.imp_says(message, bits),
            }
        }
        while let Some(output) = self.ncp.poll() {
            match output {
                ncp::Output::Send(bits) => self.out.push_back(Output::ToImp(Signal::Message(bits))),
                ncp::Output::Event(event) => self.event(event),
            }
        }
    }

    /// Takes a message that concerns a link or another host.
    #[inline]
    fn imp_says(&mut self, message: FromImp, bits: Bits) {
        match message {
            // The programs of IMPs do not speak the protocol of an NCP.
            FromImp::FakeHost { .. } => return self.imp_sent(&bits),
            // Hosts remind their users that the net will be away (RFC 381, 1).
            FromImp::GoingDown(going) => {
                let line = format!("IMP GOING DOWN {going}").to_ascii_uppercase();
                self.note(Note::Printed(line));
            }
            _ => {}
        }
        self.ncp.handle(self.now, ncp::Input::Message(message, bits));
    }

    /// Hands a message of an IMP's program to those that take them. Who lets too many of them lie loses what comes next.
    fn imp_sent(&mut self, message: &Bits) {
        self.imp_listeners.retain(|listener| match listener.try_send(message.clone()) {
            Ok(()) | Err(mpsc::error::TrySendError::Full(_)) => true,
            Err(mpsc::error::TrySendError::Closed(_)) => false,
        });
    }

    pub(crate) fn note(&mut self, note: Note) {
        self.out.push_back(Output::Note(note));
    }

    fn event(&mut self, event: Event) {
        let (Event::Opened { id, .. }
        | Event::Readable { id }
        | Event::Writable { id }
        | Event::Interrupted { id }
        | Event::Ending { id }
        | Event::Closed { id, .. }) = event
        else {
            // An echo, a reset, a complaint: for the programs that watch the NCP. Those that have stopped are forgotten.
            return self.watchers.retain(|watcher| watcher.send(event).is_ok());
        };
        let Some(slot) = self.connections.get_mut(&id) else { return };
        (slot.is_read_out, slot.is_full) = (false, false);
        match event {
            // Both requests were exchanged.
            Event::Opened { foreign, size, .. } => {
                slot.far = Some((foreign, size));
                slot.state = ConnectionState::Open;
            }
            // The other end wants no more, or has no more.
            Event::Ending { .. } => slot.state = ConnectionState::Ending,
            Event::Closed { reason, .. } => slot.state = ConnectionState::Gone(reason),
            Event::Interrupted { .. } => slot.interrupts += 1,
            // There is text to read, or room to write: the program that waits looks for itself.
            Event::Readable { .. } | Event::Writable { .. } => {}
            Event::Echoed { .. } | Event::PartnerReset { .. } | Event::ErrReceived { .. } => return,
        }
        slot.wake();
    }
}

#[cfg(test)]
mod tests {
    use crate::{Host, Settings};
    use imp1822::Signal;
    use machine::{Instant, Machine};

    #[test]
    fn a_host_that_has_nothing_to_do_keeps_no_room_for_what_it_has_said() {
        let mut host = Host::new(Settings::default());
        host.boot(Instant::START);
        host.handle(Instant::START, Signal::Ready(true));
        assert!(host.kernel.borrow().out.capacity() > 0, "it greets its IMP");
        assert!(std::iter::from_fn(|| host.poll()).count() > 3);
        let kernel = host.kernel.borrow();
        assert_eq!(kernel.out.capacity(), 0);
        assert!(size_of_val(&*kernel) < 1200, "{} bytes of itself", size_of_val(&*kernel));
    }
}
