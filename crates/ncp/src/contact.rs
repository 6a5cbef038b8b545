//! What a program asks for that serves many users at one contact socket, one after the other: NIC 8246 lets no socket have
//! more than one connection (Connection Establishment).

use imp1822::HostAddress;
use machine::Instant;

use crate::partner::Refusal;
use crate::phase::Closing;
use crate::requests::refuse;
use crate::shared::Shared;
use crate::timers::Timer;
use crate::{Command, ForeignSocket, Ncp, Socket};

impl Ncp {
    /// Has requests for a socket wait from now on though no program listens there at the moment, or no longer. They wait
    /// even where the policy is to refuse what no program has asked for: this one has, and takes them one after the other
    /// (NIC 8246, Queueing Considerations: the listens of a host's own programs may queue).
    pub fn keep_requests(&mut self, socket: Socket, keeps: bool) {
        self.requests.keep(socket, keeps);
    }

    /// Who waits for a socket, in the order in which they came. One of them is granted its connection by
    /// [`init`](Ncp::init).
    pub fn waiting(&self, socket: Socket) -> impl Iterator<Item = ForeignSocket> + '_ {
        self.requests.at(socket).map(|(_, request)| request.foreign)
    }

    /// Refuses a request that waits for a socket.
    pub fn refuse_waiting(&mut self, now: Instant, socket: Socket, foreign: ForeignSocket) {
        self.shared.now = now;
        if let Some(request) = self.requests.take_from(socket, foreign, &mut self.shared) {
            refuse(request, &mut self.shared);
        }
    }

    /// Whether no text is on its way from a socket: it is free, or nothing but two CLSs is missing.
    pub fn is_still(&mut self, socket: Socket) -> bool {
        let connection = self.connections.at_socket(socket);
        connection.is_none_or(|connection| connection.closing_sender().is_some())
    }

    /// Whether a socket is not free for its next connection, and nothing but the partner's answer to our CLS is missing. It
    /// cannot be missing while the CLS has not left.
    pub fn awaits_cls(&mut self, socket: Socket) -> bool {
        let Ncp { connections, shared, .. } = self;
        let closing = connections.at_socket(socket).and_then(|connection| connection.closing_sender());
        closing.is_some_and(|(Closing { foreign, .. }, _)| {
            !shared.is_unsaid(foreign.host, Command::Cls { mine: socket, yours: foreign.socket })
        })
    }

    /// Frees a socket that [awaits](Self::awaits_cls) a CLS, which is waited for from now on as that for a refusal is. A contact
    /// socket is wanted by others, and a partner that never answers is not to tie it up; but each side must send its CLS before a
    /// socket has another connection (NIC 8246, Connection Termination). Returns whether the socket is free.
    pub fn vacate(&mut self, now: Instant, socket: Socket) -> bool {
        let awaits_cls = self.awaits_cls(socket);
        let Ncp { connections, shared, .. } = self;
        shared.now = now;
        let Some(connection) = connections.at_socket(socket) else { return true };
        let Some((closing, link)) = connection.closing_sender().filter(|_| awaits_cls) else { return false };
        let id = connection.local().id;
        connections.finish(id, closing.unanswered_reason(), shared);
        let ForeignSocket { host, socket: foreign } = closing.foreign;
        let refusal = Refusal { local: socket, foreign, number: shared.next_number(), link };
        await_cls(shared, host, refusal);
        true
    }
}

/// Remembers that a partner owes a CLS, for a while.
fn await_cls(shared: &mut Shared, host: HostAddress, refusal: Refusal) {
    shared.partners.entry(host).refusals.insert(refusal);
    shared.timers.set(Timer::Refusal(host, refusal), shared.now + shared.policy.close_patience);
}
