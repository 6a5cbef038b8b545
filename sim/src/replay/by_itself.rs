//! What goes wrong between hosts although the scenario breaks nothing.

use host::Host;
use machine::Span;
use ncp::{Cell, Happening};
use scenario::ast::{Action, HostAction, Program, Scenario};

use super::run::Run;
use crate::lab::reached::{Collector, Sessions};
use crate::setup::is_impatient;

/// A host that takes longer to look at what has arrived is out of the ordinary.
const SLOW: Span = Span::from_secs(1);

/// Something that has gone wrong.
pub(super) struct Failed {
    /// In words that are the same wherever it goes wrong in this way.
    pub(super) class: String,
    pub(super) found: String,
    pub(super) label: String,
}

/// Judges a run in which nothing breaks, nobody misbehaves, and nobody is out of the ordinary: slow, or with less patience than
/// usual.
pub(super) struct Judge {
    /// Whether all users are RSEXECs, which log out when they are done.
    only_rsexec: bool,
}

/// Whether a step breaks something, or does by hand what a program would not do.
fn breaks(action: &Action) -> bool {
    match action {
        Action::Fault(_) | Action::Traffic(_) | Action::Orders(_) => true,
        Action::Host(_, HostAction::Types(_) | HostAction::Sees(_) | HostAction::Announces(_)) => false,
        Action::Host(_, HostAction::ShutsDownFtp(_)) => true,
        Action::Host(_, HostAction::Crashes | HostAction::Restarts | HostAction::Ncp(_)) => true,
        Action::WaitFor { .. } | Action::Measure(_) | Action::Expect(_) => false,
    }
}

/// What only a fault explains.
fn needs_a_fault(happening: Happening) -> bool {
    match happening {
        Happening::Incomplete | Happening::Reset | Happening::Outage | Happening::PatienceOver => true,
        Happening::Complaint | Happening::TooMuch => true,
        Happening::ReadsOrWrites | Happening::Closes | Happening::Aborts | Happening::Releases => false,
        Happening::Interrupts | Happening::Request | Happening::OtherRequest | Happening::Cls => false,
        Happening::Interrupted | Happening::RetOrAll | Happening::TextOrGvb | Happening::Rfnm => false,
        // A net may be full; a host of which the scenario says nothing is dead.
        Happening::NoResources | Happening::Dead => false,
    }
}

impl Judge {
    /// The judge of a scenario, if its runs can be judged.
    pub(super) fn of(scenario: &Scenario) -> Option<Self> {
        let mut actions = scenario.steps.iter().map(|step| &step.action);
        let may = scenario.meanwhile.is_empty()
            && scenario.misbehave.is_empty()
            && !actions.any(breaks)
            && scenario.hosts.iter().all(|host| {
                let is_slow = host.answers_within.is_some_and(|within| within > SLOW);
                host.external.is_none() && host.up && !is_slow && !is_impatient(&host.policy)
            });
        let is_rsexec = |program: Option<Program>| matches!(program, None | Some(Program::Rsexec));
        may.then(|| Judge { only_rsexec: scenario.hosts.iter().all(|host| is_rsexec(host.program)) })
    }

    /// What has gone wrong.
    pub(super) fn failed(&self, run: &Run) -> Vec<Failed> {
        let collector = run.world.log().collector();
        if collector.is_some_and(|collector| collector.has_met_slowness()) {
            return Vec::new();
        }
        let hosts = run.world.hosts();
        let failed = hosts.flat_map(|(address, host)| of_host(&run.names.host(address), host));
        let sessions = collector.map(Collector::sessions).unwrap_or_default();
        failed.chain(self.of_sessions(sessions)).collect()
    }

    /// Who has left without a word: BYE ends a session (RFC 354, IV.A.3), and its answer says that the server has heard it.
    fn of_sessions(&self, sessions: Sessions) -> Option<Failed> {
        let without = sessions.greeted.saturating_sub(sessions.left);
        let are = if without == 1 { "user of an FTP server was" } else { "users of FTP servers were" };
        (self.only_rsexec && without > 0).then(|| Failed {
            class: "a user left an FTP server without a word".to_owned(),
            found: format!("{without} {are} greeted, and left without BYE and its answer"),
            label: "nothing was broken".to_owned(),
        })
    }
}

/// What has become of the connections of a host that only a fault explains.
fn of_host(name: &str, host: &Host) -> impl Iterator<Item = Failed> + use<> {
    let (name, reached) = (name.to_owned(), host.reached());
    let cells = Cell::all().filter(move |cell| needs_a_fault(cell.happening) && reached.has(*cell));
    cells.map(move |cell| Failed {
        class: format!("a connection failed by itself: {cell}"),
        found: format!("a connection of {name} has failed: {cell}"),
        label: "nothing was broken".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, Prepared};

    #[test]
    fn what_only_a_fault_explains_is_told_of_the_host_that_met_it() {
        let failed = |name: &str| {
            let text = scenario::library::scenario(name).expect("the library has it");
            let outcome = Prepared::parse(text).expect("it can be read").replay(Options::DIGEST);
            let hosts = outcome.hosts.iter();
            let failed = hosts.flat_map(|(address, host)| of_host(&address.to_string(), host));
            failed.map(|failed| failed.class).collect::<Vec<_>>()
        };
        assert_eq!(failed("rfc438-append"), [""; 0]);
        // There a message is lost, and its sender waits for the last of its allocation in vain.
        let patience = "a connection failed by itself: flushing patience-over";
        assert!(failed("message-lost-on-cable").contains(&patience.to_owned()));
    }

    /// Whether the runs of a scenario with these lines below its heading can be judged, and whether its users log out.
    fn judged(lines: &str) -> Option<bool> {
        let text = format!("title T\nnet three-imps\n{lines}\n");
        let scenario = scenario::parse("t", &text, &scenario::library::BuiltIn);
        let scenario = scenario.unwrap_or_else(|errors| panic!("{errors:?} of\n{text}"));
        Judge::of(&scenario).map(|judge| judge.only_rsexec)
    }

    #[test]
    fn only_where_nothing_is_broken_by_the_scenario_something_can_break_by_itself() {
        let quiet = "host SITE1 serves ftp\nhost SITE3 runs rsexec\nSITE3 types  HELP";
        assert_eq!(judged(quiet), Some(true));
        assert_eq!(judged(&quiet.replace("rsexec", "ftp")), Some(false), "he may stay");
        assert_eq!(
            judged(&quiet.replace("SITE3 types", "meanwhile\n  at 1s  SITE1 crashes\nSITE3 types")),
            None
        );
        assert_eq!(judged(&format!("{quiet}\nSITE1 crashes")), None);
        assert_eq!(
            judged(&format!("{quiet}\nSITE1 inits 700 to SITE3 5 size 8")),
            None,
            "a hand may do anything"
        );
        assert_eq!(judged(&quiet.replace("serves ftp", "serves ftp  answers within 9s")), None);
        for (policy, may_be_judged) in [
            ("closes after 1s", false),
            ("asks silent hosts after 1s", false),
            ("closes after 2min", true),
            ("asks silent hosts after 6s", true),
        ] {
            let judged = judged(&quiet.replace("serves ftp", &format!("serves ftp  {policy}")));
            assert_eq!(
                judged.is_some(),
                may_be_judged,
                "who has less patience than usual may break off: {policy}"
            );
        }
    }

    #[test]
    fn who_leaves_without_a_word_is_told_of_where_users_log_out() {
        let said = |only_rsexec, greeted, left| {
            let failed = Judge { only_rsexec }.of_sessions(Sessions { greeted, left });
            failed.map(|failed| failed.found)
        };
        assert_eq!(said(true, 2, 2), None);
        assert_eq!(said(false, 2, 1), None);
        let one = "1 user of an FTP server was greeted, and left without BYE and its answer";
        assert_eq!(said(true, 2, 1).as_deref(), Some(one));
        let two = "2 users of FTP servers were greeted, and left without BYE and its answer";
        assert_eq!(said(true, 2, 0).as_deref(), Some(two));
    }
}
