//! What a scenario means.

use imp::{Fault, Mishap, Toward};
use imp1822::{GoingDown, HostAddress, Reason};
use machine::{Bits, Instant, Span};
use ncp::{Allocation, ByteSize, ForeignSocket, Partner, Socket, State};

use super::super::ast::{
    Account, Action, Content, Data, Expectation, External, FilePlan, HostAction, HostPlan, NcpAction,
    PolicyPlan, Profile, Program, Requests, Step, When,
};
use super::{WHOLE, sound, with_hosts, with_steps};

const BBN: HostAddress = host(1, 5);
const CASE: HostAddress = host(0, 13);
const USC: HostAddress = host(1, 22);
const UTAH: HostAddress = host(0, 4);
const HARV: HostAddress = host(0, 9);
const MIT: HostAddress = host(1, 6);

const fn host(host: u8, imp: u8) -> HostAddress {
    match HostAddress::new(host, imp) {
        Some(address) => address,
        None => panic!("no such address"),
    }
}

fn text(text: &str) -> String {
    text.to_owned()
}

#[test]
fn the_heading_says_what_the_scenario_shows_and_where() {
    let scenario = sound(super::read(WHOLE));
    assert_eq!(scenario.name, "test");
    assert_eq!(scenario.title, "Append a file at CASE to a file at BBN");
    assert_eq!(scenario.cites, ["RFC 438", "RFC 354, IV.B"]);
    assert_eq!(scenario.net.name, "1973-01");
    assert_eq!(scenario.seed, 15, "in octal");
    assert_eq!(scenario.limit, Span::from_secs(120));
    assert_eq!(scenario.fails.map(|fails| fails.text).as_deref(), Some("454 cannot connect"));
    let misbehave: Vec<HostAddress> = scenario.misbehave.iter().map(|one| one.host).collect();
    assert_eq!(misbehave, [CASE, BBN]);
    assert!(scenario.monitored);
}

#[test]
fn what_the_heading_leaves_out_has_a_default() {
    let scenario = sound(with_hosts(""));
    assert_eq!((scenario.seed, scenario.limit), (0, Span::from_secs(3600)));
    assert_eq!(scenario.fails, None);
    assert!(scenario.monitored && scenario.misbehave.is_empty());
}

#[test]
fn the_monitor_can_be_turned_off() {
    assert!(!sound(with_hosts("monitor off")).monitored);
}

#[test]
fn hosts_have_what_their_clauses_say() {
    let hosts = sound(super::read(WHOLE)).hosts;
    let nothing = HostPlan::new("", BBN, 0);
    let account = |name, password| Account { name: text(name), password: text(password) };
    let case = HostPlan {
        name: text("CASE-10"),
        address: CASE,
        server: Some(ftp::Edition::Rfc354),
        accounts: vec![account("THOMAS", "OHIO")],
        files: vec![
            FilePlan {
                path: text("<THOMAS>DATA.NEW"),
                content: Content::Lines(vec![text("THIRD LINE"), text(""), text(" indented # no comment")]),
            },
            FilePlan { path: text("<THOMAS>EMPTY"), content: Content::Lines(Vec::new()) },
        ],
        policy: PolicyPlan {
            requests: Some(Requests::Refuse),
            allocation: Some(Allocation { messages: 2, bits: 64 }),
            close_patience: Some(Span::from_secs(30)),
            plain: true,
            largest_text_bits: Some(8023),
            links: Some(2..=71),
        },
        line: 10,
        ..nothing.clone()
    };
    let bbn = HostPlan {
        name: text("BBN-TENEX"),
        server: Some(ftp::Edition::Rfc438),
        accounts: vec![account("BOBT", "MASS"), account("GUEST", "ARPA")],
        files: vec![FilePlan { path: text("<BOBT>DATA.OLD"), content: Content::Generated(40_000) }],
        policy: PolicyPlan {
            requests: Some(Requests::Queue(Span::from_millis(1500), Some(3))),
            ..PolicyPlan::default()
        },
        line: 20,
        ..nothing.clone()
    };
    let profile = Profile { site: text("CASE-10"), name: text("THOMAS"), password: text("OHIO") };
    let usc = HostPlan {
        name: text("USC-ISI"),
        address: USC,
        program: Some(Program::Rsexec),
        knows: vec![profile],
        line: 25,
        ..nothing.clone()
    };
    let utah = HostPlan {
        name: text("UTAH-10"),
        address: UTAH,
        up: false,
        program: Some(Program::FtpUser),
        line: 26,
        ..nothing.clone()
    };
    let mit = HostPlan {
        name: text("MIT-DMCG"),
        address: MIT,
        external: Some(External { port: 22001, peer: ([192, 0, 2, 1], 22002).into() }),
        line: 27,
        ..nothing
    };
    assert_eq!(hosts, [case, bbn, usc, utah, mit]);
}

#[test]
fn steps_do_what_they_say_in_the_order_of_the_file() {
    let goes_down = |reason, how_soon, how_long| {
        let going = GoingDown::new(reason, how_soon, how_long).expect("both times fit");
        Action::Fault(Fault::ImpGoesDown { imp: 5, going })
    };
    let mishap = |toward, mishap| Action::Fault(Fault::Mishap { host: BBN, toward, mishap });
    let at = Action::Host;
    let operates = |host, action| Action::Host(host, HostAction::Ncp(action));
    let steps = sound(super::read(WHOLE)).steps;
    let actions: Vec<Action> = steps.into_iter().map(|step| step.action).collect();
    let socket = Socket::from;
    let data = || text("<BOBT>DATA.OLD");
    let expected = [
        at(USC, HostAction::Types(text("APPEND (FILE) [CASE-10]<THOMAS>DATA.NEW"))),
        at(USC, HostAction::Types(text(""))),
        at(USC, HostAction::Sees(text("DONE"))),
        Action::WaitFor { from: CASE, to: BBN, text: text("STR 3 to 4 size 8") },
        Action::WaitFor { from: CASE, to: HARV, text: text("") },
        operates(
            BBN,
            NcpAction::Inits {
                local: socket(0o401),
                to: ForeignSocket { host: CASE, socket: socket(1024) },
                size: ByteSize::new(36),
            },
        ),
        operates(CASE, NcpAction::Listens { local: socket(1024), from: Partner::Anyone, size: None }),
        operates(
            CASE,
            NcpAction::Listens { local: socket(1024), from: Partner::Host(BBN), size: ByteSize::new(8) },
        ),
        operates(
            CASE,
            NcpAction::Listens {
                local: socket(1024),
                from: Partner::Exactly(ForeignSocket { host: BBN, socket: socket(257) }),
                size: None,
            },
        ),
        operates(CASE, NcpAction::Closes { local: socket(1024) }),
        operates(CASE, NcpAction::Aborts { local: socket(1024) }),
        operates(BBN, NcpAction::Sends { local: socket(257), data: Data::Text(text("HELLO")) }),
        operates(BBN, NcpAction::Sends { local: socket(257), data: Data::Bytes(vec![1, 15, 255]) }),
        operates(CASE, NcpAction::Receives { local: socket(1024), data: Data::Text(text("HELLO")) }),
        operates(CASE, NcpAction::Receives { local: socket(1024), data: Data::Bytes(vec![u64::MAX]) }),
        operates(CASE, NcpAction::Interrupts { local: socket(1024) }),
        operates(CASE, NcpAction::TakesBack { local: socket(1024), messages: 64, bits: 64 }),
        operates(CASE, NcpAction::TakesBack { local: socket(1024), messages: 0, bits: 128 }),
        operates(BBN, NcpAction::Echoes { to: CASE, data: 42 }),
        operates(BBN, NcpAction::Resets { partner: HARV }),
        // The leader, the header of four bytes of eight bits, and the bytes.
        operates(
            BBN,
            NcpAction::Injects { message: Bits::from_bytes(&[0, 13, 0, 0, 0, 8, 0, 4, 0, 0x0e, 1, 2, 0xff]) },
        ),
        operates(BBN, NcpAction::Injects { message: Bits::from_bytes(&[0, 13, 5, 0, 0, 8, 0, 0, 0]) }),
        operates(BBN, NcpAction::Injects { message: Bits::from_bytes(&[0, 13, 0, 0]) }),
        operates(BBN, NcpAction::Netstat),
        at(BBN, HostAction::Sees(text("SOCKET 257: closed"))),
        at(UTAH, HostAction::Restarts),
        at(UTAH, HostAction::Crashes),
        Action::Fault(Fault::LineFails { between: [5, 9] }),
        Action::Fault(Fault::LineHeals { between: [9, 5] }),
        Action::Fault(Fault::ImpCrashes { imp: 9 }),
        Action::Fault(Fault::ImpRestarts { imp: 9 }),
        Action::Expect(Expectation::File { host: BBN, path: data(), lines: vec![text("FIRST LINE")] }),
        Action::Expect(Expectation::File { host: BBN, path: text("<BOBT>EMPTY"), lines: Vec::new() }),
        Action::Expect(Expectation::FileLength { host: BBN, path: data(), bytes: 40_000 }),
        Action::Expect(Expectation::SameFile {
            host: BBN,
            path: data(),
            other_host: CASE,
            other_path: text("<THOMAS>DATA.NEW"),
        }),
        Action::Expect(Expectation::NoFile { host: BBN, path: text("<BOBT>NONE") }),
        Action::Expect(Expectation::Saw { host: USC, text: text("DONE") }),
        Action::Expect(Expectation::Crossed { from: CASE, to: BBN, text: text("255 SOCK") }),
        Action::Expect(Expectation::Crossed { from: CASE, to: BBN, text: text("") }),
        Action::Expect(Expectation::NotCrossed { from: CASE, to: USC, text: text("RTS") }),
        Action::Expect(Expectation::NoFileDataThrough { host: USC }),
        Action::Expect(Expectation::NoConnections { host: BBN }),
        Action::Expect(Expectation::Socket { host: BBN, local: socket(257), state: Some(State::Open) }),
        Action::Expect(Expectation::Socket { host: BBN, local: socket(257), state: None }),
        Action::Expect(Expectation::Saw { host: CASE, text: text("ECHO") }),
        Action::Fault(Fault::LineErrs { between: [5, 9], one_in: Some(100_000) }),
        Action::Fault(Fault::LineErrs { between: [5, 9], one_in: None }),
        goes_down(Reason::Unsaid, 0, 0),
        goes_down(Reason::Maintenance, 2, 1023),
        goes_down(Reason::Emergency, 15, 6),
        Action::Fault(Fault::HostHangs { host: BBN }),
        Action::Fault(Fault::HostGoesOn { host: BBN }),
        Action::Fault(Fault::CablePulled { host: BBN }),
        Action::Fault(Fault::CablePlugged { host: BBN }),
        mishap(Toward::Imp, Mishap::Lost),
        mishap(Toward::Host, Mishap::Twice),
        mishap(Toward::Host, Mishap::Late(Span::from_secs(2))),
        mishap(Toward::Imp, Mishap::LeaderError),
        mishap(Toward::Imp, Mishap::DataError),
    ];
    for (action, expected) in actions.iter().zip(&expected) {
        assert_eq!(action, expected);
    }
    assert_eq!(actions.len(), expected.len());
}

#[test]
fn a_step_knows_its_time_its_patience_and_its_line() {
    let steps =
        sound(with_steps("USC types A\n+1.5s USC sees B  # yes\nat 2min within 30s wait for BBN -> USC"))
            .steps;
    let step = |when, within, action, line, source| Step { when, within, action, line, source: text(source) };
    assert_eq!(
        steps[0],
        step(When::Next, None, Action::Host(USC, HostAction::Types(text("A"))), 6, "USC types A")
    );
    let seen = Action::Host(USC, HostAction::Sees(text("B")));
    let later = When::After(Span::from_millis(1500));
    assert_eq!(steps[1], step(later, None, seen, 7, "+1.5s USC sees B  # yes"));
    assert_eq!(steps[2].when, When::At(Instant::from_micros(120_000_000)));
    assert_eq!(steps[2].within, Some(Span::from_secs(30)));
}

#[test]
fn a_byte_order_mark_and_carriage_returns_do_not_matter() {
    let dos = format!("\u{feff}{}", WHOLE.replace('\n', "\r\n"));
    let (there, here) = (sound(super::read(&dos)), sound(super::read(WHOLE)));
    assert_eq!(there.title, here.title);
    assert_eq!(there.hosts, here.hosts);
    assert_eq!(there.steps, here.steps);
}

#[test]
fn the_lines_of_a_file_keep_all_but_the_first_blank() {
    let hosts =
        sound(with_hosts("host CASE-10 file <A>A\n\t|one\n\t| two\n\t|  three \n\t|\tfour\n\t||five")).hosts;
    let lines = ["one", "two", " three ", "\tfour", "|five"].map(str::to_owned).to_vec();
    assert_eq!(hosts[0].files[0].content, Content::Lines(lines));
}

#[test]
fn an_undeclared_host_is_down_but_may_be_spoken_to() {
    sound(with_steps("BBN inits 2 to HARV-10 1\nBBN listens 4 for HARV-10\nexpect no HARV-10 -> BBN\n"));
}

#[test]
fn times_may_repeat_but_spans_add_up() {
    sound(with_steps("at 1s BBN crashes\nat 1s BBN restarts\n+1s BBN crashes\nat 2s BBN restarts"));
    assert_eq!(
        super::wrong(with_steps("at 1s BBN crashes\n+1s BBN restarts\nat 1999999us BBN crashes")),
        ["time goes backwards to 1999999us"]
    );
}

#[test]
fn what_a_transcript_says_of_a_message_can_be_pasted() {
    let expectation = |text: &str| {
        let text = format!("title T\nnet three-imps\nhost SITE1\nexpect SITE1 -> SITE2  {text}\n");
        let read = crate::parse("a.scenario", &text, &|_: &str| {
            Some(include_str!("../../../../scenarios/nets/three-imps.net").to_owned())
        });
        match read.expect("it is from a transcript").steps.remove(0).action {
            Action::Expect(Expectation::Crossed { text, .. }) => text,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(expectation("RTS 4 from 3 link 2          let me receive on link 2"), "RTS 4 from 3 link 2");
    let data = "link 2 data 14 x 8 bits \"14 JAN  SNOW␍␊\"";
    assert_eq!(expectation(&format!("{data}  112 bits")), data, "blanks within quotes stay");
}

#[test]
fn a_host_may_be_elsewhere() {
    let hosts = sound(super::with_hosts("host CASE-10 external port 22001 to 192.0.2.1:22002")).hosts;
    let external = hosts[0].external.expect("it is elsewhere");
    assert_eq!(external.peer.to_string(), "192.0.2.1:22002");
    assert_eq!(external.listens_at().to_string(), "0.0.0.0:22001");
    let hosts = sound(super::with_hosts("host CASE-10\n  external port 22001 to [::1]:22002")).hosts;
    let near = hosts[0].external.expect("it is elsewhere");
    assert_eq!(
        near.listens_at().to_string(),
        "[::1]:22001",
        "nobody else needs to reach the IMP of a host here"
    );
}
