//! What IMPs report to the control center, as it arrives at the center's host.

use imp::{Fault, Net, Reports};
use imp1822::{FromImp, HostAddress, Signal};
use machine::Span;
use ncc::{LineCount, Report, Restart, STATISTICS, ThroughputReport, TroubleReport};

use crate::world::{World, net, regular, rfnm};

const PERIOD: u64 = 10_000_000;
const CENTER: u8 = 5;

/// IMPs 1, 2 and 5 in a ring that report to host 0 of IMP 5. Host 3 of IMP 1 has the number of that IMP's fake host.
fn reporting() -> Net {
    let reports = Reports { to: HostAddress::from(CENTER), every: Span::from_micros(PERIOD) };
    let net = net(&[1, 2, 5], &[[1, 2], [2, 5], [5, 1]], &[1, 65, 193, 2, CENTER]);
    Net { reports: Some(reports), ..net }
}

/// What an IMP has reported since the world last forgot, oldest first.
fn reports(world: &World, imp: u8) -> Vec<Report> {
    let messages = world.heard.iter().filter_map(|(_, to, signal)| match signal {
        Signal::Message(bits) if *to == CENTER => Some(bits),
        Signal::Message(_) | Signal::Ready(_) => None,
    });
    let from = HostAddress::new(STATISTICS, imp).expect("it fits");
    messages
        .filter(
            |bits| matches!(FromImp::parse(bits), Ok(FromImp::FakeHost { from: there, .. }) if there == from),
        )
        .map(|bits| Report::parse(bits).expect("IMPs send whole reports"))
        .collect()
}

fn troubles(world: &World, imp: u8) -> Vec<TroubleReport> {
    let of = |report| if let Report::Trouble(report) = report { Some(report) } else { None };
    reports(world, imp).into_iter().filter_map(of).collect()
}

fn throughputs(world: &World, imp: u8) -> Vec<ThroughputReport> {
    let of = |report| if let Report::Throughput(report) = report { Some(report) } else { None };
    reports(world, imp).into_iter().filter_map(of).collect()
}

fn neighbours(report: &TroubleReport) -> Vec<u8> {
    report.lines.iter().filter(|line| !line.is_dead()).filter_map(|line| line.neighbour()).collect()
}

#[test]
fn every_imp_reports_how_it_is_and_what_it_has_carried_in_each_period() {
    let mut world = World::new(&reporting());
    world.pass(4 * PERIOD);
    for (imp, others) in [(1, [2, 5]), (2, [1, 5]), (5, [1, 2])] {
        assert_eq!((troubles(&world, imp).len(), throughputs(&world, imp).len()), (4, 4), "IMP {imp}");
        let last = troubles(&world, imp)[3];
        assert_eq!(neighbours(&last), others);
        assert_eq!(last.speed(0), Some(50_000));
        assert!(last.anomalies.host_is_up(0));
        assert_eq!((last.anomalies.host_is_up(1), last.anomalies.host_is_up(3)), (imp == 1, imp == 1));
        assert_eq!(last.restart, Restart::default(), "it has been up for long");
        assert!((38..=40).contains(&last.free), "{} of 40 buffers", last.free);
        // A routing message every 640 ms, and none missed.
        assert!((15..=16).contains(&last.lines[0].routing_sent()), "{last:?}");
        assert_eq!(last.lines[0].routing_missed(), 0);
    }
    assert!(world.subnet.is_quiet(), "nothing is under way from report to report");
}

#[test]
fn what_was_counted_is_reported_once() {
    let mut world = World::new(&reporting());
    world.pass(2 * PERIOD);
    world.forget();
    // Three packets to IMP 2, and one to a host of the same IMP.
    world.says(1, regular(2, 7, 2500));
    world.says(1, regular(65, 8, 16));
    world.pass(2 * PERIOD);
    let [first, second] = throughputs(&world, 1)[..] else { panic!("two periods have passed") };
    let [sender, local, ..] = first.hosts;
    assert_eq!((sender.messages_to_net, sender.packets_to_net), (1, 3));
    assert_eq!((sender.messages_to_local, sender.packets_to_local), (1, 1));
    assert_eq!((local.messages_from_local, local.packets_from_local), (1, 1));
    // Leader, data and padding.
    assert_eq!(sender.words_from_host, (32 + 2500 + 12) / 16 + (32 + 16 + 16) / 16);
    let [receiver, ..] = throughputs(&world, 2)[0].hosts;
    assert_eq!((receiver.messages_from_net, receiver.packets_from_net), (1, 3));
    // REQ(8) and three packets to IMP 2, each with five words of header. (Line 2 has IMP 1's own reports.)
    assert_eq!(first.lines[0].packets, 4 + 1, "and the allocation goes back");
    assert_eq!(first.lines[0].words, 5 * 5 + 157);
    assert_eq!(second.hosts, ThroughputReport::default().hosts, "it is counted from report to report");
    assert_eq!(second.lines[0], LineCount::default());
}

#[test]
fn a_dead_line_is_reported_at_once_by_both_ends_and_by_another_way() {
    let mut world = World::new(&reporting());
    world.pass(2 * PERIOD + PERIOD / 4);
    world.forget();
    world.fault(Fault::LineFails { between: [1, 5] });
    // Four routing messages are missed first.
    world.pass(4_500_000);
    for (imp, left) in [(1, [2]), (5, [2])] {
        let said = troubles(&world, imp);
        assert_eq!(said.len(), 1, "IMP {imp}");
        assert_eq!(neighbours(&said[0]), left);
    }
    assert!(troubles(&world, 2).is_empty(), "nothing has changed at IMP 2");
    world.fault(Fault::LineHeals { between: [1, 5] });
    world.pass(2_500_000);
    assert_eq!(troubles(&world, 1).last().map(neighbours), Some(vec![2, 5]));
}

#[test]
fn a_host_that_goes_down_is_reported_at_once() {
    let mut world = World::new(&reporting());
    world.pass(2 * PERIOD + PERIOD / 4);
    world.forget();
    world.ready(2, false);
    world.pass(1_000_000);
    let [said] = troubles(&world, 2)[..] else { panic!("{:?}", reports(&world, 2)) };
    assert!(!said.anomalies.host_is_up(0));
    assert!(throughputs(&world, 2).is_empty(), "that one comes in its own time");
}

#[test]
fn an_imp_that_was_started_says_so_once() {
    let mut world = World::new(&reporting());
    world.pass(PERIOD);
    world.fault(Fault::ImpCrashes { imp: 2 });
    world.pass(PERIOD);
    world.forget();
    world.pass(3 * PERIOD);
    assert!(reports(&world, 2).is_empty(), "it is down");
    world.fault(Fault::ImpRestarts { imp: 2 });
    world.pass(3 * PERIOD);
    let said = troubles(&world, 2);
    assert_eq!(said[0].restart, Restart::RESTARTED);
    assert!(said.iter().skip(1).all(|report| report.restart == Restart::default()), "{said:?}");
    assert_eq!(neighbours(said.last().expect("it reports")), [1, 5]);
}

#[test]
fn the_answers_to_reports_are_for_no_host() {
    let mut world = World::new(&reporting());
    world.says(1, regular(2, 7, 8));
    world.pass(3 * PERIOD);
    assert_eq!(world.told(193), [], "it is not the fake host, though it has its number");
    assert_eq!(world.told(1), [rfnm(2, 7)]);
    // Nor are those that say that the center is dead.
    world.ready(CENTER, false);
    world.pass(3 * PERIOD);
    assert_eq!(world.told(193), []);
    // And nothing has got lost by them: the next reports arrive.
    world.ready(CENTER, true);
    world.forget();
    world.pass(2 * PERIOD);
    assert!(throughputs(&world, 1).len() >= 2 && throughputs(&world, 5).len() >= 2);
}

#[test]
fn what_was_counted_while_there_was_no_way_is_reported_later() {
    let reports = Reports { to: HostAddress::from(CENTER), every: Span::from_micros(PERIOD) };
    let ends = Net { reports: Some(reports), ..net(&[1, 2, 5], &[[1, 2], [2, 5]], &[1, 2, CENTER]) };
    let mut world = World::new(&ends);
    world.pass(PERIOD);
    world.fault(Fault::LineFails { between: [2, 5] });
    // Until all know, and what was under way is given up.
    world.pass(6 * PERIOD);
    world.forget();
    for _ in 0..3 {
        world.says(1, regular(2, 7, 8));
        world.pass(PERIOD);
    }
    assert!(self::reports(&world, 1).is_empty());
    world.fault(Fault::LineHeals { between: [2, 5] });
    world.pass(2 * PERIOD);
    assert_eq!(throughputs(&world, 1)[0].hosts[0].messages_to_net, 3);
    assert!(throughputs(&world, 1)[1..].iter().all(|report| report.hosts[0].messages_to_net == 0));
}

#[test]
fn an_imp_that_is_full_reports_when_it_can_and_loses_no_count() {
    let mut world = World::new(&reporting());
    world.pass(PERIOD);
    world.forget();
    // More than the line takes in the time: four messages are always outstanding to the IMP of the center.
    for _ in 0..60 {
        world.says(1, regular(CENTER, 7, 8000));
    }
    world.pass(6 * PERIOD);
    let counted: u16 = throughputs(&world, 1).iter().map(|report| report.hosts[0].messages_to_net).sum();
    assert_eq!(counted, 60);
}

#[test]
fn without_a_center_nobody_reports_and_imp_0_never_does() {
    let mut world = World::new(&Net { reports: None, ..reporting() });
    world.pass(3 * PERIOD);
    assert!([1, 2, 5].iter().all(|imp| reports(&world, *imp).is_empty()));
    let reports_to = Reports { to: HostAddress::from(CENTER), every: Span::from_micros(PERIOD) };
    let mut world = World::new(&Net { reports: Some(reports_to), ..net(&[0, 5], &[[0, 5]], &[0, CENTER]) });
    world.pass(3 * PERIOD);
    assert!(reports(&world, 0).is_empty() && reports(&world, 5).len() > 3);
}

#[test]
fn whatever_fails_no_buffer_is_lost_by_reports_and_they_go_on() {
    let mut world = World::new(&reporting());
    for turn in 0..60_u32 {
        // Each comes back at another moment than it went, and some are away together.
        let down = turn.is_multiple_of(2);
        match turn / 2 % 5 {
            0 => {
                let between = if turn.is_multiple_of(3) { [1, 5] } else { [2, 5] };
                world.fault_if_any(Fault::LineFails { between });
            }
            1 => world.fault_if_any(if down {
                Fault::ImpCrashes { imp: 2 }
            } else {
                Fault::ImpRestarts { imp: 2 }
            }),
            2 => world.ready(CENTER, !down),
            3 => world.fault_if_any(if down {
                Fault::ImpCrashes { imp: 5 }
            } else {
                Fault::ImpRestarts { imp: 5 }
            }),
            _ => [[1, 5], [2, 5]].into_iter().for_each(|between| {
                world.fault_if_any(Fault::LineErrs { between, one_in: down.then_some(3000) });
                world.fault_if_any(Fault::LineHeals { between });
            }),
        }
        world.says(1, regular(CENTER, turn as u8, 1500));
        world.pass(u64::from(turn * 997 % 7) * 900_000);
    }
    for imp in [2, 5] {
        world.fault_if_any(Fault::ImpRestarts { imp });
    }
    world.ready(CENTER, false);
    world.ready(CENTER, true);
    world.pass(20 * PERIOD);
    world.forget();
    world.pass(3 * PERIOD);
    for imp in [1, 2, 5] {
        let last = *troubles(&world, imp).last().expect("it reports");
        assert!(last.free >= 38, "IMP {imp}: {last:?}");
        assert_eq!(last.lines.iter().filter(|line| !line.is_dead()).count(), 2, "IMP {imp}");
    }
    assert!(world.subnet.is_quiet());
}
