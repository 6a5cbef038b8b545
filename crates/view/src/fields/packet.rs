//! The fields of what crosses a line between IMPs.
//!
//! How many bits a frame adds, and many of the parts of a header, are known; where in the header each part lies is in no document
//! at hand. So these fields have widths and no places. Where a document says how many of something there are, and not how many
//! bits count them, the width is the least that can.

use imp::{Carried, Crossing, FRAMING_BITS, MAX_PACKET_BITS, ROUTING_BITS};
use imp1822::{HostAddress, LEADER_BITS};
use trace::Names;

use super::field::Field;

/// The bits of a frame that are neither its packet's header nor text (RFC 635).
const CONTROL_BITS: usize = 48;
const CHECK_BITS: usize = 24;
const HEADER_BITS: usize = FRAMING_BITS - CONTROL_BITS - CHECK_BITS;

const RFC_635: &str = "RFC 635";
const NUMBERS: &str = "RFC 442, p. 3";
const ACKNOWLEDGING: &str = "RFC 442, pp. 5-7";
const FLOW: &str = "RFC 442, pp. 1-2";

/// The fields of a frame.
pub(super) fn fields(crossing: &Crossing, names: &Names) -> Vec<Field> {
    let control = "characters around a packet, by which the other IMP knows where it begins and ends";
    let check = "reckoned again by the other IMP, which throws away what does not agree with it";
    let mut fields = vec![field("control octets", CONTROL_BITS, "", control, RFC_635)];
    if crossing.what == Carried::Routing {
        let meaning = "how far the IMP believes it has to each other, a word for each";
        let width = ROUTING_BITS - CONTROL_BITS - CHECK_BITS;
        fields.push(field("routing message", width, "", meaning, "RFC 528; RFC 635"));
    } else {
        fields.push(header(crossing, names));
    }
    let text = crossing.bits.saturating_sub(FRAMING_BITS);
    if let Carried::Data { packet, .. } = crossing.what
        && text > 0
    {
        let first = LEADER_BITS + usize::from(packet - 1) * MAX_PACKET_BITS + 1;
        let value = format!("bits {first}-{} of the message", first + text - 1);
        let meaning = "as its host has sent them; the leader itself stays at the IMP, and the header tells what it said";
        fields.push(field("text", text, &value, meaning, "RFC 635"));
    }
    fields.push(field("check", CHECK_BITS, "", check, RFC_635));
    fields
}

/// What the IMPs tell each other of a packet.
fn header(Crossing { source, destination, what, again, .. }: &Crossing, names: &Names) -> Field {
    let imp = |number: u8| match names.imp(number) {
        name if name == number.to_string() => format!("IMP {number}"),
        name => format!("IMP {number} ({name})"),
    };
    let mut parts = Vec::new();
    if let Some(number) = number(*what) {
        let meaning = format!("counts the messages {}", way(*what, &imp(*source), &imp(*destination)));
        parts.push(field("message number", 8, &number.to_string(), &meaning, NUMBERS));
    }
    if let Carried::Data { packet, last, from, to, order, .. } = *what {
        if let Some(order) = order {
            let meaning = "its place among the priority messages, which may overtake the others";
            parts.push(field("priority number", 2, &order.to_string(), meaning, NUMBERS));
        }
        let host =
            |host: HostAddress| format!("{}, host {} of {}", names.host(host), host.host(), imp(host.imp()));
        parts.push(field("source", 8, &from.to_string(), &format!("from {}", host(from)), "BBN Report 1822"));
        parts.push(field("destination", 8, &to.to_string(), &format!("to {}", host(to)), "BBN Report 1822"));
        let meaning = "which packet of its message, counted from 1: a message has up to eight";
        parts.push(field("packet number", 3, &packet.to_string(), meaning, FLOW));
        let meaning = if last { "the message ends with it" } else { "more of the message follows" };
        parts.push(field("last packet", 1, if last { "1" } else { "0" }, meaning, FLOW));
    } else if let Some((value, meaning)) = kind(*what) {
        parts.push(field("kind", 0, value, meaning, FLOW));
    }
    let meaning = "tells a packet that comes twice from the next one on its channel";
    let meaning =
        if *again { format!("{meaning}; as it was when this was sent before") } else { meaning.to_owned() };
    parts.push(field("odd/even", 1, "not kept", &meaning, ACKNOWLEDGING));
    let meaning = "on which of the eight channels of the line it goes, each with one packet under way";
    parts.push(field("channel", 3, "not kept", meaning, ACKNOWLEDGING));
    let meaning = "the other IMP's packets that have come, a bit for each of its eight channels";
    parts.push(field("acknowledgements", 8, "not kept", meaning, ACKNOWLEDGING));
    let meaning =
        "what the IMPs tell each other; what else is in it, and in which order, no document at hand says";
    Field { parts, ..field("header", HEADER_BITS, "", meaning, RFC_635) }
}

/// The number of the message that a packet belongs to or is about.
fn number(what: Carried) -> Option<u8> {
    match what {
        Carried::Data { number, .. }
        | Carried::Request { number }
        | Carried::AllocateOne { number }
        | Carried::Rfnm { number, .. }
        | Carried::HostDead { number }
        | Carried::HostTardy { number }
        | Carried::Inquiry { number }
        | Carried::Incomplete { number }
        | Carried::Withdrawal { number } => Some(number),
        Carried::AllocateEight
        | Carried::GiveBack
        | Carried::Void
        | Carried::Acknowledgements
        | Carried::Routing => None,
    }
}

/// Between which IMPs the message goes that a packet belongs to or is about.
fn way(what: Carried, source: &str, destination: &str) -> String {
    let is_answer = match what {
        Carried::AllocateOne { .. }
        | Carried::AllocateEight
        | Carried::Rfnm { .. }
        | Carried::HostDead { .. }
        | Carried::HostTardy { .. }
        | Carried::Incomplete { .. } => true,
        Carried::Data { .. }
        | Carried::Request { .. }
        | Carried::GiveBack
        | Carried::Inquiry { .. }
        | Carried::Withdrawal { .. }
        | Carried::Void
        | Carried::Acknowledgements
        | Carried::Routing => false,
    };
    let [from, to] = if is_answer { [destination, source] } else { [source, destination] };
    format!("from {from} to {to}")
}

/// What a packet is that carries no text.
fn kind(what: Carried) -> Option<(&'static str, &'static str)> {
    Some(match what {
        Carried::Data { .. } | Carried::Routing => return None,
        Carried::Request { .. } => ("REQ(8)", "is there room for a message of several packets?"),
        Carried::AllocateOne { .. } => ("ALL(1)", "there is room for a message of one packet"),
        Carried::AllocateEight => ("ALL(8)", "there is room for a message of several packets"),
        Carried::GiveBack => ("GVB(8)", "the room for several packets is not needed"),
        Carried::Rfnm { allocate: false, .. } => ("RFNM", "the message has reached its host"),
        Carried::Rfnm { allocate: true, .. } => {
            ("RFNM and ALL(8)", "the message has reached its host, and there is room for the next")
        }
        Carried::HostDead { .. } => ("host dead", "the message's host is dead"),
        Carried::HostTardy { .. } => ("host tardy", "the message's host did not take it for 30 seconds"),
        Carried::Inquiry { .. } => ("INC?", "was the message lost?"),
        Carried::Incomplete { .. } => ("INC!", "the message was lost"),
        Carried::Withdrawal { .. } => ("withdrawn", "the rest of the message will not come"),
        Carried::Void => {
            ("void", "what it carried was thrown away: the other IMP did not take it for 30 seconds")
        }
        Carried::Acknowledgements => {
            ("null", "nothing but acknowledgements: no packet was there to carry them")
        }
    })
}

/// A field whose place in the frame is not known.
fn field(name: &str, width: usize, value: &str, meaning: &str, source: &'static str) -> Field {
    Field {
        name: name.to_owned(),
        first: Field::UNPLACED,
        width,
        value: value.to_owned(),
        meaning: meaning.to_owned(),
        source,
        parts: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Name, width and value of each field, and of the parts of the header.
    fn told(what: Carried, bits: usize) -> Vec<(String, usize, String)> {
        let crossing =
            Crossing { from_imp: 5, to_imp: 30, source: 5, destination: 6, what, again: false, bits };
        let fields = fields(&crossing, &Names::default());
        let parts = fields.iter().flat_map(|field| std::iter::once(field).chain(&field.parts));
        parts.map(|field| (field.name.clone(), field.width, field.value.clone())).collect()
    }

    #[test]
    fn a_packet_has_its_numbers_and_ends_and_says_which_part_of_the_message_it_is() {
        let from = HostAddress::new(1, 5).expect("there is such a host");
        let to = HostAddress::new(2, 6).expect("there is such a host");
        let what = Carried::Data { number: 12, packet: 2, last: true, from, to, order: None };
        let told = told(what, FRAMING_BITS + 80);
        let value =
            |name: &str| told.iter().find(|(other, ..)| other == name).map(|(_, _, value)| value.as_str());
        assert_eq!(value("message number"), Some("12"));
        assert_eq!(value("packet number"), Some("2"));
        assert_eq!(value("last packet"), Some("1"));
        assert_eq!([value("source"), value("destination")], [Some("69"), Some("134")]);
        assert_eq!(value("text"), Some("bits 1041-1120 of the message"), "the first packet had 1008");
        assert_eq!(value("priority number"), None, "it has none");
    }

    #[test]
    fn all_bits_of_a_frame_are_told_and_its_header_has_room_for_what_is_known_of_it() {
        let number = 255;
        let from = HostAddress::new(0, 5).expect("there is such a host");
        let all = [
            Carried::Data { number, packet: 8, last: false, from, to: from, order: Some(3) },
            Carried::Request { number },
            Carried::AllocateOne { number },
            Carried::AllocateEight,
            Carried::GiveBack,
            Carried::Rfnm { number, allocate: false },
            Carried::Rfnm { number, allocate: true },
            Carried::HostDead { number },
            Carried::HostTardy { number },
            Carried::Inquiry { number },
            Carried::Incomplete { number },
            Carried::Withdrawal { number },
            Carried::Void,
            Carried::Acknowledgements,
            Carried::Routing,
        ];
        for what in all {
            let bits = match what {
                Carried::Data { .. } => FRAMING_BITS + MAX_PACKET_BITS,
                Carried::Routing => ROUTING_BITS,
                _ => FRAMING_BITS,
            };
            let crossing =
                Crossing { from_imp: 5, to_imp: 30, source: 5, destination: 6, what, again: true, bits };
            let fields = fields(&crossing, &Names::default());
            assert_eq!(fields.iter().map(|field| field.width).sum::<usize>(), bits, "{what:?}");
            for field in &fields {
                let parts: usize = field.parts.iter().map(|part| part.width).sum();
                assert!(parts <= field.width, "{what:?}: {}", field.name);
                assert!(field.parts.iter().all(|part| !part.meaning.is_empty() && !part.source.is_empty()));
            }
        }
    }
}
