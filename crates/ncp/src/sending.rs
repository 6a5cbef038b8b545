//! A connection on which this host sends.

use imp1822::Link;
use machine::{BitReader, Bits};

use crate::flow::{Sender, TooMuch};
use crate::header::message_to;
use crate::partner::MOST_WITH_RETURNS;
use crate::phase::{Closing, Gone, Listening, Local, Next, Open, Reply, Requested, Unusable};
use crate::shared::Shared;
use crate::transit::{MOST_TRIES, Transit};
use crate::{Allocation, ByteSize, CloseReason, Command, Event, ForeignSocket, Header, Loss};

/// Where a sending connection stands. Only while it is open, flushing or answering is text of it awaited by its program.
#[derive(Debug)]
pub(crate) enum SendPhase {
    /// A program waits for a request.
    Listening(Listening),
    /// Our STR has been sent.
    Requested(Requested),
    /// Text may be sent.
    Open(Open),
    /// The program has closed; our CLS follows when all text has arrived, or when the text gets no further for too long.
    Flushing(Open),
    /// The partner's CLS has come; ours follows when the message in transit is answered, or has not been for too long.
    Answering(Open),
    /// Our CLS has been sent. There is a link once the partner's RTS has come.
    Closing(Closing, Option<Link>),
    /// It is over.
    Gone(Gone),
}

/// A connection with a local send socket.
#[derive(Debug)]
pub(crate) struct Sending {
    pub(crate) local: Local,
    pub(crate) phase: SendPhase,
    pub(crate) flow: Sender,
    /// The last message with text, of which the partner may complain.
    pub(crate) last: Option<Bits>,
}

impl Sending {
    fn new(local: Local, phase: SendPhase) -> Self {
        Sending { local, phase, flow: Sender::default(), last: None }
    }

    /// A program waits for a request.
    pub(crate) fn listening(local: Local, listening: Listening) -> Self {
        Sending::new(local, SendPhase::Listening(listening))
    }

    /// A program asks for a connection. If the partner's request is queued, `queued` is the link that it offers.
    pub(crate) fn init(
        local: Local,
        requested: Requested,
        queued: Option<Link>,
        shared: &mut Shared,
    ) -> Self {
        let mut sending = Sending::new(local, SendPhase::Requested(requested));
        sending.local.claim(shared, requested.foreign);
        sending.send_str(requested, shared);
        if let Some(link) = queued {
            sending.open(requested, link, shared);
        }
        sending
    }

    /// The partner's socket, once there is one.
    pub(crate) fn foreign(&self) -> Option<ForeignSocket> {
        match &self.phase {
            SendPhase::Listening(_) => None,
            SendPhase::Requested(requested) => Some(requested.foreign),
            SendPhase::Open(open) | SendPhase::Flushing(open) | SendPhase::Answering(open) => {
                Some(open.foreign)
            }
            SendPhase::Closing(closing, _) => Some(closing.foreign),
            SendPhase::Gone(gone) => gone.foreign,
        }
    }

    /// The link that it uses.
    pub(crate) fn link(&self) -> Option<Link> {
        match &self.phase {
            SendPhase::Open(open) | SendPhase::Flushing(open) | SendPhase::Answering(open) => Some(open.link),
            SendPhase::Closing(_, link) => *link,
            SendPhase::Listening(_) | SendPhase::Requested(_) | SendPhase::Gone(_) => None,
        }
    }

    /// The byte size: what the program wants, then what was agreed.
    pub(crate) fn size(&self) -> Option<ByteSize> {
        match &self.phase {
            SendPhase::Listening(Listening { wanted, .. })
            | SendPhase::Requested(Requested { wanted, .. }) => *wanted,
            SendPhase::Open(open) | SendPhase::Flushing(open) | SendPhase::Answering(open) => Some(open.size),
            SendPhase::Closing(Closing { size, .. }, _) | SendPhase::Gone(Gone { size, .. }) => *size,
        }
    }

    fn send_str(&self, requested: Requested, shared: &mut Shared) {
        shared.command(requested.foreign.host, self.str(requested.foreign, size_or_eight(requested.wanted)));
    }

    /// The STR for this connection.
    pub(crate) fn str(&self, foreign: ForeignSocket, size: ByteSize) -> Command {
        Command::Str { send: self.local.socket, receive: foreign.socket, size: size.bits() }
    }

    /// Grants a request to a listening connection whose program wants bytes of the size `wanted`.
    pub(crate) fn accept(
        &mut self,
        foreign: ForeignSocket,
        wanted: Option<ByteSize>,
        link: Link,
        shared: &mut Shared,
    ) {
        let requested = Requested { foreign, wanted };
        self.local.claim(shared, foreign);
        self.send_str(requested, shared);
        self.open(requested, link, shared);
    }

    /// Both requests have been exchanged.
    fn open(&mut self, Requested { foreign, wanted }: Requested, link: Link, shared: &mut Shared) {
        let size = size_or_eight(wanted);
        shared.partners.entry(foreign.host).sending.insert(link, self.local.id);
        self.phase = SendPhase::Open(Open::new(foreign, link, size));
        self.local.tell(shared, Event::Opened { id: self.local.id, foreign, size });
    }

    /// RTS: a partner requests the connection, or grants it.
    pub(crate) fn on_request(&mut self, from: ForeignSocket, link: Link, shared: &mut Shared) -> Reply {
        match &mut self.phase {
            SendPhase::Listening(Listening { from: awaited, wanted }) => {
                if !awaited.fits(from) {
                    return Reply::Refuse;
                }
                let wanted = *wanted;
                self.accept(from, wanted, link, shared);
                Reply::Taken
            }
            // The match of our own request: the connection is established.
            SendPhase::Requested(requested) if requested.foreign == from => {
                let requested = *requested;
                self.open(requested, link, shared);
                Reply::Taken
            }
            // It crossed our CLS, which answers it (NIC 8246, Connection Termination, example 2). The partner
            // believes in its link until our CLS arrives, and may have used it.
            SendPhase::Closing(closing, held) if closing.foreign == from => {
                if held.is_none() {
                    *held = Some(link);
                    shared.partners.entry(from.host).sending.insert(link, self.local.id);
                }
                Reply::Crossed
            }
            SendPhase::Open(open) | SendPhase::Flushing(open) | SendPhase::Answering(open)
                if open.foreign == from =>
            {
                Reply::Repeated
            }
            SendPhase::Requested(_) | SendPhase::Closing(..) | SendPhase::Gone(_) => Reply::Queue,
            SendPhase::Open(_) | SendPhase::Flushing(_) | SendPhase::Answering(_) => Reply::Queue,
        }
    }

    /// How many bits of its text are in transit.
    pub(crate) fn in_transit(&self, transit: &Transit) -> Option<usize> {
        let text = transit.text(self.foreign()?.host, self.link()?)?;
        (text.owner == Some(self.local.id)).then_some(text.bits)
    }

    /// How many bits have not arrived for certain.
    pub(crate) fn outstanding(&self, transit: &Transit) -> usize {
        self.flow.unsent.len() + self.in_transit(transit).unwrap_or(0)
    }

    /// Sends the next message, if link and allocation permit. A connection that flushes sends its CLS when all has
    /// arrived.
    #[inline]
    pub(crate) fn transmit(&mut self, shared: &mut Shared) {
        if self.flow.unsent.len() > 0 || matches!(self.phase, SendPhase::Flushing(_)) {
            self.transmit_next(None, shared);
        }
    }

    /// Sends the next message, of text that has not waited or else of what waits.
    pub(crate) fn transmit_next(&mut self, mut new: Option<&mut BitReader<'_>>, shared: &mut Shared) {
        let open = match &self.phase {
            SendPhase::Open(open) => *open,
            SendPhase::Flushing(open) if self.outstanding(&shared.transit) == 0 => {
                let (closing, link) = (Closing::of_open(open, CloseReason::Closed), open.link);
                return self.begin_closing(closing, Some(link), shared);
            }
            SendPhase::Flushing(open) => *open,
            SendPhase::Listening(_) | SendPhase::Requested(_) | SendPhase::Answering(_) => return,
            SendPhase::Closing(..) | SendPhase::Gone(_) => return,
        };
        let (host, link, size) = (open.foreign.host, open.link, open.size);
        // One message at a time on a link, even if it is one of an earlier connection.
        if shared.is_stuck || shared.transit.text(host, link).is_some() {
            return;
        }
        let waiting = new.as_ref().map_or(self.flow.unsent.len(), |new| new.left());
        let Some(bits) = self.flow.begin_message(waiting, shared.policy.longest_text(), size) else { return };
        let count = bits / usize::from(size.bits());
        let mut writer = message_to(host, link, Header { size: size.bits(), count: count as u16 });
        match new.as_mut().map(|new| new.split(bits)) {
            Some(text) => text.into_iter().for_each(|text| writer.put_bits(text)),
            None => self.flow.unsent.pop(bits, &mut writer),
        }
        let message = writer.finish();
        self.last = Some(message.clone());
        let times = (shared.now, shared.text_due());
        shared.transit.send_text(times, (host, link), (self.local.id, message.clone(), bits));
        shared.stir(host);
        shared.send(message);
        if self.flow.starved && self.flow.room(shared.policy.send_buffer_bits, size) > 0 {
            self.flow.starved = false;
            self.local.tell(shared, Event::Writable { id: self.local.id });
        }
    }

    /// The message in transit has arrived.
    pub(crate) fn on_arrived(&mut self, shared: &mut Shared) -> Next {
        let has_all_arrived = self.outstanding(&shared.transit) == 0;
        match &self.phase {
            SendPhase::Open(_) => {
                if has_all_arrived {
                    self.flow.starved = false;
                    self.local.tell(shared, Event::Writable { id: self.local.id });
                }
                self.transmit(shared);
                Next::Stay
            }
            // The text gets on: patience begins anew.
            SendPhase::Flushing(_) => {
                shared.await_end(self.local.id);
                if has_all_arrived {
                    self.local.tell(shared, Event::Writable { id: self.local.id });
                }
                self.transmit(shared);
                Next::Stay
            }
            // The partner's CLS may be answered now. It was sent before the text of this message arrived.
            SendPhase::Answering(open) => self.local.answer_cls(shared, open.foreign, CloseReason::Lost),
            // Our CLS has been sent already, because the answer took too long.
            SendPhase::Closing(..) => Next::Stay,
            SendPhase::Listening(_) | SendPhase::Requested(_) | SendPhase::Gone(_) => {
                unreachable!("text arrived of a connection without a link")
            }
        }
    }

    /// Text is missing, so that the connection is worth nothing to its reader: breaks it.
    pub(crate) fn on_lost(&mut self, loss: Loss, shared: &mut Shared) -> Next {
        match &self.phase {
            SendPhase::Open(open) | SendPhase::Flushing(open) => {
                self.break_off(*open, CloseReason::Undelivered(loss), shared);
                Next::Stay
            }
            SendPhase::Answering(open) => self.local.answer_cls(shared, open.foreign, CloseReason::Lost),
            SendPhase::Closing(..) => Next::Stay,
            SendPhase::Listening(_) | SendPhase::Requested(_) | SendPhase::Gone(_) => {
                unreachable!("text was lost of a connection without a link")
            }
        }
    }

    /// The message in transit did not arrive. Sends it once more, as it was, if that is still wanted: it has its allocation
    /// already, and nothing else has gone over the link since. Returns whether it was sent.
    pub(crate) fn try_again(&mut self, shared: &mut Shared) -> bool {
        let open = match &self.phase {
            SendPhase::Open(open) | SendPhase::Flushing(open) => open,
            // The partner's CLS forbids it, or the connection is over.
            SendPhase::Answering(_) | SendPhase::Closing(..) | SendPhase::Gone(_) => return false,
            SendPhase::Listening(_) | SendPhase::Requested(_) => return false,
        };
        let (host, link) = (open.foreign.host, open.link);
        let text = shared.transit.text(host, link);
        if text.is_none_or(|text| text.owner != Some(self.local.id) || text.tries >= MOST_TRIES) {
            return false;
        }
        let times = (shared.now, shared.text_due());
        let message = shared.transit.send_again(times, host, link);
        message.into_iter().for_each(|message| shared.send(message));
        true
    }

    /// The partner speaks of the link. An error says that the connection is not open.
    pub(crate) fn on_use(&mut self) -> Result<(), Unusable> {
        match &mut self.phase {
            SendPhase::Open(open) | SendPhase::Flushing(open) => {
                open.mark_used();
                Ok(())
            }
            // The command crossed a CLS of ours.
            SendPhase::Answering(_) | SendPhase::Closing(..) => Err(Unusable::Crossed),
            SendPhase::Listening(_) | SendPhase::Requested(_) | SendPhase::Gone(_) => {
                unreachable!("a connection without a link was found by its link")
            }
        }
    }

    /// ALL: the receiver has room for more.
    pub(crate) fn on_all(&mut self, more: Allocation, shared: &mut Shared) -> Result<(), TooMuch> {
        self.flow.allow(more)?;
        // More room is progress: patience begins anew.
        if let SendPhase::Flushing(_) = self.phase {
            shared.await_end(self.local.id);
        }
        self.transmit(shared);
        Ok(())
    }

    /// GVB: the receiver wants parts of the allocation back, in 128ths.
    pub(crate) fn on_gvb(&mut self, messages: u8, bits: u8, shared: &mut Shared) {
        if let SendPhase::Open(open) | SendPhase::Flushing(open) = &mut self.phase
            // A RET that would be dropped must not take anything away either.
            && shared.partners.queued_commands(open.foreign.host) < MOST_WITH_RETURNS
        {
            let Allocation { messages, bits } = self.flow.give_back(messages, bits);
            open.say(shared, Command::Ret { link: open.link, messages, bits });
        }
    }

    /// INR: the receiver interrupts.
    pub(crate) fn on_inr(&self, shared: &mut Shared) {
        self.local.tell(shared, Event::Interrupted { id: self.local.id });
    }

    /// CLS of the partner: it refuses, aborts or closes, or answers that we did.
    ///
    /// A sender drops what it has not sent, and must wait for a message in transit; its program is told that text is
    /// missing, since a receiver that has closed keeps nothing of what still arrives.
    pub(crate) fn on_cls(&mut self, shared: &mut Shared) -> Next {
        match &self.phase {
            // Our request is refused.
            SendPhase::Requested(requested) => {
                self.local.answer_cls(shared, requested.foreign, CloseReason::Refused)
            }
            // The partner is the first to close.
            SendPhase::Open(open) | SendPhase::Flushing(open) => {
                let open = *open;
                self.local.tell(shared, Event::Ending { id: self.local.id });
                if self.in_transit(&shared.transit).is_some() {
                    self.flow.unsent.clear();
                    shared.await_end(self.local.id);
                    self.phase = SendPhase::Answering(open);
                    return Next::Stay;
                }
                let is_missing = self.flow.unsent.len() > 0;
                let reason = if is_missing { CloseReason::Lost } else { CloseReason::Closed };
                self.local.answer_cls(shared, open.foreign, reason)
            }
            // The answer to our CLS.
            SendPhase::Closing(closing, _) => Next::Finish(closing.reason),
            // The partner says it twice.
            SendPhase::Answering(_) => Next::Stay,
            // These have no partner.
            SendPhase::Listening(_) | SendPhase::Gone(_) => Next::Stay,
        }
    }

    /// The program closes, or the last that could is gone.
    pub(crate) fn close(&mut self, shared: &mut Shared) -> Next {
        match &self.phase {
            // Only this host knows of it.
            SendPhase::Listening(_) => return Next::Finish(CloseReason::Closed),
            // The request is withdrawn.
            SendPhase::Requested(requested) => {
                if shared.take_back_request(self.local.socket, requested.foreign) {
                    return Next::Finish(CloseReason::Closed);
                }
                let closing = Closing::of_requested(*requested, CloseReason::Closed);
                self.begin_closing(closing, None, shared);
            }
            // No CLS while text is on its way (NIC 8246, Connection Termination).
            SendPhase::Open(open) => {
                self.phase = SendPhase::Flushing(*open);
                shared.await_end(self.local.id);
                self.transmit(shared);
            }
            SendPhase::Flushing(_) | SendPhase::Answering(_) => {}
            SendPhase::Closing(..) | SendPhase::Gone(_) => {}
        }
        Next::Stay
    }

    /// The program breaks the connection off: the text that has not left yet is not sent. The receiver is interrupted
    /// first, so that our CLS is not taken for the end of the text.
    pub(crate) fn abort(&mut self, shared: &mut Shared) -> Next {
        if let SendPhase::Open(open) | SendPhase::Flushing(open) = &mut self.phase {
            open.say(shared, Command::Ins { link: open.link });
        }
        self.flow.unsent.clear();
        let next = self.close(shared);
        // A connection that was closed before has no text to wait for any more.
        self.transmit(shared);
        next
    }

    /// The program interrupts the receiver, by INS. Returns whether the connection is open.
    pub(crate) fn interrupt(&mut self, shared: &mut Shared) -> bool {
        let (SendPhase::Open(open) | SendPhase::Flushing(open)) = &mut self.phase else { return false };
        open.say(shared, Command::Ins { link: open.link });
        true
    }

    /// Patience has ended with the IMP, which does not take the text or answer for it, or with the partner.
    pub(crate) fn on_patience_over(&mut self, shared: &mut Shared) -> Next {
        // The IMP may still answer, and no CLS is sent before (NIC 8246, Connection Termination).
        if shared.may_hear_of_text(self.local.id, self.foreign(), self.link()) {
            return Next::Stay;
        }
        match &self.phase {
            // The text got no further for too long: give it up, as TENEX does (RFC 689, DATW).
            SendPhase::Flushing(open) => {
                let open = *open;
                self.break_off(open, CloseReason::Lost, shared);
                shared.transit.let_go(shared.now, open.foreign.host, open.link);
                Next::Stay
            }
            // The last answer of the IMP never came: go on as if it had (RFC 689, RFN2).
            SendPhase::Answering(open) => {
                shared.transit.let_go(shared.now, open.foreign.host, open.link);
                self.local.answer_cls(shared, open.foreign, CloseReason::Lost)
            }
            SendPhase::Closing(closing, _) => closing.unanswered(&self.local, shared),
            SendPhase::Listening(_) | SendPhase::Requested(_) => Next::Stay,
            SendPhase::Open(_) | SendPhase::Gone(_) => Next::Stay,
        }
    }

    /// Closes, and tells the receiver that what it has is not the whole text. A CLS alone would say that nothing is missing:
    /// to a file in stream mode it is the end (RFC 385, 4). NIC 8246 leaves the meaning of an interrupt open;
    /// this one is ours, and a receiver that does not know it loses nothing.
    pub(crate) fn break_off(&mut self, mut open: Open, reason: CloseReason, shared: &mut Shared) {
        open.say(shared, Command::Ins { link: open.link });
        self.begin_closing(Closing::of_open(&open, reason), Some(open.link), shared);
    }

    /// Sends our CLS; the socket is free when the partner's has come.
    pub(crate) fn begin_closing(&mut self, closing: Closing, link: Option<Link>, shared: &mut Shared) {
        self.flow.unsent.clear();
        shared.await_end(self.local.id);
        self.local.send_cls(shared, closing.foreign);
        self.phase = SendPhase::Closing(closing, link);
    }

    /// Nothing more concerns the wire: leaves the tables of the partner. A message in transit still holds the link.
    pub(crate) fn end(&mut self, shared: &mut Shared) {
        let (foreign, link) = (self.foreign(), self.link());
        self.flow.unsent.clear();
        if let Some(partner) = foreign.and_then(|foreign| shared.partners.get_mut(foreign.host)) {
            partner.connections.remove(&self.local.id);
            if let Some(link) = link.filter(|link| partner.sending.get(link) == Some(&self.local.id)) {
                partner.sending.remove(&link);
            }
        }
        self.phase = SendPhase::Gone(Gone { foreign, size: self.size() });
    }
}

/// A sender that was not told otherwise sends bytes of eight bits.
pub(crate) fn size_or_eight(wanted: Option<ByteSize>) -> ByteSize {
    wanted.unwrap_or(ByteSize::EIGHT)
}
