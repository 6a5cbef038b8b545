//! Which faults end which.

use imp::Fault;
use scenario::ast::{Action, HostAction};

/// What ends a fault that lasts.
pub(super) fn end_of(began: &Action) -> Option<Action> {
    Some(match began {
        Action::Host(host, HostAction::Crashes) => Action::Host(*host, HostAction::Restarts),
        Action::Fault(fault) => Action::Fault(match *fault {
            Fault::LineFails { between } => Fault::LineHeals { between },
            Fault::LineErrs { between, one_in: Some(_) } => Fault::LineErrs { between, one_in: None },
            Fault::ImpCrashes { imp } => Fault::ImpRestarts { imp },
            Fault::CablePulled { host } => Fault::CablePlugged { host },
            Fault::HostHangs { host } => Fault::HostGoesOn { host },
            Fault::LineHeals { .. } | Fault::LineErrs { one_in: None, .. } => return None,
            Fault::ImpRestarts { .. } | Fault::CablePlugged { .. } | Fault::HostGoesOn { .. } => return None,
            Fault::ImpGoesDown { .. } | Fault::Mishap { .. } => return None,
        }),
        Action::Host(..) | Action::WaitFor { .. } | Action::Traffic(_) => return None,
        Action::Measure(_) | Action::Orders(_) | Action::Expect(_) => return None,
    })
}

/// Whether an action ends a fault, and is none.
pub(super) fn is_end(action: &Action) -> bool {
    match action {
        Action::Host(_, HostAction::Restarts) => true,
        Action::Fault(fault) => match fault {
            Fault::LineHeals { .. } | Fault::LineErrs { one_in: None, .. } => true,
            Fault::ImpRestarts { .. } | Fault::CablePlugged { .. } | Fault::HostGoesOn { .. } => true,
            Fault::LineFails { .. } | Fault::LineErrs { one_in: Some(_), .. } => false,
            Fault::ImpCrashes { .. } | Fault::CablePulled { .. } | Fault::HostHangs { .. } => false,
            Fault::ImpGoesDown { .. } | Fault::Mishap { .. } => false,
        },
        Action::Host(..) | Action::WaitFor { .. } | Action::Traffic(_) => false,
        Action::Measure(_) | Action::Orders(_) | Action::Expect(_) => false,
    }
}
