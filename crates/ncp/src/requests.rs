//! Requests that no program has asked for yet: they wait or are refused, as the policy says.

use std::collections::{BTreeMap, BTreeSet};

use imp1822::{HostAddress, Link};

use crate::partner::{MOST_REFUSALS, Refusal};
use crate::request::Request;
use crate::shared::Shared;
use crate::timers::Timer;
use crate::{Command, ForeignSocket, Offer, QueuePolicy, Socket};

/// Names a queued request: the socket that it asks for, and a number by order of arrival.
pub(crate) type RequestKey = (Socket, u64);

/// The queued requests (NIC 8246, Queueing Considerations).
#[derive(Debug, Default)]
pub(crate) struct Requests {
    queued: BTreeMap<RequestKey, Request>,
    /// The sockets whose program takes one request after the other, where there are any.
    kept: Option<Box<BTreeSet<Socket>>>,
}

impl Requests {
    /// Has requests for a socket wait whatever the policy is, or no longer.
    pub(crate) fn keep(&mut self, socket: Socket, keeps: bool) {
        let kept = self.kept.get_or_insert_default();
        if keeps {
            kept.insert(socket);
        } else {
            kept.remove(&socket);
        }
    }

    /// Lets a request wait, or refuses it, as the policy says.
    pub(crate) fn queue(&mut self, request: Request, shared: &mut Shared) {
        // It waits already.
        if self.find(request.local, request.foreign).is_some() {
            return;
        }
        // Whoever fills the queue with requests for other sockets keeps nobody from one whose program takes them in turn.
        let is_kept = self.kept.as_ref().is_some_and(|kept| kept.contains(&request.local));
        let is_near = |key: &RequestKey| !is_kept || key.0 == request.local;
        let policy = if is_kept { shared.policy.queue.queueing() } else { shared.policy.queue };
        match policy {
            QueuePolicy::Queue { most, for_each_partner, patience }
                if self.queued.keys().filter(|key| is_near(key)).count() < most
                    && self.count_where(request.foreign.host, is_near) < for_each_partner =>
            {
                end_refusals(request, shared);
                let key = (request.local, shared.next_number());
                self.queued.insert(key, request);
                shared.timers.set(Timer::Request(key.0, key.1), shared.now + patience);
            }
            QueuePolicy::Queue { .. } | QueuePolicy::Refuse => refuse_if_room(request, shared),
        }
    }

    /// Takes a request out of the queue.
    pub(crate) fn take(&mut self, key: RequestKey, shared: &mut Shared) -> Option<Request> {
        let request = self.queued.remove(&key)?;
        shared.timers.stop(Timer::Request(key.0, key.1));
        Some(request)
    }

    /// Takes the request of one foreign socket for a local one.
    pub(crate) fn take_from(
        &mut self,
        local: Socket,
        foreign: ForeignSocket,
        shared: &mut Shared,
    ) -> Option<Request> {
        let key = self.find(local, foreign)?;
        self.take(key, shared)
    }

    fn find(&self, local: Socket, foreign: ForeignSocket) -> Option<RequestKey> {
        self.at(local).find(|(_, request)| request.foreign == foreign).map(|(key, _)| key)
    }

    /// The requests for a socket, oldest first.
    pub(crate) fn at(&self, local: Socket) -> impl Iterator<Item = (RequestKey, Request)> + '_ {
        self.queued.range((local, 0)..=(local, u64::MAX)).map(|(key, request)| (*key, *request))
    }

    /// All requests, by socket, then in the order in which they came.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (RequestKey, Request)> + '_ {
        self.queued.iter().map(|(key, request)| (*key, *request))
    }

    pub(crate) fn len(&self) -> usize {
        self.queued.len()
    }

    /// How many requests of a host wait.
    pub(crate) fn count(&self, host: HostAddress) -> usize {
        self.count_where(host, |_| true)
    }

    fn count_where(&self, host: HostAddress, is_meant: impl Fn(&RequestKey) -> bool) -> usize {
        let of_host =
            |(key, request): &(&RequestKey, &Request)| request.foreign.host == host && is_meant(key);
        self.queued.iter().filter(of_host).count()
    }

    /// Whether a waiting request of a host assigns this link.
    pub(crate) fn assigns(&self, host: HostAddress, link: Link) -> bool {
        let assigns = |request: &Request| request.foreign.host == host && request.offer == Offer::Link(link);
        self.queued.values().any(assigns)
    }

    /// How many links are assigned by waiting requests.
    pub(crate) fn links(&self) -> usize {
        self.queued.values().filter(|request| matches!(request.offer, Offer::Link(_))).count()
    }

    /// Forgets the requests of a host.
    pub(crate) fn forget_host(&mut self, host: HostAddress, shared: &mut Shared) {
        self.queued.retain(|key, request| {
            let stays = request.foreign.host != host;
            if !stays {
                shared.timers.stop(Timer::Request(key.0, key.1));
            }
            stays
        });
    }

    /// Forgets all requests; the caller stops the timers.
    pub(crate) fn clear(&mut self) {
        self.queued.clear();
    }
}

/// Refuses a request, and remembers it until the partner's CLS comes. The local socket stays free for
/// others.
pub(crate) fn refuse(request: Request, shared: &mut Shared) {
    let (local, ForeignSocket { host, socket }) = (request.local, request.foreign);
    let refusal = Refusal { local, foreign: socket, number: shared.next_number(), link: None };
    shared.command(host, Command::Cls { mine: local, yours: socket });
    shared.partners.entry(host).refusals.insert(refusal);
    shared.timers.set(Timer::Refusal(host, refusal), shared.now + shared.policy.close_patience);
}

/// A request is taken for which others between the same sockets were refused. Who asks anew is done with what it asked for
/// before: it has answered the refusal, and the answer got lost; or a cable has doubled its request, and its answer is
/// behind it. From now on its CLS ends the new connection, and a refusal that has not left would.
pub(crate) fn end_refusals(request: Request, shared: &mut Shared) {
    let (local, ForeignSocket { host, socket }) = (request.local, request.foreign);
    let partner = shared.partners.entry(host);
    while let Some(refusal) = partner.take_refusal(local, socket) {
        partner.take_back_refusal(local, socket);
        shared.timers.stop(Timer::Refusal(host, refusal));
    }
}

/// Refuses a request, unless the partner has left too many refusals unanswered: then it hears nothing,
/// as NIC 8246, Connection Termination, fears for hosts that never stop asking.
pub(crate) fn refuse_if_room(request: Request, shared: &mut Shared) {
    if shared.partners.entry(request.foreign.host).refusals.len() < MOST_REFUSALS {
        refuse(request, shared);
    }
}
