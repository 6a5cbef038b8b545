//! Breaks and heals what a scenario says.

use imp::{Fault, Mishap};
use machine::Span;
use trace::What;

use super::Replay;

impl Replay {
    /// Lets a fault happen, and its record stand before all that follows from it.
    pub(super) fn break_or_heal(&mut self, fault: Fault) {
        self.world.log(What::Fault(fault));
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
