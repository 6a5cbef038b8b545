//! What an IMP's hosts and their cables do: they send, come up and go down, are pulled out, or stand still.

use imp1822::HostAddress;
use machine::Bits;

use crate::attachment::HostKind;
use crate::cable::{Mishap, Toward};
use crate::imp::Imp;
use crate::incoming::Incoming;
use crate::packet::Reply;
use crate::wires::Wires;

/// Messages.
impl Imp {
    /// A host puts a message on its cable.
    pub(crate) fn host_sends(&mut self, host: HostAddress, bits: Bits, wires: &mut Wires) {
        let up = self.is_up();
        if let Some(port) = self.port_mut(host) {
            port.put_on_cable(bits, up, wires);
            self.welcome(host, false, wires);
        }
    }

    /// A message that was held up on the cable enters it.
    pub(crate) fn offered(&mut self, host: HostAddress, incoming: Incoming, wires: &mut Wires) {
        if let Some(port) = self.connected(host) {
            port.offer(incoming, wires);
        }
    }
}

/// Ready lines, and what happens to cables.
impl Imp {
    /// A host's own ready line goes up or down.
    pub(crate) fn host_shows(&mut self, host: HostAddress, ready: bool, wires: &mut Wires) {
        let up = self.is_up();
        if self.port_mut(host).is_some_and(|port| port.host.show_ready(ready, up, wires)) {
            self.see_ready(host, ready, wires);
        }
        self.welcome(host, ready, wires);
    }

    /// A host outside of the simulation may send as it likes; when it says that it is ready it is greeted as after a reset.
    fn welcome(&mut self, host: HostAddress, ready: bool, wires: &mut Wires) {
        let Some(port) = self.port_mut(host) else { return };
        match port.host.kind {
            HostKind::Simulated => {}
            HostKind::External => {
                port.host.skip_probation();
                self.begin_next(host, wires);
                if ready && let Some(port) = self.connected(host) {
                    port.greet(wires);
                }
            }
        }
    }

    /// A host's cable is pulled out.
    pub(crate) fn pull_cable(&mut self, host: HostAddress, wires: &mut Wires) {
        let up = self.is_up();
        if self.port_mut(host).is_some_and(|port| port.host.pull(up, wires)) {
            self.see_ready(host, false, wires);
        }
    }

    /// A host's cable is plugged in.
    pub(crate) fn plug_cable(&mut self, host: HostAddress, wires: &mut Wires) {
        if self.port_mut(host).is_some_and(|port| port.host.plug()) {
            self.see_ready(host, true, wires);
        }
    }

    /// A host's ready line, as far as this IMP sees it, goes up or down.
    fn see_ready(&mut self, host: HostAddress, ready: bool, wires: &mut Wires) {
        let up = self.is_up();
        let Some(port) = self.port_mut(host) else { return };
        if ready {
            port.host.connect(up, wires);
        } else {
            let cleared = port.disconnect();
            self.lose(host, cleared, Reply::HostDead, wires);
        }
    }

    /// Raises the ready line to a host, which was dropped to reset the interface, or with the IMP.
    pub(crate) fn raise_ready(&mut self, host: HostAddress, wires: &mut Wires) {
        let up = self.is_up();
        if let Some(port) = self.port_mut(host).filter(|_| up) {
            port.raise_ready(wires);
        }
    }

    /// Something is to happen to the next message on a host's cable in one direction.
    pub(crate) fn expect(&mut self, host: HostAddress, toward: Toward, mishap: Mishap) {
        if let Some(port) = self.port_mut(host) {
            port.host.expect(toward, mishap);
        }
    }

    /// A host's interface stands still, or goes on.
    pub(crate) fn set_stuck(&mut self, host: HostAddress, stuck: bool, wires: &mut Wires) {
        let up = self.is_up();
        if let Some(port) = self.port_mut(host) {
            port.set_stuck(stuck, up, wires);
        }
    }

    /// A host that came alive long enough ago may send as it likes.
    pub(crate) fn end_probation(&mut self, host: HostAddress, wires: &Wires) {
        if let Some(port) = self.port_mut(host) {
            port.host.end_probation(wires.now);
        }
    }

    /// A host is outside of the simulation.
    pub(crate) fn treat_as_external(&mut self, host: HostAddress) {
        if let Some(port) = self.port_mut(host) {
            port.host.kind = HostKind::External;
        }
    }
}
