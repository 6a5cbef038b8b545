//! Glances at the tables of NCPs while a run goes on: what belongs to nothing at one moment may be gone, by a patience that
//! ends, long before all is quiet.

use imp1822::HostAddress;
use machine::Instant;

use crate::world::{Log, World};

/// When the first glance is.
const FIRST: Instant = Instant::from_micros(1_000_000);

/// When the tables are looked at, and what was found there that belongs to nothing. The pauses grow twofold: what a patience
/// ends is there about as long as it took to come.
#[derive(Debug)]
pub(crate) struct Glances {
    next: Instant,
    found: Vec<(Instant, HostAddress, ncp::Stray)>,
}

impl Glances {
    /// None so far.
    pub(crate) fn new() -> Self {
        Glances { next: FIRST, found: Vec::new() }
    }

    /// When the next one is due.
    pub(crate) fn next(&self) -> Instant {
        self.next
    }

    /// Looks at all hosts that are up.
    pub(crate) fn look<L: Log>(&mut self, world: &World<L>) {
        let now = world.now();
        while self.next <= now {
            self.next = Instant::from_micros(self.next.as_micros() * 2);
        }
        for (address, host) in world.hosts().filter(|(_, host)| host.is_up()) {
            self.note(now, address, host.stray());
        }
    }

    /// Keeps what was seen of a host, unless it is nothing, or something was seen there before.
    pub(crate) fn note(&mut self, now: Instant, address: HostAddress, stray: ncp::Stray) {
        if stray != ncp::Stray::default() && !self.found.iter().any(|(_, host, _)| *host == address) {
            self.found.push((now, address, stray));
        }
    }

    /// When something was found, at which host, and what.
    pub(super) fn found(&self) -> &[(Instant, HostAddress, ncp::Stray)] {
        &self.found
    }
}

#[cfg(test)]
mod tests {
    use imp::{Net, Watch};
    use machine::Span;
    use scenario::library;

    use super::*;

    struct NoLog;

    impl Log for NoLog {
        fn take(&mut self, _: u64, _: trace::Record) {}
    }

    fn net() -> Net {
        let text = library::net("three-imps").expect("it is built in");
        scenario::parse_net("three-imps", text).expect("it can be read")
    }

    #[test]
    fn the_pauses_grow_twofold_however_late_a_glance_is() {
        let mut world = World::new(&net(), [], Watch::Nothing, 0, NoLog);
        let mut glances = Glances::new();
        let mut seen = Vec::new();
        for at in [1, 2, 5, 1000] {
            world.run_until(Instant::START + Span::from_secs(at));
            glances.look(&world);
            seen.push(glances.next().since(Instant::START).as_micros() / 1_000_000);
        }
        assert_eq!(seen, [2, 4, 8, 1024]);
    }
}
