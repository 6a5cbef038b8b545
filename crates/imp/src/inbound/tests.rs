//! The order of messages at their destination.

use imp1822::{Leader, Link, ToImp};
use machine::{BitWriter, Rounds};

use super::*;

/// The numbers from an IMP whose priority messages are these, and the buffers for them.
struct Bench {
    inbound: Inbound,
    buffers: Buffers,
    /// The lowest number that the source waits for.
    oldest: u32,
}

fn host(number: u8) -> HostAddress {
    HostAddress::from(number)
}

fn message(to: u8, priority: bool, data: usize) -> Message {
    let leader = Leader::from(ToImp::Regular { to: host(to), link: Link::from(7), priority });
    let mut writer = BitWriter::new(32 + data);
    leader.emit(&mut writer);
    (0..data).for_each(|_| writer.put(1, 1));
    Message::take(host(3), leader, &writer.finish())
}

impl Bench {
    fn new(first: u32) -> Self {
        let buffers = Buffers::default();
        let stamp = Stamp {
            life: Life::FIRST,
            their_life: None,
            number: first,
            order: None,
            oldest: first,
            oldest_order: 1,
        };
        Bench { inbound: Inbound::new(&stamp), buffers, oldest: first }
    }

    fn stamp(&self, number: u32, order: Option<u32>) -> Stamp {
        Stamp { life: Life::FIRST, their_life: None, number, order, oldest: self.oldest, oldest_order: 1 }
    }

    /// A single packet arrives.
    fn arrives(&mut self, number: u32, order: Option<u32>, to: u8) -> Taken {
        let stamp = self.stamp(number, order);
        self.inbound.keep_up(&stamp, &mut self.buffers);
        let message = message(to, order.is_some(), 8);
        self.inbound.take_single(Instant::START, &stamp, &message, false, &mut self.buffers)
    }

    /// Gives all that may be given. Returns the numbers.
    fn given(&mut self) -> Vec<u32> {
        let mut given = Vec::new();
        let mut rounds = Rounds::until("nothing is left to give");
        while let Some((number, message)) = self.inbound.next_to_give() {
            rounds.count();
            self.inbound.arrived(number);
            self.inbound.given(number);
            self.buffers.release(message.packets());
            given.push(number);
        }
        given
    }
}

/// Messages arrive in this order; what the host gets after each of them.
fn order(arrivals: &[(u32, Option<u32>)]) -> Vec<u32> {
    let mut bench = Bench::new(11);
    let mut all = Vec::new();
    for (number, order) in arrivals {
        assert!(matches!(bench.arrives(*number, *order, 1), Taken::Whole), "there is room");
        all.extend(bench.given());
    }
    assert!(bench.buffers.are_free() && bench.inbound.is_idle(), "nothing is left over");
    all
}

#[test]
fn the_first_example_of_rfc_442_page_4() {
    let arrivals = [(13, Some(2)), (12, Some(1)), (14, None), (11, None)];
    assert_eq!(order(&arrivals), [12, 13, 11, 14]);
}

#[test]
fn the_second_example_of_rfc_442_page_4() {
    let arrivals = [(13, Some(2)), (11, None), (14, None), (12, Some(1))];
    assert_eq!(order(&arrivals), [11, 12, 13, 14]);
}

#[test]
fn a_refused_priority_message_does_not_let_later_ones_go_first() {
    let mut bench = Bench::new(10);
    let refused = bench.stamp(11, Some(2));
    assert!(bench.inbound.refuse(&refused, Reply::HostDead, &mut bench.buffers));
    bench.arrives(12, Some(3), 1);
    assert_eq!(bench.given(), [], "the first one has not come");
    bench.arrives(10, Some(1), 1);
    assert_eq!(bench.given(), [10, 12]);
}

#[test]
fn a_priority_message_that_waits_for_room_holds_up_none_when_its_host_dies() {
    let mut bench = Bench::new(10);
    let long = message(65, true, 2000);
    let stamp = bench.stamp(10, Some(1));
    assert!(bench.inbound.wants_room(Instant::START, &stamp, long.to));
    bench.arrives(11, Some(2), 1);
    assert_eq!(bench.given(), []);
    let dropped = bench.inbound.refuse_all(host(65), Reply::HostDead, &mut bench.buffers);
    assert_eq!(dropped, [10]);
    assert_eq!(bench.given(), [11]);
}

#[test]
fn a_host_that_takes_its_time_for_the_rest_of_a_message_does_not_cost_others_theirs() {
    let mut bench = Bench::new(0);
    bench.arrives(0, None, 65);
    let (number, slow) = bench.inbound.next_to_give().expect("its turn");
    // Its first packet is in the host, and the source has been told; the rest takes long.
    bench.inbound.arrived(number);
    for number in 1..100 {
        bench.oldest = number;
        assert!(matches!(bench.arrives(number, Some(number), 1), Taken::Whole), "message {number}");
        assert_eq!(bench.given(), [number], "priority messages for another host go by");
    }
    bench.inbound.given(number);
    bench.buffers.release(slow.packets());
    assert!(bench.buffers.are_free() && bench.inbound.is_idle());
}

#[test]
fn numbers_that_were_never_seen_are_not_waited_for() {
    let mut bench = Bench::new(0);
    bench.arrives(2, None, 1);
    assert_eq!(bench.given(), []);
    bench.oldest = 1000;
    bench.arrives(1001, None, 1);
    assert_eq!(bench.given(), [], "what was given up is not delivered late");
    bench.arrives(1000, None, 1);
    assert_eq!(bench.given(), [1000, 1001]);
    assert!(bench.buffers.are_free() && bench.inbound.is_idle());
}

#[test]
fn who_waits_for_room_and_is_not_heard_of_any_more_is_forgotten() {
    let mut bench = Bench::new(10);
    let stamp = bench.stamp(11, None);
    let second = |second| Instant::START + Span::from_secs(second);
    assert!(bench.inbound.wants_room(second(0), &stamp, host(1)));
    assert!(!bench.inbound.wants_room(second(1), &stamp, host(1)), "it is in the queue already");
    assert_eq!(bench.inbound.forget(second(119), &mut bench.buffers), []);
    assert_eq!(bench.inbound.inquire(second(110), 11), Inquired::Pending, "its source is there");
    assert_eq!(bench.inbound.forget(second(229), &mut bench.buffers), []);
    assert_eq!(bench.inbound.forget(second(230), &mut bench.buffers), [11]);
    assert!(bench.inbound.is_idle());
}

#[test]
fn a_packet_of_several_that_is_refused_uses_up_its_allocation() {
    let mut bench = Bench::new(10);
    assert!(bench.buffers.reserve(8));
    bench.inbound.promise_eight(Instant::START, None);
    bench.inbound.spent_in_vain(10, &mut bench.buffers);
    assert!(bench.buffers.are_free() && bench.inbound.is_idle());
    let stamp = bench.stamp(10, None);
    assert!(bench.inbound.refuse(&stamp, Reply::HostDead, &mut bench.buffers));
    bench.inbound.spent_in_vain(10, &mut bench.buffers);
    assert!(!bench.inbound.refuse(&stamp, Reply::HostDead, &mut bench.buffers), "once is enough");
}

#[test]
fn what_is_given_back_out_of_order_is_given_back_all_the_same() {
    let stamp =
        Stamp { life: Life::FIRST, their_life: None, number: 0, order: None, oldest: 0, oldest_order: 0 };
    let (mut inbound, mut buffers) = (Inbound::new(&stamp), Buffers::default());
    for _ in 0..2 {
        assert!(buffers.reserve(MOST_PACKETS));
        inbound.promise_eight(Instant::START, None);
    }
    inbound.returned(2, &mut buffers);
    inbound.returned(1, &mut buffers);
    assert!(buffers.are_free(), "the second overtook the first");
}
