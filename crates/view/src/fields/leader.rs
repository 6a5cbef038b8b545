//! The 32 bits that begin each message: what the host and its IMP tell each other.

use imp1822::{FromImp, GoingDown, LEADER_BITS, Leader, LeaderError, Link, Reason, ToImp};
use machine::BitReader;

use super::field::Field;
use super::reading::Reading;

const REPORT_1822: &str = "BBN Report 1822";
const RFC_381: &str = "RFC 381, 2";

impl Reading<'_> {
    /// The leader, which is there.
    pub(super) fn leader(&mut self, is_sent: bool, mut leader: BitReader<'_>) {
        let Ok(leader) = Leader::parse(&mut leader) else { return };
        let first = self.first();
        let flag = |yes: &'static str, no: &'static str| {
            move |value: u64| (if value == 1 { yes } else { no }).to_owned()
        };
        let mut parts = vec![
            self.number("priority", 1, REPORT_1822, flag("may overtake other messages", "goes in order")),
            self.number("for IMP", 1, REPORT_1822, |value| {
                let words = match (is_sent, value) {
                    (true, 0) => "for a host, not for a program of an IMP",
                    (true, _) => "for a program of the IMP itself",
                    (false, 0) => "from a host, or from the IMP for its host",
                    (false, _) => "from a program of an IMP, or about one",
                };
                words.to_owned()
            }),
            self.number("trace", 1, REPORT_1822, flag("the IMPs are to report its way", "not traced")),
            self.number(
                "octal",
                1,
                REPORT_1822,
                flag("the IMP is to print it in octal", "not for the IMP's teletype"),
            ),
            self.number("type", 4, RFC_381, |_| if is_sent { to_imp(leader) } else { from_imp(leader) }),
        ];
        parts.push(self.host(is_sent, leader));
        let going = if is_sent { None } else { going(leader) };
        match going {
            Some(going) => self.going_down(going, &mut parts),
            None => {
                parts.push(
                    self.number("link", 8, "NIC 8246, IV, p. 25; RFC 317, III", |_| link(is_sent, leader)),
                );
                parts.push(self.number("unused", 4, REPORT_1822, |_| String::new()));
                parts.push(self.number("subtype", 4, RFC_381, |_| subtype(is_sent, leader)));
            }
        }
        let meaning = if is_sent { "what the host tells its IMP" } else { "what the IMP tells its host" };
        let value = if is_sent { to_imp(leader) } else { from_imp(leader) };
        let (short, _) = value.split_once(':').unwrap_or((&value, ""));
        self.fields.push(Field {
            name: "leader".to_owned(),
            first,
            width: LEADER_BITS,
            value: short.to_owned(),
            meaning: meaning.to_owned(),
            source: "NIC 8246, IV, p. 23",
            parts,
        });
    }

    /// The address, in its two parts.
    fn host(&mut self, is_sent: bool, leader: Leader) -> Field {
        let first = self.first();
        let at = self.number("host", 2, REPORT_1822, |number| format!("host {number} of those at its IMP"));
        let names = self.names;
        let imp = self.number("IMP", 6, REPORT_1822, |number| match u8::try_from(number) {
            Ok(number) if names.imp(number) != number.to_string() => {
                format!("the IMP at {}", names.imp(number))
            }
            _ => format!("IMP {number}"),
        });
        let place = self.place(leader.address);
        let meaning = match (is_sent, ToImp::from(leader), FromImp::from(leader)) {
            (true, ToImp::Regular { .. }, _) => format!("to {place}"),
            (true, ToImp::ErrorWithId { .. }, _) => format!("the damaged message was from {place}"),
            (false, _, FromImp::Regular { .. }) => format!("from {place}"),
            (false, _, FromImp::FakeHost { from, .. }) => {
                format!("from program {} of IMP {}", from.host(), from.imp())
            }
            (false, _, FromImp::FakeHostDead { to, .. }) => {
                format!("the message was for program {} of IMP {}", to.host(), to.imp())
            }
            (
                false,
                _,
                FromImp::Rfnm { .. }
                | FromImp::DestinationDead { .. }
                | FromImp::ErrorInData { .. }
                | FromImp::Incomplete { .. },
            ) => format!("the message was for {place}"),
            _ => "of no meaning in this type".to_owned(),
        };
        Field {
            name: "address".to_owned(),
            first,
            width: 8,
            value: leader.address.to_string(),
            meaning,
            source: REPORT_1822,
            parts: vec![at, imp],
        }
    }

    /// Bits 17 to 32 of an IMP's notice that it will stop.
    fn going_down(&mut self, going: GoingDown, parts: &mut Vec<Field>) {
        let reason: Reason = going.reason();
        parts.push(self.number("reason", 2, RFC_381, |_| reason.to_string()));
        parts.push(self.number("how soon", 4, RFC_381, |units| match units {
            0 => "in 30 seconds".to_owned(),
            units => format!("in {} minutes: it counts in fives", units * 5),
        }));
        parts.push(self.number("how long", 10, RFC_381, |units| match units {
            0 => "not said".to_owned(),
            units => format!("for {} minutes: it counts in fives", units * 5),
        }));
    }
}

fn going(leader: Leader) -> Option<GoingDown> {
    if let FromImp::GoingDown(going) = FromImp::from(leader) { Some(going) } else { None }
}

/// What a host's message of this type is.
fn to_imp(leader: Leader) -> String {
    match ToImp::from(leader) {
        ToImp::Regular { .. } => "regular message: text for another host follows",
        ToImp::ErrorWithoutId => "error without identification: a message of the IMP was damaged",
        ToImp::GoingDown => {
            "host going down: the host will stop, and its IMP calls it dead until it sends something else"
        }
        ToImp::Nop => "NOP: nothing, to be thrown away",
        ToImp::ErrorWithId { .. } => "error: a message that the leader names was damaged",
        ToImp::Unknown(_) => "unknown: no host may send this type",
    }
    .to_owned()
}

/// What an IMP's message of this type is.
fn from_imp(leader: Leader) -> String {
    match FromImp::from(leader) {
        FromImp::Regular { .. } => "regular message: text from another host follows",
        FromImp::FakeHost { .. } => "regular message: text from a program of an IMP follows",
        FromImp::ErrorInLeader { .. } => "error in leader: the IMP could not read a leader of its host's",
        FromImp::GoingDown(_) => "IMP going down: the IMP will stop",
        FromImp::Nop => "NOP: nothing, to be thrown away",
        FromImp::Rfnm { .. } => {
            "RFNM, ready for next message: the message has arrived, the link is free for the next one"
        }
        FromImp::DestinationDead { .. } | FromImp::FakeHostDead { .. } => {
            "destination dead: the message could not be delivered"
        }
        FromImp::ErrorInData { .. } => "error in data: the text was damaged between host and IMP",
        FromImp::Incomplete { .. } => {
            "incomplete transmission: the message was not, or may not have been, delivered"
        }
        FromImp::InterfaceReset => "interface reset: the IMP has thrown away what it held for this host",
        FromImp::Unknown(_) => "unknown: no document gives an IMP this type",
    }
    .to_owned()
}

fn link(is_sent: bool, leader: Leader) -> String {
    let is_used = match (is_sent, ToImp::from(leader), FromImp::from(leader)) {
        (true, message, _) => matches!(message, ToImp::Regular { .. } | ToImp::ErrorWithId { .. }),
        (false, _, message) => match message {
            // Of which message it was is not known where the leader could not be read.
            FromImp::ErrorInLeader { why, .. } => why == LeaderError::IllegalType,
            FromImp::Nop | FromImp::InterfaceReset | FromImp::Unknown(_) => false,
            _ => true,
        },
    };
    if is_used { link_words(leader.link) } else { "of no meaning in this type".to_owned() }
}

/// What messages on a link of this number are.
pub(crate) fn link_words(link: Link) -> String {
    match link.number() {
        0 => "the control link: commands of the NCPs".to_owned(),
        2..=71 => "a connection's link: the receiver has chosen it in its RTS".to_owned(),
        _ if Link::MEASUREMENT.contains(&link.number()) => "a link for measuring the net".to_owned(),
        192..=195 => "for an experiment, the Message Switching Protocol".to_owned(),
        196..=255 => "for private experiments".to_owned(),
        _ => "reserved".to_owned(),
    }
}

fn subtype(is_sent: bool, leader: Leader) -> String {
    if is_sent {
        return String::new();
    }
    match FromImp::from(leader) {
        FromImp::ErrorInLeader { why, .. } => why.to_string(),
        FromImp::DestinationDead { why, .. } | FromImp::FakeHostDead { why, .. } => why.to_string(),
        FromImp::Incomplete { why, .. } => why.to_string(),
        _ => String::new(),
    }
}
