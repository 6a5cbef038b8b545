//! What goes over a connection, as bits of it and as a scenario shows it.

use imp1822::{HostAddress, LEADER_BITS, Leader, Link, ToImp};
use machine::{BitReader, BitWriter, Bits};
use ncp::{ByteSize, CloseReason, HEADER_BITS, Header};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use scenario::ast::{Data, Text};

use super::check::quoted;
use super::evidence::short;
use super::numbers::NamedNumbers;
use super::step_error::StepError;
use crate::socket_driver::same;
use crate::socket_orders::Arrived;

/// Data in bytes of a connection's size.
pub(super) fn bits(data: &Data, numbers: &NamedNumbers, size: ByteSize) -> Result<Bits, StepError> {
    let bytes = match data {
        Data::Text(text) if size == ByteSize::EIGHT => return characters(text, "", numbers),
        Data::Text(_) => {
            let found = format!("text has bytes of 8 bits, this connection bytes of {size}");
            return Err(StepError::impossible(found, Some("say `bytes`, and numbers".to_owned())));
        }
        Data::Bytes(bytes) => bytes,
    };
    let width = usize::from(size.bits());
    let number = width.min(64);
    let mut writer = BitWriter::new(width * bytes.len());
    for byte in bytes {
        let byte = numbers.text_byte(byte)?;
        if number < 64 && byte >> number != 0 {
            let found = format!("{byte} does not fit in a byte of {size} bits");
            let help = "`size N`, where the side that sends `inits` or `listens`, makes the bytes larger";
            return Err(StepError::impossible(found, Some(help.to_owned())));
        }
        (number..width).for_each(|_| writer.put(0, 1));
        writer.put(byte, number);
    }
    Ok(writer.finish())
}

/// A text in bytes of 8 bits, and what follows it.
pub(super) fn characters(text: &Text, end: &str, numbers: &NamedNumbers) -> Result<Bits, StepError> {
    let text = numbers.written(text)? + end;
    let bytes: Result<Vec<u8>, _> = text.chars().map(u8::try_from).collect();
    // The language lets no others through.
    let bytes = bytes.map_err(|_| {
        StepError::Impossible(format!("{} has characters of more than 8 bits", shown_line(&text)))
    })?;
    Ok(Bits::from_bytes(&bytes))
}

/// So many bytes of a connection's size, drawn at random.
pub(super) fn random(count: u32, size: ByteSize, random: &mut ChaCha8Rng) -> Bits {
    let mut left = usize::from(size.bits()) * count as usize;
    let mut writer = BitWriter::new(left);
    while left > 0 {
        let some = left.min(32);
        writer.put(u64::from(random.next_u32() >> (32 - some)), some);
        left -= some;
    }
    writer.finish()
}

/// A message of text in bytes of 8 bits that no NCP would send.
pub(super) fn injected(to: HostAddress, link: u8, text: &[u8]) -> Bits {
    let header = Header { size: ByteSize::EIGHT.bits(), count: text.len() as u16 };
    let mut writer = BitWriter::new(LEADER_BITS + HEADER_BITS + header.text_bits());
    Leader::from(ToImp::Regular { to, link: Link::from(link), priority: false }).emit(&mut writer);
    header.emit(&mut writer);
    writer.put_bytes(text);
    writer.finish()
}

/// Data as a scenario has them.
pub(super) fn shown(data: &Data) -> String {
    match data {
        Data::Text(text) => quoted(text),
        Data::Bytes(bytes) => {
            format!("bytes {}", bytes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        }
    }
}

/// Characters that have arrived, as a scenario would have them.
pub(super) fn shown_line(text: &str) -> String {
    format!("\"{}\"", short(&Text::literal(text).to_string()))
}

/// What has arrived instead of what was expected.
pub(super) fn instead(expected: &Data, arrived: &Arrived, size: ByteSize) -> String {
    let text = match expected {
        Data::Text(_) => {
            let text: String = arrived.text.bytes().iter().map(|byte| char::from(*byte)).collect();
            shown_line(&text)
        }
        Data::Bytes(_) => format!("bytes {}", short(&numbers_of(arrived.text.reader(), size))),
    };
    match (arrived.over, arrived.text.is_empty()) {
        (None, _) => format!("{text} has arrived"),
        (Some(why), true) => format!("nothing has arrived, and {}", is_over(why)),
        (Some(why), false) => format!("only {text} has arrived, and {}", is_over(why)),
    }
}

/// Where what has arrived begins to differ from what was sent, or ends.
pub(super) fn first_difference(sent: &Bits, arrived: &Arrived, size: ByteSize) -> String {
    let width = usize::from(size.bits());
    let (mut one, mut other) = (sent.reader(), arrived.text.reader());
    let mut at = 1;
    while let (Ok(sent), Ok(arrived)) = (one.split(width), other.split(width)) {
        if !same(sent.clone(), arrived.clone()) {
            let (sent, arrived) = (numbers_of(sent, size), numbers_of(arrived, size));
            return format!("byte {at} of what has arrived is {arrived}, and {sent} was sent");
        }
        at += 1;
    }
    match arrived.over {
        Some(why) => {
            format!("only {} of {} bytes have arrived, and {}", at - 1, sent.len() / width, is_over(why))
        }
        None => "something else has arrived".to_owned(),
    }
}

/// That a connection is over.
pub(super) fn is_over(why: CloseReason) -> String {
    format!("the connection is over: {why}")
}

/// Bytes as numbers, as far as they fit in 64 bits.
fn numbers_of(mut text: BitReader<'_>, size: ByteSize) -> String {
    let width = usize::from(size.bits());
    let mut numbers = Vec::new();
    while let Ok(mut byte) = text.split(width) {
        // What does not fit in 64 bits are the leading ones.
        let _ = byte.split(width.saturating_sub(64));
        numbers.extend(byte.take(width.min(64)).map(|number| number.to_string()));
    }
    numbers.join(" ")
}
