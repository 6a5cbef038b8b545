//! One order, said by as few messages that wait for others as lead to the same end.

use std::cell::RefCell;
use std::rc::Rc;

use imp1822::{FromImp, HostAddress, Signal};
use machine::Bits;
use scenario::ast::{Action, Crossing, Orders, Waiting};
use trace::{Follower, Keep, Party, Record, What};

use super::ended::{Ending, ending};
use super::order::Order;
use super::refusals::Refusals;
use super::search::Search;
use super::trail::{Path, Trail};
use crate::failure::Failure;
use crate::outcome::{Options, Outcome};
use crate::replay::arrivals::{Waitings, crossing};
use crate::world::{Arrival, ArrivalOrder, Delivery};

/// One order that leads to an ending.
#[derive(Debug, Clone)]
pub struct One {
    /// How it ends.
    pub ending: Ending,
    /// Which messages wait for which. The others arrive as they come.
    pub waitings: Vec<Said>,
    /// What does not hold of the scenario in this order.
    pub failures: Vec<Failure>,
}

/// A message that waits for another, and what the two say.
#[derive(Debug, Clone)]
pub struct Said {
    /// Which waits for which.
    pub waiting: Waiting,
    /// What they say: the one that waits, and the one that it waits for.
    pub what: [String; 2],
}

/// There is no such order: so many messages that could arrive there are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no order of this scenario is written so: not as many messages could arrive there")]
pub struct Astray;

/// Messages arrive as waitings say, and it is written down how.
struct Followed {
    waitings: Waitings,
    met: Rc<RefCell<(Vec<Delivery>, Refusals)>>,
}

impl ArrivalOrder for Followed {
    fn choose(&mut self, waiting: &[Delivery], state: u64) -> Arrival {
        self.waitings.choose(waiting, state)
    }

    fn arrives(&mut self, delivery: &Delivery, message: &Bits) {
        self.waitings.arrives(delivery, message);
        let (deliveries, refusals) = &mut *self.met.borrow_mut();
        deliveries.push(*delivery);
        refusals.take(delivery, message);
    }
}

impl Search {
    /// An order in other words: as few messages that wait for others as lead to the same end.
    ///
    /// # Errors
    /// There is no such order.
    pub fn one(&self, order: &Order) -> Result<One, Astray> {
        let (ending, target) = self.along(&order.0)?;
        let mut waitings = self.waitings(ending, &target);
        // What can be left out without another end is no part of it.
        for place in (0..waitings.len()).rev() {
            let mut fewer = waitings.clone();
            fewer.remove(place);
            if self.with(&fewer, Keep::Digest).0 == ending {
                waitings = fewer;
            }
        }
        let (_, _, outcome) = self.with(&waitings, Keep::Records);
        let says = self.what_messages_say(&outcome.records);
        let waitings = waitings
            .into_iter()
            .map(|waiting| Said { what: [waiting.message, waiting.waits_for].map(&says), waiting });
        let failures =
            outcome.verdict.err().into_iter().flat_map(|all| all.iter().cloned().collect::<Vec<_>>());
        Ok(One { ending, waitings: waitings.collect(), failures: failures.collect() })
    }

    /// How it ends if messages arrive as they come.
    pub fn usual(&self) -> Ending {
        // On the empty path nothing can be missing.
        self.along(&Path::new()).map_or(Ending::Lost, |(ending, _)| ending)
    }

    /// How a run along a path ends, and what arrives in it.
    fn along(&self, path: &Path) -> Result<(Ending, Vec<Delivery>), Astray> {
        let (trail, met) = Trail::new(path.clone(), None);
        let outcome = self.play(Box::new(trail), Keep::Digest);
        let met = met.borrow();
        if met.astray || met.states.len() < path.len() {
            return Err(Astray);
        }
        Ok((self.ending(&outcome, met.refusals.count()), met.deliveries.clone()))
    }

    fn play(&self, order: Box<dyn ArrivalOrder>, keep: Keep) -> Outcome {
        let mut replay = self.prepared.start(self.seed, Options { keep, ..Options::DIGEST });
        replay.arrivals = Some(order);
        replay.play(self.prepared.scenario())
    }

    fn ending(&self, outcome: &Outcome, refusals: usize) -> Ending {
        ending(self.prepared.scenario(), outcome, &self.before, refusals)
    }

    fn with(&self, waitings: &[Waiting], keep: Keep) -> (Ending, Vec<Delivery>, Outcome) {
        let met = Rc::new(RefCell::new((Vec::new(), Refusals::default())));
        let order = Followed { waitings: Waitings::new(waitings), met: met.clone() };
        let outcome = self.play(Box::new(order), keep);
        let (deliveries, refusals) = &mut *met.borrow_mut();
        (self.ending(&outcome, refusals.count()), std::mem::take(deliveries), outcome)
    }

    /// Which messages must wait for which, so that a run ends so in which these arrive.
    fn waitings(&self, ending: Ending, target: &[Delivery]) -> Vec<Waiting> {
        let mut waitings: Vec<Waiting> = Vec::new();
        // With each of them one place more is right, at least.
        for _ in 0..=target.len() {
            let (ended, arrived, _) = self.with(&waitings, Keep::Digest);
            if ended == ending {
                return waitings;
            }
            match first_other(&arrived, target) {
                Some(waiting) if !waitings.contains(&waiting) => waitings.push(waiting),
                Some(_) | None => break,
            }
        }
        // Every message waits for the one before it.
        let pairs = target.iter().zip(target.iter().skip(1));
        pairs.map(|(before, next)| Waiting { message: crossing(next), waits_for: crossing(before) }).collect()
    }

    /// What a message says, by its place behind the mark.
    fn what_messages_say(&self, records: &[Record]) -> impl Fn(Crossing) -> String {
        let is_mark = |line: usize| {
            let mut steps = self.prepared.scenario().steps.iter();
            steps.any(|step| step.line == line && step.action == Action::Orders(Orders::All))
        };
        let mut follower = Follower::default();
        let mut said: Vec<(HostAddress, HostAddress, String)> = Vec::new();
        let mut arrived: Vec<(HostAddress, HostAddress)> = Vec::new();
        let mut before = 0;
        for record in records {
            match &record.what {
                What::Sent { host, signal } => {
                    let parts: Vec<_> = follower.sent(*host, signal).into_iter().collect();
                    let to = regular_to(signal);
                    let Some(to) = to else { continue };
                    let of_hosts = parts.iter().filter(|part| part.to == Party::Host(to));
                    let what: Vec<&str> = of_hosts.map(|part| part.what.as_str()).collect();
                    said.push((*host, to, what.join("; ")));
                }
                What::Received { host, signal: Signal::Message(message) } => {
                    if let Ok(FromImp::Regular { from, .. }) = FromImp::parse(message) {
                        arrived.push((from, *host));
                    }
                }
                What::Step { line, .. } if is_mark(*line) => before = arrived.len(),
                _ => {}
            }
        }
        arrived.truncate(before);
        move |one: Crossing| {
            let way = (one.from, one.to);
            let earlier = arrived.iter().filter(|arrived| **arrived == way).count();
            let mut between = said.iter().filter(|(from, to, _)| (*from, *to) == way);
            let found = between.nth(earlier + one.number as usize - 1);
            found.map(|(.., what)| what.clone()).unwrap_or_default()
        }
    }
}

/// For whom a host's message is.
fn regular_to(signal: &Signal) -> Option<HostAddress> {
    let Signal::Message(message) = signal else { return None };
    match imp1822::ToImp::parse(message) {
        Ok(imp1822::ToImp::Regular { to, .. }) => Some(to),
        Ok(_) | Err(_) => None,
    }
}

/// The first message that arrives at its host before one that should have come first.
fn first_other(arrived: &[Delivery], target: &[Delivery]) -> Option<Waiting> {
    for (place, one) in arrived.iter().enumerate() {
        let to_host = |all: &[Delivery]| all.iter().filter(|other| other.to == one.to).count();
        let nth = to_host(&arrived[..place]);
        let expected = target.iter().filter(|other| other.to == one.to).nth(nth)?;
        if crossing(expected) != crossing(one) {
            return Some(Waiting { message: crossing(one), waits_for: crossing(expected) });
        }
    }
    None
}
