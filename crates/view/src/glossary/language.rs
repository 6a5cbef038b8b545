//! The words of the scenario language, lenses, and what is about a run rather than in it.

use std::borrow::Cow;

use trace::{Grade, Lens, Rule};

use super::entry::{Entry, Kind, Row, Shown, rows, sentence};

/// What is about a run.
pub(super) const TERMS: &[Row] = rows! { Term:
    "transcript" ["transcripts"]
        "What happened in a run, a line for each thing: when, in seconds from its start; who, or from whom to whom; what; and what it \
         means. It is decoded from the bits on the cables.",
        "README"
        ; see "lens", "scenario";
    "scenario" ["scenarios"]
        "A text of hosts, steps and expectations, that is replayed in simulated time: the same text and seed give the same run, bit for bit.",
        "the scenario language"
        ; see "seed", "transcript", "expect";
    "lens" ["--show"]
        "Which part of what happened a transcript shows: `--show usual,imp`. Each line has one lens.",
        "README"
        ; see "teletype (lens)", "ncp (lens)", "packets";
    "seed" ["random"]
        "The number from which all random choices of a run are drawn, such as the sockets of programs: another seed, other numbers.",
        "the scenario language"
        ; see "scenario", "digest";
    "digest" []
        "A number of 16 hexadecimal digits below a transcript, made of every record of the run: two runs with the same digest are the same.",
        "README"
        ; see "seed";
    "sweep" ["sweeps"]
        "Many runs of one scenario, each with another seed and other things that break, and a table of how they ended.",
        "the scenario language"
        ; see "seed", "scenario";
    "monitor" ["misbehaves"]
        "It listens at the cable of every host, and says when a host or an IMP does what the documents forbid: that fails a replay, unless the \
         scenario says that the host `misbehaves`.",
        "the documents that each rule names"
        ; see "rule", "advice";
    "rule" ["BREAKS A RULE", "LEAVES UNDONE", "NOT HEARD"]
        "What the documents demand of a host or an IMP. Who does otherwise breaks it, or leaves undone what it asks; where the cable of the \
         other is not seen, something may only not have been heard.",
        "the documents that each rule names", "SITE1 -> SITE2  BREAKS A RULE: CLS 301 400"
        ; see "monitor", "advice";
    "advice" ["AGAINST ADVICE"]
        "What one document of several asks, or a later one allows otherwise. Who does otherwise breaks nothing, but it may explain a trouble.",
        "the documents that each advice names", "SITE1 -> SITE2  AGAINST ADVICE: CLS 301 400"
        ; see "monitor", "rule";
};

/// The words of the language that a transcript shows, and those behind what it shows.
const WORDS: &[Row] = rows! { Language:
    "types" []
        "A person types this line at the teletype of a host, when its program asks for one.",
        "the scenario language", "SITE3 types  CONNECT SITE1" in "typed-by-hand" Teletype
        ; see "sees", "teletype";
    "sees" []
        "A program of this host prints this line at its teletype.",
        "the scenario language", "SITE3 sees  CONNECTED TO SITE1" in "typed-by-hand" Teletype
        ; see "types", "teletype";
    "file" ["appended to", "written", "deleted"]
        "A file of this host has changed: how long it is now, and whether it was written anew, appended to or deleted.",
        "the scenario language", "SITE2 file  <JONES>PROG2.PL1 of 51 bytes" in "rfc438-append" Host
        ; see "pathname";
    "announces" []
        "A host's operator has something to say to all who are served there: news, with 000 or 010.",
        "the scenario language", "SITE1 -> SITE3  000 the operator says: THE PRINTER IS BACK" in "shutting-down" Ftp
        ; see "000", "010";
    "logs out" []
        "A host's operator lets a user be served no more: the server says 434, and closes.",
        "the scenario language", "SITE2 -> SITE3  434 the operator has logged you out" in "shutting-down" Ftp
        ; see "434";
    "shuts down" []
        "A host's operator ends the service of files: who is served is told so with 030, whoever comes hears 401, and when the time \
         is over the server says 436 and closes.",
        "the scenario language", "SITE1 -> SITE3  030 this service shuts down in 2min" in "shutting-down" Ftp
        ; see "030", "401", "436";
    "crashes" ["crash"]
        "A host or an IMP stops without a word. A host's files stay; its programs and its NCP's tables are gone.",
        "the scenario language", "SITE2 crashes" in "destination-crashes" Host
        ; see "restarts", "hangs";
    "restarts" ["restart"]
        "A host or an IMP that was down comes up, and begins with empty tables.",
        "the scenario language", "imp SRI  restarts" in "control-center" Trouble
        ; see "crashes", "RST", "ready line";
    "hangs" ["goes on"]
        "A host's interface takes nothing and brings nothing to an end, while its ready line stays up, until it goes on.",
        "the scenario language; RFC 394, 1", "SITE2  hangs" in "tardy-host" Trouble
        ; see "tardy", "the other host does not answer";
    "fails" ["heals"]
        "A line between two IMPs carries nothing any more, until it heals.",
        "the scenario language", "line SITE1 to SITE2  fails" in "line-fails" Trouble
        ; see "line", "line to imp # is dead";
    "flips one bit in #" ["flips no bits", "flips", "noisy line"]
        "A line garbles one bit of so many. The checksum of a packet finds it, and the packet is sent again.",
        "the scenario language; RFC 442, p. 4", "line SITE1 to SITE2  flips one bit in 30000" in "noisy-line" Trouble
        ; see "again", "line";
    "goes down" []
        "An IMP tells its hosts that it will stop, and does.",
        "the scenario language; RFC 381, 1", "imp SITE2  goes down in 10min for 5min for reload" in "imp-goes-down" Trouble
        ; see "IMP GOING DOWN";
    "is pulled" ["is plugged in", "pulled"]
        "The cable of a host is taken out, or put in again: both ready lines fall, or rise.",
        "the scenario language", "cable of SITE2  is pulled" in "cable-pulled" Trouble
        ; see "cable", "ready line";
    "loses" ["loses *"]
        "A message is lost on the cable of a host. No cable of 1972 does that; one of UDP datagrams may.",
        "the scenario language", "cable of SITE1  loses the next message to the imp" in "message-lost-on-cable" Trouble
        ; see "cable", "delays", "repeats", "garbles";
    "delays" ["delays *"]
        "A message is late on the cable of a host, so that the next ones overtake it.",
        "the scenario language", "cable of SITE2  delays the next message from the imp by 2s" in "message-delayed-on-cable" Trouble
        ; see "loses";
    "repeats" ["repeats *"]
        "A message crosses the cable of a host twice.",
        "the scenario language", "cable of SITE1  repeats the next message to the imp" in "message-repeated-on-cable" Trouble
        ; see "loses";
    "garbles" ["garbles the leader of *", "garbles the data of *"]
        "A message is damaged on its way into the IMP: in its leader, or behind it.",
        "the scenario language; RFC 381, 2, types 1 and 8", "cable of SITE1  garbles the data of the next message to the imp" in "leader-garbled-on-cable" Trouble
        ; see "ERROR IN LEADER", "ERROR IN DATA";
    "as the fault has it" []
        "Behind a message that was lost, late, repeated or damaged on a cable: the scenario said so.",
        "the scenario language", "cable of SITE1  garbles the data of link 2 data" in "leader-garbled-on-cable" Imp
        ; see "loses", "garbles";
    "inits" []
        "The operator of a host asks for a connection from a socket here to one there: an RTS or an STR goes out.",
        "the scenario language; NIC 8246, III, p. 13", "SITE1 -> SITE2  STR 301 to 400 size 8" in "allocation-step-by-step" Ncp
        ; see "RTS", "STR", "listens";
    "listens" []
        "The operator of a host waits at a socket for somebody who asks for a connection.",
        "the scenario language; NIC 8246, III, p. 15", "SITE2 sees  SOCKET 400: OPEN TO SITE1 SOCKET 301 SIZE 8" in "allocation-step-by-step" Teletype
        ; see "inits", "listening";
    "closes" []
        "The operator of a host closes a connection: a CLS goes out when all has arrived.",
        "the scenario language; NIC 8246, III, p. 15", "SITE2 -> SITE1  CLS 301 400" in "request-queued" Ncp
        ; see "CLS", "aborts";
    "aborts" []
        "The operator of a host breaks a connection off: what was not sent yet is lost.",
        "the scenario language; NIC 8246, III, p. 15", "SITE1 sees  SOCKET 301: ABORTED" in "give-back" Teletype
        ; see "CLS", "closes";
    "takes back" []
        "The operator of a receiving host asks for a part of the allocation: a GVB goes out.",
        "the scenario language; NIC 8246, III, p. 18", "SITE2 -> SITE1  GVB link 2 64/128 messages 64/128 bits" in "give-back" Ncp
        ; see "GVB", "RET";
    "sends" []
        "The operator of a host sends data over a connection: text, or numbers in bytes of its size.",
        "the scenario language", "SITE1 -> SITE2  link 2 data 3 x 8 bits \"ONE\"" in "tardy-host" Data
        ; see "data", "receives";
    "receives" []
        "The operator of a host takes what has arrived over a connection. What nobody takes stays with the NCP, and the sender gets no \
         new allocation for it.",
        "the scenario language; NIC 8246, III, p. 17", "SITE1 -> SITE2  link 2 data 3 x 8 bits \"ONE\"" in "tardy-host" Data
        ; see "allocation", "HELD", "sends";
    "says" []
        "The operator of a host sends a line of Telnet, as a server or a user by hand.",
        "the scenario language; RFC 318", "SITE1 -> SITE3  300 HAND AT WORK" in "account-wanted" Ftp
        ; see "Telnet", "hears";
    "hears" []
        "The operator of a host waits for a line of Telnet.",
        "the scenario language; RFC 318"
        ; see "Telnet", "says";
    "answers" ["answers a call"]
        "The operator of a host plays the server in an initial connection protocol: waits at its contact socket, and says where it goes \
         on. Of a host, `answers within` says how long it takes at most to look at what arrives.",
        "the scenario language; RFC 165", "SITE1 sees  SOCKET 3: OPEN TO SITE3 SOCKET 15272 SIZE 32" in "account-wanted" Teletype
        ; see "ICP", "calls";
    "calls" []
        "The operator of a host plays the user in an initial connection protocol.",
        "the scenario language; RFC 165", "SITE3 sees  SOCKET 400: SITE1 GOES ON AT SOCKET 8184" in "user-by-hand" Teletype
        ; see "ICP", "answers";
    "interrupts" []
        "The operator of a host interrupts the other side of a connection: an INR or an INS goes out.",
        "the scenario language; NIC 8246, III, p. 20", "SITE1 -> SITE2  INS link 2" in "an-interrupt" Ncp
        ; see "interrupt", "INS";
    "echoes" []
        "The operator of a host has another one send a number back: an ECO goes out.",
        "the scenario language; NIC 8246, III, p. 20", "SITE1 -> SITE2  ECO 42" in "echo" Ncp
        ; see "ECO", "ECHO # FROM *";
    "resets" []
        "The operator of a host has it forget all connections with another one: an RST goes out.",
        "the scenario language; NIC 8246, III, p. 21"
        ; see "RST", "RESET BY *";
    "injects" []
        "A host sends a message that its NCP knows nothing of: so mistakes of other NCPs are tried.",
        "the scenario language", "SITE1 -> SITE2  illegal opcode 14" in "unknown-opcode" Ncp
        ; see "monitor", "ERR";
    "expect" ["expectation", "expectations"]
        "What must hold in a run, or it fails: a file, a line that was printed, a message that crossed.",
        "the scenario language"
        ; see "scenario";
    "wait for" ["wait"]
        "The next step is taken when such a message has crossed.",
        "the scenario language"
        ; see "expect";
};

/// At most so many ways in which a word is written are told.
const MOST_FORMS: usize = 3;

/// The words of the language, and how the statements with them are written.
pub(super) fn words() -> impl Iterator<Item = Entry> {
    WORDS.iter().map(|row| {
        let mut entry = Entry::from(row);
        let word = row.name.trim_end_matches([' ', '#', '*']);
        let has_word = |form: &&str| {
            let mut begins = form.match_indices(' ').map(|(blank, _)| &form[blank + 1..]);
            let behind = form.strip_prefix(word).or_else(|| begins.find_map(|rest| rest.strip_prefix(word)));
            behind.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ':']))
        };
        // What is drawn in a sweep is written like what is said of one.
        let forms = scenario::forms().filter(|form| !form.starts_with("any ")).filter(has_word);
        let forms: Vec<String> = forms.take(MOST_FORMS).map(|form| format!("`{form}`")).collect();
        if !forms.is_empty() {
            entry.says = Cow::Owned(format!("{} Written: {}.", row.says, forms.join(", ")));
        }
        entry
    })
}

/// What each lens shows, with a line of a scenario.
fn of_lens(lens: Lens) -> (&'static str, &'static str, &'static str) {
    match lens {
        Lens::Teletype => (
            "What is typed and printed at the hosts' teletypes.",
            "SITE3 types  CONNECT SITE1",
            "typed-by-hand",
        ),
        Lens::Host => (
            "Hosts that stop or start, and files that change.",
            "SITE2 file  <JONES>PROG2.PL1 of 51 bytes",
            "rfc438-append",
        ),
        Lens::Ftp => (
            "The text of Telnet connections: commands and replies of FTP.",
            "SITE3 -> SITE1  RETR PROG1.PL1",
            "rfc438-append",
        ),
        Lens::Ncp => (
            "Control commands between NCPs, and the socket number of an initial connection.",
            "SITE3 -> SITE1  RTS 15272 from 3 link 2",
            "rfc438-append",
        ),
        Lens::Data => (
            "Messages with other data, one line each.",
            "SITE1 -> SITE2  link 2 data 25 x 8 bits",
            "rfc438-append",
        ),
        Lens::Trouble => (
            "What an IMP tells a host that could not be done, and what breaks and heals.",
            "IMP -> SITE3  DESTINATION DEAD host 2 link 0",
            "append-site-dead",
        ),
        Lens::Measured => (
            "Tables of what was measured.",
            "7  MIT-DMCG        8000    16.8     32.8     46.4     45.6",
            "measure-throughput",
        ),
        Lens::Traffic => (
            "Messages on the links for measurement, and the IMPs' answers to them.",
            "UCLA-NMC -> UCLA-CCN  link 159, 16 bits",
            "measure-round-trip",
        ),
        Lens::Imp => (
            "Everything else on a host's cable: ready lines, NOPs, RFNMs, arrivals.",
            "IMP -> SITE1  RFNM host 2 link 0",
            "echo",
        ),
        Lens::Packets => (
            "Packets on the lines between the IMPs.",
            "IMP 1 > 2  1>2 message 0 packet 1 (last), host 1 to 2, 232 bits",
            "echo",
        ),
        Lens::Lines => (
            "What serves the lines themselves: acknowledgements that no packet carries, and routing messages.",
            "IMP 1 > 2  1>2 routing, 1160 bits",
            "echo",
        ),
    }
}

/// The lenses, as their table has them.
pub(super) fn lenses() -> impl Iterator<Item = Entry> {
    Lens::ALL.iter().map(|lens| {
        let (says, looks, scenario) = of_lens(*lens);
        let usual = if Lens::USUAL.contains(lens) {
            "It is one of the usual ones."
        } else {
            "Ask for it: `--show` has its name."
        };
        Entry {
            name: Cow::Owned(format!("{lens} (lens)")),
            others: vec![lens.name().into()],
            kind: Kind::Lens,
            says: Cow::Owned(format!("{says} {usual}")),
            source: "`scenario --help`".into(),
            looks,
            shown: Some(Shown { scenario, lens: *lens }),
            related: &["lens", "transcript"],
        }
    })
}

/// The rules and the advice of the monitor, as their table has them.
pub(super) fn rules() -> impl Iterator<Item = Entry> {
    Rule::ALL.iter().map(|rule| {
        let grade = rule.grade();
        let (what, related): (_, &'static [&'static str]) = match grade {
            Grade::Demand => ("A rule: who does otherwise breaks it", &["rule", "monitor"]),
            Grade::Advice => ("An advice: who does otherwise breaks nothing", &["advice", "monitor"]),
        };
        let says = rule.to_string();
        Entry {
            name: Cow::Owned(format!("{} ({})", with_hyphens(&format!("{rule:?}")), grade.name())),
            says: Cow::Owned(format!("{} {what}.", sentence(&says))),
            others: vec![Cow::Owned(says)],
            kind: Kind::Rule,
            source: rule.source().into(),
            looks: "",
            shown: None,
            related,
        }
    })
}

/// `RfnmTooEarly` as `rfnm-too-early`.
fn with_hyphens(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !words.is_empty() {
            words.push('-');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}
