//! The slow clock of an IMP: at each tick it looks at its routes, tells its neighbours, and runs out of patience
//! with hosts and IMPs that have kept it waiting for whole seconds.

use crate::imp::Imp;
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
        self.report(wires);
        for trunk in self.relay.trunk_ids() {
            self.relay.pump(trunk, wires);
        }
    }

    fn look_after_hosts(&mut self, wires: &mut Wires) {
        for host in self.hosts().into_iter().flatten() {
            self.end_probation(host, wires);
            self.lose_patience_with_input(host, wires);
            self.lose_patience_with_output(host, wires);
            self.begin_next(host, wires);
        }
    }

    fn look_after_messages(&mut self, wires: &mut Wires) {
        // A message may wait for an IMP that is out of reach now, or for room that it is not to wait for any longer.
        self.buffers_freed(wires);
        self.lose_patience_with_answers(wires);
        self.lose_patience_with_sources(wires);
    }
}
