//! A long mix of messages and faults: whatever happens, each message is answered exactly once.

use std::collections::{BTreeMap, BTreeSet};

use imp::{Fault, Mishap, Settings, Toward, Watch};
use imp1822::{FromImp, HostAddress, MAX_DATA_BITS, Signal};
use machine::Span;

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
/// How many mixes are looked at.
const SEEDS: u64 = 25;
const LINES: [[u8; 2]; 6] = [[1, 2], [2, 3], [3, 4], [4, 1], [4, 5], [5, 1]];

/// The message that went from a host to a host; no pair uses a link twice.
type Name = (u8, u8, u8);

/// What went wrong, so that a test can tell whether it was a mix.
#[derive(Default)]
struct Counts {
    rfnms: u32,
    deads: u32,
    incompletes: u32,
    again: usize,
}

struct Mix {
    world: World,
    sent: BTreeMap<Name, bool>,
    order: Vec<Name>,
}

/// Hosts talk, and things go wrong.
fn mixed(seed: u64, misfortune: fn(&mut World, &mut Dice, u8)) -> Mix {
    let mut dice = Dice(seed);
    let settings = Settings { watch: Watch::NoRouting, seed, ..Settings::default() };
    let mut world = World::with(&net(&[1, 2, 3, 4, 5], &LINES, &[1, 65, 2, 3, 4, 5]), settings);
    let (mut sent, mut order) = (BTreeMap::new(), Vec::new());
    for step in 0..200_u8 {
        let (from, to) = (dice.one_of(&SENDERS), dice.one_of(&TARGETS));
        let data = if dice.below(3) == 0 { dice.below(MAX_DATA_BITS as u64 + 1) } else { dice.below(300) };
        let hurry = dice.below(8) == 0;
        let make = if hurry { priority } else { regular };
        world.says(from, make(to, step, data as usize));
        sent.insert((from, to, step), hurry);
        order.push((from, to, step));
        misfortune(&mut world, &mut dice, step);
        let pause = if dice.below(10) == 0 { 2_000_000 } else { 40_000 };
        world.pass(dice.below(pause));
    }
    for [a, b] in LINES {
        world.fault_if_any(Fault::LineErrs { between: [a, b], one_in: None });
    }
    for host in SENDERS.map(HostAddress::from) {
        world.fault_if_any(Fault::HostGoesOn { host });
    }
    world.rest();
    Mix { world, sent, order }
}

/// Something that no host which stays up may notice, but by what it is told. Most meet something; those that do not
/// change nothing.
fn havoc(world: &mut World, dice: &mut Dice, _: u8) {
    let between = dice.one_of(&LINES);
    let imp = dice.one_of(&[2, 4, 5]);
    let host = HostAddress::from(imp);
    let fault = match dice.below(36) {
        0 => Fault::LineFails { between },
        1..=3 => Fault::LineHeals { between },
        4 => Fault::ImpCrashes { imp },
        5..=7 => Fault::ImpRestarts { imp },
        8 => return world.ready(imp, false),
        9..=11 => return world.ready(imp, true),
        12 => Fault::LineErrs { between, one_in: Some(dice.one_of(&[2_000, 20_000])) },
        13 => Fault::LineErrs { between, one_in: None },
        14 => Fault::CablePulled { host },
        15..=16 => Fault::CablePlugged { host },
        17 => Fault::HostHangs { host },
        18..=20 => Fault::HostGoesOn { host },
        21 => {
            let mishap = dice.one_of(&[Mishap::Lost, Mishap::Late(Span::from_millis(50))]);
            Fault::Mishap { host, toward: Toward::Host, mishap }
        }
        // A host that is dead until it says something.
        22..=23 => return world.says(imp, imp1822::ToImp::Nop.bits()),
        _ => return,
    };
    world.fault_if_any(fault);
}

/// Faults after which every answer is still an RFNM: lines that err, or are cut for two seconds; a host that stands
/// still, but not for long.
fn trouble(world: &mut World, dice: &mut Dice, step: u8) {
    let between = dice.one_of(&LINES);
    let host = HostAddress::from(dice.one_of(&SENDERS));
    match dice.below(8) {
        0 => world.fault_if_any(Fault::LineErrs { between, one_in: Some(dice.one_of(&[8_000, 50_000])) }),
        1 => world.fault_if_any(Fault::LineErrs { between, one_in: None }),
        2 => world.fault_if_any(Fault::HostHangs { host }),
        3 => {
            world.fault(Fault::LineFails { between });
            world.fault(Fault::LineHeals { between });
        }
        _ => {}
    }
    if step % 4 == 3 {
        for host in SENDERS.map(HostAddress::from) {
            world.fault_if_any(Fault::HostGoesOn { host });
        }
    }
}

#[test]
fn every_regular_message_is_answered_once_and_what_has_a_rfnm_arrived_once_in_order() {
    let mut counts = Counts::default();
    for seed in 0..SEEDS {
        look_at(seed, &mixed(seed, havoc), &mut counts);
    }
    let Counts { rfnms, deads, incompletes, again } = counts;
    assert!(
        rfnms > 1000 && deads > 500 && incompletes > 20 && again > 100,
        "a mix: {rfnms} {deads} {incompletes} {again}"
    );
}

#[test]
fn no_message_is_lost_by_lines_that_err_or_hosts_that_pause() {
    let mut counts = Counts::default();
    // In the last two a host's ALL(8) went to another host's message, and none was left for the one that had asked.
    for seed in (0..SEEDS).chain([366, 1377]) {
        look_at(seed, &mixed(seed, trouble), &mut counts);
    }
    let Counts { rfnms, deads, incompletes, again } = counts;
    assert!(rfnms > 1000 && deads > 100 && again > 100, "a mix: {rfnms} {deads} {again}");
    assert_eq!(incompletes, 0, "nothing is lost");
}

fn look_at(seed: u64, Mix { world, sent, order }: &Mix, counts: &mut Counts) {
    let mut answers = BTreeSet::new();
    let mut acknowledged = BTreeSet::new();
    // What was called lost may arrive still: after a cut of more than 30 s that cannot be known.
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
                counts.rfnms += 1;
                acknowledged.insert((*host, to.number(), link.number()));
                (*host, to.number(), link.number())
            }
            FromImp::DestinationDead { to, link, .. } => {
                counts.deads += 1;
                (*host, to.number(), link.number())
            }
            FromImp::Incomplete { to, link, .. } => {
                counts.incompletes += 1;
                (*host, to.number(), link.number())
            }
            FromImp::Nop | FromImp::InterfaceReset | FromImp::ErrorInLeader { .. } => continue,
            other => panic!("seed {seed}: {other:?} at {at}"),
        };
        assert!(sent.contains_key(&name), "seed {seed}: {name:?} was never sent");
        assert!(answers.insert(name), "seed {seed}: a second answer to {name:?} at {at}");
    }
    let missing: Vec<&Name> = sent.keys().filter(|name| !answers.contains(name)).collect();
    assert!(missing.is_empty(), "seed {seed}: no answer to {missing:?}");
    counts.again += world.crossings.iter().filter(|(_, crossing)| crossing.again).count();

    let once: BTreeSet<Name> = arrived.iter().copied().collect();
    // An IMP that has begun anew cannot know that a straggler was delivered by its earlier life.
    let twice = arrived.iter().enumerate().filter(|(at, name)| arrived[..*at].contains(name));
    let twice = twice.filter(|(_, name)| SENDERS.contains(&name.1));
    let twice: Vec<&Name> = twice.map(|(_, name)| name).collect();
    assert!(twice.is_empty(), "seed {seed}: these arrive twice: {twice:?}");
    // The rest of a long message may be lost with its host after the first packet was acknowledged.
    let late = acknowledged.iter().filter(|name| SENDERS.contains(&name.1) && !once.contains(name));
    assert_eq!(late.count(), 0, "seed {seed}: to hosts that stay up, a RFNM means that it arrived");

    let plain = |names: &[Name], from: u8, to: u8| -> Vec<Name> {
        let these = names.iter().filter(|name| (name.0, name.1) == (from, to) && !sent[*name]);
        these.filter(|name| once.contains(name)).copied().collect()
    };
    for from in SENDERS {
        // A host that gets messages late may get them in another order.
        for to in SENDERS {
            assert_eq!(plain(&arrived, from, to), plain(order, from, to), "seed {seed}: {from} to {to}");
        }
    }
}

#[test]
fn the_same_mix_happens_again_to_the_microsecond() {
    let (one, two) = (mixed(7, havoc).world, mixed(7, havoc).world);
    assert_eq!(one.heard, two.heard);
    assert_eq!(one.crossings, two.crossings);
}
