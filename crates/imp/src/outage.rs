//! How an IMP stops and starts: a crash, an outage that it announces to its hosts, and the restart.

use imp1822::{FromImp, GoingDown};
use machine::Span;

use crate::agenda::Event;
use crate::imp::Imp;
use crate::wires::Wires;

impl Imp {
    /// Stops without notice. What is in the IMP, and on its way from it, is lost; its hosts see its ready line go down.
    pub(crate) fn crash(&mut self, wires: &mut Wires) {
        wires.note_activity();
        self.stop(wires);
        for port in self.ports_mut() {
            port.host.imp_stops(wires);
        }
    }

    /// Starts anew. Hosts whose ready lines are up see the IMP's ready line go up, and get three NOPs and an interface
    /// reset (RFC 394).
    pub(crate) fn restart(&mut self, wires: &mut Wires) {
        wires.note_activity();
        self.start(wires);
        let hosts = self.hosts();
        hosts.into_iter().flatten().for_each(|host| self.raise_ready(host, wires));
    }

    /// Announces to the hosts that the IMP goes down, and plans the last warning, and the outage.
    pub(crate) fn plan_outage(&mut self, going: GoingDown, wires: &mut Wires) {
        let (imp, life) = (self.relay.me(), self.relay.life());
        let outage = wires.now + going.notice();
        if going.notice() > GoingDown::LAST_NOTICE {
            wires.agenda.plan(outage - GoingDown::LAST_NOTICE, Event::LastWarning { imp, life });
        }
        wires.agenda.plan(outage, Event::Outage { imp, life, span: going.outage() });
        self.announce(going, wires);
    }

    /// Warns the hosts, 30 seconds before an outage.
    pub(crate) fn warn(&mut self, wires: &mut Wires) {
        self.announce(GoingDown::LAST_WARNING, wires);
    }

    fn announce(&mut self, going: GoingDown, wires: &mut Wires) {
        for host in self.hosts().into_iter().flatten() {
            self.tell(host, FromImp::GoingDown(going), wires);
        }
    }

    /// What was announced comes about. After a span of zero the IMP does not come back by itself.
    pub(crate) fn begin_outage(&mut self, span: Span, wires: &mut Wires) {
        let (imp, life) = (self.relay.me(), self.relay.life());
        self.crash(wires);
        if span > Span::ZERO {
            wires.agenda.plan(wires.now + span, Event::OutageOver { imp, life });
        }
    }
}
