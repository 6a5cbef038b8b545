//! Who is next at a contact socket, and how many users of a host there may be in the house.

use std::collections::BTreeMap;

use imp1822::HostAddress;
use machine::{Instant, Span};
use ncp::{ByteSize, ForeignSocket, OpenError, Partner, Socket};

use crate::guest::{Guest, Guests};
use crate::{Handle, Opening};

/// How many users of one host there may be at a time whose connections a service has not let go of: of more nothing is
/// heard, not even that there are too many.
const MOST_GUESTS: usize = 24;

/// How long the answer to our CLS is waited for after it has left: then the contact socket goes to the next user without it
/// (NIC 8246, Connection Termination: such a socket cannot be tied up).
const CLS_PATIENCE: Span = Span::from_secs(5);

/// How long it is remembered of a host that its turn was wasted.
const MEMORY: Span = Span::from_secs(600);

/// A contact socket, and who has been there.
pub(crate) struct Door {
    host: Handle,
    contact: Socket,
    /// Since when nothing but the answer to our CLS is missing after the last turn.
    closed: Option<Instant>,
    /// How many turns there have been.
    turns: u64,
    /// The last turn of each host, of which there are 256 at most.
    last: BTreeMap<HostAddress, Turn>,
    guests: Guests,
}

/// The last turn of a host.
#[derive(Debug, Clone, Copy, Default)]
struct Turn {
    number: u64,
    /// When it was over, if nothing came of it in time.
    wasted: Option<Instant>,
}

impl Door {
    /// From now on requests for the contact socket wait for their turn.
    pub(crate) fn new(host: Handle, contact: Socket) -> Self {
        host.keep_requests(contact, true);
        Door { host, contact, closed: None, turns: 0, last: BTreeMap::new(), guests: Guests::default() }
    }

    /// The connection with the next user: with one that waits, or with whoever comes. Those for whom there is no room are
    /// refused.
    pub(crate) fn next(&mut self) -> Result<Opening, OpenError> {
        self.look_after_last();
        let waiting = self.host.waiting(self.contact);
        let (waiting, too_many): (Vec<ForeignSocket>, Vec<_>) =
            waiting.into_iter().partition(|user| self.has_room_for(user.host));
        too_many.into_iter().for_each(|user| self.host.refuse_waiting(self.contact, user));
        let size = Some(ByteSize::THIRTY_TWO);
        match waiting.into_iter().min_by_key(|user| self.rank(user.host)) {
            Some(user) => self.host.init(self.contact, user, size),
            None => self.host.listen(self.contact, Partner::Anyone, size),
        }
    }

    /// Sees to it that a user who does not answer our CLS does not keep the contact socket.
    fn look_after_last(&mut self) {
        if !self.host.awaits_cls(self.contact) {
            self.closed = None;
            return;
        }
        let now = self.host.now();
        if now.since(*self.closed.get_or_insert(now)) >= CLS_PATIENCE {
            self.host.vacate(self.contact);
        }
    }

    /// Lets a user of a host in, if there is room.
    pub(crate) fn lets_in(&self, from: HostAddress) -> Option<Guest> {
        self.has_room_for(from).then(|| self.guests.enter(from))
    }

    fn has_room_for(&self, from: HostAddress) -> bool {
        self.guests.from(from) < MOST_GUESTS
    }

    /// The turn of a host is over.
    pub(crate) fn was_answered(&mut self, host: HostAddress, in_time: bool) {
        (self.turns, self.closed) = (self.turns + 1, None);
        let wasted = (!in_time).then(|| self.host.now());
        self.last.insert(host, Turn { number: self.turns, wasted });
    }

    /// Whether users of other hosts wait who have not wasted their turn. For those who have, nobody's is cut short: two
    /// slow hosts would never be answered.
    pub(crate) fn is_wanted_by_others(&self, than: HostAddress) -> bool {
        self.host.waiting(self.contact).iter().any(|user| user.host != than && !self.has_wasted(user.host))
    }

    /// Who comes first: whose last turn was not wasted, then whose was the longest ago.
    fn rank(&self, host: HostAddress) -> (bool, u64) {
        let turn = self.last.get(&host).copied().unwrap_or_default();
        (self.has_wasted(host), turn.number)
    }

    fn has_wasted(&self, host: HostAddress) -> bool {
        let wasted = self.last.get(&host).and_then(|turn| turn.wasted);
        wasted.is_some_and(|when| self.host.now().since(when) < MEMORY)
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.host.keep_requests(self.contact, false);
    }
}
