//! The transcript: what happened, one line for each thing, to be read aloud.

use std::fmt::Write;

use host::{Directory, Note};
use machine::Instant;

use crate::follow::{Follower, Party, Saying};
use crate::{Lens, Record, What};

/// The widest that a line of a transcript gets, in characters, unless the text of a single thing is longer.
const WIDTH: usize = 100;

/// How wide what was said may be before its meaning moves away from the common column.
const WHAT_WIDTH: usize = 40;

/// What a transcript shows, and how.
#[derive(Debug, Clone)]
pub struct View<'a> {
    /// The names of the hosts.
    pub directory: &'a Directory,
    /// What is looked at.
    pub lenses: &'a [Lens],
    /// Whether the bits of each message are printed below it.
    pub bits: bool,
    /// Whether times and meanings are printed faintly, with the escape sequences of a terminal.
    pub color: bool,
}

/// One line of a transcript.
struct Row {
    at: Instant,
    who: String,
    what: String,
    meaning: String,
    bits: Option<String>,
}

impl View<'_> {
    /// The lines of a transcript of `records`, in the order in which things happened.
    pub fn transcript<'r>(&self, records: impl IntoIterator<Item = &'r Record>) -> String {
        let mut follower = Follower::default();
        let rows: Vec<Row> = records.into_iter().flat_map(|record| self.rows(record, &mut follower)).collect();
        let who = rows.iter().map(|row| row.who.chars().count()).max().unwrap_or_default();
        let (faint, plain) = if self.color { ("\x1b[2m", "\x1b[0m") } else { ("", "") };
        let mut text = String::new();
        for Row { at, who: name, what, meaning, bits } in rows {
            // Writing to a String cannot fail.
            let _ = write!(text, "{faint}{at:>11}{plain}  {name:who$}  ");
            let room = WIDTH.saturating_sub(11 + 2 + who + 2 + 2);
            let fits = what.chars().count().max(WHAT_WIDTH) + meaning.chars().count() <= room;
            if meaning.is_empty() || !fits && what.chars().count() > WHAT_WIDTH {
                let _ = writeln!(text, "{what}");
            } else {
                let _ = writeln!(text, "{what:WHAT_WIDTH$}  {faint}{meaning}{plain}");
            }
            for line in bits.iter().flat_map(|bits| bits.lines()) {
                let _ = writeln!(text, "{:>11}  {:who$}  {faint}{line}{plain}", "", "");
            }
        }
        text
    }

    fn rows(&self, record: &Record, follower: &mut Follower) -> Vec<Row> {
        let at = record.at;
        let row = |who: String, what: String, meaning: &str| Row {
            at,
            who,
            what,
            meaning: meaning.to_owned(),
            bits: None,
        };
        let sayings = |sayings: Vec<Saying>, signal: &imp1822::Signal| {
            let mut bits = self.bits.then(|| bits_of(signal)).flatten();
            sayings
                .into_iter()
                .filter(|saying| self.lenses.contains(&saying.lens))
                .map(|Saying { from, to, what, meaning, .. }| {
                    let who = format!("{} -> {}", self.party(from), self.party(to));
                    Row { at, who, what, meaning, bits: bits.take() }
                })
                .collect()
        };
        match &record.what {
            What::Sent { host, signal } => sayings(follower.sent(*host, signal), signal),
            What::Received { host, signal } => sayings(vec![follower.received(*host, signal)], signal),
            What::Packet(crossing) if self.lenses.contains(&Lens::Packets) => {
                let who = format!("IMP {} > {}", crossing.from_imp, crossing.to_imp);
                vec![row(who, crossing.to_string(), "")]
            }
            What::Note { host, note } => {
                let (lens, verb, what, meaning) = note_words(note);
                let shown = self.lenses.contains(&lens) && (*note != Note::Booted || at > Instant::START);
                let who = format!("{} {verb}", self.directory.name(*host));
                shown.then(|| row(who, what, meaning)).into_iter().collect()
            }
            What::Packet(_) | What::Step { .. } => Vec::new(),
        }
    }

    fn party(&self, party: Party) -> String {
        match party {
            Party::Host(address) => self.directory.name(address),
            Party::Imp => "IMP".to_owned(),
        }
    }
}

/// The bits of a message: the leader, the rest of the header, and the text, in hexadecimal.
fn bits_of(signal: &imp1822::Signal) -> Option<String> {
    let imp1822::Signal::Message(bits) = signal else { return None };
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let bytes = bits.bytes();
    let (leader, rest) = bytes.split_at(bytes.len().min(4));
    let (header, text) = rest.split_at(rest.len().min(5));
    let mut shown = format!("{} bits: {} {}", bits.len(), hex(leader), hex(header));
    for (index, words) in text.chunks(16).enumerate().take(8) {
        shown.push_str(if index == 0 { " " } else { "\n  " });
        shown.push_str(&hex(words));
    }
    if text.len() > 8 * 16 {
        let _ = write!(shown, "\n  and {} bytes more", text.len() - 8 * 16);
    }
    Some(shown)
}

/// A note in the words of the scenario language: lens, verb, what, meaning.
fn note_words(note: &Note) -> (Lens, &'static str, String, &'static str) {
    match note {
        Note::Booted => (Lens::Host, "restarts", String::new(), ""),
        Note::Crashed => (Lens::Host, "crashes", String::new(), "its programs and tables are gone"),
        Note::Typed { line: Some(line), .. } => (Lens::Teletype, "types", line.clone(), ""),
        Note::Typed { line: None, .. } => (Lens::Teletype, "types", "(hidden)".to_owned(), ""),
        Note::Printed(line) => (Lens::Teletype, "sees", line.clone(), ""),
        Note::Filed { path, bytes, kept: 0 } => {
            (Lens::Host, "file", format!("{path} of {bytes} bytes"), "written")
        }
        Note::Filed { path, bytes, .. } => {
            (Lens::Host, "file", format!("{path} of {bytes} bytes"), "appended to")
        }
        Note::Deleted { path } => (Lens::Host, "file", path.clone(), "deleted"),
    }
}
