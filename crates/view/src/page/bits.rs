//! The bits of messages, in hexadecimal.

use imp1822::{LEADER_BITS, Signal};
use trace::What;

use crate::sheet::Sheet;

const LEADER_BYTES: usize = LEADER_BITS / 8;

/// How many bits a message has, these in hexadecimal, and what stands behind the text that was sent.
pub(super) type Row = (usize, String, Option<String>);

/// For each record with a message: how many bits it has, and these in hexadecimal. Of what arrives there are the
/// leader, and what stands behind that which was sent; all of it where it says something else. A message that holds a password has none.
pub(super) fn to_json(sheet: &Sheet<'_>) -> Vec<Option<Row>> {
    let rows = sheet.moments.iter().map(|moment| {
        let bits = shown(sheet, moment.record)?;
        let bytes = bits.bytes();
        Some(match as_sent(sheet, moment.record) {
            Some((_, behind)) => (bits.len(), hex(&bytes[..LEADER_BYTES]), Some(hex(behind))),
            None => (bits.len(), hex(bytes), None),
        })
    });
    rows.collect()
}

/// How many bits a message had when it was sent that arrives in this record, and what stands behind these: there may be padding.
/// `None` if it says something else.
pub(super) fn as_sent<'a>(sheet: &Sheet<'a>, record: u64) -> Option<(usize, &'a [u8])> {
    let journey = sheet.journey_at(record).filter(|journey| journey.arrived == Some(record))?;
    let sent = shown(sheet, journey.sent).filter(|sent| sent.len().is_multiple_of(8))?;
    let text = shown(sheet, record)?.bytes().get(LEADER_BYTES..)?;
    Some((sent.len(), text.strip_prefix(sent.bytes().get(LEADER_BYTES..)?)?))
}

/// The bits of the message of which a record tells, if they may be shown.
fn shown<'a>(sheet: &Sheet<'a>, record: u64) -> Option<&'a machine::Bits> {
    let place = usize::try_from(record).ok()?;
    if sheet.moments.get(place)?.is_masked {
        return None;
    }
    match &sheet.records().get(place)?.what {
        What::Sent { signal: Signal::Message(bits), .. }
        | What::Received { signal: Signal::Message(bits), .. } => Some(bits),
        _ => None,
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = Vec::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.extend_from_slice(&[byte >> 4, byte & 15].map(|digit| DIGITS[usize::from(digit)]));
    }
    // Digits are characters.
    String::from_utf8(text).unwrap_or_default()
}
