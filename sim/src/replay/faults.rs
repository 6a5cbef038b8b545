//! Breaks and heals what a scenario says.

use imp::{Fault, Mishap};
use imp1822::GoingDown;
use machine::Span;
use trace::What;

use super::Replay;

impl Replay {
    /// Lets a fault happen, and its record stand before all that follows from it.
    pub(super) fn break_or_heal(&mut self, fault: Fault) {
        self.world.log(What::Fault(fault));
        self.foretold = self.foretold.max(self.world.now() + takes(fault));
        self.world.act_on_subnet(|subnet, now| {
            // What has no such part, or is in that state already, stays as it is.
            let _ = subnet.inject(now, fault);
        });
    }
}

/// How long it takes until all of a fault has come about.
fn takes(fault: Fault) -> Span {
    match fault {
        Fault::ImpGoesDown { going, .. } => {
            // At once is in 30 seconds: less than the unit.
            going.notice().max(GoingDown::UNIT) + going.outage()
        }
        Fault::Mishap { mishap: Mishap::Late(span), .. } => span,
        Fault::Mishap { .. } | Fault::HostHangs { .. } | Fault::HostGoesOn { .. } => Span::ZERO,
        Fault::LineFails { .. } | Fault::LineHeals { .. } | Fault::LineErrs { .. } => Span::ZERO,
        Fault::ImpCrashes { .. } | Fault::ImpRestarts { .. } => Span::ZERO,
        Fault::CablePulled { .. } | Fault::CablePlugged { .. } => Span::ZERO,
    }
}
