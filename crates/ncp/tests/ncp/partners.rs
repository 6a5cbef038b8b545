//! Several partners who ask, refuse, give up and close as they like, while the IMP answers in any order: whatever this host
//! has decided to say leaves in the end.

use std::cell::Cell;

use imp1822::{FromImp, HostAddress, Link, ToImp};
use machine::{Bits, Machine, Rounds, Span};
use ncp::{Command, Commands, ConnectionId, Event, Header, Input, Output, Partner, Policy, QueuePolicy};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::lone::{Lone, at, cls, rts, socket, str};

const PARTNERS: [u8; 3] = [69, 6, 13];

/// The sockets of this host, and as many of each partner: few, so that they get into each other's way.
const LOCAL: [u32; 4] = [4, 5, 6, 7];
const FOREIGN: [u32; 4] = [9, 8, 11, 10];

struct Crowd {
    here: Lone,
    /// Partners whose last control message the IMP has not answered.
    unanswered: Vec<u8>,
    held: Vec<ConnectionId>,
    /// How many CLS have left.
    closes: usize,
}

impl Crowd {
    fn new(queue: QueuePolicy) -> Self {
        let mut here = Lone::new(Policy { queue, ..Policy::default() });
        here.rfnms = false;
        Crowd { here, unanswered: Vec::new(), held: Vec::new(), closes: 0 }
    }

    fn act(&mut self, (what, who, which): (u8, u8, u8)) {
        let partner = PARTNERS[usize::from(who) % PARTNERS.len()];
        let local = LOCAL[usize::from(which) % 4];
        // One of the two of the other gender.
        let foreign = FOREIGN[usize::from(which) % 2 + 2 * (usize::from(which) / 4 % 2)];
        let now = self.here.now;
        let ncp = &mut self.here.ncp;
        match what % 16 {
            0..=3 => self.held.extend(ncp.init(now, socket(local), at(partner, foreign), None)),
            4 => self.held.extend(ncp.listen(now, socket(local), Partner::Anyone, None)),
            5..=7 => {
                let request = match local % 2 {
                    0 => str(foreign, local, 8),
                    _ => rts(foreign, local, which / 8 + 2),
                };
                self.here.hears_from(partner, &[request]);
            }
            8..=10 => self.here.hears_from(partner, &[cls(foreign, local)]),
            11 | 12 if !self.held.is_empty() => {
                ncp.release(now, self.held.swap_remove(usize::from(which) % self.held.len()));
            }
            13 => ncp.echo(now, HostAddress::from(partner), which),
            14 if which < 32 => self.here.waits(Span::from_secs(u64::from(which))),
            _ => self.answer(usize::from(which)),
        }
        self.drain();
    }

    /// The IMP answers one of the control messages.
    fn answer(&mut self, which: usize) {
        if !self.unanswered.is_empty() {
            let to = self.unanswered.remove(which % self.unanswered.len());
            let rfnm = FromImp::Rfnm { to: HostAddress::from(to), link: Link::CONTROL };
            self.here.ncp.handle(self.here.now, Input::Message(rfnm, Bits::default()));
        }
    }

    fn drain(&mut self) {
        let mut rounds = Rounds::until("the NCP has nothing more to say");
        while let Some(output) = self.here.ncp.poll() {
            rounds.count();
            match output {
                Output::Send(message) => self.hear(&message),
                Output::Event(Event::Closed { id, .. }) => {
                    self.held.retain(|held| *held != id);
                    self.here.ncp.release(self.here.now, id);
                }
                Output::Event(_) => {}
            }
        }
    }

    fn hear(&mut self, message: &Bits) {
        let Ok(ToImp::Regular { to, link: Link::CONTROL, .. }) = ToImp::parse(message) else {
            panic!("no program has sent any text");
        };
        let (_, text) = Header::split(message).expect("it is whole");
        assert!(!self.unanswered.contains(&to.number()), "one control message at a time");
        self.unanswered.push(to.number());
        self.closes +=
            Commands::new(text).filter(|command| matches!(command, Ok(Command::Cls { .. }))).count();
    }

    /// The IMP answers for everything, and the partners say nothing more.
    fn everything_leaves(&mut self) {
        for turn in 0.. {
            assert!(turn < 2000, "there is an end to what a host has to say");
            self.drain();
            if self.unanswered.is_empty() {
                break;
            }
            self.answer(turn);
        }
        let left = self.here.ncp.tables().commands;
        assert_eq!(left, 0, "everything that was said is answered for, and yet this many commands stay");
    }
}

#[test]
fn whatever_several_partners_do_everything_leaves_in_the_end() {
    let config = Config { cases: 400, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let actions = proptest::collection::vec(any::<(u8, u8, u8)>(), 0..200);
    let closes = Cell::new(0);
    let outcome =
        TestRunner::new_with_rng(config, rng).run(&(any::<bool>(), actions), |(queues, actions)| {
            let queue = if queues { Policy::default().queue } else { QueuePolicy::Refuse };
            let mut crowd = Crowd::new(queue);
            for action in actions {
                crowd.act(action);
            }
            crowd.everything_leaves();
            closes.set(closes.get() + crowd.closes);
            Ok(())
        });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    assert!(closes.get() > 4000, "the runs are about something: {} CLS", closes.get());
}
