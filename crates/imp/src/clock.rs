//! The slow clock of an IMP: at each tick it looks at its routes, tells its neighbours, and runs out of patience
//! with whoever has kept it waiting for whole seconds.

use std::collections::BTreeMap;
use std::ops::Bound;

use crate::ids::ImpNumber;
use crate::imp::Imp;
use crate::inbound::Inbound;
use crate::outbound::Outbound;
use crate::wires::Wires;

impl Imp {
    /// The slow clock ticks.
    pub(crate) fn tick(&mut self, wires: &mut Wires) {
        for trunk in self.relay.trunk_ids() {
            if self.relay.tick(trunk, wires) {
                self.buffers_freed(wires);
            }
        }
        if self.relay.find_routes() {
            wires.note_activity();
        }
        self.look_after_hosts(wires);
        self.look_after_messages(wires);
        for trunk in self.relay.trunk_ids() {
            self.relay.pump(trunk, wires);
        }
    }

    fn look_after_hosts(&mut self, wires: &mut Wires) {
        for number in 0..self.ports.len() {
            let Some(port) = &mut self.ports[number] else { continue };
            let host = port.address;
            port.end_quiet(wires.now);
            self.lose_patience_with_input(host, wires);
            self.lose_patience_with_output(host, wires);
            self.next_message(host, wires.now, wires);
        }
    }

    fn look_after_messages(&mut self, wires: &mut Wires) {
        // Somebody may wait for an IMP that is out of reach now, or for room that he is not to wait for any longer.
        self.buffers_freed(wires);
        let busy = |outbound: &Outbound| !outbound.is_quiet();
        let mut last = None;
        while let Some(to) = next_after(&self.outbound, last, busy) {
            self.lose_patience_with_answers(to, wires);
            last = Some(to);
        }
        let busy = |inbound: &Inbound| !inbound.is_quiet();
        let mut last = None;
        while let Some(source) = next_after(&self.inbound, last, busy) {
            self.lose_patience_with_sources(source, wires);
            last = Some(source);
        }
    }
}

/// The next IMP after `last` of which something is known that counts.
fn next_after<T>(
    known: &BTreeMap<ImpNumber, T>,
    last: Option<ImpNumber>,
    counts: impl Fn(&T) -> bool,
) -> Option<ImpNumber> {
    let after = last.map_or(Bound::Unbounded, Bound::Excluded);
    known.range((after, Bound::Unbounded)).find(|(_, value)| counts(value)).map(|(imp, _)| *imp)
}
