//! Which faults end which, and which nobody should notice.

use imp::{Fault, Mishap, Toward};
use machine::Span;
use scenario::ast::{Action, Content, HostAction, Meanwhile, Scenario};

use crate::setup::is_impatient;

/// A line of which most frames arrive whole. IMPs send each frame until it is acknowledged.
pub(super) const FEW_ERRORS: u64 = 3000;

/// So long hosts may stand still, all of them together, and nobody gives up: half of the time after which an IMP takes a host
/// for tardy (RFC 394). What several hosts pause one after the other, a program that waits for them adds up.
const SHORT_PAUSE: Span = Span::from_secs(15);

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

/// Whether a layer mends a fault, so that nobody above it should notice more than that it takes longer: IMPs send again what a
/// line gets wrong, and wait for a host that stands still; an NCP sends again what its IMP found damaged. Where a host has less
/// patience than usual, longer may be too long, and nothing counts as mended.
pub(super) fn is_mended(one: &Meanwhile, scenario: &Scenario) -> bool {
    if scenario.hosts.iter().any(|host| is_impatient(&host.policy)) {
        return false;
    }
    match one.action {
        Action::Fault(Fault::LineErrs { one_in: Some(one_in), .. }) => {
            one_in >= FEW_ERRORS && !has_empty_file(scenario)
        }
        Action::Fault(Fault::Mishap { toward: Toward::Imp, mishap: Mishap::DataError, .. }) => {
            // The same message may be struck each time.
            let all = scenario.meanwhile.iter().filter(|other| other.action == one.action).count();
            all < ncp::MOST_TRIES as usize
        }
        Action::Fault(Fault::HostHangs { .. }) => all_pauses(scenario).is_some_and(|all| all <= SHORT_PAUSE),
        Action::Fault(_) | Action::Host(..) | Action::WaitFor { .. } | Action::Traffic(_) => false,
        Action::Measure(_) | Action::Orders(_) | Action::Expect(_) => false,
    }
}

/// How long hosts stand still, all of them together. `None` if one does not go on.
fn all_pauses(scenario: &Scenario) -> Option<Span> {
    let pause = |(place, one): (usize, &Meanwhile)| {
        let Action::Fault(Fault::HostHangs { host }) = one.action else { return Some(Span::ZERO) };
        let goes_on = Action::Fault(Fault::HostGoesOn { host });
        let end = scenario.meanwhile[place..].iter().find(|other| other.action == goes_on)?;
        Some(end.at.since(one.at))
    };
    let mut pauses = scenario.meanwhile.iter().enumerate().map(pause);
    pauses.try_fold(Span::ZERO, |all, pause| Some(all + pause?))
}

/// Whether a file is empty. Where a line delays the answer for an RTS beyond the CLS that ends an empty file, the receiver cannot
/// know whether the CLS ends it, or withdraws the request: it says that the file was not stored.
fn has_empty_file(scenario: &Scenario) -> bool {
    let mut files = scenario.hosts.iter().flat_map(|host| &host.files);
    files.any(|file| match &file.content {
        Content::Lines(lines) => lines.is_empty(),
        Content::Generated(bytes) => *bytes == 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the first of these lines of `meanwhile` is mended.
    fn mended(lines: &str) -> bool {
        mended_with("10", lines)
    }

    /// The same, where a file has so many bytes.
    fn mended_with(bytes: &str, lines: &str) -> bool {
        mended_where(&format!("file <S>A of {bytes} bytes"), lines)
    }

    /// The same, where this is said of a host.
    fn mended_where(said: &str, lines: &str) -> bool {
        let file = format!("host SITE1 serves ftp\n  {said}");
        let text = format!("title T\nnet three-imps\n{file}\nhost SITE2\nmeanwhile\n{lines}\n");
        let scenario = scenario::parse("t", &text, &scenario::library::BuiltIn);
        let scenario = scenario.unwrap_or_else(|errors| panic!("{errors:?} of\n{text}"));
        is_mended(&scenario.meanwhile[0], &scenario)
    }

    #[test]
    fn what_imps_and_ncps_do_again_is_mended_and_what_is_gone_is_not() {
        assert!(mended(
            "  at 1s  line SITE1 to SITE2 flips one bit in 20000\n  at 9s  line SITE1 to SITE2 flips no bits"
        ));
        assert!(!mended("  at 1s  line SITE1 to SITE2 flips one bit in 1000"));
        let seldom = "  at 1s  line SITE1 to SITE2 flips one bit in 20000";
        assert!(
            mended_with("1", seldom) && !mended_with("0", seldom),
            "the end of an empty file is no proof of it"
        );
        assert!(mended("  at 1s  cable of SITE1 garbles the data of the next message to the imp"));
        let garbles = "  at 1s  cable of SITE1 garbles the data of the next message to the imp\n";
        assert!(mended(&garbles.repeat(2)) && !mended(&garbles.repeat(3)), "the third time is the last");
        assert!(!mended("  at 1s  cable of SITE1 garbles the leader of the next message to the imp"));
        assert!(mended("  at 1s  SITE1 hangs\n  at 9s  SITE1 goes on"));
        assert!(!mended("  at 1s  SITE1 hangs\n  at 31s  SITE1 goes on") && !mended("  at 1s  SITE1 hangs"));
        let both = "  at 1s  SITE1 hangs\n  at 8s  SITE1 goes on\n  at 8s  SITE2 hangs\n  at";
        assert!(
            mended(&format!("{both} 16s  SITE2 goes on")) && !mended(&format!("{both} 17s  SITE2 goes on"))
        );
        assert!(!mended(&format!("{both} 1s  line SITE1 to SITE2 fails")), "one of two goes on");
        assert!(!mended("  at 1s  cable of SITE1 loses the next message to the imp"));
        assert!(!mended("  at 1s  SITE1 crashes"));
    }

    #[test]
    fn what_takes_longer_is_not_mended_where_a_host_has_less_patience_than_usual() {
        let hangs = "  at 1s  SITE1 hangs\n  at 9s  SITE1 goes on";
        for usual in ["closes after 2min", "asks silent hosts after 6s", "refuses unmatched requests"] {
            assert!(mended_where(usual, hangs), "{usual} is no impatience");
        }
        let garbled = "  at 1s  cable of SITE1 garbles the data of the next message to the imp";
        for impatient in ["closes after 3s", "asks silent hosts after 1s"] {
            assert!(!mended_where(impatient, hangs), "{impatient}: a pause may be too long for it");
            assert!(
                !mended_where(impatient, garbled),
                "{impatient}: what is sent again may be too late for it"
            );
        }
    }
}
