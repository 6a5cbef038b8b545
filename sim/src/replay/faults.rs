//! Breaks and heals what a scenario says.

use imp::{Mishap, Toward};
use imp1822::{GoingDown, HostAddress, Reason};
use machine::Span;
use trace::{CableFault, What};

use super::Replay;
use imp::Fault;

impl Replay {
    /// Lets a fault happen, and its record stand before all that follows from it.
    pub(super) fn break_or_heal(&mut self, fault: Fault) {
        let (part, event) = self.in_words(fault);
        self.world.log(What::Fault { part, event, cable: on_cable(fault) });
        self.foretold = self.foretold.max(self.world.now() + takes(fault));
        self.world.act_on_subnet(|subnet, now| match fault {
            Fault::LineFails { between: [a, b] } => subnet.line_fails(now, a, b),
            Fault::LineHeals { between: [a, b] } => subnet.line_heals(now, a, b),
            Fault::LineErrs { between: [a, b], one_in } => subnet.line_errs(now, a, b, one_in),
            Fault::ImpCrashes { imp } => subnet.imp_crashes(now, imp),
            Fault::ImpRestarts { imp } => subnet.imp_restarts(now, imp),
            Fault::ImpGoesDown { imp, going } => subnet.imp_goes_down(now, imp, going),
            Fault::CablePulled { host } => subnet.cable_pulled(now, host),
            Fault::CablePlugged { host } => subnet.cable_plugged(now, host),
            Fault::HostHangs { host } => subnet.host_hangs(now, host),
            Fault::HostGoesOn { host } => subnet.host_goes_on(now, host),
            Fault::Mishap { host, toward, mishap } => subnet.mishap(host, toward, mishap),
        });
    }

    /// The part and what happens to it, in the words of the scenario language.
    fn in_words(&self, fault: Fault) -> (String, String) {
        let line = |[a, b]: [u8; 2]| format!("line {} to {}", self.imp(a), self.imp(b));
        let imp = |number| format!("imp {}", self.imp(number));
        let cable = |host| format!("cable of {}", self.name(host));
        match fault {
            Fault::LineFails { between } => (line(between), "fails".to_owned()),
            Fault::LineHeals { between } => (line(between), "heals".to_owned()),
            Fault::LineErrs { between, one_in: Some(bits) } => {
                (line(between), format!("flips one bit in {bits}"))
            }
            Fault::LineErrs { between, one_in: None } => (line(between), "flips no bits".to_owned()),
            Fault::ImpCrashes { imp: number } => (imp(number), "crashes".to_owned()),
            Fault::ImpRestarts { imp: number } => (imp(number), "restarts".to_owned()),
            Fault::ImpGoesDown { imp: number, going } => (imp(number), goes_down(going)),
            Fault::CablePulled { host } => (cable(host), "is pulled".to_owned()),
            Fault::CablePlugged { host } => (cable(host), "is plugged in".to_owned()),
            Fault::HostHangs { host } => (self.name(host), "hangs".to_owned()),
            Fault::HostGoesOn { host } => (self.name(host), "goes on".to_owned()),
            Fault::Mishap { host, toward, mishap } => (cable(host), happens(mishap, toward)),
        }
    }
}

/// How long it takes until all of a fault has come about.
fn takes(fault: Fault) -> Span {
    match fault {
        Fault::ImpGoesDown { going, .. } => {
            // At once is in 30 seconds: less than the unit.
            let units = u64::from(going.how_soon.max(1)) + u64::from(going.how_long);
            Span::from_secs(300 * units)
        }
        Fault::Mishap { mishap: Mishap::Late(span), .. } => span,
        Fault::Mishap { .. } | Fault::HostHangs { .. } | Fault::HostGoesOn { .. } => Span::ZERO,
        Fault::LineFails { .. } | Fault::LineHeals { .. } | Fault::LineErrs { .. } => Span::ZERO,
        Fault::ImpCrashes { .. } | Fault::ImpRestarts { .. } => Span::ZERO,
        Fault::CablePulled { .. } | Fault::CablePlugged { .. } => Span::ZERO,
    }
}

fn goes_down(going: GoingDown) -> String {
    let GoingDown { reason, how_soon, how_long } = going;
    let minutes = |units: u16| units * 5;
    let soon = (how_soon > 0).then(|| format!("in {}min", minutes(how_soon.into())));
    let long = (how_long > 0).then(|| format!("for {}min", minutes(how_long)));
    let reason = match reason {
        Reason::Unsaid => None,
        Reason::Maintenance => Some("for maintenance".to_owned()),
        Reason::Reload => Some("for reload".to_owned()),
        Reason::Emergency => Some("for emergency".to_owned()),
    };
    let clauses: Vec<String> = [soon, long, reason].into_iter().flatten().collect();
    format!("goes down {}", clauses.join(" ")).trim_end().to_owned()
}

fn happens(mishap: Mishap, toward: Toward) -> String {
    let message = match toward {
        Toward::Imp => "the next message to the imp",
        Toward::Host => "the next message from the imp",
    };
    match mishap {
        Mishap::Lost => format!("loses {message}"),
        Mishap::Late(span) => format!("delays {message} by {span}"),
        Mishap::Twice => format!("repeats {message}"),
        Mishap::LeaderError => format!("garbles the leader of {message}"),
        Mishap::DataError => format!("garbles the data of {message}"),
    }
}

/// What the monitor must know of a fault, because no IMP and no host is to blame for what comes of it.
fn on_cable(fault: Fault) -> Option<(HostAddress, CableFault)> {
    match fault {
        Fault::HostHangs { host } => Some((host, CableFault::Hangs)),
        Fault::HostGoesOn { host } => Some((host, CableFault::GoesOn)),
        Fault::Mishap { host, toward, mishap } => Some((host, CableFault::Mishap(toward, mishap))),
        Fault::LineFails { .. } | Fault::LineHeals { .. } | Fault::LineErrs { .. } => None,
        Fault::ImpCrashes { .. } | Fault::ImpRestarts { .. } | Fault::ImpGoesDown { .. } => None,
        // Both ends see that the ready lines drop.
        Fault::CablePulled { .. } | Fault::CablePlugged { .. } => None,
    }
}
