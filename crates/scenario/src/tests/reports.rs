//! The table of mistakes that people make, and what they are told.

use std::fmt::Write;

use super::super::{Errors, parse, parse_net};

/// What has the mistake in it.
enum Wrong {
    /// The statements of the heading, below its title.
    Heading(&'static str),
    /// The hosts.
    Hosts(&'static str),
    /// The steps.
    Steps(&'static str),
    /// A net.
    Net(&'static str),
}

use Wrong::{Heading, Hosts, Net, Steps};

/// What people write.
const TABLE: &[(&str, Wrong)] = &[
    // Texts and comments.
    ("a `#` that may be text or a comment", Steps("SITE3 types GET #5 A.B\nSITE3 sees #5")),
    ("typographic quotation marks", Steps("SITE3 types \u{201c}HELP\u{201d}")),
    ("quotation marks around a text", Steps("SITE3 types \"CONNECT SITE1\"\nSITE3 sees \"CONNECTED\"")),
    ("a blank that is none, in a text", Steps("SITE3 types CONNECT\u{a0}SITE1")),
    ("a character that nobody sees", Steps("SITE3\u{200b} types HELP")),
    ("a dash instead of a minus sign", Steps("expect SITE1 \u{2013}> SITE3 252")),
    ("quotation marks around what a message says", Steps("expect SITE1 -> SITE3 \"300\"")),
    ("a control character", Steps("SITE3 types A\u{1b}[2J\nSITE3 sees A\tB  # \u{1b}[2J")),
    // Names.
    (
        "unknown hosts, each several times",
        Steps("SITE4 crashes\nSITE4 restarts\nBBN crashes\nexpect BBN -> SITE4"),
    ),
    (
        "a host of a near name in a net of many",
        Heading("net 1973-01\nhost HAWAI\nhost MIT\nhost NOBODY-KNOWS"),
    ),
    (
        "a mistyped net, and what follows",
        Heading("net tree-imps\nhost SITE4\nhost SITE3 runs ftp\nSITE3 tpyes HELP"),
    ),
    ("a net with blanks", Heading("net three imps\nhost SITE1")),
    ("a net that nobody knows", Heading("net mars\nhost SITE1 serves ftp\nSITE1 tpyes HELP\nSITE2 GET A")),
    ("a host that is not declared, several times", Steps("SITE2 crashes\nSITE2 restarts\nSITE2 hangs")),
    ("several hosts on a line", Hosts("host SITE1, SITE2 serves ftp")),
    ("a colon behind a name", Hosts("host SITE3 runs ftp\nSITE3: types HELP")),
    ("a heading with a colon", Heading("net: three-imps\nseed: 5")),
    // Hosts.
    ("a host below its steps", Hosts("host SITE1\nSITE3 types HELP\nhost SITE3 runs ftp\nhost SITE2")),
    ("no host at all", Hosts("SITE3 types HELP\nSITE1 crashes")),
    (
        "clauses at the margin",
        Hosts("host SITE1 serves ftp\naccount SMITH password BLUE\nfile <SMITH>A.B\n  | X\nhost SITE3"),
    ),
    ("a clause below no host", Steps("SITE3 types HELP\nfile <SMITH>A.B\n  | X")),
    ("a clause as a step", Steps("SITE1 serves ftp\nSITE1 is down")),
    ("a step as a clause", Hosts("host SITE3 runs ftp\n  types HELP\nhost SITE1 crashes")),
    (
        "a mistyped program, and what follows",
        Hosts("host SITE3 runs ftpd\nSITE3 types A\nSITE3 types B\nSITE3 sees C"),
    ),
    (
        "a server that is a server",
        Hosts("host SITE1 serves FTP server\nhost SITE2 ftp\nhost SITE3 server ftp"),
    ),
    (
        "an account without `password`",
        Hosts("host SITE1 account SMITH BLUE\nhost SITE2 user SMITH\nhost SITE3 account SMITH password"),
    ),
    (
        "an account elsewhere without `as`",
        Hosts("host SITE1\nhost SITE3 runs rsexec knows SITE1 SMITH password BLUE"),
    ),
    (
        "the lines of a file without bars",
        Hosts("host SITE1\n  file <SMITH>A.B\n    HELLO WORLD\n    AND MORE"),
    ),
    ("the lines of a file at the margin", Hosts("host SITE1\n  file <SMITH>A.B\n| HELLO\n| WORLD")),
    ("one file twice", Hosts("host SITE1\n  file <SMITH>A.B\n    | X\n  file <smith>a.b of 9 bytes")),
    (
        "paths without a directory",
        Hosts("host SITE1\n  file NOTES.TXT\n    | X\nhost SITE2 file <SMITH of 9 bytes"),
    ),
    (
        "a path as other systems write it",
        Hosts("host SITE1\n  file SMITH/NOTES.TXT\n    | X\n  file /USR/SMITH/A of 9 bytes"),
    ),
    ("one host twice", Hosts("host SITE1 serves ftp\nhost SITE3 runs ftp\nhost SITE1 is down")),
    ("a crash as a declaration", Steps("host SITE1 crashes")),
    // Times.
    ("a time that has passed", Steps("at 5s SITE1 crashes\nat 2s SITE1 restarts")),
    ("waiting for a time", Steps("wait 5s\nwait for 5s\nwait until SITE1 crashes")),
    ("time as a statement", Steps("after 2s SITE1 crashes\nsleep 5s\n5 seconds SITE1 crashes")),
    (
        "units in words",
        Steps(
            "within 5 minutes SITE3 sees X\nat 5 s SITE1 crashes\n+5seconds SITE1 restarts\nat 2h SITE1 crashes",
        ),
    ),
    ("blanks behind a plus sign", Steps("+ 2s SITE1 crashes\n+ SITE1 restarts")),
    ("time that goes backwards", Steps("+-5s SITE1 crashes\nat -5s SITE1 restarts")),
    ("`within` where nothing waits", Steps("within 5s SITE1 crashes\nwithin 5s expect SITE3 saw X")),
    ("`within` and `at` the wrong way round", Steps("within 5s at 1s SITE3 sees X")),
    (
        "a time behind the step",
        Steps(
            "SITE3 sees CONNECTED within 5s\nexpect SITE1 -> SITE3 300 within 5s\nSITE3 types CONNECT SITE1 at 5s\nSITE1 crashes +5s",
        ),
    ),
    (
        "a time within the step",
        Steps("expect within 5s SITE3 saw X\nwait for at 5s SITE1 -> SITE3\nSITE3 within 5s sees X"),
    ),
    ("two times", Steps("+1s at 2s SITE3 types LIST\nat 3s +1s SITE3 types LIST")),
    // Steps.
    ("a command without `types`", Steps("SITE3 GET NOTES.TXT COPY.TXT\nSITE3 send A B")),
    ("a verb that is nearly one", Steps("SITE3 type HELP\nSITE3 see HELLO\nSITE1 crash")),
    ("the verb first", Steps("crash SITE1\nrestart SITE1")),
    (
        "what else hosts are said to do",
        Steps("SITE1 fails\nSITE3 writes HELP\nSITE3 prints X\nSITE3 waits 5s\nSITE1 heals"),
    ),
    ("a message without `expect`", Steps("SITE1 -> SITE3 252")),
    (
        "a line without `to`",
        Steps("line SITE1 SITE2 fails\nline SITE1-SITE2 fails\nline SITE1 to SITE2 crashes"),
    ),
    (
        "names and an arrow without blanks",
        Steps(
            "wait for SITE1->SITE3 300\nexpect SITE1 ->SITE3\nexpect no SITE1-> SITE3 300\nSITE1->SITE3 252\nline SITE1->SITE2 fails",
        ),
    ),
    ("a step that goes to another host", Steps("SITE3 -> SITE1 types CONNECT\nSITE1 -> SITE3 crashes")),
    ("a host and a verb that are both mistyped", Steps("SITE9 typs x")),
    (
        "a measurement without `from` or `to`",
        Steps(
            "measure round trip SITE2 to INTRUDER sizes 9 bits 5 messages each\nmeasure round trip from SITE2 INTRUDER sizes 9 bits 5 messages each",
        ),
    ),
    ("an IMP that fails", Steps("imp SITE1 fails\nimp SITE4 crashes")),
    ("a cable without `of`", Steps("cable SITE1 is pulled\ncable of SITE1 is cut\ncable of SITE1 fails")),
    (
        "where a line ends too early",
        Steps("SITE3 sees   # what?\nline SITE1 to SITE2\nexpect SITE3 file\nSITE1"),
    ),
    ("words behind the end", Steps("SITE1 crashes now\nline SITE1 to SITE2 fails soon")),
    ("a list of steps", Steps("then SITE1 crashes\n- SITE1 restarts\n1. SITE1 crashes")),
    ("sockets", Steps("SITE1 inits 3 SITE2 4\nSITE1 listens\nSITE1 sends HELLO")),
    (
        "data that are nearly of a form",
        Steps("SITE1 sends 301 100 random byte\nSITE1 sends 301 byte 5\nSITE1 receives 400 5 bytes"),
    ),
    (
        "sizes without their unit",
        Steps(
            "traffic 5 messages/s from SITE2 to INTRUDER sizes 1000\ntraffic 5/s from SITE2 to INTRUDER sizes 9 bits",
        ),
    ),
    // Expectations.
    ("`sees` behind `expect`", Steps("expect SITE3 sees X\nexpect SITE3 types X\nexpect SITE3 to see X")),
    ("`not`", Steps("expect not SITE1 -> SITE3 252\nexpect SITE1 not file <A>B")),
    ("a file that a host `has`", Steps("expect SITE3 has file <SMITH>A.B\nexpect SITE3 contains <SMITH>A.B")),
    (
        "files without a directory",
        Steps(
            "expect SITE3 file COPY.TXT\nexpect SITE3 no file COPY.TXT\nexpect SITE3 file <SMITH>A.B same as SITE1 NOTES.TXT",
        ),
    ),
    (
        "a size without `of`",
        Steps("expect SITE3 file <SMITH>A.B 100 bytes\nexpect SITE3 file <SMITH>A.B of 100"),
    ),
    (
        "what is expected at the margin",
        Steps("expect SITE3 file <SMITH>A.B\n| X\nexpect SITE3 file <SMITH>A.C\n    X"),
    ),
    (
        "arrows",
        Steps(
            "expect SITE3 <- SITE1 252\nexpect SITE1 => SITE3 252\nexpect SITE1 to SITE3 252\nexpect SITE1",
        ),
    ),
    ("waiting for what is seen", Steps("wait for SITE3 sees X\nwait for SITE3 to see X")),
    (
        "`no` in front of a host",
        Steps(
            "expect no SITE3 file <SMITH>X\nexpect no SITE3 saw X\nexpect SITE3 no saw X\nexpect no SITE3 has connections",
        ),
    ),
    ("nothing behind `expect`", Steps("expect")),
    // Numbers, and the heading.
    ("numbers with a sign", Heading("net three-imps\nseed -1\nseed x")),
    ("a limit without a unit", Heading("net three-imps\nlimit 30\nhost SITE1")),
    ("other words of a heading", Heading("network three-imps\nname A\ntimeout 5s\nhost SITE1")),
    (
        "an order that nobody wrote so",
        Steps("all orders\nall order from here\nthis orders from now\norder SITE1 SITE3"),
    ),
    (
        "messages that wait otherwise",
        Steps(
            "this order from here\n  SITE1 -> SITE3 message 1\n  SITE1 -> SITE3 waits for SITE3 -> SITE1\n  \
             SITE1 message 1 waits for SITE3 -> SITE1 message 1\n  \
             SITE1 -> SITE3 message 0 waits for SITE9 -> SITE1 message 1\n  | A",
        ),
    ),
    (
        "messages that wait for each other",
        Steps(
            "this order from here\n  SITE1 -> SITE3 message 2 waits for SITE3 -> SITE1 message 2\n  \
             SITE3 -> SITE1 message 1 waits for SITE1 -> SITE3 message 3",
        ),
    ),
    (
        "two orders",
        Steps("all orders from here\nSITE3 types HELP\nthis order from here\n+1s all orders from here"),
    ),
    ("a line of a heading that is indented", Heading("net three-imps\n  seed 5\nhost SITE1")),
    (
        "a heading below the hosts",
        Hosts("host SITE1\nseed 5\nhost SITE3 runs ftp\nlimit 5min\nSITE3 types A\nmonitor off"),
    ),
    ("a heading below the steps", Hosts("line SITE1 to SITE2 fails\nmonitor off")),
    ("a net of one's own that is not there", Heading("net ../nets/my.net\nhost SITE1")),
    // Sweeps.
    ("a sweep with nothing below it", Heading("net three-imps\nsweep\nfaults 0 to 4\nhost SITE1")),
    ("a sweep on one line", Heading("net three-imps\nsweep faults 0 to 4\nhost SITE1")),
    (
        "clauses of a sweep at the margin",
        Heading("net three-imps\nsweep\n  faults none\nbetween 0s and 1min\nvaries editions\nhost SITE1"),
    ),
    (
        "other words below a sweep",
        Heading(
            "net three-imps\nsweep\n  fault 0 to 4\n  seeds 1 to 9\n  vary editions\n  file sizes 0 to 9 bytes\nhost SITE1",
        ),
    ),
    (
        "numbers of faults",
        Heading("net three-imps\nsweep\n  faults 0-4\n  faults at most 4\n  faults up to 4\nhost SITE1"),
    ),
    (
        "a list of faults without its colon",
        Heading(
            "net three-imps\nsweep\n  faults 0 to 4 of any host crashes\n  faults 1: any imp crashes\nhost SITE1",
        ),
    ),
    (
        "lists without their commas",
        Heading(
            "net three-imps\nsweep\n  faults 0 to 4 of: any host crashes any imp crashes\n  between 0s and 1s\n  varies editions allocations\nhost SITE1",
        ),
    ),
    (
        "a list that goes on without a comma",
        Heading("net three-imps\nsweep\n  faults 1 of: any host crashes\n    any line fails\nhost SITE1"),
    ),
    ("a list that ends with a comma", Heading("net three-imps\nsweep\n  varies editions,\nhost SITE1")),
    (
        "what else may break",
        Heading(
            "net three-imps\nsweep\n  faults 9 of: any hosts crash, any host fails, any host crashes for 5s, any host restarts,\n    any line crashes, any imp fails, any imp restarts, any cable fails, any cable drops one message,\n    any cable loses messages, any cable loses one message by 5s, host crashes, line SITE1 fails, imp crashes,\n    cable SITE1 is pulled, SITE9 crashes, any line heals, any imp goes down, any link fails\nhost SITE1",
        ),
    ),
    (
        "ranges the wrong way round",
        Heading(
            "net three-imps\nsweep\n  faults 4 to 0 of: any line fails for 10min to 1s\n  between 2min to 5min\n  varies file sizes 9 to 1 bytes\nhost SITE1",
        ),
    ),
    (
        "what else may vary",
        Heading(
            "net three-imps\nsweep\n  varies files, sizes 0 to 9 bytes, file size 0 to 9 bytes, queues, edition, timing, delays up to 5ms, nothing\nhost SITE1",
        ),
    ),
    (
        "nets of a sweep",
        Heading("net three-imps\nsweep\n  nets three-imps tree-imps, 1973-01, mars\nhost SITE1"),
    ),
    (
        "a net that lacks something",
        Heading("net three-imps\nsweep\n  nets three-imps, 1973-01\nhost SITE1\nSITE1 crashes"),
    ),
    ("a sweep below the hosts", Hosts("host SITE1\nsweep\n  faults none")),
    ("a mistyped sweep", Heading("net three-imps\nsweeep\n  faults none\nhost SITE1")),
    // What breaks meanwhile.
    ("nothing that breaks meanwhile", Steps("meanwhile\nat 2s SITE1 crashes\nSITE3 types X")),
    ("what breaks meanwhile on one line", Steps("meanwhile at 2s SITE1 crashes")),
    (
        "what breaks meanwhile without its time",
        Steps("meanwhile\n  SITE1 crashes\n  +2s SITE1 restarts\n  at SITE1 crashes\n  at 61min SITE1 hangs"),
    ),
    (
        "what does not happen meanwhile",
        Steps(
            "meanwhile\n  at 1s SITE3 types X\n  at 1s expect SITE3 has no connections\n  at 1s within 2s SITE1 crashes\n  at 1s traffic stops\n  | X",
        ),
    ),
    (
        "meanwhile at the wrong place",
        Steps("SITE3 types X\nmeanwhile\n  at 1s SITE1 crashes\nmeanwhile\n  at 2s SITE1 restarts"),
    ),
    (
        "other words for meanwhile",
        Steps("meantime\n  at 1s SITE1 crashes\nwhile SITE3 types X\nmeanwile\n  at 1s SITE1 crashes"),
    ),
    // What must hold of the whole run.
    (
        "conditions with a word too many",
        Steps("always expect SITE1 has no connections\nat the end expect SITE1 -> SITE3 252"),
    ),
    (
        "what is not so from the start",
        Steps(
            "always SITE3 saw X\nalways SITE1 -> SITE3 252\nalways SITE3 sees X\nalways no SITE1 -> SITE3 252",
        ),
    ),
    (
        "what is no event",
        Steps(
            "never no file data through SITE3\nsometimes no SITE1 -> SITE3 252\nnever SITE1 has no connections\nnever SITE3 saw X\nsometimes SITE1 no file <A>B\nnever",
        ),
    ),
    (
        "what nobody knows of a whole run",
        Steps(
            "at the end everything is done\nat the end nothing is left\nat the end every user is happy\nat the end users were told the truth\nat the end no connections are left\nat the end all programs are done\nalways nothing is left behind\nat the end",
        ),
    ),
    (
        "conditions with names of numbers",
        Steps("never SITE1 -> SITE3 SOCK {X}\nat the end SITE1 socket {y} open\nsometimes SITE3 sees {z+1}"),
    ),
    (
        "other words for conditions",
        Steps(
            "at end SITE1 has no connections\nfinally SITE1 has no connections\neventually SITE3 saw X\ninvariant SITE1 has no connections\nat the and SITE1 has no connections",
        ),
    ),
    (
        "what hosts print at the end",
        Steps(
            "at the end SITE3 sees X\nat the end SITE3 types X\nat the end SITE1 file A.B\nalways SITE1 is connected",
        ),
    ),
    ("a condition as a step", Steps("at 5s always SITE1 has no connections\n+1s never SITE3 sees X")),
    ("a host below a condition", Hosts("host SITE1\nalways SITE1 has no connections\nhost SITE3")),
    ("a condition without hosts", Hosts("always SITE1 has no connections")),
    (
        "a host that takes its time",
        Hosts("host SITE1 answers in 5ms\nhost SITE2 answers within 5min\nhost SITE3 answers slowly"),
    ),
    // Nets.
    (
        "hosts that are named like words of the language",
        Net(
            "net mine Mine\nimp 1 A\nhost MEASURE 1 TENEX\nhost MONITOR 65 TENEX\nhost A-TEN 129 TENEX aka EXPECT",
        ),
    ),
    (
        "statements of a net that lack something",
        Net(
            "net mine\nimp 1\nimp A 2\nimp 3 C\nimp 4 D\nline C to D\nline 3 4\nhost ONE on C\nhost TWO 3\nsource",
        ),
    ),
    ("statements of a scenario in a net", Net("net mine Mine\ntitle Mine\ncites RFC 432\nimp 1 A")),
    (
        "a speed with a blank",
        Net("net mine Mine\nimp 1 A\nimp 2 B\nline A to B 50 kb/s 10 km\nline A to B 50kbps 10km"),
    ),
];

/// A sound heading and sound hosts, of which the mistakes take the place.
const HEADING: &str = "net three-imps";
const HOSTS: &str = "host SITE1 serves ftp\nhost SITE3 runs ftp";

fn nets(name: &str) -> Option<String> {
    let net = |text: &str| Some(text.to_owned());
    match name {
        "three-imps" => net(include_str!("../../../../scenarios/nets/three-imps.net")),
        "1973-01" => net(super::NET),
        _ => None,
    }
}

/// The built-in nets, so that a mistyped one is guessed.
struct Known;

impl super::super::Nets for Known {
    fn text(&self, name: &str) -> Result<String, super::super::NoNet> {
        nets(name).ok_or(super::super::NoNet::Unknown)
    }

    fn names(&self) -> Vec<String> {
        vec!["1973-01".to_owned(), "three-imps".to_owned()]
    }
}

/// What is wrong.
fn errors(wrong: &Wrong) -> Errors {
    let scenario = |text: String| parse("mine.scenario", &text, &Known).map(drop);
    let result = match wrong {
        Heading(heading) => scenario(format!("title Mine\n{heading}\n")),
        Hosts(hosts) => scenario(format!("title Mine\n{HEADING}\n{hosts}\n")),
        Steps(steps) => scenario(format!("title Mine\n{HEADING}\n{HOSTS}\n{steps}\n")),
        Net(net) => parse_net("mine.net", &format!("{net}\n")).map(drop),
    };
    result.expect_err("each of these has a mistake")
}

#[test]
fn every_mistake_is_told_so_that_one_knows_what_to_do() {
    let mut table = String::new();
    for (what, wrong) in TABLE {
        let report = errors(wrong).render(false, 100);
        write!(table, "---------------- {what}\n\n{report}\n").expect("a string takes everything");
    }
    insta::assert_snapshot!(table);
}
