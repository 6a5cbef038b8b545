//! A connection as this host sees it: its states and what it owns in each.
//!
//! An edge has what happens, and behind a colon what is sent in answer. What is not drawn ends in `Gone` from
//! everywhere: a reset, a dead partner, a complaint, the own IMP down, and patience that ends. The whole table of states and
//! inputs is a snapshot of the tests (`states`).
//!
//! ```text
//!      listen              init: RTS or STR
//!        |                        |
//!        v                        v
//!    Listening                Requested ---- CLS: CLS -----------------------+
//!        |                    |       |                                      |
//!    STR: RTS, or        STR or RTS   +------- close: CLS -------+           |
//!    RTS: STR                 |                                  |           |
//!        |                    v                                  v           v
//!        +-----------------> Open ---- receiver closes: CLS -> Closing-CLS->Gone
//!                            | | |                               ^           ^ ^
//!                            | | +-- sender closes -> Flushing --+           | |
//!                            | |                      |   all arrived: CLS   | |
//!                            | |                     CLS                     | |
//!                            | |                      v                      | |
//!                            | +-- CLS to a sender -> Answering - RFNM: CLS -+ |
//!                            |                                                 |
//!                            +-- CLS to a receiver: CLS -----------------------+
//! ```

use imp1822::Link;

use crate::phase::{Closing, Listening, Local, Next, Reply};
use crate::reached::{Happening, Row};
use crate::receiving::{ReceivePhase, Receiving};
use crate::request::Request;
use crate::sending::{SendPhase, Sending};
use crate::shared::Shared;
use crate::{ByteSize, ForeignSocket, Offer, Socket};

/// An entry in the table of connections: text flows one way, by the gender of the local socket.
#[derive(Debug)]
pub(crate) enum Connection {
    Receive(Receiving),
    Send(Sending),
}

impl Connection {
    pub(crate) fn local(&self) -> &Local {
        match self {
            Connection::Receive(receiving) => &receiving.local,
            Connection::Send(sending) => &sending.local,
        }
    }

    /// The local end, to be changed.
    pub(crate) fn local_mut(&mut self) -> &mut Local {
        match self {
            Connection::Receive(receiving) => &mut receiving.local,
            Connection::Send(sending) => &mut sending.local,
        }
    }

    /// Its state and the way of its text.
    pub(crate) fn row(&self) -> Row {
        match self {
            Connection::Receive(receiving) => receiving.row(),
            Connection::Send(sending) => sending.row(),
        }
    }

    /// The partner's socket, once there is one.
    pub(crate) fn foreign(&self) -> Option<ForeignSocket> {
        match self {
            Connection::Receive(receiving) => receiving.foreign(),
            Connection::Send(sending) => sending.foreign(),
        }
    }

    /// The link of its text, while it has one.
    pub(crate) fn link(&self) -> Option<Link> {
        match self {
            Connection::Receive(receiving) => receiving.link(),
            Connection::Send(sending) => sending.link(),
        }
    }

    /// The byte size: what the program wants, then what was agreed.
    pub(crate) fn size(&self) -> Option<ByteSize> {
        match self {
            Connection::Receive(receiving) => receiving.size(),
            Connection::Send(sending) => sending.size(),
        }
    }

    /// What its program listens for, while no partner has asked.
    pub(crate) fn listening(&self) -> Option<Listening> {
        match self {
            Connection::Receive(Receiving { phase: ReceivePhase::Listening(listening), .. })
            | Connection::Send(Sending { phase: SendPhase::Listening(listening), .. }) => Some(*listening),
            Connection::Receive(_) | Connection::Send(_) => None,
        }
    }

    /// Of a sender that only waits for the answer to its CLS: what it waits for, and its link.
    pub(crate) fn closing_sender(&self) -> Option<(Closing, Option<Link>)> {
        match self {
            Connection::Send(Sending { phase: SendPhase::Closing(closing, link), .. }) => {
                Some((*closing, *link))
            }
            Connection::Receive(_) | Connection::Send(_) => None,
        }
    }

    /// Whether it is over.
    pub(crate) fn is_gone(&self) -> bool {
        match self {
            Connection::Receive(receiving) => matches!(receiving.phase, ReceivePhase::Gone(_)),
            Connection::Send(sending) => matches!(sending.phase, SendPhase::Gone(_)),
        }
    }

    /// The sockets of our request, the local one first, while the partner has not granted it. A partner that has not heard
    /// the request knows nothing of the connection.
    pub(crate) fn requested(&self) -> Option<(Socket, Socket)> {
        let requested = match self {
            Connection::Receive(Receiving { phase: ReceivePhase::Requested(requested, _), .. })
            | Connection::Send(Sending { phase: SendPhase::Requested(requested), .. }) => requested,
            Connection::Receive(_) | Connection::Send(_) => return None,
        };
        Some((self.local().socket, requested.foreign.socket))
    }

    /// Grants a request to a connection that listens for it. Returns whether that was possible: a receiver needs a link.
    pub(crate) fn accept(&mut self, request: Request, shared: &mut Shared) -> bool {
        match self {
            Connection::Receive(receiving) => {
                receiving.accept(request.foreign, request.offer.to_receiver(), shared)
            }
            Connection::Send(sending) => {
                sending.accept(request.foreign, sending.size(), request.offer.to_sender(), shared);
                true
            }
        }
    }

    /// RTS or STR: a partner requests the connection, or grants it.
    pub(crate) fn on_request(&mut self, from: ForeignSocket, offer: Offer, shared: &mut Shared) -> Reply {
        let is_other = self.foreign().is_some_and(|foreign| foreign != from);
        shared.reached.mark(self.row(), if is_other { Happening::OtherRequest } else { Happening::Request });
        match self {
            Connection::Receive(receiving) => receiving.on_request(from, offer.to_receiver(), shared),
            Connection::Send(sending) => sending.on_request(from, offer.to_sender(), shared),
        }
    }

    /// CLS: the partner refuses, aborts or closes, or answers that we did.
    pub(crate) fn on_cls(&mut self, shared: &mut Shared) -> Next {
        shared.reached.mark(self.row(), Happening::Cls);
        match self {
            Connection::Receive(receiving) => receiving.on_cls(shared),
            Connection::Send(sending) => sending.on_cls(shared),
        }
    }

    /// The program closes, or the last that could is gone. Does nothing if it is closed already.
    pub(crate) fn close(&mut self, shared: &mut Shared) -> Next {
        match self {
            Connection::Receive(receiving) => receiving.close(shared),
            Connection::Send(sending) => sending.close(shared),
        }
    }

    /// The program closes, and does not wait until its text has left.
    pub(crate) fn abort(&mut self, shared: &mut Shared) -> Next {
        match self {
            Connection::Receive(receiving) => receiving.close(shared),
            Connection::Send(sending) => sending.abort(shared),
        }
    }

    /// The program interrupts the partner's. Returns whether the connection is open.
    pub(crate) fn interrupt(&mut self, shared: &mut Shared) -> bool {
        match self {
            Connection::Receive(receiving) => receiving.interrupt(shared),
            Connection::Send(sending) => sending.interrupt(shared),
        }
    }

    /// Patience with the IMP or the partner has ended.
    pub(crate) fn on_patience_over(&mut self, shared: &mut Shared) -> Next {
        shared.reached.mark(self.row(), Happening::PatienceOver);
        match self {
            Connection::Receive(receiving) => receiving.on_patience_over(shared),
            Connection::Send(sending) => sending.on_patience_over(shared),
        }
    }

    /// Nothing more concerns the wire: leaves the tables of the partner.
    pub(crate) fn end(&mut self, shared: &mut Shared) {
        match self {
            Connection::Receive(receiving) => receiving.end(shared),
            Connection::Send(sending) => sending.end(shared),
        }
    }
}

impl Receiving {
    /// Its state.
    pub(crate) fn row(&self) -> Row {
        match self.phase {
            ReceivePhase::Listening(_) => Row::ListeningReceive,
            ReceivePhase::Requested(..) => Row::RequestedReceive,
            ReceivePhase::Open(_) => Row::OpenReceive,
            ReceivePhase::Closing(..) => Row::ClosingReceive,
            ReceivePhase::Gone(_) => Row::GoneReceive,
        }
    }
}

impl Sending {
    /// Its state.
    pub(crate) fn row(&self) -> Row {
        match self.phase {
            SendPhase::Listening(_) => Row::ListeningSend,
            SendPhase::Requested(_) => Row::RequestedSend,
            SendPhase::Open(_) => Row::OpenSend,
            SendPhase::Flushing(_) => Row::Flushing,
            SendPhase::Answering(_) => Row::Answering,
            SendPhase::Closing(..) => Row::ClosingSend,
            SendPhase::Gone(_) => Row::GoneSend,
        }
    }
}
