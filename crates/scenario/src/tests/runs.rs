//! What is said of sweeps and of whole runs, as it is read.

use imp::{Fault, Mishap, Toward};
use imp1822::HostAddress;
use machine::{Instant, Span};

use super::super::ast::{
    Action, ConditionWhat, ConditionWhen, Expectation, FaultKind, HostAction, Number, Scenario, SweepPlan,
    Text, Varies,
};
use super::{WHOLE_RUNS, read, sound, with_hosts, with_steps, wrong};

/// A sweep in which nothing breaks and nothing differs.
pub(super) const QUIET: &str = "title T\nnet 1973-01\nsweep\n  faults none\n  varies nothing\n";

const BBN: HostAddress = host(1, 5);
const CASE: HostAddress = host(0, 13);
const USC: HostAddress = host(1, 22);

const fn host(host: u8, imp: u8) -> HostAddress {
    match HostAddress::new(host, imp) {
        Some(address) => address,
        None => panic!("no such address"),
    }
}

const fn seconds(seconds: u64) -> Span {
    Span::from_secs(seconds)
}

/// What is said of a sweep by these lines below it.
fn swept(below: &str) -> SweepPlan {
    let scenario = sound(with_hosts(&format!("sweep\n{below}\nhost BBN\nhost CASE\n")));
    scenario.sweep.expect("there is one")
}

/// What is wrong with these lines below `sweep`.
fn wrong_sweep(below: &str) -> Vec<String> {
    wrong(with_hosts(&format!("sweep\n{below}\nhost BBN\nhost CASE\n")))
}

#[test]
fn a_sweep_says_what_breaks_when_where_and_what_varies() {
    let sweep = sound(read(WHOLE_RUNS)).sweep.expect("there is one");
    let faults = sweep.faults.expect("they are said");
    let ten = Some(seconds(1)..=seconds(600));
    let kinds = [
        FaultKind::HostCrashes { of: None, lasts: None },
        FaultKind::HostCrashes { of: None, lasts: ten },
        FaultKind::LineFails { of: None, lasts: None },
        FaultKind::LineErrs { of: None, lasts: None },
        FaultKind::ImpCrashes { of: None, lasts: None },
        FaultKind::CableLoses { of: None },
        FaultKind::CableRepeats { of: None },
        FaultKind::CableDelays { of: None, by: None },
        FaultKind::CableGarbles { of: None },
        FaultKind::CableDelays { of: None, by: Some(seconds(1)..=seconds(2)) },
        FaultKind::HostHangs { of: None, lasts: None },
        FaultKind::CablePulled { of: None, lasts: None },
        FaultKind::HostCrashes { of: Some(CASE), lasts: None },
        FaultKind::HostCrashes { of: Some(BBN), lasts: Some(seconds(5)..=seconds(5)) },
        FaultKind::LineFails { of: Some([5, 9]), lasts: Some(seconds(5)..=seconds(5)) },
        FaultKind::ImpCrashes { of: Some(9), lasts: Some(seconds(1)..=seconds(120)) },
        FaultKind::CableLoses { of: Some(BBN) },
        FaultKind::CableGarbles { of: Some(BBN) },
        FaultKind::CablePulled { of: Some(CASE), lasts: Some(seconds(3)..=seconds(3)) },
        FaultKind::HostHangs { of: Some(BBN), lasts: Some(Span::ZERO..=seconds(9)) },
    ];
    assert_eq!(faults.count, 0..=4);
    for (read, expected) in faults.kinds.iter().zip(&kinds) {
        assert_eq!(read, expected);
    }
    assert_eq!(faults.kinds.len(), kinds.len());
    assert_eq!(sweep.between, Some(Instant::START..=Instant::START + seconds(120)));
    let nets: Vec<&str> = sweep.nets.iter().map(|net| net.name.as_str()).collect();
    assert_eq!(nets, ["1973-01", "the-same-again"]);
    assert_eq!(sweep.nets[1].net.hosts.len(), sound(read(WHOLE_RUNS)).net.hosts.len());
    let varies = Varies {
        file_sizes: Some(0..=16_384),
        allocations: true,
        queue_policies: true,
        editions: true,
        answers: Some(Span::from_millis(50)),
        disks: true,
    };
    assert_eq!((sweep.varies, sweep.line), (Some(varies), 4));
}

#[test]
fn what_a_sweep_does_not_say_is_left_open() {
    let sweep = swept("  faults none");
    let faults = sweep.faults.expect("it is said that there are none");
    assert_eq!((faults.count, faults.kinds), (0..=0, Vec::new()));
    assert_eq!((sweep.between, sweep.nets, sweep.varies), (None, Vec::new(), None));
    assert!(sound(read(QUIET)).sweep.is_some(), "that nothing differs is said, too");
    let sweep = swept("  varies nothing");
    assert_eq!((sweep.faults, sweep.varies), (None, Some(Varies::default())));
    let faults = swept("  faults 2 to 3").faults.expect("they are said");
    assert_eq!((faults.count, faults.kinds), (2..=3, Vec::new()), "of the usual kinds");
    let faults = swept("  faults 2 of:\n    any imp crashes").faults.expect("they are said");
    assert_eq!(faults.count, 2..=2);
    assert_eq!(faults.kinds, [FaultKind::ImpCrashes { of: None, lasts: None }]);
    assert_eq!(sound(with_hosts("")).sweep, None);
}

#[test]
fn a_host_may_take_its_time() {
    let hosts = sound(read(WHOLE_RUNS)).hosts;
    let times: Vec<Option<Span>> = hosts.iter().map(|host| host.answers_within).collect();
    assert_eq!(times, [Some(Span::from_millis(20)), None, None]);
    assert_eq!(wrong(with_hosts("host BBN answers within 21s")), ["no host takes 21s to look at a message"]);
    assert_eq!(wrong(with_hosts("host BBN answers in 1s")), ["expected `within`, found `in`"]);
    let elsewhere = "host BBN answers within 1s external port 22001 to 192.0.2.1:22002";
    assert_eq!(wrong(with_hosts(elsewhere)), ["host `BBN` is external, and more than that"]);
}

#[test]
fn what_breaks_meanwhile_has_its_time_and_its_place_in_the_file() {
    let scenario = sound(read(WHOLE_RUNS));
    let happens: Vec<(Instant, Action)> =
        scenario.meanwhile.iter().map(|happens| (happens.at, happens.action.clone())).collect();
    let lost = Fault::Mishap { host: BBN, toward: Toward::Imp, mishap: Mishap::Lost };
    let expected = [
        (Span::from_millis(1500), Action::Host(CASE, HostAction::Crashes)),
        (seconds(2), Action::Fault(Fault::LineFails { between: [5, 9] })),
        (seconds(1), Action::Fault(lost)),
        (seconds(2), Action::Host(CASE, HostAction::Restarts)),
    ];
    assert_eq!(happens, expected.map(|(at, action)| (Instant::START + at, action)));
    let first = &scenario.meanwhile[0];
    assert_eq!((first.line, first.source.as_str()), (20, "at 1.5s  CASE crashes   # and comes back"));
}

#[test]
fn conditions_say_what_holds_when() {
    let conditions = sound(read(WHOLE_RUNS)).conditions;
    let told = || Text::literal("NOBODY KNOWS");
    let path = || "<BOBT>A".to_owned();
    let state = ConditionWhat::Expectation;
    let expected = [
        (ConditionWhen::Always, state(Expectation::NoFileDataThrough { host: USC })),
        (ConditionWhen::Never, state(Expectation::Saw { host: USC, text: told() })),
        (
            ConditionWhen::Never,
            state(Expectation::Crossed { from: BBN, to: CASE, text: Text::literal("ERR") }),
        ),
        (ConditionWhen::Sometimes, state(Expectation::Saw { host: USC, text: told() })),
        (ConditionWhen::Sometimes, state(Expectation::FileLength { host: BBN, path: path(), bytes: 0 })),
        (ConditionWhen::AtTheEnd, state(Expectation::NoConnections { host: CASE })),
        (
            ConditionWhen::AtTheEnd,
            state(Expectation::File { host: BBN, path: path(), lines: vec!["ONE LINE".to_owned()] }),
        ),
        (ConditionWhen::AtTheEnd, ConditionWhat::ToldTheTruth),
        (ConditionWhen::AtTheEnd, ConditionWhat::NothingLeft),
        (ConditionWhen::AtTheEnd, ConditionWhat::EveryProgramDone),
        (ConditionWhen::AtTheEnd, ConditionWhat::NothingByItself),
    ];
    for (read, expected) in conditions.iter().zip(&expected) {
        assert_eq!((read.when, &read.what), (expected.0, &expected.1), "{}", read.source);
    }
    assert_eq!(conditions.len(), expected.len());
    assert_eq!(
        (conditions[0].line, conditions[0].source.as_str()),
        (24, "always      no file data through USC-ISI   # RFC 438",)
    );
}

#[test]
fn whatever_may_be_expected_may_hold_at_the_end() {
    let ends = [
        "BBN file <A>B of 9 bytes",
        "BBN no file <A>B",
        "USC saw X",
        "BBN -> CASE RTS",
        "no BBN -> CASE RTS",
        "BBN socket 3 closed",
    ];
    for end in ends {
        let conditions = sound(with_steps(&format!("at the end {end}\nUSC types X"))).conditions;
        let expect = sound(with_steps(&format!("expect {end}\nUSC types X"))).steps.remove(0).action;
        let ConditionWhat::Expectation(expectation) = conditions[0].what.clone() else { panic!("{end}") };
        assert_eq!(Action::Expect(expectation), expect, "{end}");
    }
    let socket = sound(with_steps("never BBN socket 3 open")).conditions.remove(0).what;
    let local = Number::Known(ncp::Socket::from(3));
    let open = Expectation::Socket { host: BBN, local, state: Some(ncp::State::Open) };
    assert_eq!(socket, ConditionWhat::Expectation(open));
}

#[test]
fn a_net_of_a_sweep_has_all_that_the_scenario_names() {
    let small =
        "net small S\nimp 1 EAST\nimp 2 WEST\nline EAST to WEST 50kb/s 1km\nhost A 1 TENEX\nhost B 2 TENEX\n";
    let large = "net large L\nimp 1 EAST\nimp 2 WEST\nimp 3 MORE\nline EAST to MORE 50kb/s 1km\n\
                 line MORE to WEST 50kb/s 1km\nhost A 1 TENEX\nhost B 2 TENEX\nhost C 3 TENEX\n";
    let nets = |name: &str| match name {
        "small" => Some(small.to_owned()),
        "large" => Some(large.to_owned()),
        _ => None,
    };
    let read = |body: &str| {
        let text = format!("title T\nnet small\nsweep\n  nets small, large\nhost A\nhost B\n{body}\n");
        super::parse("a.scenario", &text, &nets)
    };
    let sweep = sound(read("A crashes")).sweep.expect("there is one");
    assert_eq!(sweep.nets[1].net.imps.len(), 3);
    let cannot = "the scenario cannot be played on the net `large`";
    for body in ["line EAST to WEST fails", "meanwhile\n  at 1s line EAST to WEST fails"] {
        assert_eq!(wrong(read(body)), [cannot]);
    }
    let shown = read("A crashes\nline EAST to WEST fails").expect_err("no such line").render(false, 100);
    assert!(shown.contains("line 8: no line joins `EAST` and `WEST`") && shown.contains("4:15"), "{shown}");
    assert_eq!(wrong(read("A crahses")), ["unknown verb `crahses`"], "that is not the fault of the net");
    let text = "title T\nnet large\nsweep\n  nets small, tiny\nhost C\n";
    let told = wrong(super::parse("a.scenario", text, &nets));
    assert_eq!(told, ["the scenario cannot be played on the net `small`", "there is no net `tiny`"]);
}

#[test]
fn a_sweep_is_said_once_and_soundly() {
    assert_eq!(wrong_sweep(""), ["an empty `sweep`"]);
    assert_eq!(wrong_sweep("  faults none\n  faults none"), ["a second `faults`"]);
    assert_eq!(wrong_sweep("  between 0s and 2min\n  between 0s and 2min"), ["a second `between`"]);
    assert_eq!(wrong_sweep("  faults none\nsweep\n  faults none"), ["a second `sweep`"]);
    assert_eq!(wrong_sweep("  faults 3 to 2"), ["no number is from 3 to 2"]);
    assert_eq!(wrong_sweep("  faults 1001"), ["the number of faults cannot be 1001"]);
    assert_eq!(wrong_sweep("  faults"), ["expected how many faults a run has, but the line ends"]);
    assert_eq!(wrong_sweep("  faults 2 of:"), ["expected what may break, but the line ends"]);
    assert_eq!(
        wrong_sweep("  faults 2 of: any imp crashes,"),
        ["expected another item of the list, but the line ends"]
    );
    assert_eq!(wrong_sweep("  faults 2 of: , any imp crashes"), ["nothing stands in front of this comma"]);
    assert_eq!(wrong_sweep("  between 2min and 0s"), ["no time is between 2min and 0s"]);
    assert_eq!(wrong_sweep("  between 0s and 61min"), ["61min is after the limit of 60min"]);
    assert_eq!(wrong_sweep("  varies"), ["expected what differs from seed to seed, but the line ends"]);
    assert_eq!(wrong_sweep("  varies editions, editions"), ["the same a second time"]);
    assert_eq!(wrong_sweep("  nets 1973-01, 1973-01"), ["`1973-01` is named twice"]);
    assert_eq!(wrong_sweep("  nets 1973-01 the-same-again"), ["no comma in front of `the-same-again`"]);
    assert_eq!(wrong_sweep("  faults 1 of: HARV-10 crashes"), ["host `HARV-10` is not declared"]);
    assert_eq!(wrong_sweep("  faults 1 of: line BBN to UCLA fails"), ["no line joins `BBN` and `UCLA`"]);
    let twice = "  faults 1 of: any imp crashes, any imp crashes";
    assert_eq!(wrong_sweep(twice), ["the same kind of fault a second time"]);
}

#[test]
fn what_cannot_hold_is_no_condition() {
    let condition = |text: &str| wrong(with_steps(text));
    let from_the_start = ["this is not so at the beginning of a run"];
    assert_eq!(condition("always USC saw X"), from_the_start);
    assert_eq!(condition("always USC sees X"), from_the_start);
    assert_eq!(condition("always BBN -> CASE RTS"), from_the_start);
    assert_eq!(condition("always no BBN -> CASE RTS"), ["`always no` in front of a message"]);
    for when in ["never", "sometimes"] {
        let no_event = [format!("`{when}` stands in front of what may come about")];
        assert_eq!(condition(&format!("{when} no BBN -> CASE RTS")), no_event);
        assert_eq!(condition(&format!("{when} no file data through USC")), no_event);
        assert_eq!(condition(&format!("{when} BBN no file <A>B")), no_event);
        assert_eq!(condition(&format!("{when} BBN has no connections")), no_event);
        assert_eq!(condition(&format!("{when} USC saw X")), [format!("`saw` behind `{when}`")]);
    }
    for when in ["always", "never", "sometimes"] {
        let told = condition(&format!("{when} nothing is left behind"));
        assert_eq!(told, [format!("`{when}` stands in front of what is known at the end only")]);
    }
    let unnamed = ["what is said of the whole run knows no numbers by name"];
    assert_eq!(condition("wait for BBN -> CASE STR {x}\nnever BBN -> CASE STR {x}"), unnamed);
    assert_eq!(condition("wait for BBN -> CASE STR {x}\nat the end BBN socket {x} open"), unnamed);
    assert_eq!(condition("never BBN -> CASE STR {y}"), unnamed);
    assert_eq!(condition("always BBN no file <A>B\n  | X"), ["this line does not belong here"]);
    assert_eq!(condition("never BBN file <A>B\n  X"), ["this line does not belong here"]);
}

#[test]
fn only_what_breaks_and_heals_happens_meanwhile() {
    let meanwhile = |lines: &str| wrong(with_steps(&format!("meanwhile\n{lines}\nUSC types X")));
    for step in [
        "USC types X",
        "USC sees X",
        "BBN netstat",
        "expect USC saw X",
        "wait for BBN -> USC",
        "traffic stops",
    ] {
        let told = meanwhile(&format!("  at 1s {step}"));
        assert_eq!(told, ["this does not happen meanwhile"], "{step}");
    }
    assert_eq!(meanwhile("  at 61min BBN crashes"), ["this is after the limit of 60min"]);
    assert_eq!(meanwhile("  at 1s HARV-10 crashes"), ["host `HARV-10` is not declared"]);
    assert_eq!(meanwhile("  BBN crashes"), ["expected `at` and a time, found `BBN`"]);
    assert_eq!(meanwhile(""), ["an empty `meanwhile`"]);
    let below = "USC types X\nmeanwhile\n  at 1s BBN crashes";
    assert_eq!(wrong(with_steps(below)), ["`meanwhile` stands below the steps"]);
    let twice = "meanwhile\n  at 1s BBN crashes\nmeanwhile\n  at 1s CASE crashes";
    assert_eq!(wrong(with_steps(twice)), ["a second `meanwhile`"]);
}

#[test]
fn what_stands_in_the_heading_stands_above_the_hosts() {
    let late = |text: &str| -> Result<Scenario, crate::Errors> { with_hosts(text) };
    assert_eq!(wrong(late("host BBN\nsweep\n  faults none")), ["`sweep` stands below the hosts"]);
    assert_eq!(
        wrong(late("always BBN has no connections\nhost BBN")),
        ["host `BBN` is declared below a condition of the whole run"]
    );
    assert_eq!(
        wrong(late("host BBN\nmeanwhile\n  at 1s BBN crashes\nhost CASE")),
        ["host `CASE` is declared below `meanwhile`"]
    );
    assert_eq!(wrong(late("always BBN has no connections")), ["no host is declared above this condition"]);
}
