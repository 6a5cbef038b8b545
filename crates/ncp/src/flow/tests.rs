//! Flow control at its bounds: less than a byte, nothing at all, and more than there is.

use super::*;

const FULL: Allocation = Allocation { messages: 4, bits: 64 };

fn receiver() -> Receiver {
    let mut receiver = Receiver::new(FULL);
    assert_eq!(receiver.first_grant(ByteSize::EIGHT), Some(FULL));
    receiver
}

#[test]
fn a_sender_is_supplied_again_when_half_has_been_read() {
    let mut receiver = receiver();
    let text = Bits::from_bytes(b"FOUR");
    assert_eq!(receiver.arrive(&text, &text.reader()), Ok(()));
    assert_eq!(receiver.grant(ByteSize::EIGHT), None, "nothing has been read");
    let mut into = Vec::new();
    receiver.unread.pop(24, &mut into);
    assert_eq!(receiver.grant(ByteSize::EIGHT), None, "less than half has been read");
    receiver.unread.pop(8, &mut into);
    assert_eq!(receiver.grant(ByteSize::EIGHT), Some(Allocation { messages: 1, bits: 32 }));
    assert_eq!(receiver.granted, FULL);
}

#[test]
fn messages_without_text_use_up_messages_only() {
    let mut receiver = receiver();
    let empty = Bits::default();
    assert_eq!(receiver.arrive(&empty, &empty.reader()), Ok(()));
    assert_eq!(receiver.granted, Allocation { messages: 3, bits: 64 });
    assert_eq!(receiver.grant(ByteSize::EIGHT), None);
    assert_eq!(receiver.arrive(&empty, &empty.reader()), Ok(()));
    assert_eq!(receiver.grant(ByteSize::EIGHT), Some(Allocation { messages: 2, bits: 0 }));
}

#[test]
fn more_than_was_given_is_noticed() {
    let mut receiver = receiver();
    let text = Bits::from_bytes(b"MUCH TOO LONG");
    assert_eq!(receiver.arrive(&text, &text.reader()), Err(Overrun));
}

#[test]
fn a_supply_given_once_is_not_renewed() {
    let mut receiver = Receiver::new(FULL);
    receiver.supply = Supply::Once(Allocation { messages: 1, bits: 32 });
    assert_eq!(receiver.first_grant(ByteSize::THIRTY_TWO), Some(Allocation { messages: 1, bits: 32 }));
    let text = Bits::from_bytes(&[0, 0, 0, 2]);
    assert_eq!(receiver.arrive(&text, &text.reader()), Ok(()));
    receiver.unread.pop(32, &mut Vec::new());
    assert_eq!(receiver.grant(ByteSize::THIRTY_TWO), None);
}

#[test]
fn a_ret_counts_only_if_a_gvb_asked_for_it() {
    let mut receiver = receiver();
    let back = Allocation { messages: 1, bits: 8 };
    assert_eq!((receiver.take_ret(back), receiver.granted), (Ok(()), FULL), "nobody asked");
    receiver.give_backs = 2;
    assert_eq!(receiver.take_ret(back), Ok(()));
    assert_eq!(receiver.granted, Allocation { messages: 3, bits: 56 });
    assert_eq!(receiver.take_ret(FULL), Err(TooMuch));
    assert_eq!(receiver.granted, Allocation { messages: 3, bits: 56 }, "what is impossible is not counted");
}

#[test]
fn fractions_given_back_are_rounded_up_and_more_than_one_is_all() {
    let allowed = Allocation { messages: 3, bits: 1000 };
    let mut sender = Sender { allowed, ..Sender::default() };
    assert_eq!(sender.give_back(64, 1), Allocation { messages: 2, bits: 8 });
    assert_eq!(sender.allowed, Allocation { messages: 1, bits: 992 });
    assert_eq!(sender.give_back(0, 0), Allocation::default());
    assert_eq!(sender.give_back(255, 128), Allocation { messages: 1, bits: 992 });
}

#[test]
fn no_counter_goes_beyond_its_end() {
    let mut sender = Sender::default();
    let most = Allocation { messages: u16::MAX, bits: u32::MAX };
    assert_eq!(sender.allow(most), Ok(()));
    assert_eq!(sender.allow(Allocation { messages: 1, bits: 0 }), Err(TooMuch));
    assert_eq!(sender.allow(Allocation { messages: 0, bits: 1 }), Err(TooMuch));
    assert_eq!(sender.allowed, most, "a refused ALL changes nothing");
}

#[test]
fn a_message_holds_whole_bytes_within_allocation_and_largest_text() {
    let mut sender = Sender::default();
    sender.unsent.push(BitReader::new(&[0; 30]));
    let size = ByteSize::new(36).expect("not 0");
    assert_eq!(sender.begin_message(sender.unsent.len(), 8023, size), None, "nothing is allowed yet");
    sender.allow(Allocation { messages: 9, bits: 100 }).expect("it fits");
    assert_eq!(
        sender.begin_message(sender.unsent.len(), 8023, size),
        Some(72),
        "100 bits hold two bytes of 36"
    );
    assert_eq!(sender.allowed, Allocation { messages: 8, bits: 28 });
    assert_eq!(sender.begin_message(sender.unsent.len(), 8023, size), None, "28 bits hold none");
}

/// Bytes of 36 bits, as hosts of the PDP-10 send them.
const WORD: u8 = 36;

fn word() -> ByteSize {
    ByteSize::new(WORD).expect("not 0")
}

/// The receiver of words that is to supply so much, what it grants at first, and a message of one word.
fn receiver_of_words(messages: u16, bits: u32) -> (Receiver, Option<Allocation>, Bits) {
    let mut receiver = Receiver::new(Allocation { messages, bits });
    let granted = receiver.first_grant(word());
    let mut text = machine::BitWriter::new(WORD.into());
    text.put(0, WORD.into());
    (receiver, granted, text.finish())
}

#[test]
fn a_sender_may_always_send_one_byte_however_little_is_to_be_allocated_at_first_and_after_each() {
    for (messages, bits) in [(1, 8), (0, 8), (0, 36), (1, 35), (1, 0)] {
        let (mut receiver, granted, text) = receiver_of_words(messages, bits);
        let one_word = Allocation { messages: 1, bits: WORD.into() };
        assert_eq!(granted, Some(one_word), "of {messages} messages and {bits} bits");
        for _ in 0..3 {
            assert_eq!(receiver.arrive(&text, &text.reader()), Ok(()), "what was granted is enough");
            assert_eq!(receiver.grant(word()), None, "it has not been read");
            receiver.unread.pop(WORD.into(), &mut Vec::new());
            assert_eq!(receiver.grant(word()), Some(one_word), "of {messages} messages and {bits} bits");
            assert_eq!(receiver.grant(word()), None, "once");
        }
    }
}

#[test]
fn what_is_given_once_is_given_as_it_was_said_be_it_less_than_a_byte_or_nothing() {
    let once = |messages, bits| {
        let mut receiver = Receiver::new(FULL);
        receiver.supply = Supply::Once(Allocation { messages, bits });
        (receiver.first_grant(word()), receiver.granted)
    };
    let little = Allocation { messages: 1, bits: 8 };
    assert_eq!(once(1, 8), (Some(little), little));
    assert_eq!(once(0, 0), (None, Allocation::default()), "an ALL of nothing is not worth a message");
}

#[test]
fn who_gave_back_so_much_that_less_than_a_byte_is_left_is_supplied_as_soon_as_all_has_been_read() {
    let (mut receiver, _, text) = receiver_of_words(4, 79);
    assert_eq!(receiver.arrive(&text, &text.reader()), Ok(()));
    receiver.give_backs = 2;
    let give = |bits| Allocation { messages: 0, bits };
    assert_eq!(receiver.take_ret(give(7)), Ok(()));
    assert_eq!(receiver.granted.bits, 36, "one byte may still be sent");
    assert_eq!(receiver.take_ret(give(1)), Ok(()));
    assert_eq!(receiver.granted.bits, 35, "none may be sent");
    assert_eq!(receiver.grant(word()), None, "a byte waits to be read: to read it makes it worth an ALL");

    for (back, more) in [(4, None), (5, Some(give(5)))] {
        let (mut receiver, _, _) = receiver_of_words(4, 40);
        receiver.give_backs = 1;
        assert_eq!(receiver.take_ret(give(back)), Ok(()));
        assert_eq!(receiver.grant(word()), more, "{} bits are left of 40, and nothing waits", 40 - back);
    }
}

#[test]
fn more_is_given_from_just_half_on_of_messages_or_of_bits() {
    let letter = Bits::from_bytes(b"X");
    let after = |messages, bits, read| {
        let mut receiver = Receiver::new(Allocation { messages, bits });
        receiver.first_grant(ByteSize::EIGHT);
        for _ in 0..read {
            assert_eq!(receiver.arrive(&letter, &letter.reader()), Ok(()));
            receiver.unread.pop(8, &mut Vec::new());
        }
        receiver.grant(ByteSize::EIGHT).map(|more| (more.messages, more.bits))
    };
    assert_eq!((after(5, 8000, 2), after(5, 8000, 3)), (None, Some((3, 24))), "three of five messages");
    assert_eq!((after(100, 56, 3), after(100, 56, 4)), (None, Some((4, 32))), "32 of 56 bits");
    assert_eq!((after(100, 64, 3), after(100, 64, 4)), (None, Some((4, 32))), "32 of 64 bits");
}

#[test]
fn a_message_that_waits_holds_its_message_and_its_bits() {
    let mut receiver = receiver();
    let text = Bits::from_bytes(b"AB");
    for _ in 0..3 {
        assert_eq!(receiver.arrive(&text, &text.reader()), Ok(()));
    }
    receiver.unread.pop(16, &mut Vec::new());
    receiver.unread.pop(16, &mut Vec::new());
    // One message and 16 bits had not been used, and as much waits.
    assert_eq!(receiver.grant(ByteSize::EIGHT), Some(Allocation { messages: 2, bits: 32 }));
    assert_eq!(receiver.granted, Allocation { messages: 3, bits: 48 });
}

#[test]
fn one_give_back_is_answered_by_one_return_and_further_ones_are_not_counted() {
    let mut receiver = receiver();
    let back = Allocation { messages: 1, bits: 8 };
    receiver.give_backs = 1;
    for answer in 1..=3 {
        assert_eq!(receiver.take_ret(back), Ok(()));
        assert_eq!(receiver.granted, Allocation { messages: 3, bits: 56 }, "after RET {answer}");
    }
    assert_eq!(receiver.take_ret(Allocation { messages: 9, bits: 0 }), Ok(()), "nor judged");
}

#[test]
fn a_return_of_too_many_messages_or_of_too_many_bits_is_impossible_and_of_all_it_is_not() {
    for (messages, bits, possible) in [(5, 0, false), (0, 65, false), (4, 64, true)] {
        let mut receiver = receiver();
        receiver.give_backs = 1;
        let expected = if possible { Ok(()) } else { Err(TooMuch) };
        assert_eq!(receiver.take_ret(Allocation { messages, bits }), expected, "{messages} and {bits}");
        assert_eq!(receiver.give_backs, 0, "the GVB has its answer");
    }
}

#[test]
fn a_sender_has_room_for_one_byte_and_sends_one_however_short_buffer_and_texts_are_to_be() {
    let mut sender = Sender::default();
    assert_eq!(sender.room(8, word()), 36);
    assert_eq!(sender.room(71, word()), 36, "whole bytes");
    assert_eq!(sender.room(72, word()), 72);
    sender.unsent.push(BitReader::new(&[0; 9]));
    assert_eq!(sender.room(107, word()), 0, "two bytes are in it");
    assert_eq!(sender.room(8, word()), 0, "more is in it than there was room for");
    assert_eq!(sender.room(108, word()), 36);
    sender.allow(Allocation { messages: 2, bits: 72 }).expect("it fits");
    assert_eq!(
        sender.begin_message(sender.unsent.len(), 8, word()),
        Some(36),
        "the largest text is shorter than a byte"
    );
    assert_eq!(sender.allowed, Allocation { messages: 1, bits: 36 });
}

#[test]
fn no_message_has_more_bytes_than_its_header_can_count() {
    let bit = ByteSize::new(1).expect("not 0");
    let mut sender = Sender::default();
    sender.unsent.push(BitReader::new(&[0; 10_000]));
    sender.allow(Allocation { messages: 2, bits: 80_000 }).expect("it fits");
    assert_eq!(sender.begin_message(sender.unsent.len(), 80_000, bit), Some(65_535));
}

#[test]
fn an_allocation_of_just_one_message_and_one_byte_is_enough() {
    let mut sender = Sender::default();
    sender.unsent.push(BitReader::new(&[0; 9]));
    sender.allow(Allocation { messages: 0, bits: 72 }).expect("it fits");
    assert_eq!(sender.begin_message(sender.unsent.len(), 8000, word()), None, "no message is allowed");
    assert_eq!(sender.allowed, Allocation { messages: 0, bits: 72 }, "and nothing is lost");
    sender.allow(Allocation { messages: 1, bits: 0 }).expect("it fits");
    sender.allowed.bits = 36;
    assert_eq!(sender.begin_message(sender.unsent.len(), 8000, word()), Some(36));
    assert_eq!(sender.allowed, Allocation::default());
}
