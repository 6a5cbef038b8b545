//! A connection on which this host receives.

use imp1822::Link;
use machine::Bits;

use crate::flow::{Receiver, Supply, TooMuch};
use crate::header::complaint_of;
use crate::phase::{
    Closing, Gone, Listening, Local, Next, NotConnected, Open, Reply, Requested, Unusable, Usage,
};
use crate::shared::Shared;
use crate::{Allocation, ByteSize, CloseReason, Command, ErrorCode, Event, ForeignSocket, Header, Offer};

/// Where a receiving connection stands. From its request on it has a link, which this host has assigned.
#[derive(Debug)]
pub(crate) enum ReceivePhase {
    /// A program waits for a request.
    Listening(Listening),
    /// Our RTS has been sent.
    Requested(Requested, Link),
    /// Text may arrive.
    Open(Open),
    /// Our CLS has been sent; what arrives is discarded.
    Closing(Closing, Link),
    /// It is over.
    Gone(Gone),
}

/// A connection with a local receive socket.
#[derive(Debug)]
pub(crate) struct Receiving {
    pub(crate) local: Local,
    pub(crate) phase: ReceivePhase,
    pub(crate) flow: Receiver,
}

impl Receiving {
    /// A program waits for a request.
    pub(crate) fn listening(local: Local, listening: Listening, shared: &Shared) -> Self {
        let flow = Receiver::new(shared.policy.supply());
        Receiving { local, phase: ReceivePhase::Listening(listening), flow }
    }

    /// A program asks for a connection, for which `link` is free. If the partner's request is queued, `queued` is the byte
    /// size that it offers.
    pub(crate) fn init(
        local: Local,
        requested: Requested,
        link: Link,
        queued: Option<ByteSize>,
        shared: &mut Shared,
    ) -> Self {
        let flow = Receiver::new(shared.policy.supply());
        let mut receiving = Receiving { local, phase: ReceivePhase::Requested(requested, link), flow };
        receiving.claim(requested.foreign, link, shared);
        match queued {
            Some(size) if !Offer::Size(size).suits(requested.wanted) => {
                receiving.begin_closing(Closing::of_requested(requested, CloseReason::Refused), link, shared);
            }
            Some(size) => {
                receiving.send_rts(requested.foreign, link, shared);
                receiving.open(requested.foreign, link, size, shared);
            }
            None => receiving.send_rts(requested.foreign, link, shared),
        }
        receiving
    }

    /// The partner's socket, once there is one.
    pub(crate) fn foreign(&self) -> Option<ForeignSocket> {
        match &self.phase {
            ReceivePhase::Listening(_) => None,
            ReceivePhase::Requested(requested, _) => Some(requested.foreign),
            ReceivePhase::Open(open) => Some(open.foreign),
            ReceivePhase::Closing(closing, _) => Some(closing.foreign),
            ReceivePhase::Gone(gone) => gone.foreign,
        }
    }

    /// The link that it holds.
    pub(crate) fn link(&self) -> Option<Link> {
        match &self.phase {
            ReceivePhase::Requested(_, link) | ReceivePhase::Closing(_, link) => Some(*link),
            ReceivePhase::Open(open) => Some(open.link),
            ReceivePhase::Listening(_) | ReceivePhase::Gone(_) => None,
        }
    }

    /// The byte size: what the program wants, then what was agreed.
    pub(crate) fn size(&self) -> Option<ByteSize> {
        match &self.phase {
            ReceivePhase::Listening(Listening { wanted, .. })
            | ReceivePhase::Requested(Requested { wanted, .. }, _) => *wanted,
            ReceivePhase::Open(open) => Some(open.size),
            ReceivePhase::Closing(Closing { size, .. }, _) | ReceivePhase::Gone(Gone { size, .. }) => *size,
        }
    }

    /// Enters the connection into the tables of the partner.
    fn claim(&self, foreign: ForeignSocket, link: Link, shared: &mut Shared) {
        self.local.claim(shared, foreign);
        shared.partners.entry(foreign.host).receiving.insert(link, self.local.id);
    }

    fn send_rts(&self, foreign: ForeignSocket, link: Link, shared: &mut Shared) {
        shared.command(foreign.host, self.rts(foreign, link));
    }

    /// The RTS for this connection.
    pub(crate) fn rts(&self, foreign: ForeignSocket, link: Link) -> Command {
        Command::Rts { receive: self.local.socket, send: foreign.socket, link }
    }

    /// Grants a request to a listening connection. Returns whether there was a link for it.
    pub(crate) fn accept(&mut self, foreign: ForeignSocket, size: ByteSize, shared: &mut Shared) -> bool {
        let Some(link) = shared.free_link(foreign.host) else { return false };
        self.claim(foreign, link, shared);
        self.send_rts(foreign, link, shared);
        self.open(foreign, link, size, shared);
        true
    }

    /// Both requests have been exchanged: the sender is given its first allocation.
    fn open(&mut self, foreign: ForeignSocket, link: Link, size: ByteSize, shared: &mut Shared) {
        let grant = self.flow.first_grant(size);
        let mut open = Open::new(foreign, link, size);
        self.local.tell(shared, Event::Opened { id: self.local.id, foreign, size });
        if let Some(Allocation { messages, bits }) = grant {
            open.say(shared, Command::All { link, messages, bits });
        }
        self.phase = ReceivePhase::Open(open);
    }

    /// The sender may send this much and never more. Returns whether that was said before the connection opened.
    pub(crate) fn allocate_once(&mut self, allocation: Allocation) -> bool {
        match self.phase {
            ReceivePhase::Listening(_) | ReceivePhase::Requested(..) => {
                self.flow.supply = Supply::Once(allocation);
                true
            }
            ReceivePhase::Open(_) | ReceivePhase::Closing(..) | ReceivePhase::Gone(_) => false,
        }
    }

    /// The program reads: moves at most `most_bits`, in whole bytes, to the end of `into`. Returns how many bits were moved.
    pub(crate) fn read(&mut self, most_bits: usize, into: &mut Vec<u8>, shared: &mut Shared) -> usize {
        let size = usize::from(self.size().unwrap_or(ByteSize::EIGHT).bits());
        let read = self.flow.unread.pop(most_bits - most_bits % size, into);
        self.renew(shared);
        read
    }

    /// The program reads from a connection of 8-bit bytes: hands at most `most` of them to `take`. Returns how many bits that
    /// were.
    pub(crate) fn read_bytes(&mut self, most: usize, take: impl FnMut(&[u8]), shared: &mut Shared) -> usize {
        let read = self.flow.unread.pop_bytes(most, take);
        self.renew(shared);
        read
    }

    /// Renews the sender's allocation, if it is worth an ALL.
    fn renew(&mut self, shared: &mut Shared) {
        if let ReceivePhase::Open(open) = &mut self.phase
            && let Some(Allocation { messages, bits }) = self.flow.grant(open.size)
        {
            open.say(shared, Command::All { link: open.link, messages, bits });
        }
    }

    /// STR: a partner requests the connection, or grants it.
    pub(crate) fn on_request(&mut self, from: ForeignSocket, size: ByteSize, shared: &mut Shared) -> Reply {
        match &self.phase {
            ReceivePhase::Listening(Listening { from: awaited, wanted }) => {
                let fits = awaited.fits(from) && Offer::Size(size).suits(*wanted);
                if fits && self.accept(from, size, shared) { Reply::Taken } else { Reply::Refuse }
            }
            // The match of our own request: the connection is established.
            ReceivePhase::Requested(requested, link) if requested.foreign == from => {
                let (requested, link) = (*requested, *link);
                if Offer::Size(size).suits(requested.wanted) {
                    self.open(from, link, size, shared);
                    Reply::Taken
                } else {
                    let closing = Closing::of_requested(requested, CloseReason::Refused);
                    self.begin_closing(closing, link, shared);
                    Reply::Crossed
                }
            }
            // It crossed our CLS, which answers it (NIC 8246, Connection Termination, example 2).
            ReceivePhase::Closing(closing, _) if closing.foreign == from => Reply::Crossed,
            ReceivePhase::Open(open) if open.foreign == from => Reply::Repeated,
            ReceivePhase::Requested(..) | ReceivePhase::Closing(..) => Reply::Queue,
            ReceivePhase::Open(_) | ReceivePhase::Gone(_) => Reply::Queue,
        }
    }

    /// Text on the link.
    pub(crate) fn on_text(&mut self, message: &Bits, shared: &mut Shared) -> Result<(), NotConnected> {
        let open = match &mut self.phase {
            ReceivePhase::Open(open) => open,
            // We have closed, but the sender may not know yet.
            ReceivePhase::Closing(..) => return Ok(()),
            // The sender has not granted the connection.
            ReceivePhase::Requested(..) => return Err(NotConnected),
            ReceivePhase::Listening(_) | ReceivePhase::Gone(_) => return Err(NotConnected),
        };
        let taken = match Header::split(message) {
            Ok((header, text)) if header.size == open.size.bits() => {
                self.flow.arrive(message, &text).map(|()| text.left()).ok()
            }
            Ok(_) | Err(_) => None,
        };
        match taken {
            // Without text there is nothing to read, but a message of the allocation is used up.
            Some(0) => {
                open.mark_used();
                self.renew(shared);
            }
            Some(_) => {
                open.mark_used();
                self.local.tell(shared, Event::Readable { id: self.local.id });
            }
            // Cut off, of another byte size, or beyond the allocation: what follows would not fit together.
            None => {
                let (closing, link) = (Closing::of_open(open, CloseReason::Lost), open.link);
                shared.complain(closing.foreign.host, ErrorCode::Undefined, complaint_of(message));
                self.begin_closing(closing, link, shared);
            }
        }
        Ok(())
    }

    /// The partner speaks of the link. An error says that the connection is not open.
    pub(crate) fn on_use(&mut self) -> Result<(), Unusable> {
        match &mut self.phase {
            ReceivePhase::Open(open) => {
                open.mark_used();
                Ok(())
            }
            // The command crossed a CLS of ours.
            ReceivePhase::Closing(..) => Err(Unusable::Crossed),
            // Only our request has been sent.
            ReceivePhase::Requested(..) => Err(Unusable::Complain(ErrorCode::NotConnected)),
            ReceivePhase::Listening(_) | ReceivePhase::Gone(_) => {
                Err(Unusable::Complain(ErrorCode::NonexistentSocket))
            }
        }
    }

    /// RET: the sender gives allocation back.
    pub(crate) fn on_ret(&mut self, back: Allocation) -> Result<(), TooMuch> {
        self.flow.take_ret(back)
    }

    /// INS: the sender interrupts.
    pub(crate) fn on_ins(&self, shared: &mut Shared) {
        self.local.tell(shared, Event::Interrupted { id: self.local.id });
    }

    /// CLS of the partner: it refuses, aborts or closes, or answers that we did. What has arrived stays readable.
    pub(crate) fn on_cls(&mut self, shared: &mut Shared) -> Next {
        match &self.phase {
            // Our request is refused.
            ReceivePhase::Requested(requested, _) => {
                self.local.answer_cls(shared, requested.foreign, CloseReason::Refused)
            }
            // The partner cannot have heard yet that its request is granted: it withdraws it. That nothing was sent is not
            // the end of an empty text.
            ReceivePhase::Open(open)
                if open.usage == Usage::Unused
                    && shared.may_be_unheard(open.foreign.host, self.rts(open.foreign, open.link)) =>
            {
                self.local.answer_cls(shared, open.foreign, CloseReason::Refused)
            }
            // The partner is the first to close.
            ReceivePhase::Open(open) => {
                self.local.tell(shared, Event::Ending { id: self.local.id });
                self.local.answer_cls(shared, open.foreign, CloseReason::Closed)
            }
            // The answer to our CLS.
            ReceivePhase::Closing(closing, _) => Next::Finish(closing.reason),
            // These have no partner.
            ReceivePhase::Listening(_) | ReceivePhase::Gone(_) => Next::Stay,
        }
    }

    /// The program closes, or the last that could is gone.
    pub(crate) fn close(&mut self, shared: &mut Shared) -> Next {
        match &self.phase {
            // Only this host knows of it.
            ReceivePhase::Listening(_) => return Next::Finish(CloseReason::Closed),
            // The request is withdrawn.
            ReceivePhase::Requested(requested, link) => {
                if shared.take_back_request(self.local.socket, requested.foreign) {
                    return Next::Finish(CloseReason::Closed);
                }
                let closing = Closing::of_requested(*requested, CloseReason::Closed);
                self.begin_closing(closing, *link, shared);
            }
            ReceivePhase::Open(open) => {
                self.begin_closing(Closing::of_open(open, CloseReason::Closed), open.link, shared);
            }
            ReceivePhase::Closing(..) | ReceivePhase::Gone(_) => {}
        }
        Next::Stay
    }

    /// The program interrupts the sender, by INR. Returns whether the connection is open.
    pub(crate) fn interrupt(&mut self, shared: &mut Shared) -> bool {
        let ReceivePhase::Open(open) = &mut self.phase else { return false };
        open.say(shared, Command::Inr { link: open.link });
        true
    }

    /// Asks the sender for parts of its allocation, in 128ths, by GVB. Returns whether the connection is open.
    pub(crate) fn give_back(&mut self, messages: u8, bits: u8, shared: &mut Shared) -> bool {
        let ReceivePhase::Open(open) = &mut self.phase else { return false };
        self.flow.give_backs = self.flow.give_backs.saturating_add(1);
        open.say(shared, Command::Gvb { link: open.link, messages, bits });
        true
    }

    /// Patience with the partner has ended: forget the connection.
    pub(crate) fn on_patience_over(&mut self, shared: &mut Shared) -> Next {
        match &self.phase {
            ReceivePhase::Closing(closing, _) => closing.unanswered(&self.local, shared),
            ReceivePhase::Listening(_) | ReceivePhase::Requested(..) => Next::Stay,
            ReceivePhase::Open(_) | ReceivePhase::Gone(_) => Next::Stay,
        }
    }

    /// Sends our CLS; the socket is free when the partner's has come.
    pub(crate) fn begin_closing(&mut self, closing: Closing, link: Link, shared: &mut Shared) {
        shared.await_end(self.local.id);
        self.local.send_cls(shared, closing.foreign);
        self.phase = ReceivePhase::Closing(closing, link);
    }

    /// Nothing more concerns the wire: leaves the tables of the partner.
    pub(crate) fn end(&mut self, shared: &mut Shared) {
        let (foreign, link) = (self.foreign(), self.link());
        if let Some(partner) = foreign.and_then(|foreign| shared.partners.get_mut(foreign.host)) {
            partner.connections.remove(&self.local.id);
            if let Some(link) = link.filter(|link| partner.receiving.get(link) == Some(&self.local.id)) {
                partner.receiving.remove(&link);
            }
        }
        self.phase = ReceivePhase::Gone(Gone { foreign, size: self.size() });
    }
}
