//! Traffic and measurements as they are written.

use std::ops::RangeInclusive;

use imp1822::HostAddress;
use machine::Span;

use super::super::ast::{Generator, Measurement, Size, Target, Traffic};
use super::super::context::Context;
use super::super::measurements::{BUSIEST, PAUSE, WARM_UP, one_at_each_distance};
use super::super::traffic::every_sender;
use super::names::Called;

/// Traffic begins or ends.
pub(super) fn traffic(called: Called<'_>, context: &Context<'_>, traffic: &Traffic) -> String {
    let Traffic::Begins(plan) = traffic else { return "traffic stops".to_owned() };
    let Generator { gap, from, to, sizes } = &**plan;
    let every = |hosts: &[HostAddress], all: Vec<HostAddress>| {
        if *hosts == all { "every host".to_owned() } else { called.hosts(hosts.iter().copied()) }
    };
    let from = every(from, every_sender(context));
    let to = every(to, context.undeclared_sites().map(|site| site.address).collect());
    format!("traffic {} from {from} to {to} sizes {}", rate(*gap), shares(sizes))
}

/// Sizes, with their shares unless all have the same.
fn shares(sizes: &[Size]) -> String {
    if sizes.iter().all(|size| size.share == 1) {
        return format!("{} bits", listed(sizes.iter().map(|size| size.bits)));
    }
    let sizes: Vec<String> = sizes.iter().map(|size| format!("{}% {} bits", size.share, size.bits)).collect();
    sizes.join(", ")
}

fn listed<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}

/// How many messages come in a second or a minute: the shortest number of which the mean gap is this one.
fn rate(gap: Span) -> String {
    let gap = u128::from(gap.as_micros().max(1));
    for (unit, time) in [("messages/s", 1_000_000_u128), ("messages/min", 60_000_000)] {
        if time.is_multiple_of(gap) {
            return format!("{} {unit}", time / gap);
        }
    }
    // A gap is rounded down to a microsecond, so that some decimal has it.
    let (mut scale, mut places) = (1, 0);
    loop {
        let digits = 1_000_000 * scale / gap;
        if digits * (gap + 1) > 1_000_000 * scale {
            let (whole, rest) = (digits / scale, digits % scale);
            return format!("{whole}.{rest:0places$} messages/s");
        }
        scale *= 10;
        places += 1;
    }
}

/// What is measured.
pub(super) fn measurement(called: Called<'_>, context: &Context<'_>, measurement: &Measurement) -> String {
    match measurement {
        Measurement::RoundTrip { from, to, sizes, messages, pause } => {
            let places = places(called, context, *from, to);
            let sizes = listed(sizes);
            let from = called.host(*from);
            format!(
                "measure round trip from {from} to {places} sizes {sizes} bits {messages} messages each{}",
                pauses(pause)
            )
        }
        Measurement::Throughput { from, to, links, sizes, span, warm_up } => {
            let places = places(called, context, *from, to);
            let (from, links, sizes) = (called.host(*from), listed(links), listed(sizes));
            let after = if *warm_up == WARM_UP { String::new() } else { format!(" after {warm_up}") };
            format!(
                "measure throughput from {from} to {places} links {links} sizes {sizes} bits for {span} each{after}"
            )
        }
        Measurement::Lines { span, busiest } => {
            let span = span.map(|span| format!(" for {span}")).unwrap_or_default();
            let busiest = if *busiest == BUSIEST { String::new() } else { format!(" busiest {busiest}") };
            format!("measure lines{span}{busiest}")
        }
    }
}

fn pauses(pause: &RangeInclusive<Span>) -> String {
    if *pause == PAUSE {
        String::new()
    } else if pause.start() == pause.end() {
        format!(" pauses {}", pause.start())
    } else {
        format!(" pauses {} to {}", pause.start(), pause.end())
    }
}

/// The destinations of a measurement.
fn places(called: Called<'_>, context: &Context<'_>, from: HostAddress, to: &[Target]) -> String {
    if to == one_at_each_distance(context, from) {
        "one host at each distance".to_owned()
    } else {
        called.hosts(to.iter().map(|target| target.host))
    }
}
