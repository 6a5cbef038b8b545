//! What the phases of a connection hold, whichever way its text flows.

use imp1822::Link;

use crate::shared::Shared;
use crate::timers::Timer;
use crate::{ByteSize, CloseReason, Command, ConnectionId, ErrorCode, Event, ForeignSocket, Partner, Socket};

/// Whether a local program still holds the id of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holder {
    Program,
    None,
}

/// The local end of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Local {
    pub(crate) id: ConnectionId,
    pub(crate) socket: Socket,
    pub(crate) holder: Holder,
    /// Whether its program says that text is due.
    pub(crate) expects: bool,
}

impl Local {
    /// The end of a connection that a program holds.
    pub(crate) fn new(id: ConnectionId, socket: Socket) -> Self {
        Local { id, socket, holder: Holder::Program, expects: false }
    }

    pub(crate) fn is_held(&self) -> bool {
        self.holder == Holder::Program
    }

    /// Tells the program that holds the connection. If none does, the event is dropped.
    pub(crate) fn tell(&self, shared: &mut Shared, event: Event) {
        if self.is_held() {
            shared.tell(event);
        }
    }

    /// Enters the connection with `foreign` into the tables of the partner.
    pub(crate) fn claim(&self, shared: &mut Shared, foreign: ForeignSocket) {
        shared.partners.entry(foreign.host).connections.insert(self.id, ());
    }

    /// Sends our CLS.
    pub(crate) fn send_cls(&self, shared: &mut Shared, foreign: ForeignSocket) {
        shared.command(foreign.host, Command::Cls { mine: self.socket, yours: foreign.socket });
    }

    /// Answers the partner's CLS with ours: the connection is over.
    pub(crate) fn answer_cls(
        &self,
        shared: &mut Shared,
        foreign: ForeignSocket,
        reason: CloseReason,
    ) -> Next {
        self.send_cls(shared, foreign);
        Next::Finish(reason)
    }
}

/// A program waits for a request; nothing has been sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Listening {
    pub(crate) from: Partner,
    /// The byte size that the program wants, if it does not take any.
    pub(crate) wanted: Option<ByteSize>,
}

/// Our request has been sent, the partner's has not come.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Requested {
    pub(crate) foreign: ForeignSocket,
    /// The byte size that the program wants, if it does not take any.
    pub(crate) wanted: Option<ByteSize>,
}

/// Both requests have been exchanged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Open {
    pub(crate) foreign: ForeignSocket,
    pub(crate) link: Link,
    pub(crate) size: ByteSize,
    pub(crate) usage: Usage,
}

/// Whether the partner has shown that it knows of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Usage {
    /// Not yet: it has only requested or granted it.
    Unused,
    /// It has sent text, or said something about the link. What this host has since said about the link last is what
    /// the partner may complain of.
    Used { said: Option<Command> },
}

impl Open {
    pub(crate) fn new(foreign: ForeignSocket, link: Link, size: ByteSize) -> Self {
        Open { foreign, link, size, usage: Usage::Unused }
    }

    /// Sends a command about the link.
    pub(crate) fn say(&mut self, shared: &mut Shared, command: Command) {
        if let Usage::Used { said } = &mut self.usage {
            *said = Some(command);
        }
        shared.command(self.foreign.host, command);
    }

    /// The partner has used the connection.
    pub(crate) fn mark_used(&mut self) {
        if self.usage == Usage::Unused {
            self.usage = Usage::Used { said: None };
        }
    }

    /// Whether this was the last that was said about the link, after the partner had used it.
    pub(crate) fn has_said(&self, command: Command) -> bool {
        match self.usage {
            Usage::Used { said } => said == Some(command),
            Usage::Unused => false,
        }
    }
}

/// Our CLS has been sent; the partner's is awaited.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Closing {
    pub(crate) foreign: ForeignSocket,
    /// The byte size that was agreed, or wanted if it never came to that.
    pub(crate) size: Option<ByteSize>,
    pub(crate) reason: CloseReason,
}

impl Closing {
    /// After both requests.
    pub(crate) fn of_open(open: &Open, reason: CloseReason) -> Self {
        Closing { foreign: open.foreign, size: Some(open.size), reason }
    }

    /// After our request alone.
    pub(crate) fn of_requested(requested: Requested, reason: CloseReason) -> Self {
        Closing { foreign: requested.foreign, size: requested.wanted, reason }
    }

    /// The partner never answered our CLS (NIC 8246, Connection Termination). What went wrong before matters more. It cannot
    /// have answered what has not left.
    pub(crate) fn unanswered(&self, local: &Local, shared: &mut Shared) -> Next {
        let cls = Command::Cls { mine: local.socket, yours: self.foreign.socket };
        if shared.may_be_unheard(self.foreign.host, cls) {
            let until = shared.patience_with_close();
            shared.timers.set(Timer::Connection(local.id), until);
            return Next::Stay;
        }
        Next::Finish(self.unanswered_reason())
    }

    /// Why it is over if the partner's CLS is waited for no longer.
    pub(crate) fn unanswered_reason(&self) -> CloseReason {
        match self.reason {
            CloseReason::Closed => CloseReason::Unanswered,
            reason => reason,
        }
    }

    /// The partner says that there is nothing that our CLS could close: it may have forgotten the text with the connection.
    /// What went wrong before matters more.
    pub(crate) fn unknown(&self) -> Next {
        match self.reason {
            CloseReason::Closed => Next::Finish(CloseReason::Forgotten),
            reason => Next::Finish(reason),
        }
    }
}

/// Nothing is left on the wire. Text may be left to read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gone {
    /// The partner, if there ever was one.
    pub(crate) foreign: Option<ForeignSocket>,
    /// The byte size that was agreed, or wanted if it never came to that.
    pub(crate) size: Option<ByteSize>,
}

/// What becomes of a connection after an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub(crate) enum Next {
    /// It stays in the tables.
    Stay,
    /// It is over: its socket and link are to be freed, and its program told.
    Finish(CloseReason),
}

/// What becomes of a partner's request for a socket that a connection holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub(crate) enum Reply {
    /// The connection has taken it: it is open.
    Taken,
    /// It meets our CLS, and means nothing any more.
    Crossed,
    /// It does not fit.
    Refuse,
    /// The socket is busy with another partner, and may become free.
    Queue,
    /// The partner asks for what it has already.
    Repeated,
}

/// Text came on a link that has no established connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotConnected;

/// Why a command about a link means nothing to its connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unusable {
    /// It crossed our CLS.
    Crossed,
    /// The partner is to be told that it has no connection there.
    Complain(ErrorCode),
}
