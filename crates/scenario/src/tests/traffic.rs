//! Traffic and measurements: what they mean, and what readers are told when they mean nothing.

use imp1822::HostAddress;
use machine::{Instant, Span};

use super::super::ast::{Action, Generator, Measurement, Size, Target, Traffic, When};
use super::{read, sound, with_steps, wrong};

/// Every statement about traffic and measurements at least once.
pub(super) const WHOLE: &str = "\
title  T
net    1973-01
Monitor OFF   # so it is said
Traffic 20 messages/s FROM every host to every host sizes 80% 100 bits, 20% 8000 bits   # as one says
at 1s traffic 2.5 messages/min from UCLA36, mit-dmcg to SRI-ARC sizes 0, 8063 bits
+1s traffic stops
measure round trip from UCLA-NMC to one host at each distance sizes 16, 1000 bits 20 messages each
measure round trip 1 messages each pauses 50ms to 0.25s sizes 16 bits to UCLA-CCN, SRI-ARC from UCLA-NMC # any order
measure round trip from UCLA-NMC to SRI-ARC sizes 16 bits, 32 bits 2 messages each pauses 1s
at 2min measure throughput from UTAH-10 to SRI-ARC links 1, 33 sizes 1000 bits for 20s each
measure throughput from UTAH-10 to SRI-ARC links 4 sizes 1000 bits after 0s for 20s
measure lines for 60s busiest 3
measure lines
";

const UCLA: HostAddress = host(0, 1);
const CCN: HostAddress = host(1, 1);
const SRI: HostAddress = host(0, 2);
const UTAH: HostAddress = host(0, 4);
const DMCG: HostAddress = host(1, 6);

const fn host(host: u8, imp: u8) -> HostAddress {
    match HostAddress::new(host, imp) {
        Some(address) => address,
        None => panic!("no such address"),
    }
}

fn generator(action: &Action) -> &Generator {
    match action {
        Action::Traffic(Traffic::Begins(generator)) => generator,
        other => panic!("{other:?}"),
    }
}

fn measurement(action: &Action) -> &Measurement {
    match action {
        Action::Measure(measurement) => measurement,
        other => panic!("{other:?}"),
    }
}

/// What is wrong with one step of a scenario that declares BBN-TENEX, CASE-10 and USC-ISI.
fn step(step: &str) -> Vec<String> {
    wrong(with_steps(step))
}

#[test]
fn traffic_goes_between_hosts_that_are_not_declared() {
    let scenario = sound(read(WHOLE));
    let all = generator(&scenario.steps[0].action);
    assert_eq!(all.gap, Span::from_millis(50));
    assert_eq!(all.sizes, [Size { bits: 100, share: 80 }, Size { bits: 8000, share: 20 }]);
    assert_eq!(all.to.len(), scenario.net.hosts.len());
    let measuring = |host: &HostAddress| [UCLA, UTAH].contains(host);
    assert!(!all.from.iter().any(measuring), "who measures does not send");
    assert_eq!(all.from.len() + 2, all.to.len(), "but may be sent to");
    assert_eq!(scenario.traffic_hosts().len(), scenario.net.hosts.len());

    let declared = sound(with_steps("traffic 1 message/s from every host to every host sizes 16 bits"));
    let all = generator(&declared.steps[0].action);
    let plans = || declared.hosts.iter().map(|plan| plan.address);
    assert!(!plans().any(|host| all.from.contains(&host) || all.to.contains(&host)));
    assert_eq!(all.from.len() + plans().count(), declared.net.hosts.len());
}

#[test]
fn traffic_has_a_rate_hosts_and_sizes_and_a_time() {
    let text =
        "at 1s traffic 2.5 messages/min from UCLA, mit-dmcg to SRI-ARC sizes 0, 8063 bits\n+1s traffic stops";
    let steps = sound(with_steps(text)).steps;
    let expected = Generator {
        gap: Span::from_secs(24),
        from: vec![UCLA, DMCG],
        to: vec![SRI],
        sizes: vec![Size { bits: 0, share: 1 }, Size { bits: 8063, share: 1 }],
    };
    assert_eq!(generator(&steps[0].action), &expected);
    assert_eq!(steps[0].when, When::At(Instant::from_micros(1_000_000)));
    assert_eq!(steps[1].action, Action::Traffic(Traffic::Stops));
}

#[test]
fn a_measurement_knows_what_it_measures() {
    let steps = &sound(read(&WHOLE.replace("Traffic", "#").replace("at 1s", "#").replace("+1s", "#"))).steps;
    let Measurement::RoundTrip { from, to, sizes, messages: 20, pause } = measurement(&steps[0].action)
    else {
        panic!("{:?}", steps[0].action);
    };
    assert_eq!((*from, sizes.as_slice()), (UCLA, [16, 1000].as_slice()));
    assert_eq!((*pause.start(), *pause.end()), (Span::from_millis(100), Span::from_millis(300)));
    let hops: Vec<usize> = to.iter().map(|target| target.hops).collect();
    assert_eq!(hops, (0..=10).collect::<Vec<_>>(), "one at each distance, none twice");
    assert_eq!(to[..2], [Target { host: CCN, hops: 0 }, Target { host: host(0, 3), hops: 1 }]);

    let ccn_and_sri = vec![Target { host: CCN, hops: 0 }, Target { host: SRI, hops: 4 }];
    let expected = Measurement::RoundTrip {
        from: UCLA,
        to: ccn_and_sri,
        sizes: vec![16],
        messages: 1,
        pause: Span::from_millis(50)..=Span::from_millis(250),
    };
    assert_eq!(measurement(&steps[1].action), &expected, "in whatever order it is said");
    let expected = |links, warm_up| Measurement::Throughput {
        from: UTAH,
        to: vec![Target { host: SRI, hops: 1 }],
        links,
        sizes: vec![1000],
        span: Span::from_secs(20),
        warm_up,
    };
    assert_eq!(measurement(&steps[3].action), &expected(vec![1, 33], Span::from_secs(2)));
    assert_eq!(measurement(&steps[4].action), &expected(vec![4], Span::ZERO));
    let lines = |span, busiest| Measurement::Lines { span, busiest };
    assert_eq!(measurement(&steps[5].action), &lines(Some(Span::from_secs(60)), 3));
    assert_eq!(measurement(&steps[6].action), &lines(None, 10));
}

#[test]
fn the_place_at_a_distance_does_not_depend_on_the_order_of_the_file() {
    let (mut hosts, mut rest) = (Vec::new(), Vec::new());
    for line in super::NET.lines() {
        if line.starts_with("host") { hosts.push(line) } else { rest.push(line) }
    }
    let turned: Vec<&str> = rest.into_iter().chain(hosts.into_iter().rev()).collect();
    let turned = turned.join("\n");
    let there = super::parse("a.scenario", WHOLE, &|_: &str| Some(turned.clone()));
    assert_eq!(sound(there).steps[3].action, sound(read(WHOLE)).steps[3].action);
}

#[test]
fn a_declared_host_has_an_ncp_and_takes_no_part() {
    let declared = ["host `CASE-10` is declared"];
    assert_eq!(step("traffic 1 message/s from CASE-10 to every host sizes 16 bits"), declared);
    assert_eq!(step("traffic 1 message/s from every host to UTAH-10, CASE-10 sizes 16 bits"), declared);
    assert_eq!(step("measure round trip from CASE-10 to UTAH-10 sizes 16 bits 1 messages each"), declared);
    assert_eq!(
        step("measure throughput from UTAH-10 to CASE-10 sizes 16 bits links 1 for 1s each"),
        declared
    );
}

#[test]
fn a_host_that_measures_sends_nothing_else() {
    let text = "traffic 1 message/s from UTAH-10 to SRI-ARC sizes 16 bits\n\
                at 5s measure round trip to SRI-ARC from UTAH-10 sizes 16 bits 1 messages each";
    assert_eq!(step(text), ["host `UTAH-10` measures"]);
    sound(with_steps(&text.replace("from UTAH-10 to SRI-ARC", "from SRI-ARC to UTAH-10")));
}

#[test]
fn a_destination_must_be_another_host_that_can_be_reached() {
    let round_trip =
        |to: &str| step(&format!("measure round trip from UTAH to {to} sizes 16 bits 1 messages each"));
    assert_eq!(round_trip("UTAH-10"), ["host `UTAH-10` cannot be measured to"]);
    assert_eq!(round_trip("SRI-ARC, sriarc"), ["host `sriarc` cannot be measured to"]);
    assert_eq!(round_trip("SRI-ACR"), ["unknown host `SRI-ACR`"]);
    assert_eq!(round_trip("every host"), ["measurements do not go to every host"]);
    assert_eq!(round_trip("SRI-ARC,UTAH"), ["no blank behind a comma"]);
}

#[test]
fn rates_sizes_and_shares_are_what_they_can_be() {
    let rate = |rate: &str| step(&format!("traffic {rate} from every host to every host sizes 16 bits"));
    assert_eq!(rate("many messages/s"), ["`many` is not a number of messages"]);
    assert_eq!(rate("20/s messages"), ["`20/s` is not a number of messages"]);
    assert_eq!(rate("20 messages/h"), ["unknown unit `messages/h`"]);
    assert_eq!(rate("0 messages/s"), ["a rate cannot be 0 messages/s"]);
    assert_eq!(rate("10001 messages/s"), ["a rate cannot be 10001 messages/s"]);
    let sizes =
        |sizes: &str| step(&format!("traffic 1 message/s from every host to every host sizes {sizes}"));
    assert_eq!(sizes("8064 bits"), ["a size cannot be 8064"]);
    assert_eq!(sizes("16"), ["expected `bits`, but the line ends"]);
    assert_eq!(sizes("16 bytes"), ["expected `bits`, found `bytes`"]);
    assert_eq!(sizes("80% 16 bits, 10% 32 bits"), ["the shares are 90% together"]);
    assert_eq!(sizes("80% 16 bits, 32 bits"), ["this size has no share"]);
    assert_eq!(sizes("0% 16 bits"), ["a share cannot be 0"]);
    assert_eq!(sizes("16 bits slowly"), ["unexpected `slowly`"]);
}

#[test]
fn traffic_goes_somewhere() {
    assert_eq!(step("traffic 1 message/s from UTAH-10 to UTAH sizes 16 bits"), ["this traffic goes nowhere"]);
    let text = "traffic 1 message/s from UTAH-10, SRI-ARC to UTAH sizes 16 bits";
    assert_eq!(generator(&sound(with_steps(text)).steps[0].action).to, [UTAH], "one of them has somebody");
}

#[test]
fn what_a_measurement_lacks_or_does_not_have_is_told() {
    let measure = |rest: &str| step(&format!("measure {rest}"));
    assert_eq!(measure("jitter"), ["unknown measurement `jitter`"]);
    assert_eq!(measure("round trip"), ["expected `from HOST`, but the line ends"]);
    assert_eq!(
        measure("round trip from UTAH"),
        ["expected `to one host at each distance`, but the line ends"]
    );
    assert_eq!(measure("lines form 60s"), ["unknown clause `form`"]);
    assert_eq!(measure("lines for 60s for 60s"), ["a second `for`"]);
    assert_eq!(measure("lines for 0s"), ["no time at all"]);
    assert_eq!(measure("round trip pauses 2s to 1s"), ["the longest pause is shorter than 2s"]);
    assert_eq!(measure("round trip sizes 50% 16 bits, 50% 32 bits"), ["these sizes have no shares"]);
    assert_eq!(measure("throughput links 1, 34"), ["the number of links cannot be 34"]);
    assert_eq!(measure("throughput links 1,4"), ["no blank behind a comma"]);
    assert_eq!(measure("throughput links 4, 0o4"), ["`0o4` is named twice"]);
    assert_eq!(measure("throughput sizes 16, 16, 32 bits"), ["`16` is named twice"]);
    assert_eq!(measure("round trip sizes 16,32 bits"), ["no blank behind a comma"]);
    assert_eq!(measure("throughput 20 messages each"), ["unknown clause `20`"]);
    assert_eq!(measure("round trip links 1"), ["unknown clause `links`"]);
}

#[test]
fn mistakes_are_shown_with_a_suggestion() {
    let text = "\
title  Four mistakes
net    1973-01
host   CASE-10
traffic 20 message from every host to every host sizes 80% 100 bits, 30% 8000 bits
traffic 20 messages/s from every host to CASE-10 sizes 100 bits
measure thruput from UCLA-NMC to UTAH-10 links 1 sizes 1000 bits for 5s each
traffic 2 messages/s from SRI-ARC to UTAH-10 sizes 80% 100 bits, 30% 8000 bits
";
    insta::assert_snapshot!(read(text).expect_err("four mistakes").render(false, 100));
}

#[test]
fn a_measurement_takes_its_time() {
    let text = "measure throughput from UTAH-10 to SRI-ARC links 1, 2 sizes 16 bits for 4s each after 1s\n";
    sound(with_steps(&format!("{text}at 10s traffic stops")));
    assert_eq!(step(&format!("{text}at 9s traffic stops")), ["time goes backwards to 9s"]);
}

#[test]
fn no_step_at_level_1_needs_a_host_that_is_declared() {
    sound(read("title T\nnet 1973-01\nmeasure lines for 1s\n"));
    let text = "title T\nnet 1973-01\nmeasure lines for 1s\nUSC-ISI types X\n";
    assert_eq!(wrong(read(text)), ["no host is declared above this step"]);
}
