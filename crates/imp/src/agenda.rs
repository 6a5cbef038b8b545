//! What will happen when: the subnet's own events, in the order of time and, within one moment, of origin.

use imp1822::HostAddress;
use machine::{Bits, Instant, Span};
use slab::Slab;

use crate::cable::Toward;
use crate::ids::{ImpNumber, Life, LineId, TrunkId};
use crate::packet::{Frame, Packet};

/// Something that is due. Each event carries the epoch of its cable, line or IMP, and is void if that has changed:
/// [`guard`](Self::guard).
#[derive(Debug, Clone)]
pub(crate) enum Event {
    /// The last bit of the next packet of a message from a host is in the IMP, which has looked at it.
    FromHost { host: HostAddress, turns: u32 },
    /// The last bit of the next packet of a message is in the host.
    ToHost { host: HostAddress, turns: u32 },
    /// A line has sent what it was sending, and more waits.
    LineFree { line: LineId },
    /// The last bit of a frame is at the other end of a line, and the IMP there has looked at it.
    Arrived { line: LineId, cuts: u32, frame: Frame },
    /// A packet is for the very IMP where it began.
    Local { imp: ImpNumber, life: Life, packet: Packet },
    /// Packets on a line may have to be sent again.
    Retransmit { imp: ImpNumber, life: Life, trunk: TrunkId },
    /// An allocation may have to be given back to an IMP.
    GiveBack { imp: ImpNumber, life: Life, to: ImpNumber },
    /// An IMP's slow clock ticks: routes, and all that is waited for in whole seconds.
    Tick { imp: ImpNumber, life: Life },
    /// An IMP raises its ready line again, which it had dropped to reset the interface.
    Raise { host: HostAddress, cuts: u32 },
    /// A message that was held up on a host's cable goes on, towards the IMP or the host.
    Late { host: HostAddress, cuts: u32, toward: Toward, bits: Bits },
    /// An IMP that was announced to go down is 30 s before that.
    LastWarning { imp: ImpNumber, life: Life },
    /// An IMP that was announced to go down does. After `span` it comes back; after zero, not by itself.
    Outage { imp: ImpNumber, life: Life, span: Span },
    /// An outage is over.
    OutageOver { imp: ImpNumber, life: Life },
}

/// What must not have changed since an event was planned: otherwise it means nothing any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guard {
    /// It always counts.
    Always,
    /// What is on a host's cable was not taken off, nor did it begin anew.
    Port { host: HostAddress, turns: u32 },
    /// A host's cable was not cleared.
    Cable { host: HostAddress, cuts: u32 },
    /// A line was not cut.
    Line { line: LineId, cuts: u32 },
    /// An IMP is up, and was not started again.
    Up { imp: ImpNumber, life: Life },
    /// An IMP is down, and was not started again.
    Down { imp: ImpNumber, life: Life },
}

impl Event {
    /// What the event depends on.
    pub(crate) fn guard(&self) -> Guard {
        match *self {
            Event::FromHost { host, turns } | Event::ToHost { host, turns } => Guard::Port { host, turns },
            Event::Raise { host, cuts } | Event::Late { host, cuts, .. } => Guard::Cable { host, cuts },
            Event::Arrived { line, cuts, .. } => Guard::Line { line, cuts },
            Event::LineFree { .. } => Guard::Always,
            Event::Local { imp, life, .. }
            | Event::Retransmit { imp, life, .. }
            | Event::GiveBack { imp, life, .. }
            | Event::Tick { imp, life }
            | Event::LastWarning { imp, life }
            | Event::Outage { imp, life, .. } => Guard::Up { imp, life },
            Event::OutageOver { imp, life } => Guard::Down { imp, life },
        }
    }

    /// Whether this belongs to the exchange of routing messages, which goes on when nothing else does.
    fn is_routine(&self) -> bool {
        match self {
            Event::Tick { .. } | Event::LineFree { .. } => true,
            Event::Arrived { frame, .. } => frame.is_routine(),
            Event::FromHost { .. }
            | Event::ToHost { .. }
            | Event::Local { .. }
            | Event::Retransmit { .. }
            | Event::GiveBack { .. }
            | Event::Raise { .. }
            | Event::Late { .. }
            | Event::LastWarning { .. }
            | Event::Outage { .. }
            | Event::OutageOver { .. } => false,
        }
    }
}

/// Where an event belongs is looked for one by one among as many that are due next, and then in halves.
const NEAR: usize = 16;

/// When an event is due, and where it is kept.
#[derive(Debug, Clone, Copy)]
struct Due {
    at: Instant,
    place: usize,
}

/// The events to come.
#[derive(Debug, Clone, Default)]
pub(crate) struct Agenda {
    /// The next one last; within one moment, what was planned first. Nearly all that is planned is due soon, and so near the
    /// end: few entries make way for a new one, and they are small, as the events stay in their places.
    due: Vec<Due>,
    events: Slab<Event>,
    /// How many of them are more than routine.
    matters: usize,
    /// How many such have been taken.
    taken: u64,
}

impl Agenda {
    /// Nothing is planned, and there is room for what a small net plans.
    pub(crate) fn with_room() -> Self {
        Agenda { due: Vec::with_capacity(NEAR), events: Slab::with_capacity(NEAR), ..Agenda::default() }
    }

    /// Plans an event.
    pub(crate) fn plan(&mut self, at: Instant, event: Event) {
        self.matters += usize::from(!event.is_routine());
        let place = self.events.insert(event);
        self.enter(Due { at, place });
    }

    /// Puts an entry where it belongs: before all that are not due later.
    fn enter(&mut self, new: Due) {
        if let Some(far) = self.due.len().checked_sub(NEAR)
            && self.due[far].at <= new.at
        {
            return self.enter_far(new);
        }
        self.due.push(new);
        let mut places = self.due.iter_mut().rev();
        let Some(mut place) = places.next() else { return };
        for next in places.take_while(|next| next.at <= new.at) {
            *place = *next;
            place = next;
        }
        *place = new;
    }

    /// The same for one that is due later than many, and so perhaps than all.
    #[inline(never)]
    fn enter_far(&mut self, new: Due) {
        let is_last = self.due.first().is_none_or(|last| last.at <= new.at);
        let place = if is_last { 0 } else { self.due.partition_point(|due| due.at > new.at) };
        self.due.insert(place, new);
    }

    /// When the next event is due.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.due.last().map(|next| next.at)
    }

    /// Takes the next event, of which it is known that there is one.
    pub(crate) fn take(&mut self) -> Event {
        let Some(Due { place, .. }) = self.due.pop() else { unreachable!("nothing is planned") };
        let event = self.events.remove(place);
        if !event.is_routine() {
            self.matters -= 1;
            self.taken += 1;
        }
        event
    }

    /// Whether only routine is planned.
    pub(crate) fn is_routine(&self) -> bool {
        self.matters == 0
    }

    /// How many events that were more than routine have been taken.
    pub(crate) fn taken(&self) -> u64 {
        self.taken
    }

    /// Forgets all that is planned.
    pub(crate) fn clear(&mut self) {
        self.due.clear();
        self.events.clear();
        self.matters = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An event that can be told from others.
    fn event(line: usize) -> Event {
        Event::LineFree { line: LineId::both(line)[0] }
    }

    fn line_of(event: &Event) -> Option<usize> {
        match event {
            Event::LineFree { line } => Some(line.index() / 2),
            _ => None,
        }
    }

    #[test]
    fn what_is_due_first_comes_first_and_of_one_moment_what_was_planned_first() {
        let mut agenda = Agenda::default();
        // More at each moment, and more moments, than are looked at step by step.
        let moments: Vec<u64> = (0..40).map(|number| number * 7 % 5).collect();
        for (number, moment) in moments.iter().enumerate() {
            agenda.plan(Instant::from_micros(*moment), event(number));
        }
        let mut came: Vec<(u64, usize)> = Vec::new();
        while let Some(at) = agenda.deadline() {
            came.push((at.as_micros(), line_of(&agenda.take()).expect("only such were planned")));
        }
        let mut planned: Vec<(u64, usize)> =
            moments.into_iter().enumerate().map(|(number, at)| (at, number)).collect();
        planned.sort_unstable();
        assert_eq!(came, planned);
    }
}
