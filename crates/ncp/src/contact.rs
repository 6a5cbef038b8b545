//! What a program asks for that serves many users at one contact socket, one after the other: NIC 8246 lets no socket have
//! more than one connection (Connection Establishment).

use imp1822::HostAddress;
use machine::Instant;

use crate::partner::Refusal;
use crate::requests::refuse;
use crate::shared::Shared;
use crate::timers::Timer;
use crate::{ForeignSocket, Ncp, Socket};

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

    /// Frees a socket whose connection is over but for the partner's answer to our CLS, which is waited for as that to a
    /// refusal is. A contact socket is wanted by others, and a partner that never answers is not to tie it up (NIC 8246,
    /// Connection Termination). Returns whether the socket is free: it is not while text is on its way from it.
    pub fn vacate(&mut self, now: Instant, socket: Socket) -> bool {
        let Ncp { connections, shared, .. } = self;
        shared.now = now;
        let Some(connection) = connections.at_socket(socket) else { return true };
        let Some((closing, link)) = connection.closing_sender() else { return false };
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
