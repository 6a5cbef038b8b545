//! Rest: while nothing goes on but the exchange of routing messages, in which each says what the one before said, a
//! subnet leaves it out; and takes it up again as if it had gone on all the time.

use machine::{Instant, Span};

use crate::agenda::Event;
use crate::ids::IMPS;
use crate::packet::{PROCESSING, ROUTING_BITS};
use crate::routing::TICK;
use crate::subnet::Subnet;

impl Subnet {
    /// Takes up the exchange of routing messages.
    pub(crate) fn wake(&mut self, now: Instant) {
        self.wires.now = now;
        self.wires.note_activity();
        if !std::mem::replace(&mut self.resting, false) {
            return;
        }
        let Subnet { imps, wires, .. } = self;
        let mut ticked: [Option<Instant>; IMPS] = [None; IMPS];
        for imp in imps.iter_mut().flatten().filter(|imp| imp.is_up()) {
            let (last, next) = ticks(imp.clock(), now);
            ticked[imp.relay.me().index()] = last;
            wires.agenda.plan(next, Event::Tick { imp: imp.relay.me(), life: imp.relay.life() });
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
                    if at > now { before(at) } else { at }
                });
                trunk.wake(own > heard);
            }
        }
    }

    /// Rests, if nothing goes on.
    pub(crate) fn rest_if_quiet(&mut self, now: Instant) {
        // In two ticks every IMP has heard from every neighbour what they think since.
        let settled = now.since(self.wires.last_activity) > TICK + TICK;
        let steady = self.wires.lines.iter().all(|line| line.one_in.is_none());
        self.resting = settled && steady && self.is_quiet();
        if self.resting {
            let free = self.imps.iter().flatten().all(|imp| imp.relay.buffers.are_free());
            debug_assert!(free, "a buffer was not given back");
            self.wires.agenda.clear();
            self.wires.lines.iter_mut().for_each(|line| line.call_planned = false);
        }
    }
}

/// The moment a tick before.
fn before(at: Instant) -> Instant {
    Instant::START + at.since(Instant::START + TICK)
}

/// The ticks of a slow clock just before and after a moment. `clock`: its first one.
fn ticks(clock: Instant, now: Instant) -> (Option<Instant>, Instant) {
    if now < clock {
        return (None, clock);
    }
    let into = Span::from_micros(now.since(clock).as_micros() % TICK.as_micros());
    let last = Instant::START + now.since(Instant::START + into);
    (Some(last), last + TICK)
}
