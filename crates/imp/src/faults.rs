//! What can happen to the parts of a subnet: lines, IMPs, host cables.

use imp1822::{GoingDown, HostAddress};
use machine::Instant;

use crate::cable::{Mishap, Toward};
use crate::ids::ImpNumber;
use crate::imp::Imp;
use crate::subnet::Subnet;
use crate::wires::Wires;

/// Lines.
impl Subnet {
    /// The line between two IMPs carries nothing any more. What is on it is lost; its ends find out when they miss
    /// each other's routing messages. Answers whether there is such a line.
    pub fn line_fails(&mut self, now: Instant, a: u8, b: u8) -> bool {
        self.wake(now);
        self.wires.lines.between(a, b).map(|line| line.set_failed(true)).count() > 0
    }

    /// The line between two IMPs carries again. Answers whether there is such a line.
    pub fn line_heals(&mut self, now: Instant, a: u8, b: u8) -> bool {
        self.wake(now);
        self.wires.lines.between(a, b).map(|line| line.set_failed(false)).count() > 0
    }

    /// From now on the line between two IMPs gets one bit in `one_in` wrong, in either direction; with `None`, none.
    /// Answers whether there is such a line.
    pub fn line_errs(&mut self, now: Instant, a: u8, b: u8, one_in: Option<u64>) -> bool {
        self.wake(now);
        self.wires.lines.between(a, b).map(|line| line.one_in = one_in).count() > 0
    }
}

/// IMPs.
impl Subnet {
    /// An IMP stops without notice. What is in it, and on its way from it, is lost; its hosts see its ready line go
    /// down. The other IMPs find out when they miss its routing messages. Answers whether there is such an IMP
    /// that was up.
    pub fn imp_crashes(&mut self, now: Instant, number: u8) -> bool {
        self.wake(now);
        let Some((imp, wires)) = self.numbered(number).filter(|(imp, _)| imp.is_up()) else { return false };
        imp.crash(wires);
        true
    }

    /// An IMP that had stopped starts anew, and has heard of nobody. Hosts whose ready lines are up see its ready line
    /// go up, and get three NOPs and an interface reset (RFC 394). Answers whether there is such an IMP that was down.
    pub fn imp_restarts(&mut self, now: Instant, number: u8) -> bool {
        self.wake(now);
        let Some((imp, wires)) = self.numbered(number).filter(|(imp, _)| !imp.is_up()) else { return false };
        imp.restart(wires);
        true
    }

    /// An IMP announces to its hosts that it goes down, and why, and for how long, and does so: it warns them again
    /// 30 seconds before (RFC 381, RFC 406). Times are in units of five minutes; at once is in 30 seconds. It comes back
    /// after that time; after none, if it is not said. Answers whether there is such an IMP that is up.
    pub fn imp_goes_down(&mut self, now: Instant, number: u8, going: GoingDown) -> bool {
        self.wake(now);
        let Some((imp, wires)) = self.numbered(number).filter(|(imp, _)| imp.is_up()) else { return false };
        imp.plan_outage(going, wires);
        true
    }

    fn numbered(&mut self, number: u8) -> Option<(&mut Imp, &mut Wires)> {
        self.parts(ImpNumber::new(number)?)
    }
}

/// Host cables.
impl Subnet {
    /// A host's cable is pulled out: neither end sees the other's ready line any more, and what is on the cable is
    /// lost. Answers whether there is such a host.
    pub fn cable_pulled(&mut self, now: Instant, host: HostAddress) -> bool {
        self.wake(now);
        let Some((imp, wires)) = self.imp_of(host) else { return false };
        imp.pull_cable(host, wires);
        true
    }

    /// A host's cable is plugged in again. Answers whether there is such a host.
    pub fn cable_plugged(&mut self, now: Instant, host: HostAddress) -> bool {
        self.wake(now);
        let Some((imp, wires)) = self.imp_of(host) else { return false };
        imp.plug_cable(host, wires);
        true
    }

    /// A host's interface stands still: it takes nothing, and brings nothing to an end. Answers whether there is such
    /// a host.
    pub fn host_hangs(&mut self, now: Instant, host: HostAddress) -> bool {
        self.wake(now);
        let Some((imp, wires)) = self.imp_of(host) else { return false };
        imp.set_stuck(host, true, wires);
        true
    }

    /// A host's interface goes on. Answers whether there is such a host.
    pub fn host_goes_on(&mut self, now: Instant, host: HostAddress) -> bool {
        self.wake(now);
        let Some((imp, wires)) = self.imp_of(host) else { return false };
        imp.set_stuck(host, false, wires);
        true
    }

    /// Something is to happen to the next message on a host's cable in one direction. Answers whether there is such
    /// a host.
    pub fn mishap(&mut self, host: HostAddress, toward: Toward, mishap: Mishap) -> bool {
        let Some((imp, _)) = self.imp_of(host) else { return false };
        imp.expect(host, toward, mishap);
        true
    }
}
