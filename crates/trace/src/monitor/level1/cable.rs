//! A host's cable: what the monitor knows of its two ends, and which rules a signal breaks by itself.

use imp::Mishap;
use imp1822::h316::Speaker;
use imp1822::{FromImp, HostAddress, Leader, LeaderError, ToImp};
use machine::{Bits, Instant, Span};

use crate::monitor::tap::{TapPoint, TapPoints};

/// How many NOPs come before an interface reset (RFC 394).
const NOPS: u8 = 3;

/// After a host has come up, its IMP takes only one message from it for so long (RFC 271).
const PROBATION: Span = Span::from_secs(30);

/// The host's end of a cable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HostEnd {
    /// Nothing has been seen of it yet: the monitor began to listen later than the host began to run.
    Unseen,
    /// The ready line is down.
    Down,
    /// The ready line is up, and a NOP must come first.
    Silent,
    /// It sends NOPs, though its ready line has not dropped.
    Greeting,
    /// It has sent something else.
    Speaking,
}

/// The IMP's end of a cable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ImpEnd {
    /// The ready line is down.
    Down,
    /// The ready line has risen, and since then only this many NOPs have come.
    Risen { nops: u8 },
    /// It has sent something else.
    Speaking,
}

/// A host's cable.
#[derive(Debug, Clone)]
pub(super) struct Cable {
    pub(super) host: HostEnd,
    imp: ImpEnd,
    /// How often a ready line has dropped or the interface was reset.
    pub(super) cuts: u32,
    /// When that last happened.
    pub(super) cut_at: Option<Instant>,
    /// When a ready line last rose.
    up_at: Option<Instant>,
    /// Until then the IMP may answer messages that were not seen.
    pub(super) unclear_until: Option<Instant>,
    /// How many NOPs the IMP has sent one after the other.
    nops: u8,
    /// How many short messages of the host the IMP may still complain of.
    short: u32,
    /// How many messages of an illegal type the IMP may still complain of.
    illegal: u32,
    /// Whether the host's interface stands still.
    pub(super) hangs: bool,
    /// When it last went on after that.
    pub(super) went_on_at: Option<Instant>,
    /// Whether the host has yet to look at something that has reached it.
    pub(super) is_behind: bool,
    /// How many messages of the host with a garbled leader the IMP has yet to complain of.
    garbled: u32,
    /// Messages that a fault holds up on their way to the host, each with the time at which it gets there.
    late: Vec<(Instant, Bits)>,
    /// A message that a fault has reach the host twice, in this moment.
    twice: Option<(Instant, Bits, Time)>,
}

/// Which of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Time {
    First,
    Second,
}

/// How a message reaches the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hearing {
    /// Its IMP says it now.
    Now,
    /// Its IMP said it earlier, and a fault has held it up.
    Late,
    /// It is there already: a fault has it arrive twice.
    Again,
}

/// What of the IMP's end came before a message.
#[derive(Debug, Clone, Copy)]
pub(super) struct Before {
    imp: ImpEnd,
    /// How many NOPs came right before it.
    nops: u8,
}

impl Before {
    /// Whether the IMP may say now that it has reset the interface.
    pub(super) fn allows_reset(self, tap: TapPoint) -> bool {
        match self.imp {
            ImpEnd::Risen { nops: NOPS.. } => true,
            // A ready line that dropped may not have been seen from here.
            ImpEnd::Down | ImpEnd::Risen { .. } | ImpEnd::Speaking => {
                !tap.sees_imp_end() && self.nops >= NOPS
            }
        }
    }
}

/// The cables of all hosts. One of which nothing has been seen takes no room.
#[derive(Debug)]
pub(super) struct Cables {
    taps: TapPoints,
    /// In the order in which something of them was seen first.
    seen: Vec<(HostAddress, Cable)>,
    /// By the hosts' numbers, the place of each cable among those that were seen; none of any other.
    places: [Option<u8>; 256],
    /// When what was under way as the monitor began to listen is over.
    clear_at: Option<Instant>,
}

impl Cables {
    /// Nothing has been seen yet.
    pub(super) fn new(taps: TapPoints) -> Self {
        Cables { taps, seen: Vec::new(), places: [None; 256], clear_at: None }
    }

    /// The monitor begins to listen. Until then IMPs may answer messages that were not seen, but where nothing gets lost.
    pub(super) fn begin(&mut self, clear_at: Instant) {
        self.clear_at = Some(clear_at);
        for (host, cable) in &mut self.seen {
            if self.taps.of(*host) != TapPoint::Lossless {
                cable.unclear_until = Some(clear_at);
            }
        }
    }

    /// The cable of a host, if anything has been seen of it.
    #[inline]
    pub(super) fn seen(&self, host: HostAddress) -> Option<&Cable> {
        let place = self.places[usize::from(host.number())]?;
        self.seen.get(usize::from(place)).map(|(_, cable)| cable)
    }

    /// The cable of a host.
    #[inline]
    pub(super) fn of(&mut self, host: HostAddress) -> &mut Cable {
        let place = match self.places[usize::from(host.number())] {
            Some(place) => place,
            None => self.see(host),
        };
        &mut self.seen[usize::from(place)].1
    }

    /// Sees something of a cable for the first time. Returns its place.
    #[cold]
    fn see(&mut self, host: HostAddress) -> u8 {
        let tap = self.taps.of(host);
        let unclear_until = self.clear_at.filter(|_| tap != TapPoint::Lossless);
        // There are no more hosts than such places.
        let place = self.seen.len() as u8;
        self.seen.push((host, Cable { unclear_until, ..Cable::new(tap) }));
        self.places[usize::from(host.number())] = Some(place);
        place
    }
}

impl Cable {
    /// A cable on which nothing has been seen yet.
    pub(super) fn new(tap: TapPoint) -> Self {
        let is_lossless = tap == TapPoint::Lossless;
        Cable {
            host: if is_lossless { HostEnd::Down } else { HostEnd::Unseen },
            imp: ImpEnd::Down,
            cuts: 0,
            cut_at: None,
            up_at: None,
            unclear_until: None,
            nops: if is_lossless { 0 } else { NOPS },
            short: 0,
            illegal: 0,
            hangs: false,
            went_on_at: None,
            is_behind: false,
            garbled: 0,
            late: Vec::new(),
            twice: None,
        }
    }

    /// Whether a ready line is down, as far as was seen.
    pub(super) fn is_down(&self) -> bool {
        self.host == HostEnd::Down || self.imp == ImpEnd::Down
    }

    /// Whether answers to messages that were not seen may still come.
    pub(super) fn is_unclear(&self, now: Instant) -> bool {
        self.unclear_until.is_some_and(|until| now < until)
    }

    /// A message of the host was not seen. It may have been the NOP.
    pub(super) fn host_message_missing(&mut self) {
        if self.host == HostEnd::Silent {
            self.host = HostEnd::Speaking;
        }
    }

    /// A message of the IMP was not seen. It may have been one of the NOPs before a reset.
    pub(super) fn imp_message_missing(&mut self) {
        self.nops = NOPS;
    }

    /// How much longer the IMP may take no more than one message from the host, which has only come up: the network learns
    /// of it first (RFC 271).
    pub(super) fn probation(&self, now: Instant) -> Span {
        let since = self.up_at.map_or(PROBATION, |at| now.since(at));
        Span::from_micros(PROBATION.as_micros().saturating_sub(since.as_micros()))
    }

    /// A ready line rises or drops. What is up at the very start has been up for long; and what IMPs of others do in that
    /// time is not known.
    fn note_line(&mut self, now: Instant, up: bool, tap: TapPoint) {
        if up && now > Instant::START && tap.sees_imp_end() {
            self.up_at = Some(now);
        }
    }

    /// The host's ready line rises or drops. The IMP then shows again that it is ready.
    pub(super) fn host_line(&mut self, now: Instant, up: bool, tap: TapPoint) {
        self.note_line(now, up, tap);
        self.host = match (up, self.host) {
            (false, _) => HostEnd::Down,
            // It may have been up all the time.
            (true, HostEnd::Unseen) if !tap.is_from_the_start() => HostEnd::Speaking,
            (true, _) => HostEnd::Silent,
        };
        self.imp = ImpEnd::Down;
    }

    /// The IMP's ready line rises or drops. When it rises, the host must send a NOP first.
    pub(super) fn imp_line(&mut self, now: Instant, up: bool, tap: TapPoint) {
        self.note_line(now, up, tap);
        if up {
            self.imp = ImpEnd::Risen { nops: 0 };
            self.expect_nop(tap);
        } else {
            self.imp = ImpEnd::Down;
        }
    }

    /// The IMP has reset the interface: the host must send a NOP first.
    pub(super) fn expect_nop(&mut self, tap: TapPoint) {
        if self.host == HostEnd::Speaking && tap.sees_host_end() {
            self.host = HostEnd::Silent;
        }
    }

    /// The host sends a message. Returns whether it has begun anew: it sends NOPs again, perhaps because it was told
    /// so by a message that the monitor cannot have seen.
    pub(super) fn host_speaks(&mut self, message: Option<ToImp>, tap: TapPoint) -> bool {
        let greets = message == Some(ToImp::Nop) && !tap.sees_host_end();
        let next = if greets { HostEnd::Greeting } else { HostEnd::Speaking };
        let before = std::mem::replace(&mut self.host, next);
        greets && before == HostEnd::Speaking
    }

    /// The host sends a message without a whole leader, of which the IMP may complain.
    pub(super) fn sends_short(&mut self) {
        self.short += 1;
    }

    /// The host sends a message of an illegal type, of which the IMP may complain.
    pub(super) fn sends_illegal(&mut self) {
        self.illegal += 1;
    }

    /// A fault holds up a message for the host until then.
    pub(super) fn delay(&mut self, until: Instant, bits: &Bits) {
        self.late.push((until, bits.clone()));
    }

    /// A fault has a message reach the host twice in this moment.
    pub(super) fn repeat(&mut self, now: Instant, bits: &Bits) {
        self.twice = Some((now, bits.clone(), Time::First));
    }

    /// How a message reaches the host.
    pub(super) fn hearing(&mut self, now: Instant, bits: &Bits) -> Hearing {
        if let Some((at, twice, time)) = &mut self.twice
            && *at == now
            && twice == bits
        {
            match time {
                Time::First => *time = Time::Second,
                Time::Second => {
                    self.twice = None;
                    return Hearing::Again;
                }
            }
        }
        match self.late.iter().position(|(at, late)| *at == now && late == bits) {
            Some(place) => {
                self.late.remove(place);
                Hearing::Late
            }
            None => Hearing::Now,
        }
    }

    /// A fault has struck a message of the host that has no whole leader, or an illegal type: as often as it arrives, the
    /// IMP may complain.
    pub(super) fn strike_short(&mut self, mishap: Mishap) {
        strike(&mut self.short, mishap);
    }

    /// The same of an illegal type.
    pub(super) fn strike_illegal(&mut self, mishap: Mishap) {
        strike(&mut self.illegal, mishap);
    }

    /// A fault has garbled the leader of a message of the host.
    pub(super) fn garble(&mut self) {
        self.garbled += 1;
    }

    /// The IMP complains of a garbled leader. Returns whether that is of one that a fault has garbled.
    pub(super) fn takes_garbled(&mut self) -> bool {
        use_up(&mut self.garbled)
    }

    /// The IMP sends a message. Returns what came before it.
    pub(super) fn imp_speaks(&mut self, message: FromImp) -> Before {
        let before = Before { imp: self.imp, nops: self.nops };
        self.nops = if message == FromImp::Nop { self.nops.saturating_add(1) } else { 0 };
        self.imp = match (self.imp, message) {
            (ImpEnd::Risen { nops }, FromImp::Nop) => ImpEnd::Risen { nops: nops.saturating_add(1) },
            (ImpEnd::Down, _) => ImpEnd::Down,
            (ImpEnd::Risen { .. } | ImpEnd::Speaking, _) => ImpEnd::Speaking,
        };
        before
    }

    /// A ready line has dropped, or the interface was reset. Until `under_way` has passed, answers may come to messages
    /// of before.
    pub(super) fn cut(&mut self, now: Instant, under_way: Span) {
        self.cuts = self.cuts.wrapping_add(1);
        self.cut_at = Some(now);
        self.unclear_until = Some(now + under_way);
        // What is on the cable is lost.
        self.late.clear();
    }

    /// The IMP complains of a short message or an illegal type. Returns whether the host may have sent one.
    pub(super) fn takes_complaint(&mut self, complaint: Complaint, now: Instant, tap: TapPoint) -> bool {
        let left = match complaint {
            Complaint::Short => &mut self.short,
            Complaint::IllegalType => &mut self.illegal,
        };
        use_up(left) || !tap.sees_imp_end() && self.is_unclear(now)
    }
}

/// What becomes of a count of messages when a fault strikes the last of them.
fn strike(count: &mut u32, mishap: Mishap) {
    match mishap {
        Mishap::Lost | Mishap::LeaderError => *count = count.saturating_sub(1),
        Mishap::Twice => *count += 1,
        Mishap::Late(_) | Mishap::DataError => {}
    }
}

/// What an IMP complains of in the last message of its host (RFC 381, type 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Complaint {
    /// It has no whole leader.
    Short,
    /// Hosts do not send this type.
    IllegalType,
}

impl Complaint {
    /// The complaint; `None` for damage, which may happen to any message.
    pub(super) fn of(why: LeaderError) -> Option<Self> {
        match why {
            LeaderError::TooShort => Some(Complaint::Short),
            LeaderError::IllegalType => Some(Complaint::IllegalType),
            LeaderError::Garbled | LeaderError::Unknown(_) => None,
        }
    }
}

/// Takes one from a number, if it is not zero. Returns whether it was not.
pub(super) fn use_up(left: &mut u32) -> bool {
    let some = *left > 0;
    *left -= u32::from(some);
    some
}

/// Whether the subtype of an IMP's message is one that is defined. Types that have none leave these bits to the IMP: the
/// program of 1973 counts in them, and returns with an answer the flags and the low bits of the message that it is about.
pub(super) fn is_subtype_defined(leader: Leader, message: FromImp) -> bool {
    let last = match message {
        FromImp::ErrorInLeader { .. } => 2,
        FromImp::DestinationDead { .. } | FromImp::FakeHostDead { .. } => 1,
        FromImp::Incomplete { .. } => 4,
        FromImp::Regular { .. }
        | FromImp::FakeHost { .. }
        | FromImp::GoingDown(_)
        | FromImp::Nop
        | FromImp::Rfnm { .. }
        | FromImp::ErrorInData { .. }
        | FromImp::InterfaceReset
        | FromImp::Unknown(_) => return true,
    };
    leader.subtype <= last
}

/// Whether a message is of a type that RFC 381 leaves without a meaning, and RFC 611 (6, dead host status) or RFC 660 (3,
/// uncontrolled packets) define later.
pub(super) fn is_defined_later(leader: Leader, who: Speaker) -> bool {
    match who {
        Speaker::Host => leader.kind == 3,
        Speaker::Imp => matches!(leader.kind, 3 | 6),
    }
}
