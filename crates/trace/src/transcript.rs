//! The transcript: what happened, one line for each thing, to be read aloud.

use std::borrow::Cow;
use std::fmt::Write;

use host::{Note, Prompt};
use imp::visible::visible;
use imp::{Crossing, Notice, Toward};
use imp1822::h316::Speaker;
use imp1822::{HostAddress, Signal};
use machine::Instant;
use memchr::memchr2;

use crate::fault_words::{in_words, strikes};
use crate::follow::{Decoded, Follower, Party, received_through};
use crate::layout::{Columns, Comment, Line, WIDTH, lay_out, lay_out_comment};
use crate::lens::Lens;
use crate::meaning;
use crate::monitor::{Described, Violation};
use crate::names::Names;
use crate::paper::{Ink, Paper, columns};
use crate::record::{Record, What};
use crate::secrets::masked_line;

/// How much is quoted of a message that breaks a rule.
const QUOTED: usize = 60;

/// What a transcript shows, and how.
#[derive(Debug, Clone)]
pub struct View<'a> {
    /// What hosts and IMPs are called.
    pub names: &'a Names,
    /// The lenses: what is shown.
    pub lenses: &'a [Lens],
    /// Whether the bits of each message are printed below it.
    pub bits: bool,
    /// Whether each line says when that was.
    pub times: bool,
    /// What it is printed on.
    pub paper: Paper,
    /// What stands between the lines, in the order of the records before which it does.
    pub comments: &'a [Comment],
}

/// What a transcript consists of.
enum Part<'c> {
    Line(Line),
    Comment(&'c Comment),
}

/// What is known so far of a transcript that is printed while things happen.
#[derive(Debug, Default)]
pub struct TranscriptState {
    follower: Follower,
    /// The widest subject so far, in characters.
    who: usize,
    /// Whether it is not known when things happen.
    lacks_times: bool,
}

impl TranscriptState {
    /// Makes room for what these hosts say to each other, so that the columns do not move.
    #[must_use]
    pub fn with_room_for(mut self, names: &Names, hosts: impl IntoIterator<Item = HostAddress>) -> Self {
        let mut widths: Vec<usize> = hosts.into_iter().map(|host| columns(&names.host(host))).collect();
        widths.sort_unstable();
        let [between, shortest] = [" -> ", "IMP"].map(columns);
        let widest = widths.pop().unwrap_or_default();
        self.who = widest + between + widths.pop().unwrap_or(shortest).max(shortest);
        self
    }

    /// From now on it is known when things happen, or it is not.
    pub fn know_times(&mut self, are_known: bool) {
        self.lacks_times = !are_known;
    }
}

impl<'a> View<'a> {
    /// What is seen through these lenses: with times, without bits and comments, on endless paper without colours.
    pub fn new(names: &'a Names, lenses: &'a [Lens]) -> Self {
        View { names, lenses, bits: false, times: true, paper: Paper::default(), comments: &[] }
    }
}

impl View<'_> {
    /// The lines of a transcript of `records`, in the order in which things happened.
    pub fn transcript<'r>(&self, records: impl IntoIterator<Item = &'r Record>) -> String {
        self.with_violations(records, &[])
    }

    /// The next lines of a transcript that is printed while things happen: what the record adds. `state` must be the
    /// same for all records of a run.
    pub fn next(&self, record: &Record, state: &mut TranscriptState) -> String {
        let lines = self.lines_of(record, &mut state.follower);
        let seen = lines.into_iter().filter(|line| self.lenses.contains(&line.lens));
        let mut text = String::new();
        for mut line in seen {
            line.is_timed = !state.lacks_times;
            state.who = state.who.max(columns(&line.who));
            lay_out(&line, self.left(state.who), self.paper, &mut text);
        }
        text
    }

    /// The same, with the violations that were found, each below the record that shows it. They must be in the order
    /// in which they were found.
    pub fn with_violations<'r>(
        &self,
        records: impl IntoIterator<Item = &'r Record>,
        violations: &[Violation],
    ) -> String {
        let mut follower = Follower::default();
        let mut violations = violations.iter().peekable();
        let mut comments = self.comments.iter().peekable();
        let records = records.into_iter();
        let mut parts = Vec::with_capacity(records.size_hint().0);
        for (number, record) in (0..).zip(records) {
            while let Some(comment) = comments.next_if(|comment| comment.before <= number) {
                parts.push(Part::Comment(comment));
            }
            let of_record = self.lines_of(record, &mut follower).into_iter();
            parts.extend(of_record.filter(|line| self.lenses.contains(&line.lens)).map(Part::Line));
            while let Some(violation) = violations.next_if(|violation| violation.record <= number) {
                parts.push(Part::Line(self.violation_line(violation)));
            }
        }
        parts.extend(violations.map(|violation| Part::Line(self.violation_line(violation))));
        parts.extend(comments.map(Part::Comment));
        self.lay_out(&parts)
    }

    /// The parts of a transcript below each other.
    fn lay_out(&self, parts: &[Part<'_>]) -> String {
        let who = parts.iter().map(|part| match part {
            Part::Line(line) => columns(&line.who),
            Part::Comment(_) => 0,
        });
        let who = who.max().unwrap_or_default();
        let mut text = String::with_capacity(WIDTH * parts.len());
        let mut is_above_all = false;
        for part in parts {
            match part {
                Part::Line(line) => {
                    // What is said of the whole does not stick to the first line.
                    if std::mem::take(&mut is_above_all) {
                        text.push('\n');
                    }
                    lay_out(line, self.left(who), self.paper, &mut text);
                }
                Part::Comment(comment) => {
                    lay_out_comment(comment, self.paper, &mut text);
                    is_above_all = comment.before == 0;
                }
            }
        }
        text
    }

    /// A violation as the next lines of a transcript, whatever is looked at; with a remark below it, if there is one.
    pub fn next_violation(
        &self,
        violation: &Violation,
        remark: Option<&str>,
        state: &mut TranscriptState,
    ) -> String {
        let mut line = self.violation_line(violation);
        line.is_timed = !state.lacks_times;
        if let Some(remark) = remark {
            line.what.push('\n');
            line.what.push_str(remark);
        }
        state.who = state.who.max(columns(&line.who));
        let mut text = String::new();
        lay_out(&line, self.left(state.who), self.paper, &mut text);
        text
    }

    /// Something about the recording itself as the next lines of a transcript, whatever is looked at.
    pub fn next_remark(
        &self,
        at: Instant,
        who: &str,
        what: &str,
        meaning: &str,
        state: &mut TranscriptState,
    ) -> String {
        let line = Line {
            at,
            is_timed: true,
            lens: Lens::Trouble,
            who: who.to_owned(),
            what: what.to_owned(),
            meaning: meaning.to_owned(),
            bits: None,
        };
        let mut text = String::new();
        lay_out(&line, self.left(state.who), self.paper, &mut text);
        text
    }

    /// A violation: the parties, the message, and what is wrong with it.
    fn violation_line(&self, violation: &Violation) -> Line {
        let described = violation.describe(self.names.hosts());
        let Described { parties, verb, what, rule, source, about: _ } = described;
        let verb = verb.to_uppercase();
        let what = visible(what);
        let mut quoted: String = what.chars().take(QUOTED).collect();
        if quoted.len() < what.len() {
            quoted.push('…');
        }
        let (bad, plain) = self.paper.ink(Ink::Bad);
        Line {
            at: violation.at,
            is_timed: true,
            lens: Lens::Trouble,
            who: parties,
            what: format!("{bad}{verb}{plain}: {quoted}  ({source})\n{rule}"),
            meaning: String::new(),
            bits: None,
        }
    }

    /// The lines of a transcript of `records`, not yet laid out.
    pub fn lines<'r>(&self, records: impl IntoIterator<Item = &'r Record>) -> Vec<Line> {
        let mut follower = Follower::default();
        let lines = records.into_iter().flat_map(|record| self.lines_of(record, &mut follower));
        lines.filter(|line| self.lenses.contains(&line.lens)).collect()
    }

    /// The columns to the left of what happens, with subjects so wide.
    fn left(&self, who: usize) -> Columns {
        Columns { who, has_times: self.times }
    }

    /// The lines of one record, not yet laid out, through whatever lens; nothing where none of these lenses shows any.
    /// `follower` must be the same for all records of a run, and learns from this one.
    pub fn lines_of(&self, record: &Record, follower: &mut Follower) -> Vec<Line> {
        let at = record.at;
        let line = |lens, who: String, what: String, meaning: &str| {
            vec![Line { at, is_timed: true, lens, who, what, meaning: meaning.to_owned(), bits: None }]
        };
        match &record.what {
            // Most records are of these two kinds: nothing is put into words that is not shown.
            What::Packet(crossing) if !self.lenses.contains(&crossed_through(crossing)) => Vec::new(),
            What::Received { signal, .. } if !self.lenses.contains(&received_through(signal)) => Vec::new(),
            What::Sent { host, signal } => self.said(at, follower.sent(*host, signal), signal),
            What::Received { host, signal } => self.said(at, vec![follower.received(*host, signal)], signal),
            What::Cable { host, speaker, trouble } => {
                let (from, to) = match speaker {
                    Speaker::Host => (Party::Host(*host), Party::Imp),
                    Speaker::Imp => (Party::Imp, Party::Host(*host)),
                };
                let who = format!("{} -> {}", self.party(from), self.party(to));
                line(Lens::Trouble, who, trouble.to_string(), "")
            }
            What::Packet(crossing) => {
                let who = format!("IMP {} > {}", crossing.from_imp, crossing.to_imp);
                let carried = meaning::carried(crossing.what);
                let time = self.names.transmission(crossing).unwrap_or_default();
                let between = if carried.is_empty() || time.is_empty() { "" } else { "; " };
                let meaning = format!("{carried}{between}{time}");
                line(crossed_through(crossing), who, crossing.to_string(), &meaning)
            }
            What::Notice { imp, notice } => {
                let (what, meaning) = notice_words(*notice, self.names);
                line(Lens::Trouble, format!("imp {imp}"), what, meaning)
            }
            // That every host comes up when the run begins goes without saying.
            What::Note { note: Note::Booted, .. } if at == Instant::START => Vec::new(),
            // A sign that a program is ready for the next command would stand above each line that is typed.
            What::Note { note: Note::Asked(prompt), .. } if prompt.is_ready_sign() => Vec::new(),
            What::Note { host, note } => {
                let (lens, verb, what, meaning) = note_words(note);
                line(lens, format!("{} {verb}", self.names.host(*host)), what, meaning)
            }
            What::Fault(fault) => {
                let (part, event) = in_words(*fault, self.names);
                line(Lens::Trouble, part, event, "")
            }
            What::Struck { host, toward, mishap, message } => {
                let signal = Signal::Message(message.clone());
                let what = match toward {
                    Toward::Imp => {
                        let said = follower.sent_before(*host, &signal);
                        said.into_iter().map(|one| one.what).collect::<Vec<_>>().join("; ")
                    }
                    Toward::Host => follower.received(*host, &signal).what,
                };
                let who = format!("cable of {}", self.names.host(*host));
                line(Lens::Imp, who, strikes(*mishap, &what), "as the fault has it")
            }
            What::Step { .. } => Vec::new(),
            What::Measured(figures) => {
                let table = figures.table(self.names);
                line(Lens::Measured, figures.what().to_owned(), table.trim_end().to_owned(), "")
            }
        }
    }

    fn said(&self, at: Instant, decoded: Vec<Decoded>, signal: &Signal) -> Vec<Line> {
        let is_masked = decoded.iter().any(|one| one.is_masked);
        let mut bits = self.bits.then(|| bits_of(signal, is_masked)).flatten();
        let line = |Decoded { lens, from, to, what, meaning, is_masked: _ }| {
            let (from, to) = (self.party(from), self.party(to));
            let who = [&from, " -> ", &to].concat();
            // A line may have an end of a line within itself, which a terminal would obey.
            let what = if memchr2(b'\r', b'\n', what.as_bytes()).is_some() {
                what.replace('\r', "␍").replace('\n', "␊")
            } else {
                what
            };
            // The bits of a message that says several things stand below the first.
            Line { at, is_timed: true, lens, who, what, meaning, bits: bits.take() }
        };
        decoded.into_iter().map(line).collect()
    }

    fn party(&self, party: Party) -> Cow<'_, str> {
        match party {
            Party::Host(address) => self.names.hosts().official(address),
            Party::Imp => "IMP".into(),
            Party::Program(imp) => format!("IMP {imp}").into(),
        }
    }
}

/// The bits of a message: the leader, the rest of the header, and the text, in hexadecimal, unless a password is in it.
fn bits_of(signal: &Signal, is_masked: bool) -> Option<String> {
    let Signal::Message(bits) = signal else { return None };
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let bytes = bits.bytes();
    let (leader, rest) = bytes.split_at(bytes.len().min(4));
    let (header, text) = rest.split_at(rest.len().min(5));
    let mut shown = format!("{} bits: {} {}", bits.len(), hex(leader), hex(header));
    if is_masked {
        let _ = write!(shown, " {}", ftp::Password::MASK);
        return Some(shown);
    }
    for (index, words) in text.chunks(16).enumerate().take(8) {
        shown.push_str(if index == 0 { " " } else { "\n  " });
        shown.push_str(&hex(words));
    }
    if text.len() > 8 * 16 {
        let _ = write!(shown, "\n  and {} bytes more", text.len() - 8 * 16);
    }
    Some(shown)
}

/// The lens that shows a frame on a line.
fn crossed_through(crossing: &Crossing) -> Lens {
    if crossing.what.is_of_the_line() { Lens::Lines } else { Lens::Packets }
}

/// What an IMP has found out: what, meaning.
fn notice_words(notice: Notice, names: &Names) -> (String, &'static str) {
    match notice {
        Notice::LineDead(neighbour) => {
            (format!("line to imp {neighbour} is dead"), "no routing message came for too long")
        }
        Notice::LineAlive(neighbour) => {
            (format!("line to imp {neighbour} is alive"), "both ends hear each other")
        }
        Notice::HostTardy(host) => {
            (format!("{} is tardy", names.host(host)), "it took nothing for 30 seconds: interface reset")
        }
    }
}

/// A note in the words of the scenario language: lens, verb, what, meaning. A transcript is read on terminals, which obey
/// control characters: they are shown as signs.
fn note_words(note: &Note) -> (Lens, &'static str, String, &'static str) {
    match note {
        Note::Booted => (Lens::Host, "restarts", String::new(), ""),
        Note::Crashed => (Lens::Host, "crashes", String::new(), "its programs and tables are gone"),
        Note::Asked(Prompt { text, hidden }) => {
            let meaning = if *hidden { "asks for a line that is not shown" } else { "asks for a line" };
            (Lens::Teletype, "sees", visible(text.trim_end()).into_owned(), meaning)
        }
        Note::Typed { line: Some(line), .. } => {
            (Lens::Teletype, "types", visible(&masked_line(line)).into_owned(), "")
        }
        Note::Typed { line: None, .. } => (Lens::Teletype, "types", "(hidden)".to_owned(), ""),
        Note::Printed(line) => (Lens::Teletype, "sees", visible(line).into_owned(), ""),
        Note::Filed { path, bytes, kept: 0 } => {
            (Lens::Host, "file", format!("{} of {bytes} bytes", visible(path)), "written")
        }
        Note::Filed { path, bytes, .. } => {
            (Lens::Host, "file", format!("{} of {bytes} bytes", visible(path)), "appended to")
        }
        Note::Deleted { path } => (Lens::Host, "file", visible(path).into_owned(), "deleted"),
        Note::Renamed { from, to } => {
            (Lens::Host, "file", format!("{} to {}", visible(from), visible(to)), "renamed")
        }
    }
}
