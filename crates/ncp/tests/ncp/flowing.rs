//! How text flows (NIC 8246, Flow Control and Interrupts).

use imp1822::Link;
use machine::BitReader;
use ncp::{Allocation, ByteSize, CloseReason, Command, Event, Policy, SendError};

use crate::lone::{BBN, Lone, all, at, cls, rts, socket, str};

#[test]
fn text_waits_for_allocation_and_then_for_each_rfnm() {
    let mut here = Lone::tenex();
    let id = here.sender();
    here.rfnms = false;
    assert_eq!(here.send(id, b"LOGIN"), 40);
    assert!(here.says().is_empty(), "both counters begin at zero");
    here.hears(&[all(20, 9, 64)]);
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 5"]);
    here.send(id, b" BO");
    here.send(id, b"BT");
    assert!(here.says().is_empty(), "one message at a time on a link");
    assert_eq!(here.ncp.unsent(id), 80);
    here.rfnm(20);
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 3"], "three bytes of 64 bits are left");
    here.hears(&[all(20, 0, 1000)]);
    assert!(here.says().is_empty());
    here.rfnm(20);
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 2"]);
    assert!(here.events().is_empty());
    here.rfnm(20);
    assert_eq!(here.events(), [Event::Writable { id }], "everything has arrived");
    assert_eq!(here.ncp.unsent(id), 0);
}

#[test]
fn what_gathers_while_a_message_is_in_transit_goes_in_the_largest_texts() {
    let mut here = Lone::new(Policy { largest_text_bits: 800, ..Policy::default() });
    let id = here.sender();
    here.rfnms = false;
    here.hears(&[all(20, 9, 16_000)]);
    for _ in 0..250 {
        here.send(id, b"X");
    }
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 1"]);
    here.rfnms = true;
    here.rfnm(20);
    let expected = [100, 100, 49].map(|count| format!("TEXT link 20 size 8 count {count}"));
    assert_eq!(here.says(), expected);
}

#[test]
fn the_send_buffer_is_bounded_and_a_writer_hears_when_there_is_room() {
    let mut here = Lone::new(Policy { send_buffer_bits: 36, ..Policy::default() });
    let id = here.sender();
    assert_eq!(here.ncp.send_room(id), 32, "whole bytes only");
    assert_eq!(here.send(id, b"SIX"), 24);
    assert_eq!(here.send(id, b"SIX"), 8);
    assert!(here.events().is_empty());
    here.rfnms = false;
    here.hears(&[all(20, 1, 1000)]);
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 4"]);
    assert_eq!(here.events(), [Event::Writable { id }]);
}

#[test]
fn a_message_needs_a_message_of_the_allocation_too() {
    let mut here = Lone::tenex();
    let id = here.sender();
    here.hears(&[all(20, 0, 1000)]);
    here.send(id, b"NO");
    assert!(here.says().is_empty());
    here.hears(&[all(20, 1, 0)]);
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 2"]);
}

#[test]
fn bytes_of_36_bits_are_never_split() {
    let mut here = Lone::tenex();
    let size = ByteSize::new(36);
    let id = here.ncp.init(here.now, socket(5), at(BBN, 8), size).expect("it is free");
    here.hears(&[rts(8, 5, 20), all(20, 9, 100)]);
    let taken = here.ncp.send(here.now, id, BitReader::new(&[0xff; 18]));
    assert_eq!(taken, Ok(144));
    assert_eq!(here.ncp.send(here.now, id, BitReader::new(&[0xff; 4])), Ok(0), "32 bits are no byte");
    assert_eq!(here.says(), ["TEXT link 20 size 36 count 2", "STR 5 to 8 size 36"]);
}

#[test]
fn reading_renews_the_allocation_by_what_was_read_and_seldom() {
    let allocation = Allocation { messages: 8, bits: 80 };
    let mut here = Lone::new(Policy { allocation, ..Policy::default() });
    let id = here.init(4, at(BBN, 9));
    here.hears(&[str(9, 4, 8)]);
    assert_eq!(here.says(), ["RTS 4 from 9 link 2", "ALL link 2 messages 8 bits 80"]);
    here.events();
    here.hears_text(BBN, 2, 8, b"1234567");
    assert!(here.says().is_empty(), "arriving is not being read");
    assert_eq!(here.events(), [Event::Readable { id }]);
    let mut into = Vec::new();
    assert_eq!(here.ncp.receive(here.now, id, 37, &mut into), 32, "whole bytes");
    assert_eq!(into, b"1234");
    assert!(here.says().is_empty(), "less than half");
    assert_eq!(here.read(id), b"567");
    assert_eq!(here.says(), ["ALL link 2 messages 1 bits 56"]);
}

/// Network UNIX puts into one message all that it is allowed, up to 1000 bytes. Its IMP refused that, the UNIX closed, and
/// the user was told that the file, now empty, was stored.
#[test]
fn a_sender_that_puts_all_it_may_into_one_message_is_never_invited_to_send_what_its_imp_refuses() {
    let text = 441 * 16 - 40;
    for (size, allocation) in [
        (8, Allocation { messages: 16, bits: 32_000 }),
        (8, Allocation { messages: 1, bits: 1000 }),
        (36, Allocation { messages: 16, bits: 32_000 }),
        (36, Allocation { messages: 1, bits: 1000 }),
        (32, Allocation { messages: 2, bits: 32_000 }),
        (1, Allocation { messages: 16, bits: 32_000 }),
        // There is always room for one byte.
        (255, Allocation { messages: 1, bits: 8 }),
        (255, Allocation { messages: 3, bits: u32::MAX }),
    ] {
        let policy = Policy { allocation, message_limit_bits: Some(441 * 16), ..Policy::default() };
        let mut here = Lone::new(policy);
        let id = here.init(4, at(BBN, 9));
        here.hears(&[str(9, 4, size)]);
        let size = usize::from(size);
        let mut allowed = Allocation::default();
        let mut total = 0;
        // It sends all at once, or in parts; the program reads all of it, or a little; and sometimes it wants a part of the
        // allocation back, which the sender gives while more is on its way to it.
        let mut asked = false;
        for round in 1..300 {
            let said = here.says();
            for all in said.iter().filter_map(|line| line.strip_prefix("ALL link 2 messages ")) {
                let (messages, bits) = all.split_once(" bits ").expect("both counters");
                allowed.messages += messages.parse::<u16>().expect("a number");
                allowed.bits += bits.parse::<u32>().expect("a number");
            }
            assert!(allowed.bits as usize <= text, "{allowed:?} in bytes of {size}, after {said:?}");
            if std::mem::take(&mut asked) {
                let back = Allocation { messages: 0, bits: allowed.bits / 2 };
                here.hears(&[Command::Ret { link: Link::from(2), messages: back.messages, bits: back.bits }]);
                allowed.bits -= back.bits;
            }
            if round % 7 == 0 {
                asked = here.ncp.give_back(here.now, id, 0, 64);
            }
            let may = allowed.bits as usize / size * size;
            let bits = if round % 3 == 0 { (may / 3).div_ceil(size) * size } else { may };
            if bits > 0 && allowed.messages > 0 {
                here.hears_bits(2, size, bits);
                allowed.messages -= 1;
                allowed.bits -= bits as u32;
                total += bits;
            }
            let most = if round % 4 == 0 { 3 * size } else { usize::MAX };
            here.ncp.receive(here.now, id, most, &mut Vec::new());
        }
        assert!(total > 30 * allocation.bits.min(7000) as usize, "and it is supplied: {total}");
    }
}

#[test]
fn what_is_typed_to_be_allocated_is_allocated_whatever_fits() {
    let mut here = Lone::new(Policy { message_limit_bits: Some(441 * 16), ..Policy::default() });
    let id = here.init(4, at(BBN, 9));
    assert!(here.ncp.allocate_once(id, Allocation { messages: 10, bits: 32_000 }));
    here.hears(&[str(9, 4, 8)]);
    assert_eq!(here.says(), ["RTS 4 from 9 link 2", "ALL link 2 messages 10 bits 32000"]);
}

#[test]
fn no_text_is_longer_than_fits_whatever_a_partner_allows() {
    let mut here = Lone::new(Policy { message_limit_bits: Some(441 * 16), ..Policy::default() });
    let id = here.sender();
    here.hears(&[all(20, 9, 32_000)]);
    here.send(id, &[0; 1000]);
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 877", "TEXT link 20 size 8 count 123"]);
}

#[test]
fn the_contact_connection_gets_one_message_of_32_bits_and_no_more() {
    let mut here = Lone::tenex();
    let id = here.init(4, at(BBN, 1));
    assert!(here.ncp.allocate_once(id, Allocation { messages: 1, bits: 32 }));
    here.hears(&[str(1, 4, 32)]);
    assert_eq!(here.says(), ["RTS 4 from 1 link 2", "ALL link 2 messages 1 bits 32"]);
    here.hears_text(BBN, 2, 32, &[0, 0, 0, 100]);
    assert_eq!(here.read(id), [0, 0, 0, 100]);
    assert!(here.says().is_empty(), "RFC 165 needs no second ALL");
    assert!(!here.ncp.allocate_once(id, Allocation::default()), "it is open by now");
}

#[test]
fn an_empty_message_wakes_nobody() {
    let mut here = Lone::tenex();
    let id = here.receiver();
    here.hears_text(BBN, 2, 8, b"");
    assert!(here.events().is_empty());
    let status = here.ncp.status(id).expect("it is open");
    assert_eq!(status.allocation, Allocation { messages: 15, bits: 32_000 });
}

#[test]
fn gvb_is_answered_by_ret_and_only_then() {
    let mut here = Lone::tenex();
    let id = here.sender();
    here.hears(&[all(20, 3, 1000)]);
    let link = Link::from(20);
    here.hears(&[Command::Gvb { link, messages: 64, bits: 1 }]);
    assert_eq!(here.says(), ["RET link 20 messages 2 bits 8"], "rounded up");
    let left = here.ncp.status(id).map(|status| status.allocation);
    assert_eq!(left, Some(Allocation { messages: 1, bits: 992 }));
}

#[test]
fn a_ret_lowers_what_a_receiver_counts_on_if_it_asked() {
    let mut here = Lone::tenex();
    let id = here.receiver();
    let ret = Command::Ret { link: Link::from(2), messages: 8, bits: 16_000 };
    here.hears(&[ret]);
    let granted = |here: &Lone| here.ncp.status(id).map(|status| status.allocation.messages);
    assert_eq!(granted(&here), Some(16), "unasked for");
    assert!(here.ncp.give_back(here.now, id, 64, 64));
    assert_eq!(here.says(), ["GVB link 2 64/128 messages 64/128 bits"]);
    here.hears(&[ret]);
    assert_eq!(granted(&here), Some(8));
}

#[test]
fn interrupts_go_by_gender_and_pass_text_that_waits() {
    let mut here = Lone::tenex();
    let (sender, receiver) = (here.sender(), here.receiver());
    here.send(sender, b"STUCK");
    assert!(here.ncp.interrupt(here.now, sender) && here.ncp.interrupt(here.now, receiver));
    assert_eq!(here.says(), ["INS link 20", "INR link 2"]);
    here.hears(&[Command::Inr { link: Link::from(20) }, Command::Ins { link: Link::from(2) }]);
    assert_eq!(here.events(), [Event::Interrupted { id: sender }, Event::Interrupted { id: receiver }]);
}

#[test]
fn sending_where_one_cannot_says_why() {
    let mut here = Lone::tenex();
    let waiting = here.init(7, at(BBN, 8));
    let receiver = here.init(4, at(BBN, 9));
    let mut send = |id| here.ncp.send(here.now, id, BitReader::new(b"X"));
    assert_eq!(send(waiting), Err(SendError::NotOpen));
    assert_eq!(send(receiver), Err(SendError::NotASender));
    assert_eq!(here.says().len(), 2, "a request is refused that has left");
    here.hears(&[cls(8, 7)]);
    assert_eq!(
        here.ncp.send(here.now, waiting, BitReader::new(b"X")),
        Err(SendError::Closed(CloseReason::Closed))
    );
    here.ncp.release(here.now, waiting);
    let gone = here.ncp.send(here.now, waiting, BitReader::new(b"X"));
    assert_eq!(gone, Err(SendError::NoSuchConnection));
}

#[test]
fn both_counters_may_reach_their_ends_and_no_more() {
    let mut here = Lone::tenex();
    let id = here.sender();
    here.hears(&[all(20, 65_535, 4_294_967_295)]);
    let allowed = |here: &Lone| here.ncp.status(id).map(|status| status.allocation);
    let most = Allocation { messages: 65_535, bits: 4_294_967_295 };
    assert_eq!(allowed(&here), Some(most));
    for more in [all(20, 1, 0), all(20, 0, 1)] {
        here.hears(&[more]);
        assert_eq!(here.says(), ["ERR 3 bad parameters"]);
        assert_eq!(allowed(&here), Some(most));
    }
    here.hears(&[Command::Gvb { link: Link::from(20), messages: 255, bits: 128 }]);
    assert_eq!(here.says(), ["RET link 20 messages 65535 bits 4294967295"], "128 and more 128ths are all");
    assert_eq!(allowed(&here), Some(Allocation::default()));
}

#[test]
fn a_receiver_never_allows_more_than_the_counters_hold() {
    let allocation = Allocation { messages: 65_535, bits: 4_294_967_295 };
    let mut here = Lone::new(Policy { allocation, ..Policy::default() });
    let id = here.init(4, at(BBN, 9));
    here.hears(&[str(9, 4, 8)]);
    assert_eq!(here.says(), ["RTS 4 from 9 link 2", "ALL link 2 messages 65535 bits 4294967295"]);
    here.events();
    for _ in 0..40_000 {
        here.hears_text(BBN, 2, 8, b"TEXT");
        here.read(id);
        here.says();
        let counted = here.ncp.status(id).map(|status| status.allocation).expect("it is open");
        assert!(counted.messages >= 65_535 / 2, "renewed in time");
    }
}

#[test]
fn a_ret_of_more_than_the_sender_can_have_is_err_3_and_not_counted() {
    let mut here = Lone::tenex();
    let id = here.receiver();
    assert!(here.ncp.give_back(here.now, id, 128, 128));
    assert_eq!(here.says(), ["GVB link 2 128/128 messages 128/128 bits"]);
    here.hears(&[Command::Ret { link: Link::from(2), messages: 17, bits: 1 }]);
    assert_eq!(here.says(), ["ERR 3 bad parameters"]);
    let counted = here.ncp.status(id).map(|status| status.allocation);
    assert_eq!(counted, Some(Allocation { messages: 16, bits: 32_000 }));
}

#[test]
fn one_message_more_than_allowed_breaks_the_connection_whatever_its_length() {
    let mut here = Lone::tenex();
    let id = here.receiver();
    for _ in 0..16 {
        here.hears_text(BBN, 2, 8, b"X");
    }
    assert!(here.says().is_empty(), "sixteen messages were allowed");
    here.hears_text(BBN, 2, 8, b"");
    assert_eq!(here.says(), ["ERR 0 undefined error", "CLS 4 9"], "not even an empty one more");
    here.hears(&[cls(9, 4)]);
    assert_eq!(here.events().last(), Some(&Event::Closed { id, reason: CloseReason::Lost }));
    assert_eq!(here.read(id), [b'X'; 16], "what was allowed can be read");
}

#[test]
fn texts_grow_to_the_networks_limit_and_not_a_bit_beyond() {
    for (size, count) in [(1, 8023), (8, 1002), (36, 222), (255, 31)] {
        let mut here = Lone::new(Policy { send_buffer_bits: 20_000, ..Policy::default() });
        let id = here.ncp.init(here.now, socket(5), at(BBN, 8), ByteSize::new(size)).expect("it is free");
        here.hears(&[rts(8, 5, 20)]);
        assert_eq!(
            here.ncp.send(here.now, id, BitReader::new(&[0; 2000])).map(|taken| taken >= 15_000),
            Ok(true)
        );
        here.says();
        here.hears(&[all(20, 1, 20_000)]);
        assert_eq!(here.says(), [format!("TEXT link 20 size {size} count {count}")], "8063 bits less 40");
    }
}

#[test]
fn the_counters_begin_at_zero_with_every_connection() {
    let mut here = Lone::tenex();
    let id = here.sender();
    here.hears(&[all(20, 9, 1000)]);
    here.close(id);
    here.hears(&[cls(8, 5)]);
    here.says();
    here.events();
    let id = here.sender();
    here.send(id, b"WAITS");
    assert!(here.says().is_empty(), "what the first connection was allowed is gone");
}

#[test]
fn flow_control_does_not_concern_the_control_link() {
    let mut here = Lone::tenex();
    for number in 0..200 {
        here.hears(&[Command::Eco { data: number }]);
        assert_eq!(here.says(), [format!("ERP {number}")]);
    }
}
