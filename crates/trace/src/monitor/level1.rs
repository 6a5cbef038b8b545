//! Level 1: what crosses each host's cable, and what the IMPs make of it between two cables.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use imp::{Fault, Mishap};
use imp1822::h316::Speaker;
use imp1822::{
    FromImp, HostAddress, Incomplete, LEADER_BITS, Leader, LeaderError, Link, MAX_MESSAGE_BITS, Signal, ToImp,
};
use machine::{Bits, Instant, Span};

use super::cable::{Cable, Excuses, HostEnd, ImpEnd, NOPS, is_well_formed, use_up};
use super::news::{News, Settled};
use super::sight::{Sight, Sights};
use super::stream::{Copies, Door, Lack, Misdelivery, Moment, Reply, Stream};
use super::{Culprit, Rule, Sheet};

/// How long an IMP may take to answer, in seconds: 30 until a host counts as tardy (RFC 394), as much again for an answer
/// that gets lost (RFC 442).
const PATIENCE: u64 = 60;

/// How much longer for each message that waits at the same IMP.
const PATIENCE_FOR_OTHERS: u64 = 30;

/// A host that has no answer for so long may believe that its message got lost on a cable that loses some.
const GIVES_UP: Span = Span::from_secs(2);

/// When messages have been sent on so many links, those are forgotten on which nothing is under way.
const MOST_STREAMS: usize = 4096;

/// How long a message may be on its way from before a ready line dropped: until its source has asked what became of it,
/// and as long again.
const OF_BEFORE: Span = Span::from_secs(120);

/// All cables.
#[derive(Debug)]
pub(super) struct Level1 {
    sights: Sights,
    cables: Vec<Cable>,
    streams: BTreeMap<(HostAddress, HostAddress, Link), Stream>,
    /// How many messages wait for their answer at each IMP.
    unanswered: [u32; 64],
    /// Before this no answer is overdue.
    earliest_due: Option<Instant>,
    /// How often something has broken or healed.
    pub(super) faults: u32,
    /// How many links may be remembered before some are forgotten, and when some last were.
    room: usize,
    forgot_at: Option<Instant>,
}

impl Level1 {
    pub(super) fn new(sights: Sights) -> Self {
        let cable = |number| Cable::new(sights.of(HostAddress::from(number)));
        Level1 {
            cables: (0..=u8::MAX).map(cable).collect(),
            sights,
            streams: BTreeMap::new(),
            unanswered: [0; 64],
            earliest_due: None,
            faults: 0,
            room: MOST_STREAMS,
            forgot_at: None,
        }
    }

    /// How many messages and links are remembered.
    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        self.streams.values().map(|stream| 1 + stream.kept()).sum()
    }

    /// The monitor begins to listen: what it hears first may be the end of something.
    pub(super) fn begin(&mut self, now: Instant) {
        for (number, cable) in (0..=u8::MAX).zip(&mut self.cables) {
            if self.sights.of(HostAddress::from(number)) != Sight::Whole {
                cable.unclear_until = Some(now + OF_BEFORE);
            }
        }
    }

    /// Something that was said on a cable of datagrams was not heard here.
    pub(super) fn gap(&mut self, now: Instant, host: HostAddress, speaker: Speaker) {
        let cable = &mut self.cables[usize::from(host.number())];
        cable.unclear_until = Some(now + OF_BEFORE);
        match speaker {
            // It may have been the NOP.
            Speaker::Host => {
                if cable.host == HostEnd::Silent {
                    cable.host = HostEnd::Speaking;
                }
            }
            // It may have been an answer, or a NOP.
            Speaker::Imp => {
                cable.nops = NOPS;
                self.excuse(host);
            }
        }
    }

    /// Whether a host may be waiting for the answer to a message on a link, be it in vain.
    pub(super) fn may_wait(&self, from: HostAddress, to: HostAddress, link: Link) -> bool {
        self.streams.get(&(from, to, link)).is_some_and(Stream::may_be_waited_for)
    }

    /// Whether a message on a link has no answer yet, and its host cannot think that it got lost.
    pub(super) fn is_surely_busy(
        &self,
        now: Instant,
        from: HostAddress,
        to: HostAddress,
        link: Link,
    ) -> bool {
        let since = self.remembers_since(now, from);
        self.streams.get(&(from, to, link)).is_some_and(|stream| stream.is_busy(since))
    }

    /// Of messages that were sent before this a host may think that they got lost.
    fn remembers_since(&self, now: Instant, host: HostAddress) -> Instant {
        if self.sights.of(host).imp_hears() {
            Instant::START
        } else {
            Instant::START + now.since(Instant::START + GIVES_UP)
        }
    }

    /// A host puts a signal on its cable.
    pub(super) fn sent(&mut self, host: HostAddress, signal: &Signal, sheet: &mut Sheet<'_>) -> News {
        let who = Culprit::Host(host);
        let sight = self.sights.of(host);
        let cable = &mut self.cables[usize::from(host.number())];
        let bits = match signal {
            Signal::Ready(up) => {
                cable.host = match (up, cable.host) {
                    (false, _) => HostEnd::Down,
                    // It may have been up all the time.
                    (true, HostEnd::Unheard) if !sight.is_from_the_start() => HostEnd::Speaking,
                    (true, _) => HostEnd::Silent,
                };
                // The IMP shows again that it is ready.
                cable.imp = ImpEnd::Down;
                self.cut(sheet.at, host);
                return News::Cut;
            }
            Signal::Message(bits) => bits,
        };
        if cable.host == HostEnd::Down || cable.imp == ImpEnd::Down {
            match sight {
                // A greeting, for an IMP that does not notice a ready line.
                Sight::Whole | Sight::AtHost if cable.host != HostEnd::Down && *bits == ToImp::Nop.bits() => {
                    return News::Nothing;
                }
                Sight::Whole | Sight::AtHost => {
                    sheet.add(Rule::HostNotReady, who, None);
                    return News::Nothing;
                }
                // It cannot know yet; the IMP takes nothing.
                Sight::AtImp => return News::Missed,
                // How the IMP's line is was not heard.
                Sight::Between | Sight::Unseen => {}
            }
        }
        if !(LEADER_BITS..=MAX_MESSAGE_BITS).contains(&bits.len()) {
            sheet.add(Rule::HostLength, who, None);
        }
        let mishap = cable.mishaps.pop_front();
        let message = ToImp::parse(bits);
        if cable.host == HostEnd::Silent && message != Ok(ToImp::Nop) {
            sheet.add(Rule::NopsFirst, who, None);
        }
        // A host that greets its IMP has begun anew: perhaps because something that was for it got lost.
        let greets = message == Ok(ToImp::Nop) && !sight.host_hears();
        let before = cable.host;
        cable.host = if greets { HostEnd::Greeting } else { HostEnd::Speaking };
        if greets && before == HostEnd::Speaking {
            self.cut(sheet.at, host);
            return News::Cut;
        }
        match message {
            Ok(ToImp::Regular { to, link, .. }) => {
                self.regular(host, (to, link), bits, mishap, sheet);
                match mishap {
                    Some(Mishap::Lost) => News::SentInVain { to, link },
                    Some(Mishap::Late(_) | Mishap::Twice | Mishap::LeaderError | Mishap::DataError)
                    | None => News::Sent { to, link },
                }
            }
            Ok(ToImp::Unknown(_)) => {
                cable.illegal += 1;
                sheet.add(Rule::HostType, who, None);
                News::Nothing
            }
            // Its length was complained of above.
            Err(_) => {
                cable.short += 1;
                News::Nothing
            }
            Ok(ToImp::ErrorWithoutId | ToImp::GoingDown | ToImp::Nop | ToImp::ErrorWithId { .. }) => {
                News::Nothing
            }
        }
    }

    fn regular(
        &mut self,
        host: HostAddress,
        (to, link): (HostAddress, Link),
        bits: &Bits,
        mishap: Option<Mishap>,
        sheet: &mut Sheet<'_>,
    ) {
        let moment = self.moment(sheet.at, to);
        let since = self.remembers_since(sheet.at, host);
        let both_ends = [host, to].iter().all(|host| self.sights.of(*host).imp_hears());
        let door = if both_ends { Door::Seen } else { Door::Unseen };
        self.make_room(sheet.at);
        let stream = self.streams.entry((host, to, link)).or_default();
        // A host that hangs hears no answers, and nothing that it says leaves before those have come. One whose answer
        // was lost on the cable gives it up in the end.
        let Cable { hangs, excuses, .. } = &mut self.cables[usize::from(host.number())];
        let is_busy = stream.is_busy(since) && !*hangs;
        if is_busy && use_up(&mut excuses.not_told) {
            self.unanswered[usize::from(host.imp())] -= stream.excuse();
        } else if is_busy {
            sheet.add(Rule::LinkBusy, Culprit::Host(host), Some(to));
        }
        let (copies, later): (&[Copies], Span) = match mishap {
            // The IMP never sees it.
            Some(Mishap::Lost) => return,
            Some(Mishap::Late(span)) => (&[Copies::Once], span),
            Some(Mishap::Twice) => (&[Copies::First, Copies::Second], Span::ZERO),
            Some(Mishap::LeaderError | Mishap::DataError) | None => (&[Copies::Once], Span::ZERO),
        };
        for copy in copies {
            let waiting = &mut self.unanswered[usize::from(host.imp())];
            let due = sheet.at + later + patience(*waiting);
            *waiting += 1;
            self.earliest_due = Some(self.earliest_due.map_or(due, |earliest| earliest.min(due)));
            *waiting -= stream.forget_oldest();
            stream.send(bits.clone(), due, moment, *copy, door);
        }
    }

    /// Forgets the links on which nothing is under way, if there are many: only of what comes twice or too late on
    /// them less is known.
    fn make_room(&mut self, now: Instant) {
        if self.streams.len() >= self.room {
            self.streams.retain(|_, stream| stream.is_under_way());
            self.room = MOST_STREAMS.max(2 * self.streams.len());
            self.forgot_at = Some(now);
        }
    }

    /// Whether what comes late may be of a message that was forgotten.
    fn has_forgotten(&self, now: Instant) -> bool {
        self.forgot_at.is_some_and(|at| now.since(at) < OF_BEFORE)
    }

    /// Something breaks or heals. What a scenario does to a host's cable excuses what comes of it.
    pub(super) fn breaks(&mut self, now: Instant, fault: Fault) {
        match fault {
            Fault::HostHangs { host } => self.cables[usize::from(host.number())].hangs = true,
            // What the host has sent meanwhile begins to move.
            Fault::HostGoesOn { host } => {
                self.cables[usize::from(host.number())].hangs = false;
                self.postpone(now, host);
            }
            Fault::Mishap { host, toward, mishap } => {
                self.cables[usize::from(host.number())].mishap(toward, mishap);
            }
            // At a pulled cable both ends see that the ready lines drop.
            Fault::CablePulled { .. }
            | Fault::CablePlugged { .. }
            | Fault::LineFails { .. }
            | Fault::LineHeals { .. }
            | Fault::LineErrs { .. }
            | Fault::ImpCrashes { .. }
            | Fault::ImpRestarts { .. }
            | Fault::ImpGoesDown { .. } => self.faults += 1,
        }
    }

    /// A host's messages are answered as if they were sent now.
    fn postpone(&mut self, now: Instant, host: HostAddress) {
        let due = now + patience(self.unanswered[usize::from(host.imp())]);
        self.streams.range_mut(all_from(host)).for_each(|(_, stream)| stream.postpone(due));
    }

    /// The last bit of a signal has reached a host.
    pub(super) fn received(&mut self, host: HostAddress, signal: &Signal, sheet: &mut Sheet<'_>) -> News {
        let who = Culprit::Imp(host);
        let sight = self.sights.of(host);
        let cable = &mut self.cables[usize::from(host.number())];
        let bits = match signal {
            // The host greets an IMP that rises.
            Signal::Ready(true) => {
                cable.imp = ImpEnd::Risen { nops: 0 };
                if cable.host == HostEnd::Speaking && sight.host_hears() {
                    cable.host = HostEnd::Silent;
                }
                return News::Nothing;
            }
            Signal::Ready(false) => {
                cable.imp = ImpEnd::Down;
                self.cut(sheet.at, host);
                return News::Cut;
            }
            Signal::Message(bits) => bits,
        };
        // Who is far away cannot know at once that a line has dropped.
        if sight.imp_hears() && (cable.host == HostEnd::Down || cable.imp == ImpEnd::Down) {
            sheet.add(Rule::ImpNotReady, who, None);
        }
        let Ok(leader) = Leader::parse(&mut bits.reader()) else {
            sheet.add(Rule::ImpType, who, None);
            return News::Nothing;
        };
        let message = FromImp::from(leader);
        if cable.excuses.repeated > 0 {
            let now = (sheet.at, bits.clone());
            if cable.last.as_ref() == Some(&now) {
                cable.excuses.repeated -= 1;
                return self.repeated(host, message);
            }
            cable.last = Some(now);
        }
        // An emulated IMP gives the unused bits of a message back with its answer.
        let leader = if sight.imp_hears() { leader } else { Leader { unused: 0, ..leader } };
        if !is_well_formed(leader, message) {
            sheet.add(Rule::ImpLeader, who, None);
        }
        let greeted = cable.nops >= NOPS;
        cable.nops = if message == FromImp::Nop { cable.nops.saturating_add(1) } else { 0 };
        let before = cable.imp;
        cable.imp = match (before, message) {
            (ImpEnd::Risen { nops }, FromImp::Nop) => ImpEnd::Risen { nops: nops.saturating_add(1) },
            (ImpEnd::Down, _) => ImpEnd::Down,
            (ImpEnd::Risen { .. } | ImpEnd::Speaking, _) => ImpEnd::Speaking,
        };
        match message {
            FromImp::Regular { from, link, .. } if self.sights.of(from) == Sight::Unseen => {
                News::Heard { from, link }
            }
            FromImp::Regular { from, link, .. }
                if !(sight.imp_hears() && self.sights.of(from).imp_hears()) =>
            {
                News::Got { from, link }
            }
            FromImp::Regular { from, link, .. } => {
                let moment = self.moment(sheet.at, host);
                let of_before = self.may_be_of_before(sheet.at, from, host);
                let stream = self.streams.get_mut(&(from, host, link));
                let (broken, mut odd) = stream
                    .map_or((Some(Misdelivery::NotAsSent), false), |stream| stream.arrive(bits, moment));
                if let Some(broken) = broken {
                    let Excuses { not_reached, reached_late, .. } =
                        &mut self.cables[usize::from(host.number())].excuses;
                    let excused = match broken {
                        Misdelivery::BehindRfnm => use_up(not_reached) || of_before,
                        Misdelivery::Twice | Misdelivery::NotAsSent | Misdelivery::OutOfOrder => {
                            use_up(reached_late) || of_before
                        }
                        // What its IMP has put on the cable it does not refuse, late or not.
                        Misdelivery::ThoughRefused => false,
                    };
                    odd |= excused;
                    if !excused {
                        sheet.add(broken.rule(), who, Some(from));
                    }
                }
                if odd { News::GotOddly { from, link } } else { News::Got { from, link } }
            }
            FromImp::Rfnm { to, link } => {
                self.answered(host, (to, link), (Reply::Rfnm, Settled::Arrived), sheet)
            }
            FromImp::DestinationDead { to, link, .. } => {
                self.answered(host, (to, link), (Reply::Refused, Settled::Dead), sheet)
            }
            FromImp::ErrorInData { to, link } => {
                self.answered(host, (to, link), (Reply::Refused, Settled::NotArrived), sheet)
            }
            FromImp::Incomplete { to, link, why } => {
                let means = match why {
                    Incomplete::TooSlow | Incomplete::NoResources => (Reply::Refused, Settled::NotArrived),
                    Incomplete::TooLong => (Reply::TooLong, Settled::NotArrived),
                    Incomplete::HostTardy | Incomplete::Lost | Incomplete::Unknown(_) => {
                        (Reply::Lost, Settled::Lost)
                    }
                };
                self.answered(host, (to, link), means, sheet)
            }
            FromImp::ErrorInLeader { why, .. } => {
                let owed = match why {
                    // Damage may happen to any message, and then nobody knows to which.
                    LeaderError::Garbled | LeaderError::Unknown(_) => {
                        self.excuse(host);
                        return News::Nothing;
                    }
                    LeaderError::TooShort => &mut cable.short,
                    LeaderError::IllegalType => &mut cable.illegal,
                };
                match owed.checked_sub(1) {
                    Some(left) => *owed = left,
                    None if !sight.imp_hears()
                        && cable.unclear_until.is_some_and(|until| sheet.at < until) => {}
                    None => sheet.add(Rule::UncalledError, who, None),
                }
                News::Nothing
            }
            FromImp::InterfaceReset => {
                match before {
                    ImpEnd::Risen { nops: NOPS.. } => {}
                    // That its line dropped, or the host's, may have been heard by nobody here.
                    ImpEnd::Down | ImpEnd::Risen { .. } | ImpEnd::Speaking
                        if !sight.imp_hears() && greeted => {}
                    ImpEnd::Down | ImpEnd::Risen { .. } | ImpEnd::Speaking => {
                        sheet.add(Rule::UntimelyReset, who, None);
                    }
                }
                if cable.host == HostEnd::Speaking && sight.host_hears() {
                    cable.host = HostEnd::Silent;
                }
                self.cut(sheet.at, host);
                News::Cut
            }
            FromImp::Unknown(_) => {
                sheet.add(Rule::ImpType, who, None);
                News::Nothing
            }
            FromImp::GoingDown(_) | FromImp::Nop => News::Nothing,
        }
    }

    /// What has just reached a host reaches it once more.
    fn repeated(&mut self, host: HostAddress, message: FromImp) -> News {
        match message {
            FromImp::Regular { from, link, .. } => News::GotOddly { from, link },
            FromImp::Rfnm { to, link }
            | FromImp::DestinationDead { to, link, .. }
            | FromImp::ErrorInData { to, link }
            | FromImp::Incomplete { to, link, .. } => {
                if let Some(stream) = self.streams.get_mut(&(host, to, link)) {
                    stream.answered_again();
                }
                News::Nothing
            }
            FromImp::ErrorInLeader { .. }
            | FromImp::GoingDown(_)
            | FromImp::Nop
            | FromImp::InterfaceReset
            | FromImp::Unknown(_) => News::Nothing,
        }
    }

    fn answered(
        &mut self,
        host: HostAddress,
        (to, link): (HostAddress, Link),
        (reply, settled): (Reply, Settled),
        sheet: &mut Sheet<'_>,
    ) -> News {
        let moment = self.moment(sheet.at, to);
        let of_before = self.may_be_of_before(sheet.at, host, to);
        let unclear = self.cables[usize::from(host.number())].unclear_until;
        let unclear = !self.sights.of(host).imp_hears() && unclear.is_some_and(|until| sheet.at < until)
            || self.has_forgotten(sheet.at);
        let stream = self.streams.get_mut(&(host, to, link));
        let (broken, owed) = match stream {
            Some(stream) => stream.answer(reply, moment),
            None => (Some(Rule::Unasked), false),
        };
        if owed {
            self.unanswered[usize::from(host.imp())] -= 1;
        }
        if let Some(rule) = broken {
            // What the receiver missed, the sender cannot know.
            if rule == Rule::RfnmTooEarly
                && (use_up(&mut self.cables[usize::from(to.number())].excuses.not_reached) || of_before)
            {
                return News::Answered { to, link, reply: Settled::Lost };
            }
            // It may be about something that was not heard.
            if !(rule == Rule::Unasked && unclear) {
                sheet.add(rule, Culprit::Imp(host), Some(to));
            }
        }
        News::Answered { to, link, reply: settled }
    }

    /// Tells of answers that are overdue. The streams are looked at only when one may be.
    pub(super) fn look_for_overdue(&mut self, sheet: &mut Sheet<'_>) {
        if self.earliest_due.is_none_or(|due| sheet.at <= due) {
            return;
        }
        self.earliest_due = None;
        for ((from, to, _), stream) in &mut self.streams {
            let cable = &mut self.cables[usize::from(from.number())];
            if cable.hangs {
                stream.postpone(sheet.at + patience(0));
            }
            loop {
                match stream.overdue(sheet.at) {
                    Err(bits) => {
                        self.unanswered[usize::from(from.imp())] -= 1;
                        if use_up(&mut cable.excuses.not_told) {
                            continue;
                        }
                        let who = Culprit::Imp(*from);
                        sheet.missing(Rule::Unanswered, who, Some(*to), || super::in_words(*from, &bits));
                    }
                    Ok(next) => {
                        let earliest = [self.earliest_due, next].into_iter().flatten().min();
                        self.earliest_due = earliest;
                        break;
                    }
                }
            }
        }
    }

    /// What a host has sent may never be answered, and what was on its way to it may be gone.
    fn cut(&mut self, now: Instant, host: HostAddress) {
        let cable = &mut self.cables[usize::from(host.number())];
        cable.cuts = cable.cuts.wrapping_add(1);
        cable.cut_at = Some(now);
        cable.unclear_until = Some(now + OF_BEFORE);
        self.excuse(host);
    }

    fn excuse(&mut self, host: HostAddress) {
        let excused: u32 = self.streams.range_mut(all_from(host)).map(|(_, stream)| stream.excuse()).sum();
        self.unanswered[usize::from(host.imp())] -= excused;
    }

    /// What no IMP has done until the end.
    pub(super) fn finish(&self, quiet: bool, sheet: &mut Sheet<'_>) {
        let mut excuses: Vec<Excuses> = self.cables.iter().map(|cable| cable.excuses).collect();
        for ((from, to, _), stream) in &self.streams {
            let hangs = self.cables[usize::from(from.number())].hangs;
            if let Some((lack, bits)) = stream.finish(self.moment(sheet.at, *to), quiet) {
                let excused = match lack {
                    Lack::Answer => hangs || use_up(&mut excuses[usize::from(from.number())].not_told),
                    Lack::Delivery => use_up(&mut excuses[usize::from(to.number())].not_reached),
                };
                if excused {
                    continue;
                }
                sheet.missing(lack.rule(), Culprit::Imp(*from), Some(*to), || super::in_words(*from, bits));
            }
        }
    }

    /// Whether a message from a host to another may be of a time before something broke and one of their ready lines
    /// dropped. It cannot be told from one with the same text that was sent since.
    fn may_be_of_before(&self, now: Instant, from: HostAddress, to: HostAddress) -> bool {
        self.has_forgotten(now)
            || self.faults > 0
                && [from, to].iter().any(|host| {
                    let cut_at = self.cables[usize::from(host.number())].cut_at;
                    cut_at.is_some_and(|at| now.since(at) < OF_BEFORE)
                })
    }

    fn moment(&self, now: Instant, receiver: HostAddress) -> Moment {
        Moment { now, faults: self.faults, cuts: self.cables[usize::from(receiver.number())].cuts }
    }
}

/// How long an IMP may take to answer while so many others wait there for theirs.
fn patience(waiting: u32) -> Span {
    Span::from_secs(PATIENCE + PATIENCE_FOR_OTHERS * u64::from(waiting))
}

/// The streams that begin at a host.
fn all_from(host: HostAddress) -> RangeInclusive<(HostAddress, HostAddress, Link)> {
    (host, HostAddress::from(0), Link::from(0))..=(host, HostAddress::from(u8::MAX), Link::from(u8::MAX))
}
