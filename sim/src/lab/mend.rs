//! Which faults end which.

use imp::Fault;
use scenario::ast::{Action, HostAction};

/// If an action ends a fault: the one that began it.
pub(super) fn mends(action: &Action) -> Option<Action> {
    Some(match action {
        Action::Host(host, HostAction::Restarts) => Action::Host(*host, HostAction::Crashes),
        Action::Fault(fault) => Action::Fault(match *fault {
            Fault::LineHeals { between } => Fault::LineFails { between },
            Fault::ImpRestarts { imp } => Fault::ImpCrashes { imp },
            Fault::CablePlugged { host } => Fault::CablePulled { host },
            Fault::HostGoesOn { host } => Fault::HostHangs { host },
            Fault::LineFails { .. } | Fault::LineErrs { .. } | Fault::ImpCrashes { .. } => return None,
            Fault::ImpGoesDown { .. } | Fault::CablePulled { .. } | Fault::HostHangs { .. } => return None,
            Fault::Mishap { .. } => return None,
        }),
        Action::Host(..) | Action::WaitFor { .. } | Action::Traffic(_) => return None,
        Action::Measure(_) | Action::Orders(_) | Action::Expect(_) => return None,
    })
}
