//! Who listens to both ends of all cables: datagrams put together to signals, in the order of their numbers.

use std::collections::BTreeSet;

use imp1822::Signal;
use imp1822::h316::{Heard, Receiver, Speaker, Trouble};
use machine::{Instant, Span};

use super::cable::Cable;
use super::pair::Pair;
use super::remark::Remark;

/// What was heard of one end of a cable.
#[derive(Debug)]
pub(super) struct Hearing {
    /// When.
    pub(super) at: Instant,
    /// The cable, by its place.
    pub(super) cable: usize,
    pub(super) speaker: Speaker,
    pub(super) heard: Vec<Heard>,
    /// Whether the end has gone on, so that what came before it is known or known to be missing. A datagram that waits for
    /// others, comes once more, or makes no sense shows nothing of it.
    pub(super) goes_on: bool,
    /// Whether something may be missing just before it: it is the first of its end, or some are lost.
    pub(super) may_miss: bool,
    /// Whether it is the first of its end.
    pub(super) is_first: bool,
}

/// Listens to both ends of a cable.
#[derive(Debug)]
struct Ears {
    host: Ear,
    imp: Ear,
    was_up: bool,
}

#[derive(Debug)]
struct Ear {
    receiver: Receiver,
    /// Whether its end has said anything.
    has_heard: bool,
}

/// Listens to all cables.
#[derive(Debug, Default)]
pub(super) struct Listeners {
    /// In the places of the cables.
    ears: Vec<Ears>,
    /// The cables at whose ends something is held that came before its turn: few captures have any.
    holding: BTreeSet<usize>,
}

impl Listeners {
    /// Listens to one more cable. `is_timed`: whether the capture says when its packets came.
    pub(super) fn add(&mut self, pair: &Pair, is_timed: bool) {
        // A capture written here has what its writer understood, in the order in which it did; and without times nobody knows
        // how long something has been waited for.
        let holds = is_timed && Remark::on(&pair.interface).is_none();
        let hold = if holds { Receiver::HOLD } else { Span::ZERO };
        let ear =
            |speaker| Ear { receiver: Receiver::new(speaker).holding(hold).joining(), has_heard: false };
        self.ears.push(Ears { host: ear(Speaker::Host), imp: ear(Speaker::Imp), was_up: false });
    }

    /// Takes the next datagram of an end of a cable. What is [due](Listeners::due) up to now was heard before.
    pub(super) fn hear(&mut self, at: Instant, cable: usize, speaker: Speaker, payload: &[u8]) -> Hearing {
        self.ears[cable].ear(speaker).receiver.receive(at, payload);
        self.listen(at, cable, speaker)
    }

    /// The next thing that was held in vain up to now, which its end gave up before anything else was heard: what is missing
    /// before it is lost.
    pub(super) fn due(&mut self, now: Instant) -> Option<Hearing> {
        let alarms = self.holding.iter().flat_map(|cable| {
            let Ears { host, imp, .. } = &self.ears[*cable];
            [(host, Speaker::Host), (imp, Speaker::Imp)]
                .map(|(ear, speaker)| Some((ear.receiver.deadline()?, *cable, speaker)))
        });
        let next = alarms.flatten().min_by_key(|(due, ..)| *due);
        let (due, cable, speaker) = next.filter(|(due, ..)| *due <= now)?;
        self.ears[cable].ear(speaker).receiver.alarm(due);
        Some(self.listen(due, cable, speaker))
    }

    /// As [`due`](Listeners::due), when no more comes.
    pub(super) fn last(&mut self, now: Instant) -> Option<Hearing> {
        let cable = *self.holding.first()?;
        let ears = &mut self.ears[cable];
        let speaker = if ears.host.receiver.is_holding() { Speaker::Host } else { Speaker::Imp };
        ears.ear(speaker).receiver.finish();
        Some(self.listen(now, cable, speaker))
    }

    /// Puts down what was counted on each cable.
    pub(super) fn count(&self, cables: &mut [Cable]) {
        for (cable, Ears { host, imp, .. }) in cables.iter_mut().zip(&self.ears) {
            cable.from_host = host.receiver.statistics();
            cable.from_imp = imp.receiver.statistics();
        }
    }

    /// Takes what was understood of a speaker just now.
    fn listen(&mut self, at: Instant, cable: usize, speaker: Speaker) -> Hearing {
        let ears = &mut self.ears[cable];
        let ear = ears.ear(speaker);
        let heard: Vec<Heard> = std::iter::from_fn(|| ear.receiver.poll()).collect();
        let is_first = !std::mem::replace(&mut ear.has_heard, true);
        let dropped =
            |heard: &Heard| matches!(heard, Heard::Trouble(Trouble::Old { .. } | Trouble::Malformed(_)));
        // Parts of a message are understood, and nothing comes of them yet.
        let goes_on = if heard.is_empty() { !ear.receiver.is_holding() } else { !heard.iter().all(dropped) };
        let is_lost = heard.iter().any(|heard| matches!(heard, Heard::Trouble(Trouble::Lost { .. })));
        // A host that comes up again is told of its IMP's line anew.
        let rises = heard.contains(&Heard::Signal(Signal::Ready(true)));
        if speaker == Speaker::Host && rises && std::mem::replace(&mut ears.was_up, true) {
            ears.imp.receiver.forget_ready();
        }
        if ears.host.receiver.is_holding() || ears.imp.receiver.is_holding() {
            self.holding.insert(cable);
        } else {
            self.holding.remove(&cable);
        }
        Hearing { at, cable, speaker, heard, goes_on, may_miss: is_lost || is_first, is_first }
    }
}

impl Ears {
    fn ear(&mut self, speaker: Speaker) -> &mut Ear {
        match speaker {
            Speaker::Host => &mut self.host,
            Speaker::Imp => &mut self.imp,
        }
    }
}
