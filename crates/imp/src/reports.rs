//! What an IMP reports to the control center.
//!
//! Of a trouble report it fills in which hosts are up, that the IMP was started, its buffers, and of each of the first five
//! lines whether it is dead, the neighbour, its speed, and the routing messages sent and missed. (Buffers that are promised
//! count as those of reassembly, where RFC 442 has them.) The rest is zero, because there is no machine and no program of
//! which it could tell: halt, trap, version, switches, host interfaces under test. Of a throughput report it fills in all.

use ncc::{Anomalies, HOSTS, LINES, LineEnd, Report, Restart, ThroughputReport, TroubleReport};

use crate::cable::HostLine;
use crate::ids::ImpNumber;
use crate::imp::Imp;
use crate::reporter::State;
use crate::tally::{HostTally, LineTally};
use crate::wires::Wires;

impl Imp {
    /// A tick: reports what is owed, as far as it can leave. What has left begins to be counted anew.
    pub(crate) fn report(&mut self, wires: &mut Wires) {
        let Some(mut reporter) = self.reporter.take() else { return };
        let state = self.state();
        reporter.look_at(wires.now, state);
        if self.relay.reaches(ImpNumber::of(reporter.to)) {
            if reporter.owes_trouble {
                let restart = if reporter.restarted { Restart::RESTARTED } else { Restart::default() };
                let report = Report::Trouble(TroubleReport { restart, ..self.trouble_report(state, wires) });
                if self.send_own(reporter.message(report), wires) {
                    reporter.has_told(state);
                    self.relay.trunks.iter_mut().for_each(|trunk| trunk.tally.forget_routing());
                }
            }
            if reporter.owes_throughput {
                let report = Report::Throughput(self.throughput_report());
                if self.send_own(reporter.message(report), wires) {
                    reporter.owes_throughput = false;
                    self.relay.trunks.iter_mut().for_each(|trunk| trunk.tally.forget_packets());
                    self.ports_mut().for_each(|port| port.tally = HostTally::default());
                }
            }
        }
        self.reporter = Some(reporter);
    }

    fn state(&self) -> State {
        let mut up = [false; HOSTS];
        for port in self.ports() {
            up[usize::from(port.host.address().host())] = port.host.line() == HostLine::Up;
        }
        let mut alive = [false; LINES];
        for (alive, trunk) in alive.iter_mut().zip(&self.relay.trunks) {
            *alive = trunk.is_up();
        }
        State { hosts: Anomalies::with_hosts(up), alive }
    }

    fn trouble_report(&self, State { hosts, alive }: State, wires: &Wires) -> TroubleReport {
        let buffers = &self.relay.buffers;
        let mut report = TroubleReport {
            anomalies: hosts,
            free: buffers.free().into(),
            store_and_forward: buffers.store_and_forward().into(),
            reassembly: buffers.reassembly().into(),
            ..TroubleReport::empty()
        };
        for (number, trunk) in self.relay.trunks.iter().enumerate().take(LINES) {
            let LineTally { sent, missed, .. } = trunk.tally;
            let end =
                if alive[number] { LineEnd::alive(trunk.site.neighbour.get()) } else { LineEnd::dead() };
            report.lines[number] = end.with_routing(sent, missed);
            report.set_speed(number, wires.lines[trunk.site.line].rate().bits_per_second());
        }
        report
    }

    fn throughput_report(&self) -> ThroughputReport {
        let mut report = ThroughputReport::default();
        for (count, trunk) in report.lines.iter_mut().zip(&self.relay.trunks) {
            *count = trunk.tally.count;
        }
        for port in self.ports() {
            report.hosts[usize::from(port.host.address().host())] = port.tally.0;
        }
        report
    }
}
