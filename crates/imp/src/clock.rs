//! The slow clock of an IMP: at each tick it looks at its routes, tells its neighbours, and runs out of patience
//! with whoever has kept it waiting for whole seconds.

use crate::imp::Imp;
use crate::trunk::Change;
use crate::wires::Wires;

impl Imp {
    /// The slow clock ticks.
    pub(crate) fn tick(&mut self, wires: &mut Wires) {
        for trunk in 0..self.trunks.len() {
            match self.trunks[trunk].tick() {
                Change::None | Change::Up => {}
                Change::Down => self.line_died(trunk, wires),
            }
        }
        if self.find_routes() {
            wires.stirred = wires.now;
        }
        self.look_after_hosts(wires);
        self.look_after_messages(wires);
        for trunk in 0..self.trunks.len() {
            self.pump(trunk, wires);
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
        let mut next = 0;
        while let Some((&to, outbound)) = self.outbound.range(next..).next() {
            if !outbound.is_quiet() {
                self.lose_patience_with_answers(to, wires);
            }
            next = to + 1;
        }
        let mut next = 0;
        while let Some((&source, inbound)) = self.inbound.range(next..).next() {
            if !inbound.is_quiet() {
                self.lose_patience_with_sources(source, wires);
            }
            next = source + 1;
        }
    }
}
