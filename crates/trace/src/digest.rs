//! The digest of a run: a number that two runs share only if all their records are the same.
//!
//! What is hashed of each record is written down here byte by byte, so that neither the name of a field nor a word of the
//! transcript can change a digest. Each kind of record begins with a tag of its own; text is preceded by its length;
//! numbers are big-endian. Frames between IMPs are left out: whether they are watched must not change the digest, and they
//! are the consequence of what hosts sent.

use std::fmt;

use host::{Note, Prompt};
use imp::{Fault, LineFigures, Mishap, Notice, Toward};
use imp1822::h316::{DatagramError, Speaker, Trouble};
use imp1822::{FromImp, HostAddress, Signal};
use machine::{Bits, Instant, Span};
use xxhash_rust::xxh3::Xxh3;

use crate::figures::{Figures, Lines, RoundTrip, Spread, Tally, Throughput, TrafficTotal};
use crate::record::{Record, What};

/// A number that two runs share only if everything that was recorded in them is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub u64);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// Takes records one after the other.
pub(crate) struct Digester {
    hash: Xxh3,
    /// What is yet to be hashed. A few large pieces cost less than many small ones.
    pending: Vec<u8>,
}

/// So many bytes are hashed at once.
const BLOCK: usize = 4096;

impl Default for Digester {
    fn default() -> Self {
        Digester { hash: Xxh3::new(), pending: Vec::with_capacity(BLOCK) }
    }
}

/// The tag of each kind of record. No two variants can have the same number.
#[repr(u8)]
enum Tag {
    Sent = 0,
    Received = 1,
    Note = 2,
    Step = 3,
    Fault = 4,
    Notice = 5,
    Cable = 6,
    Figures = 7,
    Struck = 8,
}

#[repr(u8)]
enum NoteTag {
    Booted = 0,
    Crashed = 1,
    Typed = 2,
    TypedHidden = 3,
    Printed = 4,
    Filed = 5,
    Deleted = 6,
    Asked = 7,
    Renamed = 8,
}

#[repr(u8)]
enum NoticeTag {
    LineDead = 0,
    LineAlive = 1,
    HostTardy = 2,
}

#[repr(u8)]
enum FaultTag {
    LineFails = 0,
    LineHeals = 1,
    LineErrs = 2,
    LineErrsNoMore = 3,
    ImpCrashes = 4,
    ImpRestarts = 5,
    ImpGoesDown = 6,
    CablePulled = 7,
    CablePlugged = 8,
    HostHangs = 9,
    HostGoesOn = 10,
    Mishap = 11,
}

#[repr(u8)]
enum MishapTag {
    Lost = 0,
    Late = 1,
    Twice = 2,
    LeaderError = 3,
    DataError = 4,
}

#[repr(u8)]
enum TroubleTag {
    Malformed = 0,
    Old = 1,
    Lost = 2,
    PeerRestarted = 3,
    Cut = 4,
    TooLong = 5,
    NotReady = 6,
    EmptyLast = 7,
    OverLimit = 8,
    Unsent = 9,
}

#[repr(u8)]
enum DatagramErrorTag {
    Short = 0,
    Magic = 1,
    NoFlags = 2,
    Length = 3,
}

#[repr(u8)]
enum FiguresTag {
    RoundTrip = 0,
    Throughput = 1,
    Lines = 2,
    Traffic = 3,
}

impl Digester {
    pub(crate) fn digest(&self) -> Digest {
        let mut hash = self.hash.clone();
        hash.update(&self.pending);
        Digest(hash.digest())
    }

    pub(crate) fn take(&mut self, record: &Record) {
        // Nearly all records are signals: they go in by few and long pieces.
        match &record.what {
            What::Packet(_) => return,
            What::Sent { host, signal } => return self.signal(record.at, Tag::Sent, *host, signal),
            What::Received { host, signal } => return self.signal(record.at, Tag::Received, *host, signal),
            What::Note { .. }
            | What::Step { .. }
            | What::Fault(_)
            | What::Struck { .. }
            | What::Notice { .. }
            | What::Cable { .. }
            | What::Measured(_) => self.number(record.at.as_micros()),
        }
        match &record.what {
            What::Packet(_) | What::Sent { .. } | What::Received { .. } => {}
            What::Note { host, note } => {
                self.bytes(&[Tag::Note as u8, host.number()]);
                self.note(note);
            }
            What::Step { line, statement: _ } => {
                self.bytes(&[Tag::Step as u8]);
                self.number(*line as u64);
            }
            What::Fault(fault) => {
                self.bytes(&[Tag::Fault as u8]);
                self.fault(*fault);
            }
            What::Struck { host, toward, mishap, message } => {
                self.bytes(&[Tag::Struck as u8, host.number()]);
                self.mishap(*toward, *mishap);
                self.bits(message);
            }
            What::Notice { imp, notice } => {
                let (tag, about) = match notice {
                    Notice::LineDead(neighbour) => (NoticeTag::LineDead, *neighbour),
                    Notice::LineAlive(neighbour) => (NoticeTag::LineAlive, *neighbour),
                    Notice::HostTardy(host) => (NoticeTag::HostTardy, host.number()),
                };
                self.bytes(&[Tag::Notice as u8, *imp, tag as u8, about]);
            }
            What::Cable { host, speaker, trouble } => {
                let speaker = match speaker {
                    Speaker::Host => 0,
                    Speaker::Imp => 1,
                };
                self.bytes(&[Tag::Cable as u8, host.number(), speaker]);
                self.trouble(*trouble);
            }
            What::Measured(figures) => {
                self.bytes(&[Tag::Figures as u8]);
                self.figures(figures);
            }
        }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        if self.pending.len() + bytes.len() > BLOCK {
            self.hash.update(&self.pending);
            self.pending.clear();
        }
        self.pending.extend_from_slice(bytes);
    }

    fn number(&mut self, number: u64) {
        self.bytes(&number.to_be_bytes());
    }

    fn span(&mut self, span: Span) {
        self.number(span.as_micros());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes(text.as_bytes());
    }

    fn bits(&mut self, bits: &Bits) {
        self.number(bits.len() as u64);
        self.bytes(bits.bytes());
    }

    /// A signal: the time, the tag, the host; then 0 and the ready line, or 1, the length in bits and the bits.
    fn signal(&mut self, at: Instant, tag: Tag, host: HostAddress, signal: &Signal) {
        let mut head = [0; 19];
        head[..8].copy_from_slice(&at.as_micros().to_be_bytes());
        head[8] = tag as u8;
        head[9] = host.number();
        match signal {
            Signal::Ready(up) => {
                head[11] = u8::from(*up);
                self.bytes(&head[..12]);
            }
            Signal::Message(bits) => {
                head[10] = 1;
                head[11..].copy_from_slice(&(bits.len() as u64).to_be_bytes());
                self.bytes(&head);
                self.bytes(bits.bytes());
            }
        }
    }

    fn note(&mut self, note: &Note) {
        match note {
            Note::Booted => self.bytes(&[NoteTag::Booted as u8]),
            Note::Crashed => self.bytes(&[NoteTag::Crashed as u8]),
            Note::Asked(Prompt { text, hidden }) => {
                self.bytes(&[NoteTag::Asked as u8, u8::from(*hidden)]);
                self.text(text);
            }
            Note::Typed { prompt, line: Some(line) } => {
                self.bytes(&[NoteTag::Typed as u8]);
                self.text(prompt);
                self.text(line);
            }
            Note::Typed { prompt, line: None } => {
                self.bytes(&[NoteTag::TypedHidden as u8]);
                self.text(prompt);
            }
            Note::Printed(line) => {
                self.bytes(&[NoteTag::Printed as u8]);
                self.text(line);
            }
            Note::Filed { path, bytes, kept } => {
                self.bytes(&[NoteTag::Filed as u8]);
                self.text(path);
                self.number(*bytes as u64);
                self.number(*kept as u64);
            }
            Note::Deleted { path } => {
                self.bytes(&[NoteTag::Deleted as u8]);
                self.text(path);
            }
            Note::Renamed { from, to } => {
                self.bytes(&[NoteTag::Renamed as u8]);
                self.text(from);
                self.text(to);
            }
        }
    }

    fn fault(&mut self, fault: Fault) {
        match fault {
            Fault::LineFails { between: [a, b] } => self.bytes(&[FaultTag::LineFails as u8, a, b]),
            Fault::LineHeals { between: [a, b] } => self.bytes(&[FaultTag::LineHeals as u8, a, b]),
            Fault::LineErrs { between: [a, b], one_in: Some(bits) } => {
                self.bytes(&[FaultTag::LineErrs as u8, a, b]);
                self.number(bits);
            }
            Fault::LineErrs { between: [a, b], one_in: None } => {
                self.bytes(&[FaultTag::LineErrsNoMore as u8, a, b]);
            }
            Fault::ImpCrashes { imp } => self.bytes(&[FaultTag::ImpCrashes as u8, imp]),
            Fault::ImpRestarts { imp } => self.bytes(&[FaultTag::ImpRestarts as u8, imp]),
            Fault::ImpGoesDown { imp, going } => {
                self.bytes(&[FaultTag::ImpGoesDown as u8, imp]);
                // As it stands in the notice to the hosts.
                self.bits(&FromImp::GoingDown(going).bits());
            }
            Fault::CablePulled { host } => self.host_fault(FaultTag::CablePulled, host),
            Fault::CablePlugged { host } => self.host_fault(FaultTag::CablePlugged, host),
            Fault::HostHangs { host } => self.host_fault(FaultTag::HostHangs, host),
            Fault::HostGoesOn { host } => self.host_fault(FaultTag::HostGoesOn, host),
            Fault::Mishap { host, toward, mishap } => {
                self.host_fault(FaultTag::Mishap, host);
                self.mishap(toward, mishap);
            }
        }
    }

    fn mishap(&mut self, toward: Toward, mishap: Mishap) {
        let toward = match toward {
            Toward::Imp => 0,
            Toward::Host => 1,
        };
        let (tag, late) = match mishap {
            Mishap::Lost => (MishapTag::Lost, Span::ZERO),
            Mishap::Late(late) => (MishapTag::Late, late),
            Mishap::Twice => (MishapTag::Twice, Span::ZERO),
            Mishap::LeaderError => (MishapTag::LeaderError, Span::ZERO),
            Mishap::DataError => (MishapTag::DataError, Span::ZERO),
        };
        self.bytes(&[toward, tag as u8]);
        self.span(late);
    }

    fn host_fault(&mut self, tag: FaultTag, host: HostAddress) {
        self.bytes(&[tag as u8, host.number()]);
    }

    fn trouble(&mut self, trouble: Trouble) {
        let (tag, first, second) = match trouble {
            Trouble::Malformed(error) => {
                self.bytes(&[TroubleTag::Malformed as u8]);
                return self.datagram_error(error);
            }
            Trouble::Old { sequence, expected } => (TroubleTag::Old, sequence.into(), expected.into()),
            Trouble::Lost { from, count } => (TroubleTag::Lost, from.into(), count.into()),
            Trouble::PeerRestarted => (TroubleTag::PeerRestarted, 0, 0),
            Trouble::Cut { words } => (TroubleTag::Cut, words as u64, 0),
            Trouble::TooLong => (TroubleTag::TooLong, 0, 0),
            Trouble::NotReady { words } => (TroubleTag::NotReady, words as u64, 0),
            Trouble::EmptyLast => (TroubleTag::EmptyLast, 0, 0),
            Trouble::OverLimit { words, limit } => (TroubleTag::OverLimit, words as u64, limit as u64),
            Trouble::WithoutBits => (TroubleTag::Unsent, 1, 0),
            Trouble::OwnLineDown => (TroubleTag::Unsent, 0, 0),
        };
        self.bytes(&[tag as u8]);
        self.number(first);
        self.number(second);
    }

    fn datagram_error(&mut self, error: DatagramError) {
        let (tag, number, had) = match error {
            // Which field is cut off follows from how many bytes there are.
            DatagramError::Short { field: _, had } => (DatagramErrorTag::Short, 0, had as u64),
            DatagramError::Magic { found } => (DatagramErrorTag::Magic, u32::from_be_bytes(found).into(), 0),
            DatagramError::NoFlags => (DatagramErrorTag::NoFlags, 0, 0),
            DatagramError::Length { count, had } => (DatagramErrorTag::Length, count.into(), had as u64),
        };
        self.bytes(&[tag as u8]);
        self.number(number);
        self.number(had);
    }

    fn figures(&mut self, figures: &Figures) {
        match figures {
            Figures::RoundTrip(RoundTrip { from, messages, rows }) => {
                self.bytes(&[FiguresTag::RoundTrip as u8, from.number()]);
                self.number(u64::from(*messages));
                self.number(rows.len() as u64);
                for row in rows {
                    self.bytes(&[row.to.number(), u8::from(row.spread.is_some())]);
                    self.number(row.hops as u64);
                    self.number(row.bits.into());
                    if let Some(Spread { least, mean, ninetieth, greatest }) = row.spread {
                        [least, mean, ninetieth, greatest].into_iter().for_each(|time| self.span(time));
                    }
                    self.number(row.lost);
                }
            }
            Figures::Throughput(Throughput { from, span, warm_up, rows }) => {
                self.bytes(&[FiguresTag::Throughput as u8, from.number()]);
                self.span(*span);
                self.span(*warm_up);
                self.number(rows.len() as u64);
                for row in rows {
                    self.bytes(&[row.to.number(), row.links]);
                    self.number(row.hops as u64);
                    self.number(row.bits.into());
                    self.number(row.messages);
                }
            }
            Figures::Lines(Lines { span, busiest, rows }) => {
                self.bytes(&[FiguresTag::Lines as u8]);
                self.span(*span);
                self.number(*busiest as u64);
                self.number(rows.len() as u64);
                for LineFigures { from, to, busy, packets, bits, again, waited, longest } in rows {
                    self.bytes(&[*from, *to]);
                    self.span(*busy);
                    [*packets, *bits, *again].into_iter().for_each(|number| self.number(number));
                    self.span(*waited);
                    self.number(*longest as u64);
                }
            }
            Figures::Traffic(TrafficTotal { senders, begun, ended, tally }) => {
                self.bytes(&[FiguresTag::Traffic as u8]);
                self.number(*senders as u64);
                self.number(begun.as_micros());
                self.number(ended.as_micros());
                let Tally { offered, held_back, sent, rfnms, dead, incomplete, round_trips, longest } = tally;
                let counts = [offered, held_back, sent, rfnms, dead, incomplete];
                counts.into_iter().for_each(|number| self.number(*number));
                self.span(*round_trips);
                self.span(*longest);
            }
        }
    }
}

#[cfg(test)]
mod tests;
