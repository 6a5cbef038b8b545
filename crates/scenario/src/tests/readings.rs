//! What a scenario means.

use std::sync::Arc;

use host::{Naming, Right, Terms, Who};
use imp::{Fault, Mishap, Toward};
use imp1822::{GoingDown, HostAddress, Reason};
use machine::{Bits, Instant, Span};
use ncp::{Allocation, ByteSize, Socket, State};

use super::super::ast::{
    Account, Action, Content, Data, Expectation, External, FilePlan, FolderPlan, HostAction, HostPlan,
    Incoming, NcpAction, Number, Outgoing, Piece, PolicyPlan, Profile, Program, QuotaPlan, Requester,
    Requests, RightPlan, ServicePlan, Step, Term, Text, When,
};
use super::{WHOLE, sound, with_hosts, with_steps};

const BBN: HostAddress = host(1, 5);
const CASE: HostAddress = host(0, 13);
const USC: HostAddress = host(1, 22);
const UTAH: HostAddress = host(0, 4);
const HARV: HostAddress = host(0, 9);
const SU: HostAddress = host(0, 11);
const MIT: HostAddress = host(1, 6);

const fn host(host: u8, imp: u8) -> HostAddress {
    match HostAddress::new(host, imp) {
        Some(address) => address,
        None => panic!("no such address"),
    }
}

/// A folder with these files, of one line each.
fn folder(name: &str, files: &[(&str, &str)]) -> FolderPlan {
    let file = |(path, line): &(&str, &str)| {
        (Naming::Tenex.parse(path, None).expect("it is whole"), format!("{line}\r\n").into_bytes())
    };
    FolderPlan { name: text(name), files: Arc::new(files.iter().map(file).collect()) }
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
    let fails: Vec<&str> = scenario.fails.iter().map(|fails| fails.text.as_str()).collect();
    assert_eq!(fails, ["454 cannot connect"]);
    let misbehave: Vec<HostAddress> = scenario.misbehave.iter().map(|one| one.host).collect();
    assert_eq!(misbehave, [CASE, BBN]);
    assert!(scenario.monitored);
}

#[test]
fn what_the_heading_leaves_out_has_a_default() {
    let scenario = sound(with_hosts(""));
    assert_eq!((scenario.seed, scenario.limit), (0, Span::from_secs(3600)));
    assert_eq!((scenario.fails, scenario.limit_line), (Vec::new(), None));
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
    let account = |name, password, terms| Account { name: text(name), password: text(password), terms };
    let case = HostPlan {
        name: text("CASE-10"),
        address: CASE,
        server: Some(ftp::Edition::Rfc354),
        accounts: vec![account("THOMAS", "OHIO", Terms::AtLogin(text("17")))],
        files: vec![
            FilePlan {
                path: text("<THOMAS>DATA.NEW"),
                content: Content::Lines(vec![text("THIRD LINE"), text(""), text(" indented # no comment")]),
            },
            FilePlan { path: text("<THOMAS>EMPTY"), content: Content::Lines(Vec::new()) },
        ],
        rights: vec![
            RightPlan { target: text("<THOMAS>"), right: Right::Read, who: Who::Nobody },
            RightPlan { target: text("<THOMAS>EMPTY"), right: Right::Write, who: Who::User(text("BOBT")) },
            RightPlan { target: text("<THOMAS>"), right: Right::List, who: Who::All },
        ],
        policy: PolicyPlan {
            requests: Some(Requests::Refuse),
            allocation: Some(Allocation { messages: 2, bits: 64 }),
            close_patience: Some(Span::from_secs(30)),
            plain: true,
            largest_text_bits: Some(8023),
            links: Some(2..=71),
            inquiry: Some(Span::from_secs(6)),
        },
        line: 10,
        ..nothing.clone()
    };
    let bbn = HostPlan {
        name: text("BBN-TENEX"),
        server: Some(ftp::Edition::Rfc438),
        service: ServicePlan { most_sockets: Some(9), connects_anywhere: true, hides_passwords: true },
        accounts: vec![
            account("BOBT", "MASS", Terms::ForFiles(text("CAC-4"))),
            account("GUEST", "ARPA", Terms::NotForFiles),
        ],
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
        quotas: vec![QuotaPlan { directory: text("<SMITH>"), bytes: 65_536 }],
        folder: Some(folder("disk", &[("<SMITH>NOTES.TXT;3", "LINE"), ("<SMITH>NOTES.TXT;4", "LINE")])),
        line: 26,
        ..nothing.clone()
    };
    let su = HostPlan {
        name: text("SU-AI"),
        address: SU,
        naming: Some(Naming::Its),
        quotas: vec![QuotaPlan { directory: text("SMITH;"), bytes: 9 }],
        rights: vec![RightPlan { target: text("SMITH; NOTES TXT"), right: Right::Read, who: Who::Nobody }],
        folder: Some(folder("two words", &[])),
        files: vec![FilePlan { path: text("SMITH; NOTES  >"), content: Content::Generated(7) }],
        line: 27,
        ..nothing.clone()
    };
    let mit = HostPlan {
        name: text("MIT-DMCG"),
        address: MIT,
        external: Some(External { port: 22001, peer: ([192, 0, 2, 1], 22002).into() }),
        line: 29,
        ..nothing
    };
    assert_eq!(hosts, [case, bbn, usc, utah, su, mit]);
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
    let socket = |number| Number::Known(Socket::from(number));
    let said = Text::literal;
    let bytes = |bytes: &[u64]| Data::Bytes(bytes.iter().copied().map(Number::Known).collect());
    let data = || text("<BOBT>DATA.OLD");
    let expected = [
        at(USC, HostAction::Types(said("APPEND (FILE) [CASE-10]<THOMAS>DATA.NEW"))),
        at(USC, HostAction::Types(said(""))),
        at(USC, HostAction::Sees(said("DONE"))),
        Action::WaitFor { from: CASE, to: BBN, text: said("STR 3 to 4 size 8") },
        Action::WaitFor { from: CASE, to: HARV, text: said("") },
        operates(
            BBN,
            NcpAction::Inits {
                local: socket(0o401),
                to: CASE,
                foreign: socket(1024),
                size: ByteSize::new(36).map(Number::Known),
            },
        ),
        operates(CASE, NcpAction::Listens { local: socket(1024), from: Requester::Anyone, size: None }),
        operates(
            CASE,
            NcpAction::Listens {
                local: socket(1024),
                from: Requester::Host(BBN),
                size: ByteSize::new(8).map(Number::Known),
            },
        ),
        operates(
            CASE,
            NcpAction::Listens { local: socket(1024), from: Requester::Socket(BBN, socket(257)), size: None },
        ),
        operates(CASE, NcpAction::Closes { local: socket(1024) }),
        operates(CASE, NcpAction::Aborts { local: socket(1024) }),
        operates(
            BBN,
            NcpAction::Sends { local: socket(257), data: Outgoing::Data(Data::Text(said("HELLO"))) },
        ),
        operates(BBN, NcpAction::Sends { local: socket(257), data: Outgoing::Data(bytes(&[1, 15, 255])) }),
        operates(BBN, NcpAction::Sends { local: socket(257), data: Outgoing::Random(Number::Known(100)) }),
        operates(
            CASE,
            NcpAction::Receives { local: socket(1024), data: Incoming::Data(Data::Text(said("HELLO"))) },
        ),
        operates(CASE, NcpAction::Receives { local: socket(1024), data: Incoming::Data(bytes(&[u64::MAX])) }),
        operates(CASE, NcpAction::Receives { local: socket(1024), data: Incoming::Any(Number::Known(10)) }),
        operates(CASE, NcpAction::Receives { local: socket(1024), data: Incoming::SentBy(BBN, socket(257)) }),
        operates(CASE, NcpAction::Answers { contact: socket(3), base: socket(640) }),
        operates(BBN, NcpAction::Calls { to: CASE, contact: socket(3), base: socket(400) }),
        operates(CASE, NcpAction::Says { local: socket(641), line: said("300 HELLO") }),
        operates(BBN, NcpAction::Says { local: socket(403), line: said("") }),
        operates(CASE, NcpAction::Hears { local: socket(640), text: said("USER") }),
        operates(CASE, NcpAction::Interrupts { local: socket(1024) }),
        operates(
            CASE,
            NcpAction::TakesBack {
                local: socket(1024),
                messages: Number::Known(64),
                bits: Number::Known(64),
            },
        ),
        operates(
            CASE,
            NcpAction::TakesBack {
                local: socket(1024),
                messages: Number::Known(0),
                bits: Number::Known(128),
            },
        ),
        operates(BBN, NcpAction::Echoes { to: CASE, data: Number::Known(42) }),
        operates(BBN, NcpAction::Resets { partner: HARV }),
        operates(BBN, NcpAction::Injects { to: CASE, link: Number::Known(0), text: vec![0x0e, 1, 2, 0xff] }),
        operates(BBN, NcpAction::Injects { to: CASE, link: Number::Known(5), text: Vec::new() }),
        operates(BBN, NcpAction::InjectsRaw { message: Bits::from_bytes(&[0, 13, 0, 0]) }),
        operates(BBN, NcpAction::Netstat),
        at(BBN, HostAction::Sees(said("SOCKET 257: closed"))),
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
        Action::Expect(Expectation::Saw { host: USC, text: said("DONE") }),
        Action::Expect(Expectation::Crossed { from: CASE, to: BBN, text: said("255 SOCK") }),
        Action::Expect(Expectation::Crossed { from: CASE, to: BBN, text: said("") }),
        Action::Expect(Expectation::NotCrossed { from: CASE, to: USC, text: said("RTS") }),
        Action::Expect(Expectation::NoFileDataThrough { host: USC }),
        Action::Expect(Expectation::NoConnections { host: BBN }),
        Action::Expect(Expectation::Socket { host: BBN, local: socket(257), state: Some(State::Open) }),
        Action::Expect(Expectation::Socket { host: BBN, local: socket(257), state: None }),
        Action::Expect(Expectation::Saw { host: CASE, text: said("ECHO") }),
        Action::WaitFor {
            from: CASE,
            to: BBN,
            text: Text(vec![Piece::Literal(text("255 SOCK ")), Piece::New(text("x"))]),
        },
        operates(CASE, NcpAction::Closes { local: Number::Named(Term { name: text("x"), offset: 1 }) }),
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
        at(BBN, HostAction::Announces(said("THE NET IS UP"))),
        at(BBN, HostAction::ShutsDownFtp(Span::from_secs(600))),
        at(BBN, HostAction::LogsOut(text("BOBT"))),
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
        step(When::Next, None, Action::Host(USC, HostAction::Types(Text::literal("A"))), 6, "USC types A")
    );
    let seen = Action::Host(USC, HostAction::Sees(Text::literal("B")));
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
            Action::Expect(Expectation::Crossed { text, .. }) => text.to_string(),
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

#[test]
fn comments_are_kept_with_their_lines_whatever_they_stand_behind() {
    let scenario = sound(super::read(WHOLE));
    let behind = |line, said: &str| (line, text(said), true);
    let comments = scenario.comments.into_iter();
    let found: Vec<_> = comments.map(|comment| (comment.line, comment.text, comment.is_behind)).collect();
    let expected = [
        (1, text("Every statement of the language, once."), false),
        behind(2, "this is a comment"),
        behind(5, "and this"),
        behind(8, "and this"),
        behind(9, "and this"),
        (15, text("a comment"), false),
        behind(31, "is typed"),
        behind(34, "a comment"),
        behind(42, "and this"),
        behind(43, "and this"),
        behind(44, "and this"),
        behind(45, "and this"),
        behind(48, "all of it"),
        behind(51, "and this"),
        behind(59, "four bytes"),
        behind(62, "prints"),
        behind(85, "which one, the seed says"),
        behind(88, "any more"),
        behind(90, "as the notice has it"),
        behind(101, "and this"),
    ];
    assert_eq!(found, expected);
    let steps =
        sound(with_steps("##  one\n#\n#two\n\nUSC-ISI types A#B\nBBN crashes\u{a0}# three\n")).comments;
    let steps: Vec<_> = steps.iter().map(|comment| (comment.line - 5, comment.text.as_str())).collect();
    assert_eq!(steps, [(1, " one"), (2, ""), (3, "two"), (6, "three")]);
}
