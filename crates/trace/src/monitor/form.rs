//! The form of what hosts send to each other: what is right or wrong whatever was said before.

use imp1822::{LEADER_BITS, Link};
use machine::Bits;
use ncp::{Command, ErrorCode, Gender, HEADER_BITS, Header, Socket};

/// The header and text of a message, if they can be read, and whether there is something in what fills it up. An interface
/// on the way may have padded it, as RFC 635 has it.
pub(super) fn read(message: &Bits, padded: bool) -> Option<(Header, machine::BitReader<'_>, bool)> {
    let (header, text) = ncp::Header::split(message).ok()?;
    let mut rest = message.reader();
    if padded {
        rest.limit(before_padding(message));
    }
    let used = LEADER_BITS + HEADER_BITS + header.text_bits();
    let mut filled = ncp::filler(message).is_some();
    if rest.left() > used {
        filled |= rest.split(used).is_err();
        while rest.left() > 0 {
            let some = rest.left().min(64);
            filled |= rest.take(some) != Ok(0);
        }
    }
    Some((header, text, filled))
}

/// How long a message is without its last word's one and the zeros behind it, if it has that.
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

pub(super) fn joined(one: (Socket, Gender), other: (Socket, Gender)) -> bool {
    one.0.gender() == one.1 && other.0.gender() == other.1
}

/// Links 192 to 255 are for those who have agreed on them (NIC 8246, IV, Link Assignment).
pub(super) fn may_be_assigned(link: Link) -> bool {
    matches!(link.number(), 2..=71 | 192..)
}

/// Whether a complaint of this kind can be about something that begins with this byte.
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
