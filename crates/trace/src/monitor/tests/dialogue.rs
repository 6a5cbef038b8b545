//! Dialogues made by hand, and what the monitor reports of them.
//!
//! Steps are separated by `;`. Hosts 1, 2 and 3 are up when a dialogue begins.
//!
//! ```text
//! 1>2: RTS 4 3 2, NOP       host 1 sends host 2 a control message, host 2 gets it, host 1 gets the RFNM
//! 1>2: ERR 3 RTS 4 3 2      it complains of a command, or of what begins with a byte: ERR 1 14
//! 1>2 200: raw 00ff         the same on link 200: bits behind the leader
//! 1>2 2: says DELE A        a line of Telnet behind a header
//! 1>2 2: number 400         one byte of 32 bits behind a header
//! 1>2 2: 8x25               25 bytes of 8 bits, behind a header
//! 1 sends 2 200: raw 00     only the first of these three; `urgent` before the link: with priority
//! 2 gets 1 200: raw 00      only the second
//! 1 gets rfnm 2 200         only the third; or dead, damaged, incomplete (with a subtype)
//! 1 sends up | down | nop | type 5 | leader 04000000 | bits 16
//! 1 gets up | down | nop | reset | error 1 | leader 04000000 | bits 16
//! line dies | lives         an IMP finds that; a fault comes before it
//! 1 crashes | fault | wait 59.9 | end | quiet end
//! cable 1 loses to          the next message to the IMP; or delays (by 100 s), repeats, garbles (the data), muddles (the
//!                           leader); or from the IMP. It strikes what is next sent or got: of what is lost or late,
//!                           `gets` says that the IMP gives it
//! cable 1 hangs | goes on
//! 1 looks                   at the first message that has reached it and at which it has not looked, if it is slow
//! 1 misses host             a datagram of the host, or of its imp, is missing
//! ```

use std::collections::VecDeque;

use host::Note;
use imp::{Fault, Mishap, Notice, Toward};
use imp1822::h316::{Speaker, Trouble};
use imp1822::{
    Dead, FromImp, HostAddress, Incomplete, LEADER_BITS, Leader, LeaderError, Link, Signal, ToImp,
};
use machine::{BitWriter, Bits, Instant, Span};
use ncp::{Command, ErrorCode, HEADER_BITS, Header, Socket};

use super::super::{Monitor, Rule, TapPoint, Violation, ViolationKind};
use crate::{Record, What};

/// Plays a dialogue and returns the rules that were broken.
pub(super) fn broken(dialogue: &str) -> Vec<Rule> {
    violations(dialogue).into_iter().map(|violation| violation.rule).collect()
}

/// Plays a dialogue and returns all that the monitor reports.
pub(super) fn violations(dialogue: &str) -> Vec<Violation> {
    played(Monitor::default(), dialogue).1
}

/// What a monitor reports of a dialogue that listens at the cable of host 1 only, at this point.
pub(super) fn heard(tap: TapPoint, dialogue: &str) -> Vec<(Rule, ViolationKind)> {
    let monitor = Monitor::new(TapPoint::Absent, [(HostAddress::from(1), tap)]);
    played(monitor, dialogue).1.into_iter().map(|violation| (violation.rule, violation.kind)).collect()
}

/// Plays a dialogue to a monitor.
pub(super) fn played(monitor: Monitor, dialogue: &str) -> (Monitor, Vec<Violation>) {
    let (found, mishaps, arrived) = (Vec::new(), VecDeque::new(), VecDeque::new());
    let mut player = Player { monitor, now: Instant::START, found, mishaps, records: 0, arrived };
    for host in [1, 2, 3] {
        for step in ["sends up", "gets up", "sends nop"] {
            player.step(&format!("{host} {step}"));
        }
    }
    dialogue.split(';').map(str::trim).filter(|step| !step.is_empty()).for_each(|step| player.step(step));
    (player.monitor, player.found)
}

struct Player {
    monitor: Monitor,
    now: Instant,
    found: Vec<Violation>,
    /// What is to happen to the next messages on the cables of which hosts.
    mishaps: VecDeque<(HostAddress, Toward, Mishap)>,
    records: u64,
    /// The messages that have reached hosts, each with the number of its record.
    arrived: VecDeque<(HostAddress, u64)>,
}

impl Player {
    fn record(&mut self, what: What) {
        if let What::Received { host, signal: Signal::Message(_) } = &what {
            self.arrived.push_back((*host, self.records));
        }
        self.records += 1;
        let found = self.monitor.take(&Record { at: self.now, cause: None, what });
        self.found.extend(found);
    }

    fn sent(&mut self, host: HostAddress, signal: Signal) {
        self.record(What::Sent { host, signal: signal.clone() });
        if let Signal::Message(message) = signal
            && let Some(mishap) = self.next_mishap(host, Toward::Imp)
        {
            self.record(What::Struck { host, toward: Toward::Imp, mishap, message });
        }
    }

    fn received(&mut self, host: HostAddress, signal: Signal) {
        if let Signal::Message(message) = signal.clone()
            && let Some(mishap) = self.next_mishap(host, Toward::Host)
        {
            self.record(What::Struck { host, toward: Toward::Host, mishap, message });
            if mishap != Mishap::Twice {
                return;
            }
        }
        self.record(What::Received { host, signal });
    }

    fn next_mishap(&mut self, host: HostAddress, toward: Toward) -> Option<Mishap> {
        let next = self.mishaps.iter().position(|(at, way, _)| (*at, *way) == (host, toward))?;
        self.mishaps.remove(next).map(|(.., mishap)| mishap)
    }

    fn step(&mut self, step: &str) {
        let (head, text) = step.split_once(':').map_or((step, ""), |(head, text)| (head, text.trim()));
        let words: Vec<&str> = head.split_whitespace().collect();
        match words.as_slice() {
            ["end"] => self.found.extend(self.monitor.finish(self.now, false)),
            ["quiet", "end"] => self.found.extend(self.monitor.finish(self.now, true)),
            ["fault"] => {
                self.record(What::Fault(Fault::LineFails { between: [1, 2] }));
            }
            ["line", "dies"] => self.record(What::Notice { imp: 1, notice: Notice::LineDead(2) }),
            ["line", "lives"] => self.record(What::Notice { imp: 1, notice: Notice::LineAlive(2) }),
            ["cable", host, fault @ ..] => {
                let fault = cable_fault(address(host), fault);
                if let Fault::Mishap { host, toward, mishap } = fault {
                    self.mishaps.push_back((host, toward, mishap));
                }
                self.record(What::Fault(fault));
            }
            [host, "misses", speaker] => {
                let speaker = if *speaker == "host" { Speaker::Host } else { Speaker::Imp };
                let trouble = Trouble::Lost { from: 7, count: 1 };
                self.record(What::Cable { host: address(host), speaker, trouble });
            }
            ["wait", seconds] => self.now += span(seconds),
            [host, "looks"] => {
                let host = address(host);
                let first =
                    self.arrived.iter().position(|(at, _)| *at == host).expect("something has arrived");
                if let Some((_, number)) = self.arrived.remove(first) {
                    self.monitor.looks(self.now, host, number);
                }
            }
            [host, "crashes"] => self.record(What::Note { host: address(host), note: Note::Crashed }),
            [host, "sends", rest @ ..] => self.sent(address(host), to_imp(rest, text)),
            [host, "gets", rest @ ..] => self.received(address(host), from_imp(rest, text)),
            [pair, rest @ ..] => {
                let (from, to) = pair.split_once('>').unwrap_or_else(|| panic!("no step: {step}"));
                let link = rest.first().copied().unwrap_or("0");
                self.sent(address(from), to_imp(&[to, link], text));
                self.received(address(to), from_imp(&[from, link], text));
                self.received(address(from), from_imp(&["rfnm", to, link], ""));
            }
            [] => panic!("no step: {step}"),
        }
    }
}

fn number(word: &str) -> u64 {
    word.parse().unwrap_or_else(|_| panic!("no number: {word}"))
}

/// Seconds, with a decimal point or without.
fn span(word: &str) -> Span {
    let (whole, tenths) = word.split_once('.').unwrap_or((word, "0"));
    Span::from_millis(1000 * number(whole) + 100 * number(tenths))
}

fn cable_fault(host: HostAddress, words: &[&str]) -> Fault {
    let (what, way) = match words {
        ["hangs"] => return Fault::HostHangs { host },
        ["goes", "on"] => return Fault::HostGoesOn { host },
        [what, way] => (*what, *way),
        _ => panic!("nothing that happens to a cable: {words:?}"),
    };
    let mishap = match what {
        "loses" => Mishap::Lost,
        "delays" => Mishap::Late(Span::from_secs(100)),
        "repeats" => Mishap::Twice,
        "garbles" => Mishap::DataError,
        "muddles" => Mishap::LeaderError,
        _ => panic!("no mishap: {what}"),
    };
    let toward = if way == "to" { Toward::Imp } else { Toward::Host };
    Fault::Mishap { host, toward, mishap }
}

fn byte(word: &str) -> u8 {
    number(word).try_into().expect("a byte")
}

fn address(word: &str) -> HostAddress {
    HostAddress::from(byte(word))
}

fn link(word: &str) -> Link {
    Link::from(byte(word))
}

fn socket(word: &str) -> Socket {
    Socket::from(number(word) as u32)
}

fn hex(word: &str) -> Vec<u8> {
    let digits = |at: usize| u8::from_str_radix(&word[at..at + 2], 16).expect("two digits");
    (0..word.len()).step_by(2).map(digits).collect()
}

fn zeros(bits: u64) -> Signal {
    let mut writer = BitWriter::new(bits as usize);
    (0..bits).for_each(|_| writer.put(0, 1));
    Signal::Message(writer.finish())
}

fn to_imp(words: &[&str], text: &str) -> Signal {
    let regular = |to: &str, link_word: &str, priority| {
        let leader = ToImp::Regular { to: address(to), link: link(link_word), priority }.into();
        Signal::Message(message(leader, text, false))
    };
    match words {
        ["up"] => Signal::Ready(true),
        ["down"] => Signal::Ready(false),
        ["nop"] => Signal::Message(ToImp::Nop.bits()),
        ["leader", bytes] => Signal::Message(Bits::from_bytes(&hex(bytes))),
        ["type", kind] => Signal::Message(ToImp::Unknown(Leader::of_kind(byte(kind))).bits()),
        ["bits", bits] => zeros(number(bits)),
        [to] => regular(to, "0", false),
        [to, "urgent", link] => regular(to, link, true),
        [to, link] => regular(to, link, false),
        _ => panic!("nothing that a host sends: {words:?}"),
    }
}

fn from_imp(words: &[&str], text: &str) -> Signal {
    let bare = |message: FromImp| Signal::Message(message.bits());
    let regular = |from: &str, link_word: &str, priority| {
        let leader = FromImp::Regular { from: address(from), link: link(link_word), priority }.into();
        Signal::Message(message(leader, text, true))
    };
    match words {
        ["up"] => Signal::Ready(true),
        ["down"] => Signal::Ready(false),
        ["nop"] => bare(FromImp::Nop),
        ["reset"] => bare(FromImp::InterfaceReset),
        ["error", why] => {
            bare(FromImp::ErrorInLeader { why: LeaderError::from(byte(why)), link: Link::CONTROL })
        }
        ["leader", bytes] => Signal::Message(Bits::from_bytes(&hex(bytes))),
        ["bits", bits] => zeros(number(bits)),
        ["rfnm", to, on] => bare(FromImp::Rfnm { to: address(to), link: link(on) }),
        ["dead", to, on] => {
            bare(FromImp::DestinationDead { to: address(to), link: link(on), why: Dead::Host })
        }
        ["damaged", to, on] => bare(FromImp::ErrorInData { to: address(to), link: link(on) }),
        ["incomplete", to, on, why] => {
            let why = Incomplete::from(byte(why));
            bare(FromImp::Incomplete { to: address(to), link: link(on), why })
        }
        [from] => regular(from, "0", false),
        [from, "urgent", link] => regular(from, link, true),
        [from, link] => regular(from, link, false),
        _ => panic!("nothing that an IMP sends: {words:?}"),
    }
}

/// A regular message; padded as an IMP delivers it.
fn message(leader: Leader, text: &str, padded: bool) -> Bits {
    let (rest, bits) = behind_leader(text);
    let padding = if padded { 16 - bits % 16 } else { 0 };
    let mut writer = BitWriter::new(LEADER_BITS + bits + padding);
    leader.emit(&mut writer);
    let rest = Bits::from_bytes(&rest);
    let mut reader = rest.reader();
    writer.put_bits(reader.split(bits).expect("there are as many"));
    if padded {
        writer.put(1, 1);
        writer.put(0, padding - 1);
    }
    writer.finish()
}

fn behind_leader(text: &str) -> (Vec<u8>, usize) {
    if let Some(raw) = text.strip_prefix("raw ") {
        let bytes = hex(raw);
        let bits = bytes.len() * 8;
        return (bytes, bits);
    }
    let said = text.strip_prefix("says ").map(|line| (8, [line.as_bytes(), b"\r\n"].concat()));
    let told = text.strip_prefix("number ").map(|word| (32, (number(word) as u32).to_be_bytes().to_vec()));
    if let Some((size, body)) = said.or(told) {
        let mut writer = BitWriter::new(HEADER_BITS);
        Header { size, count: (body.len() * 8 / usize::from(size)) as u16 }.emit(&mut writer);
        let bytes = [writer.finish().bytes(), &body].concat();
        let bits = bytes.len() * 8;
        return (bytes, bits);
    }
    if let Some((size, count)) = text.split_once('x') {
        let header = Header { size: byte(size), count: number(count) as u16 };
        let bits = HEADER_BITS + header.text_bits();
        let mut writer = BitWriter::new(HEADER_BITS);
        header.emit(&mut writer);
        let mut bytes = writer.finish().bytes().to_vec();
        bytes.resize(bits.div_ceil(8), 0);
        return (bytes, bits);
    }
    let mut body = Vec::new();
    for command in text.split(',').map(str::trim).filter(|command| !command.is_empty()) {
        match command.strip_prefix("bytes ") {
            Some(bytes) => body.extend(hex(bytes)),
            None => {
                let command = parsed(command);
                let mut writer = BitWriter::new(command.len() * 8);
                command.emit(&mut writer);
                body.extend(writer.finish().bytes());
            }
        }
    }
    let mut writer = BitWriter::new(HEADER_BITS);
    Header { size: 8, count: body.len() as u16 }.emit(&mut writer);
    let bytes = [writer.finish().bytes(), &body].concat();
    let bits = bytes.len() * 8;
    (bytes, bits)
}

fn parsed(command: &str) -> Command {
    let words: Vec<&str> = command.split_whitespace().collect();
    match words.as_slice() {
        ["NOP"] => Command::Nop,
        ["RTS", receive, send, on] => {
            Command::Rts { receive: socket(receive), send: socket(send), link: link(on) }
        }
        ["STR", send, receive, size] => {
            Command::Str { send: socket(send), receive: socket(receive), size: byte(size) }
        }
        ["CLS", mine, yours] => Command::Cls { mine: socket(mine), yours: socket(yours) },
        ["ALL", on, messages, bits] => {
            Command::All { link: link(on), messages: number(messages) as u16, bits: number(bits) as u32 }
        }
        ["GVB", on, messages, bits] => {
            Command::Gvb { link: link(on), messages: byte(messages), bits: byte(bits) }
        }
        ["RET", on, messages, bits] => {
            Command::Ret { link: link(on), messages: number(messages) as u16, bits: number(bits) as u32 }
        }
        ["INR", on] => Command::Inr { link: link(on) },
        ["INS", on] => Command::Ins { link: link(on) },
        ["ECO", data] => Command::Eco { data: byte(data) },
        ["ERP", data] => Command::Erp { data: byte(data) },
        ["ERR", code, first] => {
            let mut data = [0; 10];
            data[0] = byte(first);
            Command::Err { code: ErrorCode::from(byte(code)), data }
        }
        ["ERR", code, about @ ..] => {
            let mut writer = BitWriter::new(80);
            parsed(&about.join(" ")).emit(&mut writer);
            let bits = writer.finish();
            let mut data = [0; 10];
            data[..bits.bytes().len()].copy_from_slice(bits.bytes());
            Command::Err { code: ErrorCode::from(byte(code)), data }
        }
        ["RST"] => Command::Rst,
        ["RRP"] => Command::Rrp,
        _ => panic!("no command: {command}"),
    }
}
