//! Dialogues over a cable: what each end is told, and what it says.

mod garbage;
mod out_of_order;

use machine::{Bits, Carry, Instant, Machine, Pair, Rounds, Span};

use super::{Datagram, Flags, HostEnd, HostSettings, ImpEnd, Input, MAX_MESSAGE_WORDS, Output};
use crate::{FromImp, HostAddress, Leader, Link, MAX_MESSAGE_BITS, Signal, ToImp};

const READY: u16 = 2;
const LAST: u16 = 1;

/// An RFNM from host 13 on link 42: a leader alone.
const RFNM: [u16; 2] = [0x050d, 0x2a00];

fn bytes(sequence: u32, flags: u16, words: &[u16]) -> Vec<u8> {
    Datagram::new(sequence, Flags::from(flags), words.to_vec()).expect("they are few").emit()
}

/// The words of a regular message from host 13 on link 42, this many in all, numbered.
fn regular(words: usize) -> Vec<u16> {
    [0x000d, 0x2a00].into_iter().chain(1..).take(words).collect()
}

/// An end, and the time.
struct Told<M> {
    end: M,
    now: Instant,
}

impl<M: Machine<Input = Input, Output = Output>> Told<M> {
    fn new(end: M) -> Self {
        Told { end, now: Instant::START }
    }

    /// What the end says now, line by line.
    fn says(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.end.poll()).map(words_for).collect()
    }

    fn datagram(&mut self, sequence: u32, flags: u16, words: &[u16]) -> Vec<String> {
        self.bytes(bytes(sequence, flags, words))
    }

    /// A datagram before which others are lost: what the end says when it has waited for them.
    fn behind_a_loss(&mut self, sequence: u32, flags: u16, words: &[u16]) -> Vec<String> {
        assert!(self.datagram(sequence, flags, words).is_empty(), "{sequence} waits for those before it");
        self.waits()
    }

    fn bytes(&mut self, bytes: Vec<u8>) -> Vec<String> {
        self.end.handle(self.now, Input::Datagram(bytes));
        self.says()
    }

    fn signal(&mut self, signal: Signal) -> Vec<String> {
        self.end.handle(self.now, Input::Signal(signal));
        self.says()
    }

    /// Lets time pass up to the deadline.
    fn waits(&mut self) -> Vec<String> {
        self.now = self.end.deadline().expect("it waits for something");
        self.end.alarm(self.now);
        assert!(self.end.deadline().is_none_or(|next| next > self.now), "it would spin");
        self.says()
    }
}

fn words_for(output: Output) -> String {
    match output {
        Output::Datagram(bytes) => {
            format!("sends {}", Datagram::parse(&bytes).expect("what is sent is well-formed"))
        }
        Output::Signal(Signal::Ready(up)) => format!("hears ready {}", if up { "up" } else { "down" }),
        Output::Signal(Signal::Message(bits)) => {
            let some: String = bits.bytes().iter().take(4).map(|byte| format!("{byte:02x}")).collect();
            format!("hears {some}, {} bits", bits.len())
        }
        Output::Called(up) => format!("calls: {}", if up { "up" } else { "down" }),
        Output::Trouble(trouble) => trouble.to_string(),
    }
}

/// A host's end that has heard its IMP become ready, with datagram 0.
fn host() -> Told<HostEnd> {
    let mut host = Told::new(HostEnd::default());
    assert_eq!(host.signal(Signal::Ready(true)), ["sends #0 READY LAST, 0 words"]);
    assert_eq!(host.datagram(0, READY | LAST, &[]), ["hears ready up"]);
    host
}

/// An IMP's end, its line up, that has heard its host become ready, with datagram 0.
fn imp() -> Told<ImpEnd> {
    let mut imp = Told::new(ImpEnd::new());
    assert_eq!(imp.signal(Signal::Ready(true)), ["sends #0 READY LAST, 0 words"]);
    assert_eq!(imp.datagram(0, READY | LAST, &[]), ["hears ready up"]);
    imp
}

#[test]
fn an_imp_starts_not_ready_then_ready_then_greets() {
    let mut host = Told::new(HostEnd::default());
    host.signal(Signal::Ready(true));
    assert!(host.datagram(0, LAST, &[]).is_empty(), "its line was taken to be down");
    assert_eq!(host.datagram(1, READY | LAST, &[]), ["hears ready up"]);
    assert_eq!(host.datagram(2, READY | LAST, &[0x0400, 0]), ["hears 04000000, 32 bits"]);
    assert_eq!(host.end.deadline(), None, "it has heard its IMP and does not call");
}

#[test]
fn a_regular_message_comes_packet_by_packet_and_ends_with_an_empty_datagram() {
    let mut host = host();
    let words = regular(130);
    assert!(host.datagram(1, READY, &words[..65]).is_empty());
    assert!(host.datagram(2, READY, &words[65..128]).is_empty());
    assert!(host.datagram(3, READY, &words[128..]).is_empty());
    assert_eq!(host.datagram(4, READY | LAST, &[]), ["hears 000d2a00, 2080 bits"]);
    assert_eq!(host.datagram(5, READY | LAST, &RFNM), ["hears 050d2a00, 32 bits"]);
    let statistics = host.end.statistics();
    assert_eq!((statistics.datagrams_in, statistics.messages_in, statistics.cut), (6, 2, 0));
}

#[test]
fn an_imp_cuts_a_regular_message_into_packets_and_leaves_a_leader_whole() {
    let mut imp = imp();
    let bits = |words: &[u16]| {
        Signal::Message(Bits::from_bytes(
            &words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<_>>(),
        ))
    };
    assert_eq!(imp.signal(bits(&RFNM)), ["sends #1 READY LAST, 2 words"]);
    let told = imp.signal(bits(&regular(2)));
    assert_eq!(told, ["sends #2 READY, 2 words", "sends #3 READY LAST, 0 words"], "also if it has no text");
    assert_eq!(
        imp.signal(bits(&regular(130))),
        [
            "sends #4 READY, 65 words",
            "sends #5 READY, 63 words",
            "sends #6 READY, 2 words",
            "sends #7 READY LAST, 0 words"
        ]
    );
    assert_eq!(imp.signal(bits(&regular(MAX_MESSAGE_WORDS))).len(), 8 + 1, "eight packets and the end");
}

#[test]
fn a_host_sends_whole_words_in_one_datagram_or_in_several_with_words_in_the_last() {
    let mut host = host();
    let message = Signal::Message(Bits::from_bytes(&[0, 69, 2, 0, 0, 8, 0]));
    host.end.handle(host.now, Input::Signal(message.clone()));
    let Some(Output::Datagram(sent)) = host.end.poll() else { panic!("it is sent at once") };
    let sent = Datagram::parse(&sent).expect("it is well-formed");
    assert_eq!(sent.words(), [69, 0x0200, 8, 0], "56 bits are four words");
    assert_eq!(u16::from(sent.flags), READY | LAST);

    let settings = HostSettings { datagram_words: 2, ..HostSettings::default() };
    let mut host = Told::new(HostEnd::new(settings));
    host.signal(Signal::Ready(true));
    assert_eq!(host.signal(message), ["sends #1 READY, 2 words", "sends #2 READY LAST, 2 words"]);
}

#[test]
fn a_host_is_warned_of_more_text_than_emulated_imps_take() {
    let text = |words: usize| Signal::Message(Bits::from_bytes(&vec![0; (2 + words) * 2]));
    let mut host = host();
    assert_eq!(host.signal(text(441)), ["sends #1 READY LAST, 443 words"]);
    let warned = ["sends #2 READY LAST, 444 words", "442 words of text: the emulated IMPs take at most 441"];
    assert_eq!(host.signal(text(442)), warned, "it is sent all the same");
    let settings = HostSettings { text_limit: None, ..HostSettings::default() };
    let mut host = Told::new(HostEnd::new(settings));
    host.signal(Signal::Ready(true));
    assert_eq!(host.signal(text(442)), ["sends #1 READY LAST, 444 words"]);
}

#[test]
fn nothing_is_sent_while_the_own_line_is_down_nor_without_bits() {
    let mut host = Told::new(HostEnd::default());
    let nop = Signal::Message(ToImp::Nop.bits());
    assert_eq!(host.signal(nop.clone()), ["not sent: the own ready line is down"]);
    host.signal(Signal::Ready(true));
    assert_eq!(host.signal(Signal::Message(Bits::default())), ["not sent: a message without bits"]);
    assert_eq!(host.signal(Signal::Ready(false)), ["sends #1 LAST, 0 words"]);
    assert_eq!(host.signal(nop), ["not sent: the own ready line is down"]);
    assert_eq!(host.end.statistics().unsent, 3);
}

#[test]
fn a_silent_imp_sees_the_line_drop_and_rise_less_and_less_often() {
    let mut host = Told::new(HostEnd::default());
    host.signal(Signal::Ready(true));
    let mut times = Vec::new();
    for _ in 0..7 {
        let down = host.waits();
        assert!(down[0].ends_with(" LAST, 0 words") && !down[0].contains("READY"), "{down:?}");
        times.push(host.now.as_micros() / 1000);
        assert!(host.waits()[0].contains("READY"), "and up");
    }
    assert_eq!(times, [1000, 3700, 8400, 17_100, 33_800, 66_500, 99_200], "milliseconds");
}

#[test]
fn an_imp_that_answers_is_not_called_again() {
    let mut host = Told::new(HostEnd::default());
    host.signal(Signal::Ready(true));
    assert_eq!(host.waits(), ["sends #0 LAST, 0 words", "calls: down"]);
    let told = host.datagram(900, READY | LAST, &[0x0400, 0]);
    let expected = ["sends #1 READY LAST, 0 words", "calls: up", "hears ready up", "hears 04000000, 32 bits"];
    assert_eq!(told, expected, "the line is left up");
    assert_eq!(host.end.deadline(), None);
}

/// An emulated IMP drops each number that is lower than it expects, but for 0.
#[test]
fn who_calls_begins_at_0_for_an_imp_that_has_lost_the_first_datagram_takes_no_low_number_but_that() {
    let mut host = Told::new(HostEnd::default());
    assert_eq!(host.signal(Signal::Ready(true)), ["sends #0 READY LAST, 0 words"], "it is lost");
    let nop = Signal::Message(ToImp::Nop.bits());
    assert_eq!(
        host.signal(nop),
        ["sends #1 READY LAST, 2 words"],
        "after number 3000 of a former host this is old"
    );
    for _ in 0..3 {
        assert_eq!(
            host.waits(),
            ["sends #0 LAST, 0 words", "calls: down"],
            "whichever of them arrives, it is taken"
        );
        assert_eq!(host.waits(), ["sends #1 READY LAST, 0 words", "calls: up"]);
    }
}

#[test]
fn garbage_does_not_count_as_an_imp() {
    let mut host = Told::new(HostEnd::default());
    host.signal(Signal::Ready(true));
    assert_eq!(
        host.bytes(b"HELLO".to_vec()),
        ["no datagram of a cable: the magic at byte 0 is [48, 45, 4c, 4c], not H316"]
    );
    assert!(host.end.deadline().is_some(), "it still calls");
    assert_eq!(host.end.statistics().malformed, 1);
}

#[test]
fn a_host_that_comes_up_again_is_told_anew_that_its_imp_is_ready() {
    let mut host = host();
    host.signal(Signal::Ready(false));
    assert_eq!(host.signal(Signal::Ready(true)), ["sends #2 READY LAST, 0 words"]);
    assert_eq!(host.datagram(1, READY | LAST, &[0x0400, 0]), ["hears ready up", "hears 04000000, 32 bits"]);
}

#[test]
fn what_comes_twice_is_dropped() {
    let mut host = host();
    assert_eq!(host.datagram(1, READY | LAST, &RFNM), ["hears 050d2a00, 32 bits"]);
    let told = ["datagram 1 comes twice or too late, 2 is expected: dropped"];
    assert_eq!(host.datagram(1, READY | LAST, &RFNM), told);
    assert_eq!(host.end.statistics().old, 1);
}

#[test]
fn what_overtakes_is_taken_and_what_comes_too_late_is_not() {
    let mut imp = imp();
    let told = imp.behind_a_loss(2, READY | LAST, &[0x0400, 0]);
    assert_eq!(told, ["lost: 1 from number 1 on", "hears 04000000, 32 bits"]);
    assert_eq!(imp.datagram(1, READY | LAST, &[0x0400, 0]).len(), 1, "too late");
    assert_eq!(imp.datagram(3, READY | LAST, &[0x0400, 0]), ["hears 04000000, 32 bits"]);
}

#[test]
fn a_message_of_which_the_middle_is_lost_is_not_delivered() {
    let mut host = host();
    let words = regular(191);
    host.datagram(1, READY, &words[..65]);
    let told = host.behind_a_loss(3, READY, &words[128..]);
    assert_eq!(told, ["lost: 1 from number 2 on", "a message is not whole, 65 words of it are dropped"]);
    let told = host.datagram(4, READY | LAST, &[]);
    assert_eq!(told, ["a message is not whole, 63 words of it are dropped"], "the rest of it");
    assert_eq!(host.datagram(5, READY | LAST, &RFNM), ["hears 050d2a00, 32 bits"]);
}

#[test]
fn a_message_of_which_the_end_is_lost_is_not_glued_to_the_next() {
    let mut host = host();
    host.datagram(1, READY, &regular(10));
    // The empty datagram 2 is lost.
    let told = host.behind_a_loss(3, READY, &regular(65));
    assert_eq!(
        told,
        ["lost: 1 from number 2 on", "a message is not whole, 10 words of it are dropped"],
        "only a first packet has 65 words, so that a message begins here"
    );
    assert_eq!(host.datagram(4, READY | LAST, &[]), ["hears 000d2a00, 1040 bits"]);
}

#[test]
fn a_short_packet_after_a_gap_may_be_the_rest_of_anything() {
    let mut host = host();
    assert_eq!(host.behind_a_loss(2, READY, &regular(10)), ["lost: 1 from number 1 on"]);
    let told = host.datagram(3, READY | LAST, &RFNM);
    let expected = ["a message is not whole, 10 words of it are dropped", "hears 050d2a00, 32 bits"];
    assert_eq!(told, expected, "but a leader alone is one");
}

#[test]
fn after_a_gap_a_host_that_never_spread_a_message_is_believed_and_others_not() {
    let mut imp = imp();
    assert_eq!(imp.behind_a_loss(5, READY | LAST, &regular(9)).last().unwrap(), "hears 000d2a00, 144 bits");
    imp.datagram(6, READY, &regular(4));
    assert_eq!(imp.datagram(7, READY | LAST, &[7]), ["hears 000d2a00, 80 bits"]);
    let told = imp.behind_a_loss(9, READY | LAST, &regular(9));
    assert_eq!(told, ["lost: 1 from number 8 on", "a message is not whole, 9 words of it are dropped"]);
    assert_eq!(imp.datagram(10, READY | LAST, &regular(9)), ["hears 000d2a00, 144 bits"]);
}

#[test]
fn an_empty_end_from_a_host_is_complained_about_and_taken() {
    let mut imp = imp();
    imp.datagram(1, READY, &regular(4));
    let told = imp.datagram(2, READY | LAST, &[]);
    let expected = [
        "a message ends with an empty datagram, which IMPs do not take for its end",
        "hears 000d2a00, 64 bits",
    ];
    assert_eq!(told, expected);
    assert!(imp.datagram(3, READY | LAST, &[]).is_empty(), "one between messages is only about the line");
}

#[test]
fn a_peer_that_restarts_was_down_and_its_message_is_dropped() {
    let mut host = host();
    host.datagram(1, READY, &regular(65));
    assert_eq!(
        host.datagram(0, LAST, &[]),
        ["the peer has restarted", "a message is not whole, 65 words of it are dropped", "hears ready down"]
    );
    assert_eq!(host.datagram(1, READY | LAST, &[]), ["hears ready up"]);

    let mut imp = imp();
    imp.datagram(1, READY | LAST, &[0x0400, 0]);
    imp.now += Span::from_secs(1);
    let told = imp.datagram(0, READY | LAST, &[]);
    assert_eq!(told, ["the peer has restarted", "hears ready down", "hears ready up"]);
    assert_eq!(imp.end.statistics().restarts, 1);
}

#[test]
fn a_peer_whose_restart_is_lost_is_heard_again_when_it_has_said_a_little() {
    let mut host = host();
    host.behind_a_loss(100, READY | LAST, &RFNM);
    for sequence in 1..16 {
        let dropped = format!("datagram {sequence} comes twice or too late, 101 is expected: dropped");
        assert_eq!(host.datagram(sequence, READY | LAST, &RFNM), [dropped]);
    }
    let restarted =
        ["the peer has restarted", "hears ready down", "hears ready up", "hears 050d2a00, 32 bits"];
    assert_eq!(host.datagram(16, READY | LAST, &RFNM), restarted);
    assert_eq!(host.datagram(17, READY | LAST, &RFNM), ["hears 050d2a00, 32 bits"]);
}

#[test]
fn stragglers_are_no_restart_however_many_there_are() {
    let mut host = host();
    host.behind_a_loss(100, READY | LAST, &RFNM);
    let dropped = |said: &[String]| said.iter().all(|line| line.ends_with("is expected: dropped"));
    // A cable that doubles everything, the second time half a hundred later.
    for sequence in 101..200 {
        assert_eq!(host.datagram(sequence, READY | LAST, &RFNM), ["hears 050d2a00, 32 bits"]);
        assert!(dropped(&host.datagram(sequence - 50, READY | LAST, &RFNM)));
    }
    // One that repeats a few again and again, and one that turns the order round.
    let repeated = (0..100).map(|number| 170 + number % 15);
    for sequence in repeated.chain((50..199).rev()) {
        assert!(dropped(&host.datagram(sequence, READY | LAST, &RFNM)), "{sequence}");
    }
}

#[test]
fn a_line_that_drops_breaks_off_the_message() {
    let mut imp = imp();
    imp.datagram(1, READY, &regular(4));
    let told = imp.datagram(2, LAST, &[]);
    assert_eq!(told, ["a message is not whole, 4 words of it are dropped", "hears ready down"]);
    assert_eq!(imp.datagram(3, LAST, &regular(4)), ["4 words from a peer that is not ready: dropped"]);
    assert_eq!(imp.datagram(4, READY | LAST, &regular(4)), ["hears ready up", "hears 000d2a00, 64 bits"]);
}

#[test]
fn numbers_wrap_around() {
    let mut host = Told::new(HostEnd::default());
    host.signal(Signal::Ready(true));
    assert_eq!(host.datagram(u32::MAX - 1, READY | LAST, &[]), ["hears ready up"]);
    assert_eq!(host.datagram(u32::MAX, READY | LAST, &RFNM), ["hears 050d2a00, 32 bits"]);
    assert_eq!(host.datagram(0, READY | LAST, &RFNM), ["hears 050d2a00, 32 bits"], "no restart");
    assert_eq!(host.datagram(u32::MAX, READY | LAST, &RFNM).len(), 1, "too late");
    assert_eq!(host.datagram(1, READY | LAST, &RFNM), ["hears 050d2a00, 32 bits"]);

    // What is lost may lie on both sides.
    let mut host = Told::new(HostEnd::default());
    host.signal(Signal::Ready(true));
    host.datagram(u32::MAX - 1, READY | LAST, &[]);
    assert_eq!(host.behind_a_loss(1, READY | LAST, &[]), ["lost: 2 from number 4294967295 on"]);
}

#[test]
fn a_message_without_end_is_bounded_and_the_next_one_is_heard() {
    let mut host = host();
    let mut told = Vec::new();
    for sequence in 1..10_000 {
        told.extend(host.datagram(sequence, READY, &[7; 63]));
    }
    assert_eq!(told, ["a message has more than 506 words"], "said once");
    assert!(host.datagram(10_000, READY | LAST, &[]).is_empty());
    assert_eq!(host.datagram(10_001, READY | LAST, &RFNM), ["hears 050d2a00, 32 bits"]);
    assert_eq!(host.end.statistics().too_long, 1);
}

#[test]
fn an_imp_hears_of_a_message_that_is_too_long_so_that_it_can_refuse_it() {
    let mut imp = imp();
    let told = imp.datagram(1, READY | LAST, &regular(600));
    assert_eq!(told, ["a message has more than 506 words", "hears 000d2a00, 8112 bits"]);
    assert_eq!(imp.datagram(2, READY | LAST, &regular(3)), ["hears 000d2a00, 48 bits"]);
}

#[test]
fn the_longest_message_keeps_its_length() {
    let longest = {
        let leader = ToImp::Regular { to: HostAddress::from(69), link: Link::from(2), priority: false };
        let mut writer = machine::BitWriter::new(MAX_MESSAGE_BITS);
        Leader::from(leader).emit(&mut writer);
        (32..MAX_MESSAGE_BITS).for_each(|_| writer.put(1, 1));
        Signal::Message(writer.finish())
    };
    let (mut host, mut imp) = (host(), imp());
    host.end.handle(host.now, Input::Signal(longest.clone()));
    for output in host.end.drain().take(1000) {
        if let Output::Datagram(bytes) = output {
            imp.end.handle(imp.now, Input::Datagram(bytes));
        }
    }
    assert_eq!(imp.end.poll(), Some(Output::Signal(longest)));
    host.datagram(1, READY, &[0; 65]);
    (2..9).for_each(|sequence| drop(host.datagram(sequence, READY, &[0; 63])));
    assert_eq!(host.datagram(9, READY | LAST, &[]), ["hears 00000000, 8096 bits"], "an IMP adds padding");
}

fn carry(output: Output) -> Carry<Input, Output> {
    match output {
        Output::Datagram(bytes) => Carry::Wire(Input::Datagram(bytes)),
        kept @ (Output::Signal(_) | Output::Called(_) | Output::Trouble(_)) => Carry::Keep(kept),
    }
}

#[test]
fn the_two_ends_understand_each_other() {
    let mut pair = Pair::new(HostEnd::default(), carry, ImpEnd::new(), carry);
    let tell = |pair: &mut Pair<HostEnd, ImpEnd>, at_host: bool, signal: Signal| {
        let input = Input::Signal(signal);
        if at_host {
            pair.a.machine.handle(pair.now, input);
        } else {
            pair.b.machine.handle(pair.now, input);
        }
        pair.drive_until(pair.now + Span::from_millis(20));
    };
    let rfnm = FromImp::Rfnm { to: HostAddress::from(69), link: Link::from(2) }.bits();
    let long = Bits::from_bytes(&[&[0, 69, 2, 0][..], &[0xa5; 900]].concat());
    tell(&mut pair, true, Signal::Ready(true));
    tell(&mut pair, false, Signal::Ready(true));
    for bits in [rfnm, long, ToImp::Nop.bits()] {
        tell(&mut pair, true, Signal::Message(bits.clone()));
        tell(&mut pair, false, Signal::Message(bits.clone()));
        let heard = Some(&Output::Signal(Signal::Message(bits)));
        assert_eq!((pair.a.said.last(), pair.b.said.last()), (heard, heard));
    }
    // The first datagrams after a restart are lost; the host calls, and both are ready again.
    pair.b.machine = ImpEnd::new();
    pair.a.machine = HostEnd::default();
    pair.a.lose = 1;
    tell(&mut pair, true, Signal::Ready(true));
    assert!(!pair.b.machine.is_host_ready());
    pair.drive_until(pair.now + Span::from_secs(2));
    assert!(pair.b.machine.is_host_ready());
    tell(&mut pair, false, Signal::Ready(true));
    assert!(pair.a.machine.is_imp_ready());
}

#[test]
fn statistics_read_well() {
    let mut host = host();
    host.behind_a_loss(3, READY | LAST, &RFNM);
    host.datagram(2, READY | LAST, &RFNM);
    let shown = host.end.statistics().to_string();
    let expected = "in 3 datagrams, 1 messages; out 1 datagrams, 0 messages; 2 lost, 1 twice or too late";
    assert_eq!(shown, expected);
}
