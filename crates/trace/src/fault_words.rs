//! Faults in the words of the scenario language.

use imp::{Fault, Mishap, Toward};
use imp1822::{GoingDown, Reason};
use machine::Span;

use crate::Names;

/// The part that a fault happens to, and what happens to it: `line UCLA to SRI`, `fails`.
pub(crate) fn in_words(fault: Fault, names: &Names) -> (String, String) {
    let line = |[a, b]: [u8; 2]| format!("line {} to {}", names.imp(a), names.imp(b));
    let imp = |number| format!("imp {}", names.imp(number));
    let cable = |host| format!("cable of {}", names.host(host));
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
        Fault::HostHangs { host } => (names.host(host), "hangs".to_owned()),
        Fault::HostGoesOn { host } => (names.host(host), "goes on".to_owned()),
        Fault::Mishap { host, toward, mishap } => (cable(host), strikes(mishap, next_message(toward))),
    }
}

fn goes_down(going: GoingDown) -> String {
    let minutes = |span: Span| span.as_micros() / 60_000_000;
    let soon = going.notice();
    let soon = (soon > GoingDown::LAST_NOTICE).then(|| format!("in {}min", minutes(soon)));
    let long = going.outage();
    let long = (long > Span::ZERO).then(|| format!("for {}min", minutes(long)));
    let reason = match going.reason() {
        Reason::Unsaid => None,
        Reason::Maintenance => Some("for maintenance".to_owned()),
        Reason::Reload => Some("for reload".to_owned()),
        Reason::Emergency => Some("for emergency".to_owned()),
    };
    let clauses: Vec<String> = [soon, long, reason].into_iter().flatten().collect();
    format!("goes down {}", clauses.join(" ")).trim_end().to_owned()
}

/// What a mishap does to a message: `loses the next message to the imp`.
pub(crate) fn strikes(mishap: Mishap, message: &str) -> String {
    match mishap {
        Mishap::Lost => format!("loses {message}"),
        Mishap::Late(span) => format!("delays {message} by {span}"),
        Mishap::Twice => format!("repeats {message}"),
        Mishap::LeaderError => format!("garbles the leader of {message}"),
        Mishap::DataError => format!("garbles the data of {message}"),
    }
}

fn next_message(toward: Toward) -> &'static str {
    match toward {
        Toward::Imp => "the next message to the imp",
        Toward::Host => "the next message from the imp",
    }
}
