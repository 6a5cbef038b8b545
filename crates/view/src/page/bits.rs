//! The bits of messages, in hexadecimal.

use imp1822::{LEADER_BITS, Signal};
use serde_json::{Value, json};
use trace::What;

use crate::sheet::Sheet;

/// For each record with a message: how many bits it has, and these in hexadecimal. Of what arrives there are the
/// leader, and what stands behind that which was sent; all of it where it says something else. A message that holds a password has none.
pub(super) fn to_json(sheet: &Sheet<'_>) -> Value {
    let rows = sheet.moments.iter().map(|moment| {
        let Some(bits) = shown(sheet, moment.record) else { return json!(0) };
        let sent = sheet.journey_at(moment.record).filter(|journey| journey.arrived == Some(moment.record));
        let sent = sent.and_then(|journey| shown(sheet, journey.sent));
        let leader = LEADER_BITS / 8;
        let bytes = bits.bytes();
        // Behind what was sent there may be padding.
        let padding = sent
            .filter(|sent| sent.len().is_multiple_of(8))
            .and_then(|sent| bytes.get(leader..)?.strip_prefix(sent.bytes().get(leader..)?));
        match padding {
            Some(padding) => json!([bits.len(), hex(&bytes[..leader]), hex(padding)]),
            None => json!([bits.len(), hex(bytes)]),
        }
    });
    rows.collect()
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
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}
