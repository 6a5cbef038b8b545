//! A long mix of messages and faults: whatever happens, each message is answered exactly once.

use std::collections::{BTreeMap, BTreeSet};

use imp1822::{FromImp, MAX_DATA_BITS, Signal};

use crate::world::{World, net, priority, regular};

/// Numbers that look random and are the same everywhere (Knuth's MMIX generator).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn one_of<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }
}

/// These stay up, and so do their IMPs.
const SENDERS: [u8; 3] = [1, 65, 3];
/// All to whom something is sent: a host that comes and goes, IMPs that come and go, and one that never was.
const TARGETS: [u8; 8] = [1, 65, 3, 2, 4, 5, 130, 40];
const LINES: [[u8; 2]; 6] = [[1, 2], [2, 3], [3, 4], [4, 1], [4, 5], [5, 1]];

/// The message that went from a host to a host; no pair uses a link twice.
type Name = (u8, u8, u8);

struct Mix {
    world: World,
    sent: BTreeMap<Name, bool>,
    order: Vec<Name>,
}

fn mixed(seed: u64) -> Mix {
    let mut dice = Dice(seed);
    let mut world = World::new(&net(&[1, 2, 3, 4, 5], &LINES, &[1, 65, 2, 3, 4, 5]));
    let (mut sent, mut order) = (BTreeMap::new(), Vec::new());
    for step in 0..200_u8 {
        let (from, to) = (dice.one_of(&SENDERS), dice.one_of(&TARGETS));
        let data = if dice.below(4) == 0 { dice.below(MAX_DATA_BITS as u64 + 1) } else { dice.below(300) };
        let hurry = dice.below(8) == 0;
        let make = if hurry { priority } else { regular };
        world.says(from, make(to, step, data as usize));
        sent.insert((from, to, step), hurry);
        order.push((from, to, step));
        let now = world.now;
        let [a, b] = dice.one_of(&LINES);
        let imp = dice.one_of(&[2, 4, 5]);
        // Most faults meet something; those that do not change nothing.
        match dice.below(24) {
            0 => _ = world.subnet.line_fails(now, a, b),
            1..=3 => _ = world.subnet.line_heals(now, a, b),
            4 => _ = world.subnet.imp_crashes(now, imp),
            5..=7 => _ = world.subnet.imp_restarts(now, imp),
            8 => world.ready(imp, false),
            9..=11 => world.ready(imp, true),
            _ => {}
        }
        let pause = if dice.below(10) == 0 { 2_000_000 } else { 40_000 };
        let later = world.now.as_micros() + dice.below(pause);
        world.until(later);
    }
    world.rest();
    Mix { world, sent, order }
}

#[test]
fn every_regular_message_is_answered_once_and_what_has_a_rfnm_arrived_once_in_order() {
    let (mut rfnms, mut deads, mut incompletes) = (0, 0, 0);
    for seed in 0..40 {
        let Mix { world, sent, order } = mixed(seed);
        let mut answers = BTreeSet::new();
        let mut acknowledged = BTreeSet::new();
        // What was called lost may arrive still: after a cut of more than 30 s nobody can know.
        let mut arrived = Vec::new();
        for (at, host, signal) in &world.heard {
            let Signal::Message(bits) = signal else { continue };
            let name = match FromImp::parse(bits).expect("IMPs send whole leaders") {
                FromImp::Regular { from, link, .. } => {
                    let name = (from.number(), *host, link.number());
                    arrived.push(name);
                    continue;
                }
                FromImp::Rfnm { to, link } => {
                    rfnms += 1;
                    acknowledged.insert((*host, to.number(), link.number()));
                    (*host, to.number(), link.number())
                }
                FromImp::DestinationDead { to, link, .. } => {
                    deads += 1;
                    (*host, to.number(), link.number())
                }
                FromImp::Incomplete { to, link, .. } => {
                    incompletes += 1;
                    (*host, to.number(), link.number())
                }
                FromImp::Nop | FromImp::InterfaceReset => continue,
                other => panic!("seed {seed}: {other:?} at {at}"),
            };
            assert!(sent.contains_key(&name), "seed {seed}: {name:?} was never sent");
            assert!(answers.insert(name), "seed {seed}: a second answer to {name:?} at {at}");
        }
        assert_eq!(answers.len(), sent.len(), "seed {seed}: all are answered");

        let once: BTreeSet<Name> = arrived.iter().copied().collect();
        assert_eq!(once.len(), arrived.len(), "seed {seed}: nothing arrives twice");
        // The rest of a long message may be lost with its host after the first packet was acknowledged.
        let late = acknowledged.iter().filter(|name| SENDERS.contains(&name.1) && !once.contains(name));
        assert_eq!(late.count(), 0, "seed {seed}: to hosts that stay up, a RFNM means that it arrived");

        let plain = |names: &[Name], from: u8, to: u8| -> Vec<Name> {
            let these = names.iter().filter(|name| (name.0, name.1) == (from, to) && !sent[*name]);
            these.filter(|name| once.contains(name)).copied().collect()
        };
        for from in SENDERS {
            for to in TARGETS {
                assert_eq!(plain(&arrived, from, to), plain(&order, from, to), "seed {seed}: {from} to {to}");
            }
        }
    }
    assert!(rfnms > 1000 && deads > 500 && incompletes > 20, "a mix: {rfnms} {deads} {incompletes}");
}

#[test]
fn the_same_mix_happens_again_to_the_microsecond() {
    let (one, two) = (mixed(7).world, mixed(7).world);
    assert_eq!(one.heard, two.heard);
    assert_eq!(one.crossings, two.crossings);
}
