//! Patience with the IMP: messages for which it never answers.
//!
//! Each message has an answer: RFNM, or type 7, 8 or 9. That none comes is a fault that no document foresees, yet real
//! IMPs have it: when one on the way dies, the IMP of the sender may forget what was on its way there, or answer in the
//! name of a host and a link that nobody has written to.

use imp1822::{HostAddress, Incomplete, Link};
use machine::{Instant, Span};

use crate::Ncp;
use crate::connection::Phase;
use crate::partner::SendLink;

/// How long an IMP may take to answer for a message: 30 seconds for a tardy host, and as much again for the
/// subnet to ask what became of the message (RFC 442).
pub(crate) const IMP_PATIENCE: Span = Span::from_secs(60);

/// How long text may go without an answer where every IMP is one of ours and answers, if nobody tampers with a cable. There
/// the connection stands still, for which NIC 8246 has no remedy, until its user has had time to find out.
const OWN_IMPS_PATIENCE: Span = Span::from_secs(300);

/// How long a message may hold its link, though its connection was broken off. An answer that comes after all, and names
/// nothing but host and link, is not taken for that of a younger message then.
const HOLD: Span = Span::from_secs(120);

/// How stale the deadline may be, so that it need not move with every message. No answer comes so late that such a
/// deadline rings in vain.
const LAG: Span = Span::from_secs(10);

/// The one deadline for all messages in transit.
#[derive(Debug, Default)]
pub(crate) struct Patience {
    /// How many messages are in transit.
    unanswered: usize,
    /// When the first of them may be due: perhaps too early, but never too late.
    until: Instant,
    /// When that was found out.
    found: Instant,
}

impl Patience {
    /// When there is something to be given up, unless it is answered before. Nothing while nothing is in transit.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        (self.unanswered > 0).then_some(self.until)
    }

    /// A message has been handed to the IMP, and its answer is due.
    pub(crate) fn sent(&mut self, now: Instant, due: Instant) {
        let is_first = self.unanswered == 0;
        self.unanswered += 1;
        if is_first && self.until + LAG < due {
            (self.until, self.found) = (due, now);
        }
        self.is_due(now, due);
    }

    /// A message in transit is due.
    fn is_due(&mut self, now: Instant, due: Instant) {
        if due < self.until {
            (self.until, self.found) = (due, now);
        }
    }

    /// A message is not in transit any more.
    pub(crate) fn answered(&mut self) {
        self.unanswered -= 1;
    }

    /// Whether it is time to look for what is due first.
    fn is_stale(&self, now: Instant) -> bool {
        self.unanswered > 0 && now.since(self.found) > LAG
    }
}

impl Ncp {
    /// When text that is sent now is given up, if there is no answer.
    pub(crate) fn text_due(&self, now: Instant) -> Instant {
        now + self.company.patience(OWN_IMPS_PATIENCE, IMP_PATIENCE)
    }

    /// Moves the deadline, if it is older than it should be.
    pub(crate) fn keep_patience(&mut self, now: Instant) {
        if self.patience.is_stale(now) {
            self.look_for_unanswered(now);
        }
    }

    /// Treats as [lost](Self::incomplete) what has had no answer for too long, and finds out what is due next. This
    /// looks at every partner.
    pub(crate) fn look_for_unanswered(&mut self, now: Instant) {
        let mut late = Vec::new();
        for host in (0..=u8::MAX).map(HostAddress::from) {
            let Some(partner) = self.known(host) else { continue };
            if partner.outstanding.as_ref().is_some_and(|message| message.due <= now) {
                late.push((host, Link::CONTROL));
            }
            let is_late = |entry: &SendLink| entry.in_transit.as_ref().is_some_and(|text| text.due <= now);
            let links = partner.sending.iter().filter(|(_, entry)| is_late(entry));
            late.extend(links.map(|(link, _)| (host, *link)));
        }
        late.into_iter().for_each(|(host, link)| self.give_up(now, host, link));
        let next = self.partners.iter().flatten().flat_map(|partner| {
            let control = partner.outstanding.iter().map(|message| message.due);
            control.chain(partner.sending.values().filter_map(|entry| Some(entry.in_transit.as_ref()?.due)))
        });
        if let Some(next) = next.min() {
            (self.patience.until, self.patience.found) = (next, now);
        }
    }

    fn give_up(&mut self, now: Instant, host: HostAddress, link: Link) {
        if link == Link::CONTROL {
            // An answer that comes after all is taken for that of the RST that follows, before the partner's RRP lets
            // anything else go.
            return self.incomplete(now, host, link, Incomplete::Lost);
        }
        let text = self.known(host).and_then(|partner| partner.sending.get(&link)?.in_transit.as_ref());
        let Some(owner) = text.map(|text| text.owner) else { return };
        match self.connections.get(&owner).map(|connection| connection.phase) {
            Some(Phase::Open { .. } | Phase::Flushing { .. } | Phase::Answering { .. }) => {
                self.text_lost(now, owner);
                self.let_go(now, host, link);
            }
            // Its connection is over already; in the others nothing is ever in transit.
            Some(Phase::Closing { .. } | Phase::Gone { .. }) | None => self.message_lost(now, host, link),
            Some(Phase::Listening { .. } | Phase::Requested { .. }) => self.message_lost(now, host, link),
        }
    }

    /// Nobody waits for text any longer. The link is free when its answer comes, or will not come even late.
    pub(crate) fn let_go(&mut self, now: Instant, host: HostAddress, link: Link) {
        let entry = self.known(host).and_then(|partner| partner.sending.get_mut(&link));
        let Some(text) = entry.and_then(|entry| entry.in_transit.as_mut()) else { return };
        let due = text.since + HOLD;
        if due <= now {
            self.message_lost(now, host, link);
        } else {
            text.due = due;
            self.patience.is_due(now, due);
        }
    }

    /// Type 1: the IMP could not read the leader of a message, and does not say of which. That message has no
    /// other answer, so that it is found out by waiting: what is in transit now and has no answer when every
    /// IMP must have answered, is [lost](Self::incomplete).
    pub(crate) fn leader_unread(&mut self, now: Instant) {
        let due = now + IMP_PATIENCE;
        for partner in self.partners.iter_mut().flatten() {
            partner.outstanding.iter_mut().for_each(|message| message.due = due);
            let texts = partner.sending.values_mut().filter_map(|entry| entry.in_transit.as_mut());
            texts.for_each(|text| text.due = due);
        }
        (self.patience.until, self.patience.found) = (due, now);
    }
}
