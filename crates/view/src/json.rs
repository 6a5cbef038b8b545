//! What happened, told to programs: one JSON object in each line.
//!
//! [`FIELDS`] says which fields an object has, by what it [`is`](Field::of). Fields and values may be added under the same
//! [`SCHEMA`]; whoever reads must pass over what he does not know.

use std::fmt::Write;

use host::Directory;
use imp1822::h316::Speaker;
use imp1822::{HostAddress, Leader, Signal};
use machine::Bits;
use ncp::{Command, Commands, Header};
use scenario::ast::Scenario;
use serde_json::{Value, json};
use sim::{Failures, Outcome};
use trace::capture::{AddressSource, Cable, ClockJump, EPOCH_MICROS, Introduced, Told};
use trace::{Culprit, Decoded, Follower, Lens, Names, Party, Record, View, Violation, What};

use crate::report;

/// Grows when a field changes its meaning or goes.
pub const SCHEMA: u64 = 1;

/// A field of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// What the objects are that have it: the value of their field `is`.
    pub of: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What its value is: `number`, `text`, `yes/no`, `object`, `list`, with `or null` if it may be null, and `?` if the
    /// field may be absent.
    pub value: &'static str,
    /// What it says.
    pub says: &'static str,
}

/// Makes a [`Field`] of each row.
macro_rules! fields {
    ($($of:literal { $($name:literal: $value:literal, $says:literal;)* })*) => {
        /// Every field, in the order in which they stand.
        pub const FIELDS: &[Field] =
            &[$($(Field { of: $of, name: $name, value: $value, says: $says },)*)*];
    };
}

fields! {
    "capture" {
        "schema": "number", "which fields there are: 1";
        "begins_us": "number or null", "when times begin, in microseconds after the beginning of 1970";
        "is_whole": "yes/no", "whether all of it was looked at before it is told";
        "cables": "list", "of `cable`";
    }
    "sent" {
        "number": "number", "of the record, from 0";
        "at_us": "number or null", "when, in microseconds after times begin; null if that is not known";
        "time_us": "number or null", "the same after the beginning of 1970";
        "host": "object", "whose cable it is: number, name";
        "ready": "yes/no?", "the host's ready line goes up or down";
        "bits": "number?", "how many bits the message has";
        "hex": "text?", "these bits, the last digits filled up with zeros; absent if a password is in them";
        "leader": "object?", "type, host, link, subtype, priority, for_imp, trace, octal";
        "header": "object?", "of a message to another host: size, count";
        "commands": "list?", "of a message on link 0: each command with its name and fields, or with an error";
        "says": "list", "what, meaning, lens, from, to: as lines of the transcript";
        "violations": "list", "of `violation`, which it shows";
    }
    "received" {
        "number": "number", "as of `sent`";
        "at_us": "number or null", "as of `sent`";
        "time_us": "number or null", "as of `sent`";
        "host": "object", "as of `sent`";
        "ready": "yes/no?", "the IMP's ready line goes up or down";
        "bits": "number?", "as of `sent`, with padding";
        "hex": "text?", "as of `sent`";
        "leader": "object?", "as of `sent`";
        "header": "object?", "of a message from another host: size, count";
        "commands": "list?", "as of `sent`";
        "says": "list", "as of `sent`";
        "violations": "list", "as of `sent`";
    }
    "trouble" {
        "number": "number", "as of `sent`";
        "at_us": "number or null", "as of `sent`";
        "time_us": "number or null", "as of `sent`";
        "host": "object", "as of `sent`";
        "from": "text", "whose datagrams: host or imp";
        "what": "text", "what is wrong with them";
        "violations": "list", "as of `sent`";
    }
    "clock" {
        "at_us": "number", "when, on a clock that never runs backwards";
        "jump": "text", "back, ahead (or silence), or ahead again";
        "by_us": "number", "by how many microseconds";
    }
    "cable" {
        "host": "object", "number, name";
        "address": "text", "where the host is, with its port";
        "imp_address": "text", "where its IMP is";
        "is_clear": "yes/no", "whether it is sure which of the two is the IMP";
        "host_from": "text", "how the host is known: given, described, recognised, invented";
        "from_host": "object", "what was counted of its datagrams: datagrams, messages, troubles";
        "from_imp": "object", "the same of the IMP's";
    }
    "violation" {
        "what": "text", "the message or command";
        "grade": "text", "rule, or advice, which nobody must follow";
        "verb": "text", "how the rule was broken";
        "rule": "text", "the name of the rule";
        "says": "text", "what the rule says";
        "source": "text", "document and section";
        "culprit": "text", "host or imp";
        "host": "object", "the host, or the one whose IMP it is";
        "with": "object or null", "the other host";
        "at_us": "number", "when";
    }
    "run" {
        "schema": "number", "as of `capture`; this is the first line of what `scenario --json` prints";
        "begins_us": "number", "as of `capture`: every run begins on the same day";
        "scenario": "text", "its name";
        "title": "text", "what it shows";
        "net": "text", "on which it plays";
        "seed": "number", "of the random numbers";
    }
    "happening" {
        "number": "number", "as of `sent`";
        "at_us": "number", "as of `sent`";
        "time_us": "number or null", "as of `sent`";
        "who": "text", "a host and its verb, or what breaks or heals";
        "says": "list", "what, meaning, lens: as lines of the transcript";
        "violations": "list", "as of `sent`";
    }
    "outcome" {
        "at_us": "number", "when the run ended; this is its last line";
        "records": "number", "how many were told";
        "sent": "number", "how many messages hosts put on their cables";
        "received": "number", "how many reached hosts";
        "held": "number", "how many expectations held";
        "failures": "list", "texts: what did not hold";
        "violations": "list", "of `violation`: what was not done until the end";
        "digest": "text", "the same for the same run";
    }
    "end" {
        "packets": "number", "how many were read";
        "records": "number", "how many were told";
        "broken": "text or null", "where the file is broken";
        "violations": "list", "of `violation`: what was not done until the end";
        "cables": "list", "of `cable`, with all that was counted";
    }
}

/// The fields in words, for people who write programs.
pub fn schema() -> String {
    let mut text = String::new();
    let mut of = "";
    for field in FIELDS {
        if field.of != of {
            of = field.of;
            // Writing to a String cannot fail.
            let _ = writeln!(text, "  {of}");
        }
        let _ = writeln!(text, "    {:11} {:14} {}", field.name, field.value, field.says);
    }
    text
}

/// Tells what happened in lines of JSON.
#[derive(Debug, Default)]
pub struct JsonLines {
    follower: Follower,
    records: u64,
    begins: Option<u64>,
}

impl JsonLines {
    /// The lines of a run or capture whose times begin so many microseconds after the beginning of 1970.
    pub fn new(begins: Option<u64>) -> Self {
        JsonLines { begins, ..JsonLines::default() }
    }

    /// The first line of a capture.
    pub fn capture(capture: &Introduced) -> String {
        let cables: Vec<Value> =
            capture.cables().map(|cable| cable_value(cable, capture.directory())).collect();
        line(&json!({
            "is": "capture", "schema": SCHEMA, "begins_us": capture.begins(),
            "is_whole": capture.is_whole(), "cables": cables,
        }))
    }

    /// The next line of a capture.
    pub fn told(&mut self, told: &Told, directory: &Directory) -> String {
        match told {
            Told::Happened { record, is_timed, violations } => {
                self.record(record, *is_timed, violations, directory).unwrap_or_default()
            }
            Told::Clock { at, jump } => {
                let (jump, by) = match jump {
                    ClockJump::Back(by) => ("back", by),
                    ClockJump::Ahead(by) => ("ahead", by),
                    ClockJump::AheadAgain(by) => ("ahead again", by),
                };
                line(&json!({"is": "clock", "at_us": at.as_micros(), "jump": jump, "by_us": by.as_micros()}))
            }
            Told::NewCable { cable, .. } => line(&cable_value(cable, directory)),
        }
    }

    /// The first line of a run.
    pub fn run(scenario: &Scenario) -> String {
        let (Scenario { name, seed, net, .. }, title) = (scenario, report::title(scenario));
        line(&json!({
            "is": "run", "schema": SCHEMA, "begins_us": EPOCH_MICROS,
            "scenario": name, "title": title, "net": net.name, "seed": seed,
        }))
    }

    /// The next record of a run, with the violations that it shows: what crosses a cable, and what a transcript says besides.
    /// `None` for what is between IMPs, and for a step, of which one sees what comes of it.
    pub fn of_run(&mut self, record: &Record, violations: &[Violation], names: &Names) -> Option<String> {
        match &record.what {
            What::Sent { .. } | What::Received { .. } | What::Cable { .. } => {
                self.record(record, true, violations, names.hosts())
            }
            What::Packet(_) | What::Step { .. } => None,
            What::Struck { .. }
            | What::Notice { .. }
            | What::Note { .. }
            | What::Fault(_)
            | What::Measured(_) => {
                let lines = View::new(names, Lens::ALL).lines_of(record, &mut self.follower);
                let who = lines.first()?.who.clone();
                let says: Vec<Value> = lines
                    .iter()
                    .map(|line| json!({"what": line.what, "meaning": line.meaning, "lens": line.lens.name()}))
                    .collect();
                let at = record.at.as_micros();
                let number = self.records;
                self.records += 1;
                let violations: Vec<Value> =
                    violations.iter().map(|one| violation_value(one, names.hosts())).collect();
                Some(line(&json!({
                    "is": "happening", "number": number, "at_us": at,
                    "time_us": self.begins.map(|begins| begins.saturating_add(at)),
                    "who": who, "says": says, "violations": violations,
                })))
            }
        }
    }

    /// The last line of a run.
    pub fn outcome(&self, outcome: &Outcome, undone: &[Violation]) -> String {
        let Outcome { verdict, digest, end, counts, held, names, .. } = outcome;
        let failures: Vec<String> =
            verdict.as_ref().err().into_iter().flat_map(Failures::iter).map(ToString::to_string).collect();
        let undone: Vec<Value> = undone.iter().map(|one| violation_value(one, names.hosts())).collect();
        line(&json!({
            "is": "outcome", "at_us": end.as_micros(), "records": self.records, "sent": counts.sent,
            "received": counts.received, "held": held, "failures": failures, "violations": undone,
            "digest": digest.to_string(),
        }))
    }

    /// The next record of a run, with the violations that it shows. `None` for what no cable shows.
    pub fn record(
        &mut self,
        record: &Record,
        is_timed: bool,
        violations: &[Violation],
        directory: &Directory,
    ) -> Option<String> {
        let (is, host) = match &record.what {
            What::Sent { host, .. } => ("sent", *host),
            What::Received { host, .. } => ("received", *host),
            What::Cable { host, .. } => ("trouble", *host),
            What::Packet(_)
            | What::Struck { .. }
            | What::Notice { .. }
            | What::Note { .. }
            | What::Fault(_)
            | What::Step { .. }
            | What::Measured(_) => return None,
        };
        let micros = record.at.as_micros();
        let mut object = json!({
            "is": is, "number": self.records,
            "at_us": is_timed.then_some(micros),
            "time_us": self.begins.filter(|_| is_timed).map(|begins| begins.saturating_add(micros)),
            "host": host_value(host, directory),
        });
        self.records += 1;
        let mut put = |name: &str, value: Value| object[name] = value;
        match &record.what {
            What::Sent { signal, .. } => {
                let says = self.follower.sent(host, signal);
                signal_fields(signal, says.iter().any(|part| part.is_masked), &mut put);
                put("says", says.iter().map(|part| decoded(part, directory)).collect());
            }
            What::Received { signal, .. } => {
                let says = self.follower.received(host, signal);
                signal_fields(signal, says.is_masked, &mut put);
                put("says", json!([decoded(&says, directory)]));
            }
            What::Cable { speaker, trouble, .. } => {
                let from = match speaker {
                    Speaker::Host => "host",
                    Speaker::Imp => "imp",
                };
                put("from", json!(from));
                put("what", json!(trouble.to_string()));
            }
            _ => {}
        }
        put("violations", violations.iter().map(|one| violation_value(one, directory)).collect());
        Some(line(&object))
    }

    /// The last line of a capture.
    pub fn end(
        &self,
        packets: u64,
        broken: Option<&str>,
        undone: &[Violation],
        cables: &[Cable],
        directory: &Directory,
    ) -> String {
        let cables: Vec<Value> = cables.iter().map(|cable| cable_value(cable, directory)).collect();
        let undone: Vec<Value> = undone.iter().map(|one| violation_value(one, directory)).collect();
        line(&json!({
            "is": "end", "packets": packets, "records": self.records, "broken": broken,
            "violations": undone, "cables": cables,
        }))
    }
}

fn line(value: &Value) -> String {
    format!("{value}\n")
}

fn host_value(host: HostAddress, directory: &Directory) -> Value {
    json!({"number": host.number(), "name": directory.name(host)})
}

fn cable_value(cable: &Cable, directory: &Directory) -> Value {
    let host_from = match cable.address_source {
        AddressSource::Given => "given",
        AddressSource::Described => "described",
        AddressSource::Recognised => "recognised",
        AddressSource::Invented => "invented",
    };
    let counted = |statistics: &imp1822::h316::Statistics| {
        json!({
            "datagrams": statistics.datagrams_in, "messages": statistics.messages_in,
            "troubles": statistics.troubles(),
        })
    };
    json!({
        "is": "cable", "host": host_value(cable.address, directory),
        "address": cable.host.to_string(), "imp_address": cable.imp.to_string(),
        "is_clear": cable.is_clear, "host_from": host_from,
        "from_host": counted(&cable.from_host), "from_imp": counted(&cable.from_imp),
    })
}

fn violation_value(violation: &Violation, directory: &Directory) -> Value {
    let described = violation.describe(directory);
    let culprit = match violation.who {
        Culprit::Host(_) => "host",
        Culprit::Imp(_) => "imp",
    };
    json!({
        "is": "violation", "what": described.what, "grade": violation.rule.grade().name(), "verb": described.verb,
        "rule": format!("{:?}", violation.rule), "says": described.rule, "source": described.source,
        "culprit": culprit, "host": host_value(violation.who.host(), directory),
        "with": violation.with.map(|with| host_value(with, directory)),
        "at_us": violation.at.as_micros(),
    })
}

fn decoded(part: &Decoded, directory: &Directory) -> Value {
    let party = |party| match party {
        Party::Host(host) => directory.name(host),
        Party::Imp => "IMP".to_owned(),
        Party::Program(imp) => format!("IMP {imp}"),
    };
    json!({
        "what": part.what, "meaning": part.meaning, "lens": part.lens.name(),
        "from": party(part.from), "to": party(part.to),
    })
}

/// What a signal says, but for the bits of one that holds a password: no view shows it.
fn signal_fields(signal: &Signal, is_masked: bool, put: &mut impl FnMut(&str, Value)) {
    let bits = match signal {
        Signal::Ready(up) => return put("ready", json!(up)),
        Signal::Message(bits) => bits,
    };
    put("bits", json!(bits.len()));
    if !is_masked {
        put("hex", json!(hex(bits.bytes())));
    }
    let Ok(leader) = Leader::parse(&mut bits.reader()) else { return };
    put(
        "leader",
        json!({
            "type": leader.kind, "host": leader.address.number(), "link": leader.link.number(),
            "subtype": leader.subtype, "priority": leader.priority, "for_imp": leader.for_imp,
            "trace": leader.trace, "octal": leader.octal,
        }),
    );
    if leader.kind == 0 {
        message_fields(leader, bits, put);
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn message_fields(leader: Leader, bits: &Bits, put: &mut impl FnMut(&str, Value)) {
    let Ok((Header { size, count }, text)) = Header::split(bits) else { return };
    put("header", json!({"size": size, "count": count}));
    if leader.link.number() == 0 {
        let commands = Commands::new(text).map(|command| match command {
            Ok(command) => command_value(command),
            Err(error) => json!({"error": error.to_string()}),
        });
        put("commands", commands.collect());
    }
}

fn command_value(command: Command) -> Value {
    match command {
        Command::Nop => json!({"name": "NOP"}),
        Command::Rts { receive, send, link } => {
            json!({"name": "RTS", "receive": receive.number(), "send": send.number(), "link": link.number()})
        }
        Command::Str { send, receive, size } => {
            json!({"name": "STR", "send": send.number(), "receive": receive.number(), "size": size})
        }
        Command::Cls { mine, yours } => {
            json!({"name": "CLS", "mine": mine.number(), "yours": yours.number()})
        }
        Command::All { link, messages, bits } => {
            json!({"name": "ALL", "link": link.number(), "messages": messages, "bits": bits})
        }
        Command::Gvb { link, messages, bits } => {
            json!({"name": "GVB", "link": link.number(), "messages": messages, "bits": bits})
        }
        Command::Ret { link, messages, bits } => {
            json!({"name": "RET", "link": link.number(), "messages": messages, "bits": bits})
        }
        Command::Inr { link } => json!({"name": "INR", "link": link.number()}),
        Command::Ins { link } => json!({"name": "INS", "link": link.number()}),
        Command::Eco { data } => json!({"name": "ECO", "data": data}),
        Command::Erp { data } => json!({"name": "ERP", "data": data}),
        Command::Err { code, data } => {
            json!({"name": "ERR", "code": u8::from(code), "data": hex(&data)})
        }
        Command::Rst => json!({"name": "RST"}),
        Command::Rrp => json!({"name": "RRP"}),
    }
}
