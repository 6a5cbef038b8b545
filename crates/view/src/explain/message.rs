//! What a message says that is no control message of the NCPs: text, what arrives, and what a host and its IMP tell each other.

use ftp::{CommandName, Edition};
use imp1822::{FromImp, HostAddress, Signal, ToImp};
use machine::{Bits, Span};
use ncp::Socket;
use ncp::icp::Server;
use trace::{Lens, Topic, What};

use super::command::counted;
use super::context::Context;
use super::explanation::Source;
use super::facts::Text;
use super::line::{self, Speaker};
use crate::sheet::{Journey, Moment, PhaseKind, Said};

/// A message that is under way for longer is slow.
const SLOW: Span = Span::from_secs(5);

/// How long the IMP takes no more than one packet of a host that has come up (RFC 271).
const FIRST_HALF_MINUTE: Span = Span::from_secs(30);

impl Context<'_> {
    /// What a host puts on its cable.
    pub(super) fn sent(&self, moment: &Moment, host: HostAddress, signal: &Signal) -> Vec<String> {
        let bits = match signal {
            Signal::Ready(is_up) => return vec![self.ready(host, *is_up, false)],
            Signal::Message(bits) => bits,
        };
        let name = self.host(host);
        let words = match ToImp::parse(bits) {
            Ok(ToImp::Regular { to, .. }) => return self.regular(moment, host, to),
            Ok(ToImp::Nop) => format!(
                "{name} sends its IMP a message that says nothing. The first messages behind a ready line may be damaged, so \
                 that three are sent which nobody misses."
            ),
            Ok(ToImp::GoingDown) => format!(
                "{name} tells its IMP that it will stop. To the network it is dead from now on, until it sends something else."
            ),
            Ok(ToImp::ErrorWithoutId | ToImp::ErrorWithId { .. }) => {
                format!("{name} tells its IMP that a message which came from it was damaged.")
            }
            Ok(ToImp::Unknown(_)) => {
                format!("{name} sends its IMP a message of a type that no host may send.")
            }
            Err(_) => format!("{name} sends its IMP {} bits: shorter than a leader.", bits.len()),
        };
        vec![words]
    }

    /// A message for another host, one paragraph for each thing that it says.
    fn regular(&self, moment: &Moment, from: HostAddress, to: HostAddress) -> Vec<String> {
        let commands = self.facts.commands(moment.record);
        let said = moment.said.iter().enumerate();
        let mut said: Vec<String> = said
            .map(|(index, said)| match (commands.get(index), self.facts.text(moment.record)) {
                (Some(fact), _) => self.command(moment, fact, from, to),
                (None, Some(text)) => self.text(moment, said, text, [from, to]),
                (None, None) if said.lens == Lens::Traffic => {
                    format!(
                        "{}: a message that only measures the net, on a link that is set aside for that.",
                        said.what
                    )
                }
                (None, None) => format!("What cannot be read: {}. {}.", said.what, said.meaning),
            })
            .collect();
        if let (Some(last), Some(slow)) = (said.last_mut(), self.slow(moment, from, to)) {
            last.push_str(&slow);
        }
        said
    }

    /// That a message takes long to arrive, and why, if that can be told.
    fn slow(&self, moment: &Moment, from: HostAddress, to: HostAddress) -> Option<String> {
        let journey = self.sheet.journey_at(moment.record)?;
        let arrived = self.sheet.moments.get(usize::try_from(journey.arrived?).ok()?)?.at;
        let took = arrived - moment.at;
        if journey.sent != moment.record || took < SLOW {
            return None;
        }
        let before = self.sheet.moments[..moment.record as usize].iter().rev();
        let mut recent = before.take_while(|earlier| moment.at - earlier.at < FIRST_HALF_MINUTE);
        let has_come_up = recent.any(|earlier| {
            let up = What::Sent { host: from, signal: Signal::Ready(true) };
            self.what(earlier.record) == Some(&up)
        });
        let why = if has_come_up {
            format!(
                ": {} has just come up, and for half a minute the IMP takes no more than one packet of such a host (RFC 271)",
                self.host(from)
            )
        } else {
            String::new()
        };
        Some(format!(" It reaches {} only at {arrived}, {took} later{why}.", self.host(to)))
    }

    /// Text on a connection.
    fn text(&self, moment: &Moment, said: &Said, text: Text, [from, to]: [HostAddress; 2]) -> String {
        let (one, other) = (self.host(from), self.host(to));
        let mut words = match (moment.topic, said.lens) {
            (Topic::Contact { service, .. }, Lens::Ncp) => {
                let number = said.what.rsplit(' ').next().and_then(|number| number.parse().ok());
                let Some(Ok(server)) = number.map(|number: u32| Server::at(Socket::from(number))) else {
                    return format!("{one} says a number: {}.", said.what);
                };
                let Server { receive, send } = server;
                let user = text.ends.map(|(_, user)| {
                    format!(
                        " {other} asked from its socket U = {user}; so U+3 = {} is to send to {receive}, and {send} to U+2 = {}.",
                        user.offset(3),
                        user.offset(2)
                    )
                });
                format!(
                    "{one} says one number, S = {receive}, and no more: at {receive} and {send} the dialogue with {} will take \
                     place, so that socket {service} is free for the next user.{}",
                    crate::sheet::service_words(service),
                    user.unwrap_or_default()
                )
            }
            (Topic::Dialogue { .. }, Lens::Ftp) => {
                let speaker = line::speaker(moment);
                match speaker {
                    Some(speaker) => {
                        let who = match speaker {
                            Speaker::User => format!("The FTP user at {one} tells the server at {other}"),
                            Speaker::Server => {
                                format!("The FTP server at {one} replies to the user at {other}")
                            }
                        };
                        let meaning = line::meaning(
                            &said.what,
                            speaker,
                            self.sheet.edition(moment.topic),
                            self.sheet.names(),
                        );
                        format!("{who}: {meaning}.{}", self.in_step(moment, &said.what, &one, &other))
                    }
                    None => format!("{one} sends a line of text to {other}."),
                }
            }
            _ => {
                let connection = text.ends.map_or_else(
                    || format!("on link {}, of which no request was seen", text.link),
                    |(send, receive)| {
                        format!(
                            "on link {}, of the connection from its socket {send} to {receive} at {other}",
                            text.link
                        )
                    },
                );
                let (count, size, bits) = (text.header.count, text.header.size, text.header.text_bits());
                format!("{one} sends {bits} bits of data, {count} bytes of {size} bits, {connection}.")
            }
        };
        let is_number = matches!(moment.topic, Topic::Contact { .. });
        if let Some(left) = text.left.filter(|_| !is_number) {
            let size = text.header.size;
            if left.is_used_up(size) {
                words.push_str(&format!(
                    " That uses the allocation up ({} and {} bits are left): {one} must wait until {other} allocates more.",
                    counted(left.messages), left.bits
                ));
            }
        }
        words
    }

    /// What a SOCK means in the step of RFC 438 in which it is said.
    fn in_step(&self, moment: &Moment, line: &str, user: &str, server: &str) -> String {
        let is_sock = line::command_name(line) == Some(CommandName::Sock);
        match (self.sheet.phases[moment.phase].kind, self.sheet.edition(moment.topic)) {
            (PhaseKind::Arrange { step: 2, .. }, Edition::Rfc438) if is_sock => format!(
                " {server} is to ask that socket for the data connection, and must name the socket of its own from which it will \
                 do so at once, since {user} has to tell the other server."
            ),
            (PhaseKind::Arrange { step: 3, .. }, _) if is_sock => format!(
                " {server} has a socket set aside, and so this means something else: a request for that is taken only if it \
                 comes from there."
            ),
            _ => String::new(),
        }
    }

    /// What reaches a host.
    pub(super) fn received(&self, moment: &Moment, host: HostAddress, signal: &Signal) -> Vec<String> {
        let bits = match signal {
            Signal::Ready(is_up) => return vec![self.ready(host, *is_up, true)],
            Signal::Message(bits) => bits,
        };
        vec![self.of_imp(moment, host, bits)]
    }

    fn of_imp(&self, moment: &Moment, host: HostAddress, bits: &Bits) -> String {
        let name = self.host(host);
        let journey = self.sheet.journey_at(moment.record);
        let about = journey.map_or_else(|| "a message".to_owned(), |journey| self.quoted(journey.sent));
        let meaning = moment.said.first().map_or("", |said| said.meaning.as_str());
        match FromImp::parse(bits) {
            Ok(FromImp::Regular { from, .. }) => match journey {
                Some(journey) => self.arrival(moment, journey, bits),
                None => format!(
                    "A message that says it is from {} reaches {name}, {} bits with leader and padding. Nobody has sent it so.",
                    self.host(from),
                    bits.len()
                ),
            },
            Ok(FromImp::FakeHost { from, .. }) => {
                let what = moment.said.first().map_or("", |said| said.what.as_str());
                format!("A program of IMP {} reports to {name}: {what}.", from.imp())
            }
            Ok(FromImp::Rfnm { to, link }) => format!(
                "RFNM, ready for next message: {name}'s IMP says that {about} has reached {}. The NCP of {name}, \
                 which has one message on a link at a time, may send the next one on link {link}. Whether a program has read the message, it does not say.",
                self.host(to)
            ),
            Ok(FromImp::Nop) => format!("{name}'s IMP sends a message that says nothing."),
            Ok(FromImp::InterfaceReset) => format!(
                "{name}'s IMP has reset the interface between them: it has thrown away what it held for {name}, and of what {name} \
                 has sent nothing will be answered."
            ),
            Ok(FromImp::DestinationDead { to, .. }) => format!(
                "{name}'s IMP could not deliver {about}: {meaning}. Whatever {name} has to do with {} is over.",
                self.host(to)
            ),
            Ok(FromImp::FakeHostDead { .. }) => {
                format!("{name}'s IMP could not deliver a report: {meaning}.")
            }
            Ok(FromImp::Incomplete { .. }) => {
                format!("{name}'s IMP says that {about} was not, or may not have been, delivered: {meaning}.")
            }
            Ok(FromImp::ErrorInData { .. }) => {
                format!("{name}'s IMP got {about} with an error in its text, and has not sent it on.")
            }
            Ok(FromImp::ErrorInLeader { .. }) => {
                format!("{name}'s IMP could not read a leader: {meaning}. It cannot say of which message.")
            }
            Ok(FromImp::GoingDown(_)) => format!("{name}'s IMP will stop {meaning}."),
            Ok(FromImp::Unknown(_)) => {
                format!("{name}'s IMP sends a message of a type that no document gives it.")
            }
            Err(_) => format!("{name} gets {} bits: shorter than a leader.", bits.len()),
        }
    }

    /// A message has crossed the net.
    fn arrival(&self, moment: &Moment, journey: &Journey, bits: &Bits) -> String {
        let (from, to) = (self.host(journey.from), self.host(journey.to));
        let (sent, length) = usize::try_from(journey.sent)
            .ok()
            .and_then(|sent| {
                let moment = self.sheet.moments.get(sent)?;
                let What::Sent { signal: Signal::Message(bits), .. } = &self.sheet.records()[sent].what
                else {
                    return None;
                };
                Some((moment.at, bits.len()))
            })
            .unwrap_or((moment.at, bits.len()));
        let took = moment.at - sent;
        let grown = bits.len().saturating_sub(length);
        let padding = if grown > 0 {
            format!(
                " It has {grown} bits more than when it was sent: {from}'s IMP fills the last word of 16 bits up."
            )
        } else {
            String::new()
        };
        format!("{} of {from} reaches {to}, {took} after it was sent.{padding}", self.quoted(journey.sent))
    }

    fn ready(&self, host: HostAddress, is_up: bool, is_of_imp: bool) -> String {
        let name = self.host(host);
        let whose = if is_of_imp { format!("{name}'s IMP") } else { name };
        if is_up {
            format!(
                "{whose} raises its ready line: a wire of the cable that says that it is there. Messages can cross when both are up."
            )
        } else {
            format!("{whose} drops its ready line: nothing can cross the cable, and what was on it is lost.")
        }
    }

    /// Where it is written how the file goes over a connection for data, if it is one.
    fn source_of_file(&self, moment: &Moment) -> Option<Source> {
        let transfer = self.transfer_of(moment).filter(|_| matches!(moment.topic, Topic::Data { .. }))?;
        Some(self.document(line::source_of_data(self.sheet.edition_of(transfer.server))))
    }

    /// Where it is written what a message to or from an IMP says.
    pub(super) fn sources_of_message(&self, moment: &Moment, signal: &Signal, is_sent: bool) -> Vec<Source> {
        let Signal::Message(bits) = signal else { return vec![self.document("RFC 271; RFC 394, 1")] };
        if !is_sent {
            return match FromImp::parse(bits) {
                Ok(FromImp::Regular { .. }) => vec![self.clause("fmt-08"), self.clause("flo-01")],
                Ok(FromImp::Rfnm { .. }) => vec![self.document("RFC 381, 2, type 5"), self.clause("lv1-01")],
                Ok(FromImp::DestinationDead { .. }) => {
                    vec![self.document("RFC 381, 2, type 7"), self.clause("lv1-02")]
                }
                Ok(FromImp::Incomplete { .. } | FromImp::ErrorInData { .. }) => {
                    vec![
                        self.document("RFC 381, 2, types 8 and 9"),
                        self.clause("lv1-03"),
                        self.clause("lv1-04"),
                    ]
                }
                Ok(FromImp::InterfaceReset) => {
                    vec![self.document("RFC 381, 2, type 10"), self.clause("lv1-06")]
                }
                Ok(FromImp::ErrorInLeader { .. }) => {
                    vec![self.document("RFC 381, 2, type 1"), self.clause("lv1-05")]
                }
                Ok(FromImp::GoingDown(_)) => vec![self.document("RFC 381, 2, type 2; RFC 406")],
                Ok(FromImp::FakeHost { .. }) => vec![self.document("BBN Report 1822; RFC 619")],
                _ => vec![self.document("RFC 381, 2")],
            };
        }
        let commands = self.facts.commands(moment.record);
        if !commands.is_empty() {
            let names = commands.iter().flat_map(|fact| Self::clauses_of(fact, moment.topic));
            // That a connection for a file opens or closes is written there, too.
            return self
                .source_of_file(moment)
                .into_iter()
                .chain(names.map(|name| self.clause(name)))
                .collect();
        }
        match (self.facts.text(moment.record), moment.topic) {
            (Some(_), Topic::Contact { .. }) => vec![self.clause("icp-08"), self.clause("icp-09")],
            (Some(text), topic) => {
                let mut sources = Vec::new();
                if let (Topic::Dialogue { .. }, Some(speaker)) = (topic, line::speaker(moment)) {
                    let lines = moment.said.iter().filter(|said| said.lens == Lens::Ftp);
                    let edition = self.sheet.edition(topic);
                    sources.extend(lines.flat_map(|said| self.of_line(&said.what, speaker, edition)));
                }
                sources.extend(self.source_of_file(moment));
                if sources.is_empty() || text.left.is_some_and(|left| left.is_used_up(text.header.size)) {
                    sources.extend(["flo-05", "flo-06"].map(|name| self.clause(name)));
                }
                sources
            }
            (None, _) => match ToImp::parse(bits) {
                Ok(ToImp::Nop) => vec![self.document("BBN Report 1822; RFC 394, 1")],
                Ok(ToImp::Regular { .. }) => vec![self.document("NIC 8246, IV, p. 23; RFC 317, III")],
                _ => vec![self.document("BBN Report 1822; RFC 271; RFC 381, 2")],
            },
        }
    }
}
