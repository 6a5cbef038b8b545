//! The form of what hosts send to each other: whether it is right does not depend on what was said before.

use imp1822::LEADER_BITS;
use imp1822::h316::WORD_BITS;
use machine::{BitReader, Bits};
use ncp::{Command, ErrorCode, HEADER_BITS, Header};

/// The header and text of a message, if they can be read, and whether bits are set that must be zero: in the header's
/// filler or behind the text. `padded`: an interface on the way may have padded the message, as RFC 635 has it, and a
/// cable of datagrams has filled up the word in which the text ends with anything.
pub(super) fn read(message: &Bits, padded: bool) -> Option<(Header, BitReader<'_>, bool)> {
    let (header, text) = ncp::Header::split(message).ok()?;
    let used = LEADER_BITS + HEADER_BITS + header.text_bits();
    let (used, end) = if padded {
        (used.next_multiple_of(WORD_BITS), before_padding(message))
    } else {
        (used, message.len())
    };
    // The header is there, and has M1 and M2 in these places.
    let mut filled = matches!(message.bytes(), [_, _, _, _, m1, _, _, _, m2, ..] if (*m1, *m2) != (0, 0));
    if end > used {
        let mut rest = message.reader();
        rest.limit(end);
        filled |= rest.split(used).is_err();
        while rest.left() > 0 {
            let some = rest.left().min(64);
            filled |= rest.take(some) != Ok(0);
        }
    }
    Some((header, text, filled))
}

/// The length of a message in bits without its padding: a one and zeros behind it in the last word. The whole length,
/// if the last word is zero.
fn before_padding(message: &Bits) -> usize {
    let bytes = message.bytes();
    let last: Vec<u8> = bytes.iter().rev().take(2).copied().collect();
    let word =
        u32::from(last.first().copied().unwrap_or(0)) | u32::from(last.get(1).copied().unwrap_or(0)) << 8;
    match word.trailing_zeros() {
        zeros @ 0..16 => (bytes.len() * 8).saturating_sub(zeros as usize + 1).min(message.len()),
        _ => message.len(),
    }
}

/// Whether an ERR with this code can be about something that begins with this byte.
pub(super) fn is_plausible(code: ErrorCode, first: u8) -> bool {
    let known = first <= Command::Rrp.opcode();
    match code {
        // The data are the sender's own business, or begin with a leader.
        ErrorCode::Undefined | ErrorCode::NotConnected => true,
        ErrorCode::IllegalOpcode => !known,
        ErrorCode::ShortParameters | ErrorCode::BadParameters | ErrorCode::NonexistentSocket => known,
        ErrorCode::Unknown(_) => false,
    }
}
