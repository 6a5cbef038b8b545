//! The bits of a message, or of what crosses a line between IMPs, as a tree of fields: for each its name, where it lies, what it
//! holds and what that means.
//!
//! The fields of a message lie one behind the other and leave no bit out; so do the parts of a field that has any. Of a message
//! that holds a password the text is one field, behind a mask. Of a frame on a line the widths are known, and not the places.

mod field;
mod leader;
mod packet;
mod reading;
mod text;

use imp::Toward;
use imp1822::{FromImp, LEADER_BITS, Link, Signal, ToImp};
use machine::Bits;
use ncp::{HEADER_BITS, Header};
use trace::{Names, What};

use crate::sheet::{Moment, Sheet};
use reading::Reading;
use text::Content;

pub use field::Field;

/// The fields of the message of this record, or of the frame; none if neither crosses a host's cable or a line there.
pub fn of_record(sheet: &Sheet<'_>, record: u64) -> Vec<Field> {
    let Some(index) = usize::try_from(record).ok().filter(|index| *index < sheet.moments.len()) else {
        return Vec::new();
    };
    let moment = &sheet.moments[index];
    let (bits, is_sent, content) = match &sheet.records()[index].what {
        What::Sent { signal: Signal::Message(bits), .. } => (bits, true, Content::of(sheet, moment)),
        What::Received { signal: Signal::Message(bits), .. } => {
            (bits, false, content_that_arrives(sheet, moment, bits))
        }
        What::Struck { toward, message, .. } => {
            // What it holds stands at the record that it was put on the cable in. A password may be in it.
            (message, *toward == Toward::Imp, Content::Hidden)
        }
        What::Packet(crossing) => return packet::fields(crossing, sheet.names()),
        _ => return Vec::new(),
    };
    let mut reading = Reading::new(bits, sheet.names());
    reading.message(is_sent, content);
    reading.fields
}

/// The leader of a message that arrives as it was sent, with so many bits, and what its IMP has put behind these.
pub(crate) fn around_what_was_sent(bits: &Bits, sent: usize, names: &Names) -> Vec<Field> {
    let mut reading = Reading::new(bits, names);
    let leader = reading.reader.clone();
    reading.leader(false, leader);
    let text = sent.saturating_sub(LEADER_BITS);
    if reading.reader.split(text).is_ok() {
        reading.padding(false);
    }
    reading.fields
}

/// What the text of a message is that reaches a host: what it was when it was sent.
fn content_that_arrives(sheet: &Sheet<'_>, moment: &Moment, bits: &Bits) -> Content {
    if moment.is_masked {
        return Content::Hidden;
    }
    if matches!(FromImp::parse(bits), Ok(FromImp::FakeHost { .. })) {
        let report = moment.said.first().map(|said| said.what.clone());
        return Content::Report(report.unwrap_or_default());
    }
    let journey = sheet.journey_at(moment.record);
    let sent = journey.and_then(|journey| sheet.moments.get(usize::try_from(journey.sent).ok()?));
    sent.map_or(Content::Data, |sent| Content::of(sheet, sent))
}

impl Reading<'_> {
    /// A whole message.
    fn message(&mut self, is_sent: bool, content: Content) {
        if self.reader.left() < LEADER_BITS {
            return self.rest("cut off", "shorter than a leader", "RFC 381, type 1");
        }
        let mut ahead = self.reader.clone();
        let Ok(leader) = ahead.array::<4>().map(|bytes| Bits::from_bytes(&bytes)) else { return };
        self.leader(is_sent, leader.reader());
        let link = match (is_sent, ToImp::parse(&leader), FromImp::parse(&leader)) {
            (true, Ok(ToImp::Regular { link, .. }), _) | (false, _, Ok(FromImp::Regular { link, .. })) => {
                link
            }
            (false, _, Ok(FromImp::FakeHost { .. })) => return self.report(content),
            _ => return self.rest("more", "nothing follows a leader of this type", "RFC 381, 2"),
        };
        if Link::MEASUREMENT.contains(&link.number()) {
            return self.rest("text", "bits that only fill a message, to measure the net", "RFC 317, III");
        }
        let header = Header::parse(&mut self.reader.clone());
        let Ok(header) = header else {
            return self.rest("cut off", "the message ends within its header", "NIC 8246, IV, p. 23");
        };
        self.header(header, link);
        if self.reader.left() < header.text_bits() {
            return self.rest("text, cut off", "fewer bits than the header says", "NIC 8246, IV, p. 23");
        }
        if header.text_bits() > 0 {
            self.text(header, link, content);
        }
        self.padding(is_sent);
    }

    /// M1, S, C and M2.
    fn header(&mut self, header: Header, link: Link) {
        const SOURCE: &str = "NIC 8246, IV, p. 23";
        let (first, mut parts) = (self.first(), Vec::new());
        let zero = |value: u64| if value == 0 { "always zero" } else { "ought to be zero" };
        parts.push(self.number("M1", 8, SOURCE, |value| zero(value).to_owned()));
        parts.push(self.number("S", 8, SOURCE, |size| match (size, link) {
            (_, Link::CONTROL) if size == 8 => {
                "byte size: control messages are in bytes of 8 bits".to_owned()
            }
            (_, Link::CONTROL) => "byte size: it ought to be 8 on the control link".to_owned(),
            _ => "byte size, in bits: that of the STR which opened the connection".to_owned(),
        }));
        parts.push(self.number("C", 16, SOURCE, |count| {
            let (plural, bits) = (if count == 1 { "byte" } else { "bytes" }, header.text_bits());
            format!("byte count: {count} {plural} of text follow, {bits} bits")
        }));
        parts.push(self.number("M2", 8, SOURCE, |value| zero(value).to_owned()));
        let value = format!("{} x {} bits", header.count, header.size);
        let meaning = "how long the text is; leader and header together have 72 bits, which suits words of 8, 18 and 36";
        self.fields.push(Field {
            name: "header".to_owned(),
            first,
            width: HEADER_BITS,
            value,
            meaning: meaning.to_owned(),
            source: "NIC 8246, II, p. 12",
            parts,
        });
    }

    /// What stands behind the text.
    fn padding(&mut self, is_sent: bool) {
        const SOURCE: &str = "NIC 8246, IV, pp. 23-24";
        let left = self.reader.left();
        if left == 0 {
            return;
        }
        // An IMP puts a one and zeros behind what its host has sent.
        let mut ahead = self.reader.clone();
        let last_one = (0..left).filter(|_| ahead.take(1) == Ok(1)).last();
        let filler = if is_sent { left } else { last_one.unwrap_or(left) };
        if filler > 0 {
            let meaning = "zeros with which the sender fills its last word";
            self.block("M3", filler, "", meaning, SOURCE);
        }
        let padding = left - filler;
        if padding > 0 {
            let value = format!("1{}", "0".repeat(padding - 1));
            let meaning =
                "a one and zeros, put there by the sender's IMP: the message ends at a word of 16 bits";
            self.block("padding", padding, &value, meaning, SOURCE);
        }
    }

    /// A report of an IMP's own program.
    fn report(&mut self, content: Content) {
        let meaning = match content {
            Content::Report(words) => words,
            _ => "words of 16 bits of a program of the IMP".to_owned(),
        };
        self.rest("report", &meaning, "BBN Report 1822; RFC 619");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Name, first bit and width of each field of a message with this behind its leader.
    fn fields(is_sent: bool, behind: &[u8]) -> Vec<(String, usize, usize)> {
        let bits = Bits::from_bytes(&[&[0, 2, 2, 0], behind].concat());
        let names = Names::default();
        let mut reading = Reading::new(&bits, &names);
        reading.message(is_sent, Content::Data);
        reading.fields.into_iter().map(|field| (field.name, field.first, field.width)).collect()
    }

    fn named(fields: &[(&str, usize, usize)]) -> Vec<(String, usize, usize)> {
        fields.iter().map(|(name, first, width)| ((*name).to_owned(), *first, *width)).collect()
    }

    #[test]
    fn zeros_of_the_sender_are_no_padding_and_the_imp_adds_a_one_and_zeros() {
        let begin = [("leader", 1, 32), ("header", 33, 40), ("text", 73, 8)];
        let sent = fields(true, &[0, 8, 0, 1, 0, 65, 0, 0]);
        assert_eq!(sent, named(&[&begin[..], &[("M3", 81, 16)]].concat()));
        let arrived = fields(false, &[0, 8, 0, 1, 0, 65, 0, 0, 0x80, 0]);
        assert_eq!(arrived, named(&[&begin[..], &[("M3", 81, 16), ("padding", 97, 16)]].concat()));
        assert_eq!(
            fields(true, &[0, 8, 0, 1, 0, 65]),
            named(&begin),
            "and where there are none, there is no field"
        );
    }

    #[test]
    fn a_message_that_is_cut_short_has_fields_as_far_as_it_goes() {
        assert_eq!(fields(true, &[]), named(&[("leader", 1, 32)]), "no header at all");
        assert_eq!(fields(true, &[0, 8, 0]), named(&[("leader", 1, 32), ("cut off", 33, 24)]));
        let short = named(&[("leader", 1, 32), ("header", 33, 40), ("text, cut off", 73, 8)]);
        assert_eq!(fields(true, &[0, 8, 0, 9, 0, 65]), short);
        let names = Names::default();
        let bits = Bits::from_bytes(&[0, 2]);
        let mut reading = Reading::new(&bits, &names);
        reading.message(false, Content::Data);
        assert_eq!(reading.fields.len(), 1, "shorter than a leader");
    }
}
