//! What was said on the cables of a capture: datagrams put together to signals, and where some are missing.

use imp1822::Signal;
use imp1822::h316::{Heard, Receiver, Speaker, Trouble};
use machine::{Instant, Span};

use super::cable::Cable;
use super::datagrams::Datagrams;
use super::remark::Remark;

/// Something that was said on a cable.
#[derive(Debug)]
pub(super) struct Said {
    /// When, in microseconds after the beginning of 1970.
    pub(super) micros: u64,
    /// The cable, by its place.
    pub(super) cable: usize,
    pub(super) speaker: Speaker,
    pub(super) heard: Heard,
}

/// The beginning or end of a time in which something that a speaker said may be missing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gap {
    /// The place of what was said next.
    pub(super) before: usize,
    /// The cable, by its place.
    pub(super) cable: usize,
    pub(super) speaker: Speaker,
    pub(super) edge: Edge,
}

/// Which it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    Begins,
    Ends,
}

/// Returns everything that was said on the cables, in order, and the gaps in it, in order. Counts it for each cable.
/// `of_pairs`: which cable a pair is, by its place.
pub(super) fn listen(
    datagrams: &Datagrams<'_>,
    of_pairs: &[Option<usize>],
    cables: &mut [Cable],
) -> (Vec<Said>, Vec<Gap>) {
    // A capture written here has what its writer understood, in the order in which it did.
    let mut holds = vec![Receiver::HOLD; cables.len()];
    for (number, pair) in datagrams.cables() {
        if let (Some(cable), Some(_)) = (of_pairs[number], Remark::on(datagrams.interface_of(pair))) {
            holds[cable] = Span::ZERO;
        }
    }
    let mut listener = Listener::new(&holds);
    for seen in &datagrams.seen {
        listener.ring(seen.micros);
        let Some(cable) = of_pairs[seen.pair] else { continue };
        let speaker = if seen.from == cables[cable].host { Speaker::Host } else { Speaker::Imp };
        listener.taps[cable][place(speaker)].receiver.receive(at(seen.micros), seen.payload);
        listener.hear(seen.micros, cable, speaker);
    }
    listener.finish(cables)
}

/// What is heard of one speaker.
struct Tap {
    receiver: Receiver,
    /// How much had been said by all when this one was understood last, with nothing missing.
    last: Option<usize>,
}

/// Listens to both speakers of all cables.
struct Listener {
    /// The taps of each cable, of its host and of its IMP.
    taps: Vec<[Tap; 2]>,
    /// Whether the host of each cable has been up.
    was_up: Vec<bool>,
    all: Vec<Said>,
    gaps: Vec<Gap>,
    /// Whether anything may be held at an end: few captures make it necessary to look.
    may_hold: bool,
    /// The greatest time so far.
    now: u64,
}

/// Where the tap of a speaker is.
fn place(speaker: Speaker) -> usize {
    match speaker {
        Speaker::Host => 0,
        Speaker::Imp => 1,
    }
}

/// A time of the capture, as receivers know it.
fn at(micros: u64) -> Instant {
    Instant::from_micros(micros)
}

impl Listener {
    /// `holds`: how long what comes before its turn is held at the ends of each cable.
    fn new(holds: &[Span]) -> Self {
        let tap = |speaker, hold| Tap { receiver: Receiver::new(speaker).holding(hold), last: None };
        let taps = holds.iter().map(|hold| [tap(Speaker::Host, *hold), tap(Speaker::Imp, *hold)]);
        Listener {
            taps: taps.collect(),
            was_up: vec![false; holds.len()],
            all: Vec::new(),
            gaps: Vec::new(),
            may_hold: false,
            now: 0,
        }
    }

    /// Time passes: what was held at an end up to now was given up there before anything else was heard.
    fn ring(&mut self, now: u64) {
        self.now = self.now.max(now);
        if !self.may_hold {
            return;
        }
        while let Some((due, cable, speaker)) = self.next_alarm().filter(|(due, ..)| *due <= at(self.now)) {
            self.taps[cable][place(speaker)].receiver.alarm(due);
            self.hear(due.as_micros(), cable, speaker);
        }
        self.may_hold = self.next_alarm().is_some();
    }

    /// The next time at which something counts as lost, and of whom.
    fn next_alarm(&self) -> Option<(Instant, usize, Speaker)> {
        let all = self.taps.iter().enumerate().flat_map(|(cable, taps)| {
            [Speaker::Host, Speaker::Imp]
                .map(|speaker| (taps[place(speaker)].receiver.deadline(), cable, speaker))
        });
        all.filter_map(|(due, cable, speaker)| Some((due?, cable, speaker))).min_by_key(|(due, ..)| *due)
    }

    /// Takes what was understood of a speaker just now.
    fn hear(&mut self, micros: u64, cable: usize, speaker: Speaker) {
        let [of_host, of_imp] = &mut self.taps[cable];
        let tap = match speaker {
            Speaker::Host => of_host,
            Speaker::Imp => &mut *of_imp,
        };
        let gap = |before, edge| Gap { before, cable, speaker, edge };
        let mut heard = std::iter::from_fn(|| tap.receiver.poll()).peekable();
        // What was said before the first datagram is not known.
        if tap.last.is_none() {
            self.gaps.extend([gap(0, Edge::Begins), gap(self.all.len(), Edge::Ends)]);
            tap.last = Some(self.all.len());
        }
        let is_understood = heard.peek().is_some();
        let mut rises = false;
        for heard in heard {
            // A loss may have happened right after the datagram before.
            if let Heard::Trouble(Trouble::Lost { .. }) = heard {
                self.gaps.extend([gap(tap.last.unwrap_or(0), Edge::Begins), gap(self.all.len(), Edge::Ends)]);
            }
            rises |= heard == Heard::Signal(Signal::Ready(true));
            self.all.push(Said { micros, cable, speaker, heard });
            tap.last = Some(self.all.len());
        }
        // A datagram that is held comes after something that is missing.
        self.may_hold |= tap.receiver.is_holding();
        if !is_understood && !tap.receiver.is_holding() {
            tap.last = Some(self.all.len());
        }
        // A host that comes up again is told of its IMP's line anew.
        if speaker == Speaker::Host && rises && std::mem::replace(&mut self.was_up[cable], true) {
            of_imp.receiver.forget_ready();
        }
    }

    /// The capture is over: what is held is given up, and what was counted goes to the cables.
    fn finish(mut self, cables: &mut [Cable]) -> (Vec<Said>, Vec<Gap>) {
        for cable in 0..self.taps.len() {
            for speaker in [Speaker::Host, Speaker::Imp] {
                let Tap { receiver, .. } = &mut self.taps[cable][place(speaker)];
                if receiver.is_holding() {
                    receiver.finish();
                    self.hear(self.now, cable, speaker);
                }
            }
        }
        let Listener { taps, all, mut gaps, .. } = self;
        for (place, ([of_host, of_imp], cable)) in taps.into_iter().zip(cables).enumerate() {
            // No later number tells of what is missing at the end.
            for (tap, speaker) in [(&of_host, Speaker::Host), (&of_imp, Speaker::Imp)] {
                gaps.push(Gap { before: tap.last.unwrap_or(0), cable: place, speaker, edge: Edge::Begins });
            }
            cable.from_host = of_host.receiver.statistics();
            cable.from_imp = of_imp.receiver.statistics();
        }
        gaps.sort_by_key(|gap| gap.before);
        (all, gaps)
    }
}
