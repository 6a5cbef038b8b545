//! What can happen to the parts of a subnet: lines, IMPs, host cables.

use imp1822::{FromImp, GoingDown, HostAddress, Reason, Signal};
use machine::{Instant, Span};

use crate::agenda::Event;
use crate::subnet::Subnet;

/// The unit of the times in an IMP's notice that it goes down (RFC 381).
const FIVE_MINUTES: Span = Span::from_secs(300);

/// The span between the last warning and the outage (RFC 381).
const LAST_WARNING: Span = Span::from_secs(30);

/// Lines.
impl Subnet {
    /// The line between two IMPs carries nothing any more. What is on it is lost; its ends find out when they miss
    /// each other's routing messages. Answers whether there is such a line.
    pub fn line_fails(&mut self, now: Instant, a: u8, b: u8) -> bool {
        self.wake(now);
        self.lines_between(a, b).map(|line| line.set_failed(true)).count() > 0
    }

    /// The line between two IMPs carries again. Answers whether there is such a line.
    pub fn line_heals(&mut self, now: Instant, a: u8, b: u8) -> bool {
        self.wake(now);
        self.lines_between(a, b).map(|line| line.set_failed(false)).count() > 0
    }

    /// From now on the line between two IMPs gets one bit in `one_in` wrong, in either direction; with `None`, none.
    /// Answers whether there is such a line.
    pub fn line_errs(&mut self, now: Instant, a: u8, b: u8, one_in: Option<u64>) -> bool {
        self.wake(now);
        self.lines_between(a, b).map(|line| line.one_in = one_in).count() > 0
    }
}

/// IMPs.
impl Subnet {
    /// An IMP stops without notice. What is in it, and on its way from it, is lost; its hosts see its ready line go
    /// down. The other IMPs find out when they miss its routing messages. Answers whether there is such an IMP
    /// that was up.
    pub fn imp_crashes(&mut self, now: Instant, number: u8) -> bool {
        self.wake(now);
        let Some((imp, wires)) = self.parts(number).filter(|(imp, _)| imp.up) else { return false };
        imp.stop(wires);
        for port in imp.ports.iter_mut().flatten() {
            if port.host_ready && !port.pulled {
                wires.signal(port.address, Signal::Ready(false));
            }
        }
        true
    }

    /// An IMP that had stopped starts anew, and has heard of nobody. Hosts whose ready lines are up see its ready line
    /// go up, and get three NOPs and an interface reset (RFC 394). Answers whether there is such an IMP that was down.
    pub fn imp_restarts(&mut self, now: Instant, number: u8) -> bool {
        self.wake(now);
        let Some((imp, wires)) = self.parts(number).filter(|(imp, _)| !imp.up) else { return false };
        imp.start(wires);
        let hosts = imp.ports.each_ref().map(|port| port.as_ref().map(|port| port.address));
        hosts.into_iter().flatten().for_each(|host| imp.raise_ready(host, wires));
        true
    }

    /// An IMP announces to its hosts that it goes down, and why, and for how long, and does so: it warns them again
    /// 30 seconds before (RFC 381, RFC 406). Times are in units of five minutes; at once is in 30 seconds. It comes back
    /// after that time; after none, if it is not said. Answers whether there is such an IMP that is up.
    pub fn imp_goes_down(&mut self, now: Instant, number: u8, going: GoingDown) -> bool {
        self.wake(now);
        let Some((imp, wires)) = self.parts(number).filter(|(imp, _)| imp.up) else { return false };
        let life = imp.life;
        let times = |units: u64| Span::from_micros(FIVE_MINUTES.as_micros() * units);
        let (soon, span) = (times(u64::from(going.how_soon)), times(u64::from(going.how_long)));
        let outage = now + if going.how_soon == 0 { LAST_WARNING } else { soon };
        if going.how_soon > 0 {
            let last = Instant::from_micros(outage.as_micros() - LAST_WARNING.as_micros());
            wires.agenda.plan(last, Event::LastWarning { imp: number, life });
        }
        wires.agenda.plan(outage, Event::Outage { imp: number, life, span });
        self.announce(number, going);
        true
    }

    /// The last warning, 30 seconds before.
    pub(crate) fn warn(&mut self, number: u8, life: u32) {
        if self.alive(number, life).is_some() {
            self.announce(number, GoingDown { reason: Reason::Unsaid, how_soon: 0, how_long: 0 });
        }
    }

    fn announce(&mut self, number: u8, going: GoingDown) {
        let Some((imp, wires)) = self.parts(number) else { return };
        let hosts = imp.ports.each_ref().map(|port| port.as_ref().map(|port| port.address));
        for host in hosts.into_iter().flatten() {
            imp.tell(host, FromImp::GoingDown(going), wires);
        }
    }

    /// What was announced comes about.
    pub(crate) fn begin_outage(&mut self, now: Instant, number: u8, life: u32, span: Span) {
        if self.alive(number, life).is_some() {
            self.imp_crashes(now, number);
            if span > Span::ZERO {
                self.plan(now + span, Event::OutageOver { imp: number, life });
            }
        }
    }
}

/// Host cables.
impl Subnet {
    /// A host's cable is pulled out: neither end sees the other's ready line any more, and what is on the cable is
    /// lost. Answers whether there is such a host.
    pub fn cable_pulled(&mut self, now: Instant, host: HostAddress) -> bool {
        self.wake(now);
        let up = self.imp_is_up(host.imp());
        let Some((port, wires)) = self.port(host) else { return false };
        if !std::mem::replace(&mut port.pulled, true) {
            if up && port.is_connected() {
                wires.signal(host, Signal::Ready(false));
            }
            self.imp_sees(now, host, false);
        }
        true
    }

    /// A host's cable is plugged in again. Answers whether there is such a host.
    pub fn cable_plugged(&mut self, now: Instant, host: HostAddress) -> bool {
        self.wake(now);
        let Some((port, _)) = self.port(host) else { return false };
        if std::mem::replace(&mut port.pulled, false) && port.host_ready {
            self.imp_sees(now, host, true);
        }
        true
    }

    /// A host's interface stands still: it takes nothing, and brings nothing to an end. Answers whether there is such
    /// a host.
    pub fn host_hangs(&mut self, now: Instant, host: HostAddress) -> bool {
        self.set_stuck(now, host, true)
    }

    /// A host's interface goes on. Answers whether there is such a host.
    pub fn host_goes_on(&mut self, now: Instant, host: HostAddress) -> bool {
        self.set_stuck(now, host, false)
    }
}
