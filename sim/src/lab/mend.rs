//! Which faults end which.

use imp::Fault;
use scenario::ast::{Action, HostAction};

/// Whether an action ends a fault that another one began.
pub(super) fn is_mended_by(began: &Action, action: &Action) -> bool {
    match (began, action) {
        // How bad the line was, its end does not say.
        (
            Action::Fault(Fault::LineErrs { between: bad, one_in: Some(_) }),
            Action::Fault(Fault::LineErrs { between, one_in: None }),
        ) => bad == between,
        (began, action) => mends(action).is_some_and(|mended| mended == *began),
    }
}

/// Whether an action ends a fault, and is none.
pub(super) fn is_end(action: &Action) -> bool {
    matches!(action, Action::Fault(Fault::LineErrs { one_in: None, .. })) || mends(action).is_some()
}

/// If an action ends a fault: the one that began it.
fn mends(action: &Action) -> Option<Action> {
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
