//! Rest: while nothing goes on but the exchange of routing messages, in which each says what the one before said, a
//! subnet leaves it out; and takes it up again as if it had gone on all the time. IMPs that report to a control center never
//! rest: they count what they exchange.

use machine::Instant;

use crate::agenda::Event;
use crate::ids::IMPS;
use crate::imp::Imp;
use crate::packet::{PROCESSING, ROUTING_BITS};
use crate::routing::TICK;
use crate::wires::Wires;

/// Whether a subnet rests.
#[derive(Debug, Clone)]
pub(crate) enum Rest {
    /// Nothing is planned.
    Resting,
    /// The IMPs tick, and exchange routing messages.
    Awake,
}

impl Rest {
    /// Something happens from outside: takes up the exchange of routing messages, if it was left out.
    pub(crate) fn wake(&mut self, now: Instant, imps: &mut [Option<Box<Imp>>], wires: &mut Wires) {
        wires.now = now;
        wires.note_activity();
        match std::mem::replace(self, Rest::Awake) {
            Rest::Resting => take_up(now, imps, wires),
            Rest::Awake => {}
        }
    }

    /// Rests, if nothing goes on.
    pub(crate) fn begin_if_idle(&mut self, imps: &[Option<Box<Imp>>], wires: &mut Wires) {
        // In two ticks every IMP has heard from every neighbour what they think since.
        let settled = wires.now.since(wires.last_activity) > TICK * 2;
        let is_steady = || wires.lines.iter().all(|line| line.one_in.is_none());
        let is_reported = || imps.iter().flatten().any(|imp| imp.reporter.is_some());
        // A net that may not rest is not searched at each tick.
        if settled && is_steady() && !is_reported() && is_idle(imps, wires) {
            let free = imps.iter().flatten().all(|imp| imp.relay.buffers.are_free());
            debug_assert!(free, "a buffer was not given back");
            wires.agenda.clear();
            wires.lines.iter_mut().for_each(|line| line.call_planned = false);
            *self = Rest::Resting;
        }
    }
}

/// Whether nothing goes on but the exchange of routing messages.
pub(crate) fn is_idle(imps: &[Option<Box<Imp>>], wires: &Wires) -> bool {
    wires.agenda.is_routine() && imps.iter().flatten().all(|imp| imp.is_idle())
}

/// Plans the ticks that come next, and the arrival of the routing messages that would be under way.
fn take_up(now: Instant, imps: &mut [Option<Box<Imp>>], wires: &mut Wires) {
    let mut ticked: [Option<Instant>; IMPS] = [None; IMPS];
    for imp in imps.iter_mut().flatten().filter(|imp| imp.is_up()) {
        let (number, life) = (imp.relay.me(), imp.relay.life());
        let (last, next) = ticks(imp.clock(), now);
        ticked[number.index()] = last;
        wires.agenda.plan(next, Event::Tick { imp: number, life });
        let Some(last) = last else { continue };
        imp.ports_mut().for_each(|port| port.host.end_probation(last));
        for trunk in &imp.relay.trunks {
            let line = &mut wires.lines[trunk.site.line];
            if let Some(at) = line.has_sent(last, ROUTING_BITS).filter(|at| *at + PROCESSING > now) {
                line.table.clone_from(&imp.relay.table);
                let (line, cuts, frame) = (trunk.site.line, line.cuts, trunk.routing_message());
                wires.agenda.plan(at + PROCESSING, Event::Arrived { line, cuts, frame });
            }
        }
    }
    for imp in imps.iter_mut().flatten().filter(|imp| imp.is_up()) {
        let own = ticked[imp.relay.me().index()];
        for trunk in &mut imp.relay.trunks {
            let line = &wires.lines[trunk.site.line.back()];
            let heard = ticked[trunk.site.neighbour.index()].map(|last| {
                let at = line.arrival(last, ROUTING_BITS) + PROCESSING;
                // One that is not here yet: the one before it was the last.
                if at > now { at - TICK } else { at }
            });
            trunk.wake(own > heard);
        }
    }
}

/// The ticks of a slow clock just before and after a moment. `clock`: its first one.
fn ticks(clock: Instant, now: Instant) -> (Option<Instant>, Instant) {
    if now < clock {
        return (None, clock);
    }
    let last = now - now.since(clock) % TICK;
    (Some(last), last + TICK)
}
