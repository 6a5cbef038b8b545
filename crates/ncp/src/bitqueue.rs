//! Text that waits: what a program has written and not yet sent, and what has arrived and is not yet read.

use std::collections::VecDeque;

use machine::{BitReader, BitWriter, Bits};

/// Text that a program has written and that has not left yet. It is packed into one buffer, however small
/// the pieces in which it was written.
#[derive(Debug, Default)]
pub(crate) struct Unsent {
    bytes: Vec<u8>,
    /// Where the text begins, in bits.
    at: usize,
    /// Where it ends, in bits; everything after it is zero.
    end: usize,
}

impl Unsent {
    pub(crate) fn len(&self) -> usize {
        self.end - self.at
    }

    pub(crate) fn clear(&mut self) {
        *self = Unsent::default();
    }

    /// Appends all of `text`.
    pub(crate) fn push(&mut self, mut text: BitReader<'_>) {
        if text.left() == 0 {
            return;
        }
        // Free what has been sent before the buffer has to grow.
        if self.at / 8 * 2 >= self.bytes.len() {
            self.bytes.drain(..self.at / 8);
            self.end -= self.at / 8 * 8;
            self.at %= 8;
        }
        self.fill_last_byte(&mut text);
        self.end += text.left();
        text.drain_into(&mut self.bytes);
    }

    /// Tops up a last byte that is not full, so that the rest begins on a byte boundary of the buffer.
    fn fill_last_byte(&mut self, text: &mut BitReader<'_>) {
        let used = self.end % 8;
        let some = (8 - used).min(text.left());
        if used > 0
            && let Ok(value) = text.take(some)
            && let Some(last) = self.bytes.last_mut()
        {
            *last |= (value as u8) << (8 - used - some);
            self.end += some;
        }
    }

    /// Moves the first `bits` bits into `into`.
    pub(crate) fn pop(&mut self, bits: usize, into: &mut BitWriter) {
        let mut reader = BitReader::new(&self.bytes);
        if reader.split(self.at).is_ok()
            && let Ok(text) = reader.split(bits.min(self.len()))
        {
            self.at += text.left();
            into.put_bits(text);
        }
        if self.len() == 0 {
            self.bytes.clear();
            (self.at, self.end) = (0, 0);
        }
    }
}

/// Text that has arrived and has not been read yet. The messages are kept as they are; nothing is copied
/// before it is read.
#[derive(Debug, Default)]
pub(crate) struct Unread {
    messages: VecDeque<Part>,
    bits: usize,
}

/// The part of a message, from bit `at` to before bit `end`, that is still to be read.
#[derive(Debug)]
struct Part {
    message: Bits,
    at: usize,
    end: usize,
}

impl Unread {
    /// How many bits wait.
    pub(crate) fn bits(&self) -> usize {
        self.bits
    }

    /// How many messages hold them.
    pub(crate) fn messages(&self) -> usize {
        self.messages.len()
    }

    /// Keeps the text `text` of `message`; an empty text is not kept.
    pub(crate) fn push(&mut self, message: &Bits, text: &BitReader<'_>) {
        if text.left() > 0 {
            let (at, end) = (text.at(), text.at() + text.left());
            self.messages.push_back(Part { message: message.clone(), at, end });
            self.bits += text.left();
        }
    }

    /// Hands the first `bytes` bytes of eight bits, or all if there are fewer, to `take`, piece by piece. Returns how many
    /// bits that were.
    pub(crate) fn pop_bytes(&mut self, bytes: usize, mut take: impl FnMut(&[u8])) -> usize {
        let before = self.bits;
        while let Some(part) = self.messages.front_mut() {
            let some = (part.end - part.at).min(bytes * 8 - (before - self.bits));
            let mut reader = part.message.reader();
            if some == 0 || reader.split(part.at).is_err() {
                break;
            }
            reader.limit(some);
            match reader.as_bytes() {
                Some(text) => take(text),
                None => {
                    let mut text = Vec::new();
                    reader.drain_into(&mut text);
                    take(&text);
                }
            }
            part.at += some;
            self.bits -= some;
            if part.at == part.end {
                self.messages.pop_front();
            }
        }
        before - self.bits
    }

    /// Moves the first `bits` bits, or all if there are fewer, to the end of `into`, packed, the last byte
    /// filled up with zeros. Returns how many bits were moved.
    pub(crate) fn pop(&mut self, bits: usize, into: &mut Vec<u8>) -> usize {
        if self.bits == 0 {
            return 0;
        }
        let mut packed = Unsent { bytes: std::mem::take(into), at: 0, end: 0 };
        packed.end = packed.bytes.len() * 8;
        let before = packed.end;
        while let Some(part) = self.messages.front_mut() {
            let some = (part.end - part.at).min(bits - (packed.end - before));
            let mut reader = part.message.reader();
            if some == 0 || reader.split(part.at).is_err() {
                break;
            }
            if let Ok(mut text) = reader.split(some) {
                packed.fill_last_byte(&mut text);
                packed.end += text.left();
                text.drain_into(&mut packed.bytes);
            }
            part.at += some;
            self.bits -= some;
            if part.at == part.end {
                self.messages.pop_front();
            }
        }
        *into = packed.bytes;
        packed.end - before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_written_in_odd_pieces_leaves_in_order() {
        let mut unsent = Unsent::default();
        let mut expected = BitWriter::new(7 * 50);
        let mut left = BitWriter::new(7 * 50);
        let mut waiting = 0;
        for n in 0..50_u8 {
            let bytes = [n.wrapping_mul(37) << 1];
            let mut piece = BitReader::new(&bytes);
            piece.limit(7);
            expected.put_bits(piece.clone());
            unsent.push(piece);
            waiting += 7;
            if n % 3 == 0 {
                unsent.pop(5, &mut left);
                waiting -= 5;
            }
            assert_eq!(unsent.len(), waiting);
        }
        unsent.pop(waiting, &mut left);
        assert_eq!(left.finish(), expected.finish());
        assert_eq!(unsent.len(), 0);
    }

    #[test]
    fn two_messages_of_a_36_bit_byte_each_are_read_as_nine_bytes() {
        let mut unread = Unread::default();
        let message = Bits::from_bytes(&[0xff, 0x12, 0x34, 0x56, 0x78, 0x9f]);
        let mut text = message.reader();
        text.byte().expect("there are six");
        text.limit(36);
        unread.push(&message, &text);
        unread.push(&message, &text);
        assert_eq!((unread.bits(), unread.messages()), (72, 2));

        let mut into = vec![0xee];
        assert_eq!(unread.pop(usize::MAX, &mut into), 72);
        assert_eq!(into, [0xee, 0x12, 0x34, 0x56, 0x78, 0x91, 0x23, 0x45, 0x67, 0x89]);
    }

    #[test]
    fn a_message_is_read_in_parts() {
        let mut unread = Unread::default();
        let message = Bits::from_bytes(b"ABCD");
        unread.push(&message, &message.reader());
        let mut into = Vec::new();
        assert_eq!(unread.pop(8, &mut into), 8);
        assert_eq!((unread.bits(), unread.messages()), (24, 1), "the message stays until all is read");
        assert_eq!(unread.pop(64, &mut into), 24);
        assert_eq!((into.as_slice(), unread.messages()), (&b"ABCD"[..], 0));
    }
}
