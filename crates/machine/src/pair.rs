//! Two machines on one ideal wire, for tests.

use std::collections::VecDeque;

use crate::{Instant, Machine, Rounds, Span};

/// Where an output of one machine goes.
#[derive(Debug)]
pub enum Carry<I, O> {
    /// Onto the wire, to become the other machine's input.
    Wire(I),
    /// To this machine's local user: kept in [`End::said`].
    Keep(O),
}

/// One end of a [`Pair`].
pub struct End<M: Machine, I> {
    /// The machine itself.
    pub machine: M,
    /// What the machine told its local user, oldest first.
    pub said: Vec<M::Output>,
    /// Faults: this many of the next messages that this end sends are lost.
    pub lose: usize,
    /// Faults: this many of the next messages that this end sends arrive twice.
    pub repeat: usize,
    carry: fn(M::Output) -> Carry<I, M::Output>,
}

/// Two machines joined by a wire that delays every message by the same time and keeps their order.
///
/// [`step`](Pair::step) jumps to whatever comes next, a delivery or a deadline; [`drive`](Pair::drive) steps
/// until nothing is left to happen. Time in which neither machine has anything to do takes no time.
pub struct Pair<A: Machine, B: Machine> {
    /// The one end.
    pub a: End<A, B::Input>,
    /// The other end.
    pub b: End<B, A::Input>,
    /// The time now.
    pub now: Instant,
    /// How long a message is on its way.
    pub delay: Span,
    /// How much may still happen before the clock has to move.
    at_once: Rounds,
    to_a: VecDeque<(Instant, A::Input)>,
    to_b: VecDeque<(Instant, B::Input)>,
}

impl<A: Machine, B: Machine> Pair<A, B>
where
    A::Input: Clone,
    B::Input: Clone,
{
    /// Joins two machines; the functions say which of an end's outputs go onto the wire.
    #[expect(clippy::type_complexity, reason = "a name for the function's type would say less than it does")]
    pub fn new(
        a: A,
        carry_a: fn(A::Output) -> Carry<B::Input, A::Output>,
        b: B,
        carry_b: fn(B::Output) -> Carry<A::Input, B::Output>,
    ) -> Self {
        Pair {
            a: End { machine: a, said: Vec::new(), lose: 0, repeat: 0, carry: carry_a },
            b: End { machine: b, said: Vec::new(), lose: 0, repeat: 0, carry: carry_b },
            now: Instant::START,
            delay: Span::from_millis(10),
            at_once: Rounds::until("the clock moves"),
            to_a: VecDeque::new(),
            to_b: VecDeque::new(),
        }
    }

    /// Drains both machines onto the wire, then jumps to the next delivery or deadline and lets it happen.
    /// Returns whether anything was left to happen.
    ///
    /// # Panics
    /// If a machine still wants to be called at once when its alarm has been called: a driver would spin. If more happens at
    /// one moment, or comes of one thing that happens, than any test is about.
    pub fn step(&mut self) -> bool {
        self.drain();
        let due = [
            self.to_a.front().map(|(at, _)| *at),
            self.to_b.front().map(|(at, _)| *at),
            self.a.machine.deadline(),
            self.b.machine.deadline(),
        ];
        let Some(next) = due.iter().flatten().min().copied() else { return false };
        if next > self.now {
            self.now = next;
            self.at_once = Rounds::until("the clock moves");
        }
        self.at_once.count();
        if due[0] == Some(next) {
            let (_, input) = self.to_a.pop_front().expect("it was looked at just now");
            self.a.machine.handle(self.now, input);
        } else if due[1] == Some(next) {
            let (_, input) = self.to_b.pop_front().expect("it was looked at just now");
            self.b.machine.handle(self.now, input);
        } else if due[2] == Some(next) {
            self.a.machine.alarm(self.now);
            self.drain();
            assert!(self.a.machine.deadline().is_none_or(|at| at > self.now), "a driver would spin");
        } else {
            self.b.machine.alarm(self.now);
            self.drain();
            assert!(self.b.machine.deadline().is_none_or(|at| at > self.now), "a driver would spin");
        }
        self.drain();
        true
    }

    /// Steps until nothing is left to happen.
    ///
    /// # Panics
    /// After 200,000 steps: two machines that keep each other busy for ever are a bug.
    pub fn drive(&mut self) {
        let mut rounds = Rounds::until("the pair comes to rest");
        while self.step() {
            rounds.count();
        }
    }

    /// Steps until `end` has passed, and no further.
    pub fn drive_until(&mut self, end: Instant) {
        self.drain();
        while self.next().is_some_and(|next| next <= end) {
            self.step();
        }
        self.now = self.now.max(end);
    }

    fn next(&self) -> Option<Instant> {
        let deliveries = [self.to_a.front().map(|(at, _)| *at), self.to_b.front().map(|(at, _)| *at)];
        let deadlines = [self.a.machine.deadline(), self.b.machine.deadline()];
        deliveries.into_iter().chain(deadlines).flatten().min()
    }

    fn drain(&mut self) {
        let at = self.now + self.delay;
        self.a.drain(at, &mut self.to_b);
        self.b.drain(at, &mut self.to_a);
    }
}

impl<M: Machine, I: Clone> End<M, I> {
    fn drain(&mut self, at: Instant, wire: &mut VecDeque<(Instant, I)>) {
        let mut rounds = Rounds::until("the machine has nothing more to say");
        for output in self.machine.drain() {
            rounds.count();
            match (self.carry)(output) {
                Carry::Keep(output) => self.said.push(output),
                Carry::Wire(_) if self.lose > 0 => self.lose -= 1,
                Carry::Wire(input) => {
                    if self.repeat > 0 {
                        self.repeat -= 1;
                        wire.push_back((at, input.clone()));
                    }
                    wire.push_back((at, input));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Says a number, waits for it to come back one lower, and counts the seconds without an answer.
    struct Counter {
        out: VecDeque<u32>,
        deadline: Option<Instant>,
    }

    impl Machine for Counter {
        type Input = u32;
        type Output = u32;
        fn handle(&mut self, now: Instant, input: u32) {
            if input > 0 {
                self.out.push_back(input - 1);
                self.deadline = Some(now + Span::from_secs(1));
            }
        }
        fn poll(&mut self) -> Option<u32> {
            self.out.pop_front()
        }
        fn deadline(&self) -> Option<Instant> {
            self.deadline
        }
        fn alarm(&mut self, _: Instant) {
            self.deadline = None;
        }
    }

    fn pair() -> Pair<Counter, Counter> {
        let counter = || Counter { out: VecDeque::new(), deadline: None };
        let carry = |n| if n == 0 { Carry::Keep(n) } else { Carry::Wire(n) };
        Pair::new(counter(), carry, counter(), carry)
    }

    #[test]
    fn messages_go_back_and_forth_with_the_delay_of_the_wire() {
        let mut pair = pair();
        pair.a.machine.handle(Instant::START, 4);
        pair.drive();
        assert_eq!(pair.b.said, [0], "3 to b, 2 to a, 1 to b, which keeps the 0");
        assert_eq!(pair.now, Instant::from_micros(1_030_000), "three crossings, then the last deadline");
    }

    /// A machine with a bug: what it should do once, it does for ever.
    #[derive(Clone, Copy, PartialEq)]
    enum Mad {
        /// It answers each message with another one.
        Answers,
        /// It has always something more to say.
        Talks,
    }

    impl Machine for (Mad, bool) {
        type Input = ();
        type Output = ();
        fn handle(&mut self, _: Instant, (): ()) {
            self.1 = true;
        }
        fn poll(&mut self) -> Option<()> {
            let says = self.1;
            self.1 = self.0 == Mad::Talks && says;
            says.then_some(())
        }
        fn deadline(&self) -> Option<Instant> {
            None
        }
        fn alarm(&mut self, _: Instant) {}
    }

    fn mad(how: Mad) -> Pair<(Mad, bool), (Mad, bool)> {
        let mut pair = Pair::new((how, false), Carry::Wire, (how, false), Carry::Wire);
        pair.a.machine.handle(Instant::START, ());
        pair
    }

    #[test]
    #[should_panic(expected = "the machine has nothing more to say")]
    fn a_machine_that_talks_for_ever_fails_a_test() {
        mad(Mad::Talks).drive();
    }

    #[test]
    #[should_panic(expected = "the pair comes to rest")]
    fn two_machines_that_answer_each_other_for_ever_fail_a_test() {
        mad(Mad::Answers).drive();
    }

    #[test]
    #[should_panic(expected = "the clock moves")]
    fn two_machines_that_keep_the_clock_from_moving_fail_a_test_that_waits_for_a_time() {
        let mut pair = mad(Mad::Answers);
        pair.delay = Span::ZERO;
        pair.drive_until(Instant::from_micros(1));
    }

    #[test]
    fn a_lost_message_ends_the_exchange() {
        let mut pair = pair();
        pair.b.lose = 1;
        pair.a.machine.handle(Instant::START, 4);
        pair.drive();
        assert!(pair.a.said.is_empty() && pair.b.said.is_empty());
    }
}
