//! The NCP as a machine: what it is handed, what leaves it, and its deadlines.

use imp1822::{FromImp, Leader};
use machine::time::earlier;
use machine::{Bits, Instant, Machine};

use crate::partner::Refusal;
use crate::requests::refuse;
use crate::tables::ImpLine;
use crate::timers::Timer;
use crate::{Command, Input, Ncp, Output};

impl Ncp {
    /// Whether nothing is to be handed out, and nobody waits to say something: so it is after nearly each input.
    #[inline]
    pub fn is_at_rest(&self) -> bool {
        self.shared.is_at_rest()
    }

    /// The next control message that may go. When there is none, finds out who is waited for. It is asked for far less often
    /// than whether there is anything.
    #[inline(never)]
    fn next_message(&mut self) -> Option<Bits> {
        let message = match self.line {
            ImpLine::Up if !self.shared.is_stuck => self.shared.next_control_message(),
            ImpLine::Up | ImpLine::Down => None,
        };
        if message.is_none() {
            self.settle_waits();
        }
        message
    }

    /// A deadline has come.
    fn ring(&mut self, timer: Timer) {
        let Ncp { connections, requests, shared, .. } = self;
        match timer {
            Timer::Connection(id) => {
                let next = connections.live(id).on_patience_over(shared);
                connections.settle(id, next, shared);
            }
            Timer::Request(local, number) => {
                let request = requests.take((local, number), shared);
                request.into_iter().for_each(|request| refuse(request, shared));
            }
            Timer::Refusal(host, refusal) => {
                let Refusal { local, foreign, .. } = refusal;
                if shared.may_be_unheard(host, Command::Cls { mine: local, yours: foreign }) {
                    let until = shared.patience_with_close();
                    shared.timers.set(timer, until);
                } else {
                    shared.partners.entry(host).refusals.remove(&refusal);
                }
            }
            Timer::Reset(host) => self.on_rst_unanswered(host),
            Timer::Echo(host) => self.on_echo_unanswered(host),
            Timer::Inquiry(host) => self.inquire(host),
        }
    }
}

/// Whether an answer is about a message to a fake host, which is not the host of the same number.
fn is_of_fake_host(answer: &Bits) -> bool {
    Leader::parse(&mut answer.reader()).is_ok_and(|leader| leader.for_imp)
}

impl Machine for Ncp {
    type Input = Input;
    type Output = Output;

    fn handle(&mut self, now: Instant, input: Input) {
        self.shared.now = now;
        if let Input::Up | Input::Message(..) = input {
            self.shared.imp_heard = now;
        }
        match input {
            // The IMP takes messages: whatever waited may go.
            Input::Up => {
                self.line = ImpLine::Up;
                self.shared.came_up = Some(now);
                self.shared.partners.wake_all();
            }
            // The IMP forgot what it held: nothing outstanding will be answered.
            Input::Down(outage) => self.on_imp_down(outage),
            Input::Stuck => self.shared.is_stuck = true,
            Input::GoesOn => self.on_interface_going_on(),
            Input::Message(FromImp::Regular { from, link, .. }, bits) => self.on_message(from, link, &bits),
            // No message of ours is for an IMP's program.
            Input::Message(
                FromImp::Rfnm { .. } | FromImp::ErrorInData { .. } | FromImp::Incomplete { .. },
                bits,
            ) if is_of_fake_host(&bits) => {}
            Input::Message(answer, _) => self.on_answer(answer),
        }
        if self.shared.transit.is_stale(now) {
            self.give_up_late(now);
        }
    }

    #[inline]
    fn poll(&mut self) -> Option<Output> {
        if let Some(output) = self.shared.out.pop_front() {
            return Some(output);
        }
        if self.is_at_rest() { None } else { self.next_message().map(Output::Send) }
    }

    fn deadline(&self) -> Option<Instant> {
        earlier(self.shared.timers.first(), self.shared.transit.deadline())
    }

    fn alarm(&mut self, now: Instant) {
        self.shared.now = now;
        while let Some(timer) = self.shared.timers.pop_due(now) {
            self.ring(timer);
        }
        if self.shared.transit.deadline().is_some_and(|at| at <= now) {
            self.give_up_late(now);
        }
    }
}
