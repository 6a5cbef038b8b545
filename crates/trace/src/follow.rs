//! Decodes the messages that hosts put on their cables, and says what each one is.
//!
//! Most of what a message means depends on earlier ones: a link belongs to the connection that an RTS named
//! it for, and text is Telnet text because an initial connection protocol led to its sockets. A [`Follower`]
//! learns this from the bits alone.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::Range;

use imp1822::{FromImp, HostAddress, LEADER_BITS, Link, Signal, ToImp};
use machine::Bits;
use ncc::Report;
use ncp::icp::{DISCARD_CONTACT, ECHO_CONTACT, FTP_CONTACT};
use ncp::{ByteSize, Command, Commands, HEADER_BITS, Header, Socket};
use xxhash_rust::xxh3::xxh3_128;

use crate::Lens;
use crate::dialogues::Dialogues;
use crate::flows::{Flows, Purpose, Speaker};
use crate::halves::Halves;
use crate::meaning;
use crate::said::{Said, bytes_of};
use crate::secrets::{Place, Secrets, Stream};

/// What a message, or a part of one, is and means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The lens that shows it.
    pub lens: Lens,
    /// The sender.
    pub from: Party,
    /// The receiver.
    pub to: Party,
    /// What it is, in the notation of the scenario language.
    pub what: String,
    /// What it means, in plain words. May be empty.
    pub meaning: String,
    /// Whether a mask stands in the place of a password.
    pub is_masked: bool,
}

/// A sender or receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    /// A host.
    Host(HostAddress),
    /// A host's own IMP.
    Imp,
    /// A program of the IMP of that number.
    Program(u8),
}

/// What of all that is found is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reads {
    /// Lines of text, which are put into words at once. Data hardly ever are.
    Lines,
    /// All.
    All,
}

/// Decodes what is sent on all cables. It must be given every signal in the order in which the signals were sent.
#[derive(Debug, Clone, Default)]
pub struct Follower {
    flows: Flows,
    halves: Halves,
    secrets: Secrets,
    dialogues: Dialogues,
    /// The last messages that held a password, to know them where they arrive: a hash of the text of each.
    hidden: VecDeque<(Stream, u128)>,
}

/// A part of a message, or all of it, as it is found.
pub struct Part<'a> {
    /// The lens that shows it.
    pub lens: Lens,
    /// The sender.
    pub from: Party,
    /// The receiver.
    pub to: Party,
    /// What it is.
    pub said: Said,
    /// Says of what it is in words what that means.
    meaning: Meaning<'a>,
    is_masked: bool,
}

/// So many messages with passwords are remembered: no more are ever on their way at once.
const HIDDEN: usize = 64;

impl Follower {
    /// What is known of the links.
    pub(crate) fn flows(&self) -> &Flows {
        &self.flows
    }

    /// Decodes a signal that `host` puts on its cable: one part for each control command or line of text.
    pub fn sent(&mut self, host: HostAddress, signal: &Signal) -> Vec<Decoded> {
        let mut parts = Vec::new();
        self.find(host, signal, Reads::All, &mut |Part { lens, from, to, said, meaning, is_masked }| {
            let what = said.into_words();
            parts.push(Decoded { lens, from, to, meaning: meaning(&what), what, is_masked });
        });
        parts
    }

    /// The same, part by part, for those who need not read what each is and means. What [arrives](Follower::received) is not
    /// known for a password then.
    pub fn parts(&mut self, host: HostAddress, signal: &Signal, take: &mut dyn FnMut(Part<'_>)) {
        self.find(host, signal, Reads::Lines, take);
    }

    fn find(&mut self, host: HostAddress, signal: &Signal, reads: Reads, take: &mut dyn FnMut(Part<'_>)) {
        let from = Party::Host(host);
        let mut say = |lens, what: Cow<'static, str>, meaning: &str| {
            let (said, meaning) = (Said::in_words(what), &|_: &str| meaning.to_owned());
            take(Part { lens, from, to: Party::Imp, said, meaning, is_masked: false });
        };
        let bits = match signal {
            Signal::Ready(up) => return say(Lens::Imp, ready(*up).into(), meaning::ready_line(*up)),
            Signal::Message(bits) => bits,
        };
        match ToImp::parse(bits) {
            Ok(ToImp::Regular { to, link, .. }) => self.regular((host, to, link), bits, reads, take),
            Ok(ToImp::ErrorWithoutId) => say(Lens::Imp, "ERROR".into(), "a message was damaged"),
            Ok(ToImp::GoingDown) => say(Lens::Imp, "GOING DOWN".into(), "the host will stop"),
            Ok(ToImp::Nop) => say(Lens::Imp, "NOP".into(), meaning::NOP),
            Ok(ToImp::ErrorWithId { from, link }) => {
                say(Lens::Imp, format!("ERROR host {from} link {link}").into(), "a message was damaged");
            }
            Ok(ToImp::Unknown(leader)) => {
                say(Lens::Imp, format!("TYPE {}", leader.kind).into(), "no host may send this type");
            }
            Err(_) => say(Lens::Imp, format!("{} BITS", bits.len()).into(), "shorter than a leader"),
        }
    }

    /// Decodes a signal that reaches `host`.
    pub fn received(&self, host: HostAddress, signal: &Signal) -> Decoded {
        let (from, what, meaning) = received(signal);
        let lens = received_through(signal);
        let is_masked = !self.hidden.is_empty() && self.was_hidden(host, signal);
        Decoded { lens, from, to: Party::Host(host), what, meaning, is_masked }
    }

    /// Whether a message that reaches `host` held a password when it was sent.
    fn was_hidden(&self, host: HostAddress, signal: &Signal) -> bool {
        let Signal::Message(bits) = signal else { return false };
        let Ok(FromImp::Regular { from, link, .. }) = FromImp::parse(bits) else { return false };
        let Ok((_, mut text)) = Header::split(bits) else { return false };
        let mut bytes = Vec::new();
        text.drain_into(&mut bytes);
        self.hidden.contains(&((from, host, link), xxh3_128(&bytes)))
    }

    /// Decodes a signal that was decoded when it was sent once more: nothing is learnt from it. It copies what is known, and is
    /// for what happens seldom.
    pub(crate) fn sent_before(&self, host: HostAddress, signal: &Signal) -> Vec<Decoded> {
        self.clone().sent(host, signal)
    }

    fn regular(
        &mut self,
        (from, to, link): Stream,
        bits: &Bits,
        reads: Reads,
        take: &mut dyn FnMut(Part<'_>),
    ) {
        let mut say = |lens, said, meaning: Meaning<'_>, is_masked| {
            take(Part { lens, from: Party::Host(from), to: Party::Host(to), said, meaning, is_masked });
        };
        if Link::MEASUREMENT.contains(&link.number()) {
            let bits = bits.len() - LEADER_BITS;
            let what = format!("link {link}, {bits} bits");
            return say(Lens::Traffic, Said::in_words(what), &|_| String::new(), false);
        }
        let (header, text) = match ncp::Header::split(bits) {
            Ok(parts) => parts,
            Err(error) => {
                let meaning = |_: &str| "not as NIC 8246 has it".to_owned();
                return say(Lens::Ncp, Said::in_words(format!("link {link}: {error}")), &meaning, false);
            }
        };
        if link == Link::CONTROL {
            for command in Commands::new(text) {
                match command {
                    Ok(command) => {
                        self.flows.learn(from, to, command);
                        if let Command::Rts { link, .. } = command {
                            self.secrets.forget((to, from, link));
                        }
                        // Who does not read what it means need not know what belongs to it.
                        let is_read = reads == Reads::All;
                        let half = if is_read { self.halves.command(from, to, command) } else { None };
                        say(Lens::Ncp, Said::command(command), &|_| meaning::command(command, half), false);
                    }
                    Err(error) => {
                        let meaning = |_: &str| meaning::unreadable(error).to_owned();
                        say(Lens::Ncp, Said::in_words(error.to_string()), &meaning, false);
                    }
                }
            }
            return;
        }
        let purpose = self.flows.purpose(from, to, link);
        let left = if reads == Reads::All { self.halves.text(from, to, link, header) } else { None };
        let is_used_up = left.is_some_and(|left| left.is_used_up(header.size));
        let is_of_bytes = header.size == ByteSize::EIGHT.bits();
        let is_of_lines = match purpose {
            // What is sent there need not be text (RFC 347, RFC 348).
            Some(Purpose::Dialogue { service, .. }) => !matches!(service, ECHO_CONTACT | DISCARD_CONTACT),
            Some(Purpose::Contact { .. } | Purpose::Data) | None => false,
        };
        // Whoever cannot be followed, since the beginning was not seen, may send a password all the same.
        let (stream, bytes) =
            ((from, to, link), if is_of_bytes { bytes_of(text.clone()) } else { Cow::default() });
        let (mut place, mut masked) = (Place::START, None);
        if is_of_bytes && (reads == Reads::All || is_of_lines) {
            place = self.secrets.place(stream);
            masked = self.secrets.mask(stream, &bytes);
            if masked.is_some() {
                self.hidden.truncate(HIDDEN - 1);
                self.hidden.push_front((stream, xxh3_128(&bytes)));
            }
        } else if is_of_bytes {
            place = self.secrets.pass(stream, &bytes);
        }
        let is_masked = masked.is_some();
        let data = || Said::data(link, bits.clone(), place);
        let mut say = |lens, said, meaning: Meaning<'_>| say(lens, said, meaning, is_masked);
        let in_bits = |_: &str| {
            let used_up = if is_used_up { "; " } else { "" };
            let wait = if is_used_up { meaning::USED_UP } else { "" };
            format!("{} bits{used_up}{wait}", header.text_bits())
        };
        match purpose {
            Some(Purpose::Contact { .. }) => match self.flows.contact(from, to, link, header, text.clone()) {
                Some(number) => {
                    let meaning = |_: &str| format!("go on at {number} and {}", number.offset(1));
                    say(Lens::Ncp, Said::number(link, number), &meaning);
                }
                None => say(Lens::Data, data(), &in_bits),
            },
            // Telnet has bytes of eight bits (RFC 165, p. 5).
            Some(Purpose::Dialogue { service, speaker, session }) if is_of_lines && is_of_bytes => {
                // Who does not read what it means need not know what it answers.
                let is_read = reads == Reads::All && service == FTP_CONTACT;
                let replies =
                    if is_read { self.dialogues.hear(session, speaker, &bytes) } else { Vec::new() };
                let mut replies = replies.into_iter();
                // The text begins behind leader and header, and no line of it is read before somebody asks.
                let begin = (LEADER_BITS + HEADER_BITS) / 8;
                lines(masked.as_deref().unwrap_or(&bytes), |line, last| {
                    let goes_on = last == Some(GoesOn(true));
                    let reply = if goes_on { None } else { replies.next().flatten() };
                    let is_unasked = reply.is_some_and(|answer| answer.meaning == ftp::Meaning::Unasked);
                    let said = match &masked {
                        None => Said::line(bits.clone(), begin + line.start..begin + line.end, goes_on),
                        Some(masked) => Said::masked_line(&masked[line], goes_on),
                    };
                    let meaning = |line: &str| {
                        let of_line = meaning_of_line(service, speaker, line);
                        let unasked = if is_unasked { meaning::UNASKED } else { "" };
                        let wait = if is_used_up && last.is_some() { meaning::USED_UP } else { "" };
                        let all = [of_line, unasked, wait].into_iter().filter(|words| !words.is_empty());
                        all.collect::<Vec<_>>().join("; ")
                    };
                    say(Lens::Ftp, said, &meaning);
                });
            }
            Some(Purpose::Dialogue { .. } | Purpose::Data) => say(Lens::Data, data(), &in_bits),
            None => {
                let meaning = |_: &str| "no RTS for this link was seen".to_owned();
                say(Lens::Data, data(), &meaning);
            }
        }
    }
}

/// Says of what something is in words what it means.
type Meaning<'a> = &'a dyn Fn(&str) -> String;

/// Of the last line of a text, whether it may go on in the next message.
#[derive(Clone, Copy, PartialEq, Eq)]
struct GoesOn(bool);

/// The lines of a Telnet text, by their places, and of the last one whether it may go on in the next message.
fn lines(text: &[u8], mut take: impl FnMut(Range<usize>, Option<GoesOn>)) {
    let mut end = text.len();
    while text[..end].ends_with(b"\r\n") {
        end -= 2;
    }
    let goes_on = end == text.len();
    let mut begin = 0;
    for feed in memchr::memchr_iter(b'\n', &text[..end]) {
        if text[begin..feed].ends_with(b"\r") {
            take(begin..feed - 1, None);
            begin = feed + 1;
        }
    }
    take(begin..end, Some(GoesOn(goes_on)));
}

/// What a line of a dialogue means beyond its text.
fn meaning_of_line(service: Socket, speaker: Speaker, line: &str) -> &'static str {
    match speaker {
        Speaker::User if service == FTP_CONTACT => meaning::ftp_command(line),
        Speaker::Server if service == FTP_CONTACT => meaning::ftp_reply(line),
        Speaker::User | Speaker::Server => "",
    }
}

/// The lens that shows a signal which reaches a host.
pub(crate) fn received_through(signal: &Signal) -> Lens {
    let Signal::Message(bits) = signal else { return Lens::Imp };
    match FromImp::parse(bits) {
        Ok(
            FromImp::Regular { link, .. }
            | FromImp::Rfnm { link, .. }
            | FromImp::DestinationDead { link, .. }
            | FromImp::FakeHostDead { link, .. }
            | FromImp::Incomplete { link, .. }
            | FromImp::ErrorInData { link, .. },
        ) if Link::MEASUREMENT.contains(&link.number()) => Lens::Traffic,
        Ok(FromImp::Regular { .. } | FromImp::Rfnm { .. } | FromImp::Nop | FromImp::InterfaceReset) => {
            Lens::Imp
        }
        // It is read where it arrives: no host has sent it.
        Ok(FromImp::FakeHost { .. }) => Lens::Data,
        Ok(
            FromImp::DestinationDead { .. }
            | FromImp::FakeHostDead { .. }
            | FromImp::Incomplete { .. }
            | FromImp::ErrorInData { .. }
            | FromImp::ErrorInLeader { .. }
            | FromImp::GoingDown(_)
            | FromImp::Unknown(_),
        )
        | Err(_) => Lens::Trouble,
    }
}

/// The sender of a signal that reaches a host, what it is, and what it means.
fn received(signal: &Signal) -> (Party, String, String) {
    let imp = |what: String, meaning: String| (Party::Imp, what, meaning);
    let about = |what: &str, to, link| format!("{what} host {to} link {link}");
    let bits = match signal {
        Signal::Ready(up) => return imp(ready(*up), meaning::ready_line(*up).to_owned()),
        Signal::Message(bits) => bits,
    };
    match FromImp::parse(bits) {
        Ok(FromImp::Regular { from, link, .. }) => {
            let what = format!("arrives on link {link}, {} bits", bits.len());
            (Party::Host(from), what, meaning::ARRIVAL.to_owned())
        }
        Ok(FromImp::FakeHost { from, link, .. }) => {
            let sender = Party::Program(from.imp());
            match Report::parse(bits) {
                // What it says is the message, not what somebody makes of it.
                Ok(report) => (sender, format!("{}: {report}", report.name()), String::new()),
                Err(why) => {
                    let what = format!("link {link}, {} bits of its program {}", bits.len(), from.host());
                    (sender, what, format!("no report: {why}"))
                }
            }
        }
        Ok(FromImp::Rfnm { to, link }) => imp(about("RFNM", to, link), meaning::RFNM.to_owned()),
        Ok(FromImp::Nop) => imp("NOP".to_owned(), meaning::NOP.to_owned()),
        Ok(FromImp::InterfaceReset) => {
            imp("INTERFACE RESET".to_owned(), "what was on its way is lost".to_owned())
        }
        Ok(FromImp::DestinationDead { to, link, why }) => {
            imp(about("DESTINATION DEAD", to, link), why.to_string())
        }
        Ok(FromImp::FakeHostDead { to, link, why }) => {
            let what = format!("DESTINATION DEAD fake host {} of IMP {} link {link}", to.host(), to.imp());
            imp(what, why.to_string())
        }
        Ok(FromImp::Incomplete { to, link, why }) => imp(about("INCOMPLETE", to, link), why.to_string()),
        Ok(FromImp::ErrorInData { to, link }) => imp(about("ERROR IN DATA", to, link), String::new()),
        Ok(FromImp::ErrorInLeader { why, link }) => {
            imp(format!("ERROR IN LEADER link {link}"), why.to_string())
        }
        Ok(FromImp::GoingDown(going)) => imp("IMP GOING DOWN".to_owned(), going.to_string()),
        Ok(FromImp::Unknown(leader)) => imp(format!("TYPE {}", leader.kind), String::new()),
        Err(_) => imp(format!("{} BITS", bits.len()), "shorter than a leader".to_owned()),
    }
}

fn ready(up: bool) -> String {
    format!("READY LINE {}", if up { "UP" } else { "DOWN" })
}
