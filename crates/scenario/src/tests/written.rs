//! A scenario that is written and read again is the same, whatever a program has made of it.

use std::sync::Arc;

use host::disk::DiskFile;
use imp::{Fault, Mishap, Toward};
use imp1822::{GoingDown, HostAddress, Reason};
use machine::{Instant, Span};
use ncp::{Allocation, State};
use proptest::prelude::*;
use proptest::sample::Index;

use super::{WHOLE, WHOLE_RUNS, traffic};
use crate::ast::{
    Action, Condition, ConditionWhat, ConditionWhen, Content, Expectation, FaultKind, FaultsPlan, Generator,
    HostAction, Meanwhile, NamedNet, Number, Piece, Requests, Scenario, Size, Step, SweepPlan, Term, Text,
    Traffic, Varies, When,
};
use crate::library::{self, BuiltIn};
use crate::{Nets, NoNet, laid_out, on_net, parse, write, write_commented};

/// The nets of the library, and the one under two names.
struct Known;

impl Nets for Known {
    fn text(&self, name: &str) -> Result<String, NoNet> {
        let name = if name == "the-same-again" { "1973-01" } else { name };
        BuiltIn.text(name)
    }

    fn folder(&self, name: &str) -> Result<Vec<DiskFile>, NoNet> {
        super::Beside.folder(name)
    }
}

fn read(text: &str) -> Scenario {
    parse("a.scenario", text, &Known).unwrap_or_else(|errors| panic!("{}\n{text}", errors.render(false, 100)))
}

/// Every scenario of the library, and those that have every statement.
fn scenarios() -> Vec<Scenario> {
    let library = library::scenarios().filter_map(library::scenario);
    library.chain([WHOLE, WHOLE_RUNS, traffic::WHOLE]).map(read).collect()
}

/// The scenario without the numbers of lines, the lines that are quoted, and comments.
fn bare(scenario: &Scenario) -> Scenario {
    let mut scenario = scenario.clone();
    scenario.limit_line = None;
    scenario.comments.clear();
    scenario.hosts.iter_mut().for_each(|host| host.line = 0);
    scenario.fails.iter_mut().for_each(|fails| fails.line = 0);
    for one in &mut scenario.misbehave {
        (one.line, one.source) = (0, String::new());
    }
    for one in &mut scenario.steps {
        (one.line, one.source) = (0, String::new());
    }
    for one in &mut scenario.meanwhile {
        (one.line, one.source) = (0, String::new());
    }
    for one in &mut scenario.conditions {
        (one.line, one.source) = (0, String::new());
    }
    scenario.sweep.iter_mut().for_each(|sweep| sweep.line = 0);
    scenario
}

/// Sees to it that it is read again as it was written, and is laid out.
#[track_caller]
fn comes_back(scenario: &Scenario) {
    let text = write(scenario);
    assert_eq!(bare(&read(&text)), bare(scenario), "{text}");
    assert_eq!(laid_out("a.scenario", &text), text, "laid out as the house does it");
    assert_eq!(write(&read(&text)), text, "written again it is the same text");
}

/// The same, with nothing that could be copied from the file.
fn without_sources(scenario: &Scenario) -> Scenario {
    let mut scenario = scenario.clone();
    scenario.steps.iter_mut().for_each(|step| step.source.clear());
    scenario.meanwhile.iter_mut().for_each(|happens| happens.source.clear());
    scenario.conditions.iter_mut().for_each(|condition| condition.source.clear());
    scenario
}

#[test]
fn every_scenario_comes_back() {
    for scenario in scenarios() {
        comes_back(&scenario);
        comes_back(&without_sources(&scenario));
    }
}

#[test]
fn what_is_written_reads_like_what_people_write() {
    let text = "\
title   T
net     three-imps
limit   5min

sweep
  faults   0 to 4 of: any host crashes, any host restarts after 1s to 10min
  between  0s and 2min
  varies   editions

host SITE1  serves ftp  account SMITH password BLUE
  answers within 50ms
  file <SMITH>A.B
    | ONE
    |
    |  TWO

host SITE2
host SITE3  runs rsexec  is down

meanwhile
  at 1.5s  SITE1 crashes
  at 2s    line SITE1 to SITE2 fails

SITE3 types  APPEND A B
SITE3 sees   APPENDED
+2s expect SITE1 -> SITE3  252
expect SITE1 file <SMITH>A.B
    | ONE

always      no file data through SITE3
never       SITE3 sees NOBODY KNOWS
at the end  nothing is left behind
";
    let scenario = read(text);
    assert_eq!(write(&scenario), text);
    assert_eq!(write(&without_sources(&scenario)), text, "from the tree alone, too");
    let commented = write_commented(&scenario, "Found by a sweep.\n\nSeed 7.");
    assert_eq!(commented, format!("# Found by a sweep.\n#\n# Seed 7.\n\n{text}"));
}

#[test]
fn a_line_is_kept_as_it_was_only_while_it_says_what_happens() {
    let mut scenario = read("title T\nnet 1973-01\nhost BBN  # a host\nbbn CRASHES   # why\nBBN restarts\n");
    let line = |scenario: &Scenario| write(scenario).lines().nth(5).unwrap_or_default().to_owned();
    assert_eq!(line(&scenario), "bbn CRASHES", "as it was, without the comment");
    scenario.steps[0].when = When::After(Span::from_millis(1500));
    assert_eq!(line(&scenario), "+1.5s BBN-TENEX crashes");
    scenario.steps.remove(0);
    assert_eq!(line(&scenario), "BBN restarts");
}

#[test]
fn on_another_net_the_same_names_are_other_hosts() {
    let text = "title T\nnet three-imps\nsweep\n  faults 1 of: SITE3 crashes\n  nets three-imps, ring\n\
                # why\nhost SITE3\nhost SITE1 # who\nmeanwhile\n  at 1s cable of SITE1 is pulled\n\
                SITE3 inits 2 to SITE1 3\nat the end SITE1 has no connections\n";
    let here = read(text);
    let nets = here.sweep.clone().expect("it has one").nets;
    let there = on_net(&here, &nets[1]).expect("all are there");
    assert_eq!((there.net.name.as_str(), there.net_name.as_str()), ("ring", "ring"));
    assert_eq!(there.steps[0].source, here.steps[0].source);
    let lines = |scenario: &Scenario| {
        let hosts = scenario.hosts.iter().map(|host| host.line);
        let steps = scenario.steps.iter().map(|step| step.line);
        hosts.chain(steps).chain(scenario.conditions.iter().map(|one| one.line)).collect::<Vec<_>>()
    };
    assert_eq!(lines(&there), lines(&here), "a mistake is told in the line of the file");
    assert_eq!(there.comments, here.comments);
    assert_eq!(there.sweep, here.sweep, "the numbers of hosts happen to be the same");
    assert_eq!(on_net(&here, &nets[0]).map(|back| bare(&back)).ok(), Some(bare(&here)));
    let tiny =
        crate::parse_net("tiny", "net tiny T\nimp 1 SITE1\nhost SITE1 1 TENEX\n").expect("it is a net");
    let tiny = NamedNet { name: "tiny".to_owned(), net: tiny };
    assert!(on_net(&here, &tiny).is_err(), "SITE3 is not there");
}

/// Texts with all that could be taken for something else.
fn awkward() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        " ",
        "  ",
        "#",
        "# ",
        " #x",
        "{",
        "}",
        "{13}",
        "\"",
        "A",
        "a b",
        "at 5s",
        " within 1s",
        "+5s",
        "bytes",
        "any",
        "5",
        "random",
        "what",
        "'",
        "->",
        "|",
        "end",
        "<A>B",
        "ABORTED",
    ]);
    prop::collection::vec(pieces, 1..6).prop_map(|pieces| pieces.concat())
}

/// A text of such letters, perhaps with a number by its name.
fn texts() -> impl Strategy<Value = Text> {
    (awkward(), prop::option::of(awkward()), any::<bool>()).prop_map(|(before, behind, named)| {
        let apart = |text: String| text.replace(|letter: char| letter.is_ascii_digit(), "x");
        let mut pieces = vec![Piece::Literal(apart(before))];
        if named {
            pieces.push(Piece::New("n".to_owned()));
            pieces.extend(behind.map(|behind| Piece::Literal(apart(behind))));
        }
        Text(pieces)
    })
}

const SITE1: HostAddress = site(1);
const SITE3: HostAddress = site(3);

const fn site(imp: u8) -> HostAddress {
    match HostAddress::new(0, imp) {
        Some(address) => address,
        None => panic!("it fits"),
    }
}

/// A scenario in which all kinds of text may stand.
fn stage() -> Scenario {
    read("title T\nnet three-imps\nhost SITE1\nhost SITE3 runs ftp\nSITE1 netstat\n")
}

fn step(action: Action) -> Step {
    Step { when: When::Next, within: None, action, line: 0, source: String::new() }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_text_looks_like_it_comes_back(text in texts(), data in awkward()) {
        use crate::ast::{Data, Incoming, NcpAction, Outgoing};
        let literal = || Text::literal(&data);
        let sends = ncp::Socket::from(3);
        let receives = ncp::Socket::from(2);
        let ncp = |action| step(Action::Host(SITE1, HostAction::Ncp(action)));
        let mut scenario = stage();
        let is_named = text.new_names().count() > 0;
        scenario.steps = vec![
            step(Action::Host(SITE3, HostAction::Types(literal()))),
            ncp(NcpAction::Says { local: Number::Known(sends), line: literal() }),
            ncp(NcpAction::Sends { local: Number::Known(sends), data: Outgoing::Data(Data::Text(literal())) }),
            ncp(NcpAction::Receives { local: Number::Known(receives), data: Incoming::Data(Data::Text(literal())) }),
        ];
        let mut seen = scenario.clone();
        seen.steps.push(step(Action::Host(SITE3, HostAction::Sees(text.clone()))));
        let mut crossed = scenario.clone();
        crossed.steps.push(step(Action::WaitFor { from: SITE1, to: SITE3, text: text.clone() }));
        let expected = Expectation::Crossed { from: SITE1, to: SITE3, text: text.clone() };
        let mut condition = scenario.clone();
        if !is_named {
            crossed.steps.push(step(Action::Expect(expected.clone())));
            let what = ConditionWhat::Expectation(expected);
            condition.conditions =
                vec![Condition { when: ConditionWhen::Never, what, line: 0, source: String::new() }];
        }
        let mut heard = scenario;
        heard.steps.push(ncp(NcpAction::Hears { local: Number::Known(receives), text }));
        for scenario in [seen, crossed, heard, condition] {
            let written = write(&scenario);
            let read = parse("a.scenario", &written, &Known);
            prop_assert!(read.is_ok(), "{}{written}", read.err().map(|errors| errors.render(false, 100)).unwrap_or_default());
            prop_assert_eq!(read.ok().map(|read| bare(&read)), Some(bare(&scenario)), "{}", written);
        }
    }

    #[test]
    fn a_rate_comes_back_whatever_its_gap(gap in 100_u64..60_000_000) {
        let mut scenario = stage();
        let size = Size { bits: 9, share: 1 };
        let far = [site(2)].to_vec();
        let host = |host, imp| HostAddress::new(host, imp).expect("it fits");
        let generator = Generator { gap: Span::from_micros(gap), from: far, to: vec![host(1, 3)], sizes: vec![size] };
        scenario.steps.push(step(Action::Traffic(Traffic::Begins(Arc::new(generator)))));
        comes_back(&scenario);
    }

    #[test]
    fn what_a_sweep_makes_of_a_scenario_comes_back(
        which in any::<Index>(),
        changes in prop::collection::vec((0..13_u8, any::<Index>(), any::<Index>(), 0..10_000_u64), 1..12),
    ) {
        let scenarios = &*ALL;
        let mut scenario = which.get(scenarios).clone();
        for (kind, at, other, number) in changes {
            change(&mut scenario, kind, at, other, number);
        }
        scenario.make_time_for_all();
        comes_back(&scenario);
    }
}

static ALL: std::sync::LazyLock<Vec<Scenario>> = std::sync::LazyLock::new(scenarios);

/// One of the changes that shrinking and drawing make.
fn change(scenario: &mut Scenario, kind: u8, at: Index, other: Index, number: u64) {
    let time = Instant::START + Span::from_micros(number * 12_345);
    let is_inside = |host: &crate::ast::HostPlan| host.external.is_none();
    let inside: Vec<usize> =
        (0..scenario.hosts.len()).filter(|&index| is_inside(&scenario.hosts[index])).collect();
    let Some(&index) = (!inside.is_empty()).then(|| at.get(&inside)) else { return };
    let address = scenario.hosts[index].address;
    match kind {
        0 => {
            if let Some(file) = scenario.hosts[index].files.first_mut() {
                file.content = Content::Generated(number);
            }
        }
        1 => scenario.hosts[index].policy.requests = Some(Requests::Queue(Span::from_millis(number), None)),
        2 => {
            let allocation = Allocation { messages: 1 + number as u16, bits: 8 * (1 + number as u32) };
            scenario.hosts[index].policy.allocation = Some(allocation);
        }
        3 if number.is_multiple_of(2) => scenario.hosts[index].room = Some(number),
        3 => scenario.hosts[index].answers_within = Some(Span::from_micros(number)),
        4 => scenario.seed = number,
        5 => scenario.steps.truncate(at.index(scenario.steps.len() + 1)),
        6 => {
            let faults = [
                Action::Host(address, HostAction::Crashes),
                Action::Host(address, HostAction::Restarts),
                Action::Fault(Fault::HostHangs { host: address }),
                Action::Fault(Fault::CablePulled { host: address }),
                Action::Fault(Fault::Mishap {
                    host: address,
                    toward: Toward::Host,
                    mishap: Mishap::Late(Span::from_micros(number)),
                }),
                Action::Fault(Fault::Mishap {
                    host: address,
                    toward: Toward::Imp,
                    mishap: Mishap::DataError,
                }),
            ];
            let action = other.get(&faults).clone();
            scenario.meanwhile.push(Meanwhile { at: time, action, line: 0, source: "at 1s X".to_owned() });
        }
        7 => {
            let between = other.get(&scenario.net.lines).between;
            let imp = other.get(&scenario.net.imps).number;
            let going = GoingDown::new(Reason::Reload, 3, number as u16 % 1024).expect("it fits");
            let faults = [
                Fault::LineFails { between },
                Fault::LineErrs { between, one_in: Some(2 + number) },
                Fault::ImpCrashes { imp },
                Fault::ImpGoesDown { imp, going },
            ];
            let action = Action::Fault(*at.get(&faults));
            scenario.meanwhile.insert(0, Meanwhile { at: time, action, line: 0, source: String::new() });
        }
        8 => {
            let states = [
                ConditionWhat::NothingLeft,
                ConditionWhat::ToldTheTruth,
                ConditionWhat::EveryProgramDone,
                ConditionWhat::NothingByItself,
                ConditionWhat::Expectation(Expectation::NoConnections { host: address }),
                ConditionWhat::Expectation(Expectation::Socket {
                    host: address,
                    local: Number::Known(ncp::Socket::from(number as u32)),
                    state: Some(State::Open),
                }),
            ];
            let what = other.get(&states).clone();
            scenario.conditions.push(Condition {
                when: ConditionWhen::AtTheEnd,
                what,
                line: 0,
                source: String::new(),
            });
        }
        9 => scenario.limit = Span::from_secs(600) + scenario.limit + Span::from_micros(number),
        10 => {
            let sweep = scenario.sweep.get_or_insert(SweepPlan {
                faults: None,
                between: None,
                nets: Vec::new(),
                varies: None,
                line: 0,
            });
            let lasts = number.is_multiple_of(2).then(|| Span::from_micros(number)..=Span::from_secs(number));
            let kinds = [
                FaultKind::HostCrashes { of: Some(address), lasts: lasts.clone() },
                FaultKind::HostHangs { of: None, lasts: lasts.clone() },
                FaultKind::ImpCrashes {
                    of: Some(other.get(&scenario.net.imps).number),
                    lasts: lasts.clone(),
                },
                FaultKind::LineErrs { of: None, lasts: lasts.clone() },
                FaultKind::LineFails {
                    of: Some(other.get(&scenario.net.lines).between),
                    lasts: lasts.clone(),
                },
                FaultKind::CablePulled { of: Some(address), lasts },
                FaultKind::CableDelays { of: Some(address), by: None },
                FaultKind::CableGarbles { of: None },
            ];
            let count = number as u32 % 3..=3;
            sweep.faults = Some(FaultsPlan { count, kinds: kinds[at.index(kinds.len())..].to_vec() });
            let file_sizes = Some(0..=number);
            sweep.varies = Some(Varies { file_sizes, editions: true, ..Varies::default() });
        }
        11 => {
            // A host that is dropped takes with it whatever speaks of it.
            scenario.steps.clear();
            scenario.conditions.clear();
            scenario.meanwhile.clear();
            scenario.sweep = None;
            let gone = scenario.hosts.remove(index);
            scenario.hosts.iter_mut().for_each(|host| host.knows.retain(|known| known.site != gone.name));
            scenario.misbehave.retain(|one| one.host != gone.address);
        }
        _ => {
            // A step whose time is changed, but no step below one that gives it the name of a number.
            if let Some(first) = scenario.steps.first_mut() {
                first.when = When::After(Span::from_micros(number));
                let patient = crate::ast::Action::new_names(&first.action).next().is_none()
                    && matches!(first.action, Action::Host(_, HostAction::Sees(_)));
                if patient {
                    first.within = Some(Span::from_micros(number + 1));
                }
            }
        }
    }
}

#[test]
fn a_named_number_comes_back() {
    let term = Term { name: "x".to_owned(), offset: -4 };
    assert_eq!(term.to_string(), "{x-4}");
    let text = "title T\nnet three-imps\nhost SITE1\nhost SITE3\n\
                wait for SITE1 -> SITE3  255 SOCK {x}\nSITE3 closes {x-4}\nexpect SITE1 -> SITE3  \"{x}\" {x+1}\n";
    comes_back(&without_sources(&read(text)));
}
