//! The links between all hosts: which regular messages are under way on each, and which answers are due when.

use std::collections::BTreeMap;

use imp::Mishap;
use imp1822::HostAddress;
use machine::{Bits, Instant, Span};

use super::cable::{Cable, Cables};
use super::flight::{Moment, Reply};
use super::stream::{GivesUp, Misdelivery, Missing, ReceiverTap, Stream};
use crate::monitor::findings::{Findings, describe_message};
use crate::monitor::rule::Rule;
use crate::monitor::violation::Culprit;
use crate::way::LinkId;

/// How long an IMP may take to answer, in seconds: 30 until a host counts as tardy (RFC 394), as much again for an answer
/// that gets lost (RFC 442), and a moment: an IMP counts both by a clock that ticks every 640 ms, and the answer has a way to go.
const ANSWER_SECONDS: u64 = 62;

/// How many seconds longer for each message before it, at the IMP that it comes from or at the one that it goes to: a host has
/// as long to take what is its turn (RFC 394), and what comes from anywhere waits at its destination in the order in which it
/// came (RFC 442, page 2).
const ANSWER_SECONDS_FOR_OTHERS: u64 = 30;

/// When messages have been sent on this many links, the links are forgotten on which nothing is under way.
const MAX_STREAMS: usize = 4096;

/// A message that was sent before something was forgotten or cut may still be under way for this long: until its source
/// IMP has asked what became of it, and as long again.
pub(super) const UNDER_WAY: Span = Span::from_secs(120);

/// The links of all hosts.
#[derive(Debug)]
pub(super) struct Links {
    /// By the number of the sender; then those of its links on which it has sent.
    streams: Vec<BTreeMap<LinkId, Stream>>,
    /// How many links that are in all.
    remembered: usize,
    unanswered: Unanswered,
    /// Before this no answer is overdue.
    earliest_due: Option<Instant>,
    /// How many links may be remembered before some are forgotten.
    room: usize,
    /// When some were last forgotten.
    forgot_at: Option<Instant>,
}

/// How a message is sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sending {
    pub(super) moment: Moment,
    /// Which messages the sender may take for lost.
    pub(super) gives_up: GivesUp,
    pub(super) tap: ReceiverTap,
}

impl Links {
    pub(super) fn new() -> Self {
        Links {
            streams: Vec::new(),
            remembered: 0,
            unanswered: Unanswered([0; 64]),
            earliest_due: None,
            room: MAX_STREAMS,
            forgot_at: None,
        }
    }

    /// How many messages and links are remembered.
    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        self.streams.iter().flat_map(BTreeMap::values).map(|stream| 1 + stream.kept()).sum()
    }

    fn stream(&self, link: LinkId) -> Option<&Stream> {
        self.streams.get(usize::from(link.from().number()))?.get(&link)
    }

    /// Whether the sender may be waiting for the answer to a message, even if none can come any more.
    pub(super) fn may_wait(&self, link: LinkId) -> bool {
        self.stream(link).is_some_and(Stream::may_be_waited_for)
    }

    /// Whether a message has no answer that the sender may not take for lost.
    pub(super) fn is_busy(&self, link: LinkId, gives_up: GivesUp) -> bool {
        self.stream(link).is_some_and(|stream| stream.is_busy(gives_up))
    }

    /// Whether a message may be one that was under way when its link was forgotten.
    pub(super) fn may_have_forgotten(&self, now: Instant) -> bool {
        self.forgot_at.is_some_and(|at| now.since(at) < UNDER_WAY)
    }

    /// A host sends a message from this cable. Returns whether it should have waited for an answer first.
    pub(super) fn send(&mut self, link: LinkId, bits: &Bits, sending: Sending, cable: &mut Cable) -> bool {
        let Sending { moment, gives_up, tap } = sending;
        self.make_room(moment.now);
        let sender = usize::from(link.from().number());
        if self.streams.len() <= sender {
            self.streams.resize_with(sender + 1, BTreeMap::new);
        }
        let stream = self.streams[sender].entry(link).or_insert_with(|| {
            self.remembered += 1;
            Stream::default()
        });
        // A host that hangs receives no answers, and what it sends leaves only after those have come.
        let is_busy = stream.is_busy(gives_up) && !cable.hangs;
        stream.give_up(gives_up);
        if !cable.is_behind {
            stream.settle();
        }
        let due = moment.now + self.unanswered.time_to_answer(link) + cable.probation(moment.now);
        self.unanswered.add(link);
        self.unanswered.remove(link, stream.forget_oldest());
        stream.send(bits.clone(), due, moment, tap);
        if cable.hangs {
            stream.doubt();
        }
        self.note_due(due);
        is_busy
    }

    /// From now on an answer may be overdue after this.
    fn note_due(&mut self, due: Instant) {
        self.earliest_due = Some(self.earliest_due.map_or(due, |earliest| earliest.min(due)));
    }

    /// A fault strikes a message that was sent on a link in this moment.
    pub(super) fn strike(&mut self, link: LinkId, bits: &Bits, now: Instant, mishap: Mishap) {
        let Some(stream) = stream_mut(&mut self.streams, link) else { return };
        match mishap {
            Mishap::Lost | Mishap::LeaderError => self.unanswered.remove(link, stream.lose(bits, now)),
            Mishap::Late(span) => stream.delay(bits, now, span),
            Mishap::Twice => {
                let due = now + self.unanswered.time_to_answer(link);
                if stream.repeat(bits, now, due) {
                    self.unanswered.add(link);
                    self.note_due(due);
                }
            }
            // The sender is told, which is its answer.
            Mishap::DataError => stream.damage(bits, now),
        }
    }

    /// The sender does not get the answer to its message, or gets it late.
    pub(super) fn miss_answer(&mut self, link: LinkId, now: Instant) {
        if let Some(stream) = stream_mut(&mut self.streams, link) {
            stream.miss_answer(now);
        }
    }

    /// The sender gets an answer that was held up.
    pub(super) fn hear_late_answer(&mut self, link: LinkId) {
        if let Some(stream) = stream_mut(&mut self.streams, link) {
            stream.hear_late_answer();
        }
    }

    /// A host may take any of its messages for lost.
    pub(super) fn doubt(&mut self, host: HostAddress) {
        of_sender(&mut self.streams, host).for_each(|(_, stream)| stream.doubt());
    }

    /// An IMP delivers a message. Returns what is wrong with that, and whether it comes
    /// irregularly because of a fault on the sender's cable.
    pub(super) fn deliver(
        &mut self,
        link: LinkId,
        bits: &Bits,
        moment: Moment,
    ) -> (Option<Misdelivery>, bool) {
        match stream_mut(&mut self.streams, link) {
            Some(stream) => stream.arrive(bits, moment),
            None => (Some(Misdelivery::NotAsSent), false),
        }
    }

    /// An IMP answers a message; `of_imp`: it says that this was one for an IMP's own host. Returns the rule that this breaks;
    /// `None` if the answer cannot be about a message that was sent on this link.
    pub(super) fn answer(
        &mut self,
        link: LinkId,
        of_imp: bool,
        reply: Reply,
        moment: Moment,
    ) -> Option<Result<(), Rule>> {
        let (broken, was_due) = stream_mut(&mut self.streams, link)?.answer(of_imp, reply, moment)?;
        self.unanswered.remove(link, u32::from(was_due));
        Some(broken.map_or(Ok(()), Err))
    }

    /// The sender gets an answer twice.
    pub(super) fn answered_again(&mut self, link: LinkId) {
        if let Some(stream) = stream_mut(&mut self.streams, link) {
            stream.answered_again();
        }
    }

    /// Messages that a host has sent may stay without an answer.
    pub(super) fn excuse(&mut self, host: HostAddress) {
        let Links { streams, unanswered, .. } = self;
        for (link, stream) in of_sender(streams, host) {
            unanswered.remove(link, stream.excuse());
        }
    }

    /// The messages of a host may be answered as late as if they were sent now.
    pub(super) fn postpone(&mut self, now: Instant, host: HostAddress) {
        let Links { streams, unanswered, .. } = self;
        for (link, stream) in of_sender(streams, host) {
            stream.postpone(now + unanswered.time_to_answer_yet(link));
        }
    }

    /// Something in the net has broken or healed. It may have taken an answer, or the question of a source IMP what became of
    /// its message: the source asks again half a minute later, or learns by then that it can reach nobody (RFC 442).
    pub(super) fn postpone_all(&mut self, now: Instant) {
        for (link, stream) in self.streams.iter_mut().flatten() {
            stream.postpone(now + self.unanswered.time_to_answer_yet(*link));
        }
    }

    /// The same for a line that comes or goes: it excuses nobody for ever, however many do.
    pub(super) fn postpone_for_line(&mut self, now: Instant) {
        for (link, stream) in self.streams.iter_mut().flatten() {
            stream.postpone_for_line(now + self.unanswered.time_to_answer_yet(*link));
        }
    }

    /// Reports answers that are overdue. The links are searched only when one may be.
    pub(super) fn report_overdue(&mut self, cables: &Cables, findings: &mut Findings<'_>) {
        if self.earliest_due.is_none_or(|due| findings.at <= due) {
            return;
        }
        self.earliest_due = None;
        for (link, stream) in self.streams.iter_mut().flatten() {
            let (from, to) = (link.from(), link.to());
            if cables.seen(from).is_some_and(|cable| cable.hangs) {
                stream.postpone(findings.at + time_to_answer(0));
            }
            loop {
                match stream.overdue(findings.at) {
                    Err(bits) => {
                        self.unanswered.remove(*link, 1);
                        let who = Culprit::Imp(from);
                        let what = || describe_message(from, &bits);
                        findings.add_missing(Rule::Unanswered, who, Some(to), what);
                    }
                    Ok(next) => {
                        self.earliest_due = [self.earliest_due, next].into_iter().flatten().min();
                        break;
                    }
                }
            }
        }
    }

    /// Reports what is missing at the end of a run. `quiet`: nothing more would ever happen.
    pub(super) fn finish(
        &self,
        quiet: bool,
        cables: &Cables,
        moment: impl Fn(HostAddress) -> Moment,
        findings: &mut Findings<'_>,
    ) {
        for (link, stream) in self.streams.iter().flatten() {
            let (from, to) = (link.from(), link.to());
            let hangs = cables.seen(from).is_some_and(|cable| cable.hangs);
            if let Some((missing, bits)) = stream.finish(moment(to), quiet) {
                if missing == Missing::Answer && hangs {
                    continue;
                }
                let what = || describe_message(from, bits);
                findings.add_missing(missing.rule(), Culprit::Imp(from), Some(to), what);
            }
        }
    }

    /// Forgets the links on which nothing is under way, if there are many. Of messages that come late or twice on
    /// them less is then known.
    fn make_room(&mut self, now: Instant) {
        if self.remembered >= self.room {
            self.streams.iter_mut().for_each(|links| links.retain(|_, stream| stream.is_under_way()));
            self.remembered = self.streams.iter().map(BTreeMap::len).sum();
            self.room = MAX_STREAMS.max(2 * self.remembered);
            self.forgot_at = Some(now);
        }
    }
}

/// What is under way on a link, if anything has ever been sent on it.
fn stream_mut(streams: &mut [BTreeMap<LinkId, Stream>], link: LinkId) -> Option<&mut Stream> {
    streams.get_mut(usize::from(link.from().number()))?.get_mut(&link)
}

/// The links on which a host sends, and what is under way on each.
fn of_sender(
    streams: &mut [BTreeMap<LinkId, Stream>],
    host: HostAddress,
) -> impl Iterator<Item = (LinkId, &mut Stream)> {
    let links = streams.get_mut(usize::from(host.number())).into_iter().flatten();
    links.map(|(link, stream)| (*link, stream))
}

/// How long an IMP may take to answer while this many other messages wait before it.
fn time_to_answer(before: u32) -> Span {
    Span::from_secs(ANSWER_SECONDS + ANSWER_SECONDS_FOR_OTHERS * u64::from(before))
}

/// How many messages wait for their answer, by IMP: each at that from which it comes, and at that to which it goes.
#[derive(Debug)]
struct Unanswered([u32; 64]);

impl Unanswered {
    /// The IMPs at which a message waits.
    fn imps(link: LinkId) -> impl Iterator<Item = usize> {
        let [from, to] = [link.from(), link.to()].map(|host| usize::from(host.imp()));
        std::iter::once(from).chain((to != from).then_some(to))
    }

    /// A message has been sent.
    fn add(&mut self, link: LinkId) {
        for imp in Self::imps(link) {
            self.0[imp] += 1;
        }
    }

    /// So many messages wait no longer.
    fn remove(&mut self, link: LinkId, count: u32) {
        for imp in Self::imps(link) {
            self.0[imp] -= count;
        }
    }

    /// How long the answer to a message may take that is sent now. What waits at both IMPs counts at both: it may be in the
    /// way at either.
    fn time_to_answer(&self, link: LinkId) -> Span {
        time_to_answer(self.at_both(link))
    }

    /// How long it may take from now on, if the message waits already: it is counted itself, at each IMP. Once that gives its
    /// source the half minute after which it asks again.
    fn time_to_answer_yet(&self, link: LinkId) -> Span {
        let more_than_once = Self::imps(link).skip(1).count() as u32;
        time_to_answer(self.at_both(link).saturating_sub(more_than_once))
    }

    fn at_both(&self, link: LinkId) -> u32 {
        Self::imps(link).map(|imp| self.0[imp]).sum()
    }
}
