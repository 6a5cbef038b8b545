//! Violations that are reported where cables are live, and that a capture read again shows the same.

use imp1822::h316::{Input, Output};
use imp1822::{HostAddress, Signal, ToImp};
use machine::{BitWriter, Bits, Rounds};
use ncp::{Command, HEADER_BITS, Header};
use trace::capture::Cables;
use trace::{Names, View};

use super::*;

#[test]
fn nobody_is_accused_of_what_a_cable_of_datagrams_does() {
    for rough in [
        Rough::default(),
        Rough { doubles: 2, ..Rough::default() },
        Rough { loses: 100, ..Rough::default() },
        Rough { loses: 20, ..Rough::default() },
        Rough { delays: 50, doubles: 10, ..Rough::default() },
        Rough { delays: 50, doubles: 10, too_late: true, ..Rough::default() },
        Rough { loses: 50, doubles: 20, delays: 50, too_late: true, ..Rough::default() },
        Rough { loses: 50, doubles: 20, delays: 50, ..Rough::default() },
    ] {
        for seed in 0..40 {
            let Aftermath { at_net, at_host, .. } = transfer(rough, seed);
            for (place, shown) in [("the net", at_net), ("the host", at_host)] {
                let told = shown.reported();
                assert!(told.is_empty(), "{rough:?}, seed {seed}, at {place}:\n{}", told.join("\n"));
            }
        }
    }
}

/// The lines of a transcript, however they are laid out.
fn lines(text: &str) -> Vec<String> {
    text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn a_recording_reads_as_what_was_shown() {
    let rough = Rough { loses: 60, doubles: 20, ..Rough::default() };
    for (rough, seeds) in [(Rough::default(), 0..3), (rough, 0..20)] {
        for seed in seeds {
            let Aftermath { at_net, at_host, names, .. } = transfer(rough, seed);
            for shown in [at_net, at_host] {
                let file = shown.capture.0.borrow().clone();
                let cables = Cables::find(&file).expect("a capture");
                let reading = cables.read(&[], Directory::clone(&names));
                let lenses: Vec<Lens> = WIRE
                    .into_iter()
                    .filter(|lens| rough == Rough::default() || *lens != Lens::Trouble)
                    .collect();
                let names = Names::from(reading.directory.clone());
                let view = View::new(&names, &lenses);
                let read = view.with_violations(&reading.records, &reading.violations());
                let text = shown.text();
                let (live, read) = (lines(&text), lines(&read));
                assert!(read.len() > 15, "{}", read.join("\n"));
                for (number, (live, read)) in live.iter().zip(&read).enumerate() {
                    assert_eq!(live, read, "line {number}, {rough:?}, seed {seed}");
                }
                assert!(live.len() > read.len(), "then comes the summary");
                assert!(!live[read.len()].starts_with(|c: char| c.is_ascii_digit()), "{}", live[read.len()]);
            }
        }
    }
}

/// A host elsewhere that sends what a test says, whatever the rules are.
struct Script {
    now: Instant,
    end: HostEnd,
    says: VecDeque<(Instant, Signal)>,
    heard: Vec<Signal>,
    out: VecDeque<Vec<u8>>,
}

impl Script {
    fn drain(&mut self) {
        let mut rounds = Rounds::until("the host's end has nothing more to say");
        while let Some(output) = self.end.poll() {
            rounds.count();
            match output {
                Output::Datagram(datagram) => self.out.push_back(datagram),
                Output::Signal(signal) => self.heard.push(signal),
                Output::Called(_) | Output::Trouble(_) => {}
            }
        }
    }
}

#[derive(Clone)]
struct Actor(Rc<RefCell<Script>>);

impl Driver for Actor {
    fn wait(&mut self, until: Instant, _: &[HostAddress]) -> Wake {
        let script = &mut *self.0.borrow_mut();
        loop {
            if let Some(datagram) = script.out.pop_front() {
                return Wake::Datagram(script.now, SITE2.into(), datagram);
            }
            match script.says.front() {
                None => return Wake::Stopped,
                Some((at, _)) if *at > until => {
                    script.now = script.now.max(until);
                    return Wake::Due;
                }
                Some(_) => {
                    let Some((at, signal)) = script.says.pop_front() else { continue };
                    script.now = script.now.max(at);
                    script.end.handle(script.now, Input::Signal(signal));
                    script.drain();
                }
            }
        }
    }

    fn send(&mut self, _: HostAddress, datagram: Vec<u8>) {
        let script = &mut *self.0.borrow_mut();
        script.end.handle(script.now, Input::Datagram(datagram));
        script.drain();
    }
}

fn control(to: u8, command: Command) -> Signal {
    let mut text = BitWriter::new(8 * command.len());
    command.emit(&mut text);
    let text: Bits = text.finish();
    let leader = ToImp::Regular { to: to.into(), link: imp1822::Link::CONTROL, priority: false }.bits();
    let mut writer = BitWriter::new(leader.len() + HEADER_BITS + text.len());
    writer.put_bits(leader.reader());
    Header { size: 8, count: (text.len() / 8) as u16 }.emit(&mut writer);
    writer.put_bits(text.reader());
    Signal::Message(writer.finish())
}

/// Has a host elsewhere send these signals to a net with SITE1 in it, from the second second on, `apart` milliseconds
/// from each to the next. Returns what was shown, and what the host has received.
fn play(says: Vec<Signal>, apart: u64) -> (Shown, Vec<Signal>) {
    let source = Library::BuiltIn.net("three-imps").expect("it is built in");
    let net = scenario::parse_net(&source.name, &source.text)
        .unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)));
    let names = Names::of(&net).hosts().clone();
    let settings = Settings {
        name: "SITE1".to_owned(),
        address: SITE1.into(),
        directory: names.clone(),
        ..Settings::default()
    };
    let nop = || Signal::Message(ToImp::Nop.bits());
    let mut at = Instant::from_micros(1_000_000);
    let mut script = VecDeque::from([(at, Signal::Ready(true)), (at + Span::from_millis(500), nop())]);
    at = Instant::from_micros(2_000_000);
    for signal in says {
        script.push_back((at, signal));
        at += Span::from_millis(apart);
    }
    script.push_back((at + Span::from_secs(5), nop()));
    let script = Script {
        now: Instant::START,
        end: HostEnd::default(),
        says: script,
        heard: Vec::new(),
        out: VecDeque::new(),
    };
    let actor = Actor(Rc::new(RefCell::new(script)));
    let shown = Shown::default();
    // Nothing is looked at but what is wrong.
    let output = shown.output(&names, TapPoint::Lossless, &[(SITE2.into(), TapPoint::AtImp)], &[]);
    let hosts = [(HostAddress::from(SITE1), Host::new(settings))];
    let mut world = World::new(&net, hosts, imp::Watch::Nothing, 0, output);
    world.attach_remote(Box::new(actor.clone()), [HostAddress::from(SITE2)]);
    world.act(SITE1.into(), |host, now| host.boot(now));
    while world.advance(Instant::from_micros(u64::MAX)) != Advance::Stopped {}
    world.log_mut().finish();
    let heard = actor.0.borrow().heard.clone();
    (shown, heard)
}

/// Whether a host has heard this command.
fn has_heard(heard: &[Signal], command: Command) -> bool {
    let texts = heard.iter().filter_map(|signal| match signal {
        Signal::Message(bits) => Some(ncp::Header::split(bits).ok()?.1),
        Signal::Ready(_) => None,
    });
    texts.flat_map(ncp::Commands::new).any(|found| found == Ok(command))
}

#[test]
fn a_violation_at_a_live_net_is_told_once_and_the_net_goes_on() {
    let says = vec![
        control(SITE1, Command::Rst),
        control(SITE1, Command::Erp { data: 42 }),
        control(SITE1, Command::Eco { data: 7 }),
    ];
    let (shown, heard) = play(says, 500);
    assert!(has_heard(&heard, Command::Erp { data: 7 }), "SITE1 still answers: {heard:?}");
    assert_eq!(
        shown.text(),
        "   2.500000  SITE2 -> SITE1  BREAKS A RULE: ERP 42  (NIC 8246, III, Test Inquiry, p. 20)\n\
         \x20                            a host sends an ERP only in answer to an ECO, with the same data\n\
         1 rule broken, 1 time in all:\n\
         \x20 SITE2, 1 x: a host sends an ERP only in answer to an ECO, with the same data\n\
         \x20   (NIC 8246, III, Test Inquiry, p. 20) at 2.500000\n"
    );
}

#[test]
fn of_a_flood_at_a_live_net_a_little_is_told_and_all_is_counted() {
    let mut says = vec![control(SITE1, Command::Rst)];
    says.extend((0..3000).map(|_| control(SITE1, Command::Erp { data: 42 })));
    let (shown, _) = play(says, 100);
    let told = shown.reported().len();
    assert!((100..300).contains(&told), "{told} of 3000 in five minutes");
    assert!(shown.text().contains("SITE2, 3000 x, of which"), "{}", shown.text());
}

#[test]
fn a_host_that_was_there_before_the_net_is_not_accused_of_what_may_be_of_before() {
    let link = imp1822::Link::from(44);
    let says = vec![
        control(SITE1, Command::All { link, messages: 1, bits: 100 }),
        control(SITE1, Command::Cls { mine: 2.into(), yours: 3.into() }),
        control(SITE1, Command::Erp { data: 1 }),
    ];
    let (shown, _) = play(says.clone(), 500);
    assert!(shown.reported().is_empty(), "{}", shown.text());
    // An answer does not take for ever.
    let late = [vec![Signal::Message(ToImp::Nop.bits())], says.clone()].concat();
    let (shown, _) = play(late, 130_000);
    assert!(shown.text().contains("BREAKS A RULE: ERP 1"), "{}", shown.text());
    // Once it has said that it has no connections, it is.
    let after_reset = [vec![control(SITE1, Command::Rst)], says].concat();
    let (shown, _) = play(after_reset, 500);
    assert_eq!(shown.reported().len(), 3, "{}", shown.text());
}
