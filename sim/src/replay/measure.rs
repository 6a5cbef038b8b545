//! The steps that measure something.

use std::ops::RangeInclusive;

use imp::LineFigures;
use imp1822::HostAddress;
use machine::{Instant, Span};
use scenario::ast::{Measurement, Target};
use trace::figures::{
    Figures, Lines, RoundTrip, RoundTripRow, Spread, Throughput, ThroughputRow, carried_since,
};

use super::run::{NotYet, PATIENCE, REST, Run};
use super::step_error::{StepError, WaitEnd};
use super::traffic::is_idle;

/// Takes a measurement.
pub(super) fn measure(run: &mut Run, measurement: &Measurement) -> Result<Figures, StepError> {
    Ok(match measurement {
        Measurement::RoundTrip { from, to, sizes, messages, pause } => {
            Figures::RoundTrip(round_trip(run, *from, to, sizes, *messages, pause)?)
        }
        Measurement::Throughput { from, to, links, sizes, span, warm_up } => {
            let mut figures = Throughput { from: *from, span: *span, warm_up: *warm_up, rows: Vec::new() };
            for target in to {
                for bits in sizes {
                    for links in links {
                        let messages = saturate(run, *from, target.host, *bits, *links, *span, *warm_up)?;
                        let Target { host: to, hops } = *target;
                        figures.rows.push(ThroughputRow { to, hops, bits: *bits, links: *links, messages });
                    }
                }
            }
            Figures::Throughput(figures)
        }
        Measurement::Lines { span, busiest } => Figures::Lines(lines(run, *span, *busiest)?),
    })
}

fn round_trip(
    run: &mut Run,
    from: HostAddress,
    to: &[Target],
    sizes: &[u16],
    messages: u32,
    pause: &RangeInclusive<Span>,
) -> Result<RoundTrip, StepError> {
    let mut rows = Vec::new();
    for target in to {
        for bits in sizes {
            let mut times = Vec::new();
            for _ in 0..messages {
                let pause = run.world.act_on_generator(from, |generator, _| generator.draw(pause));
                run.run_to(run.now() + pause.unwrap_or_default())?;
                run.world.act_on_generator(from, |generator, now| {
                    generator.take_tally();
                    generator.send(now, target.host, *bits);
                });
                await_answers(run, from)?;
                let tally = run.world.act_on_generator(from, |generator, _| generator.take_tally());
                let tally = tally.unwrap_or_default();
                if tally.rfnms == 1 {
                    times.push(tally.round_trips);
                }
            }
            let lost = u64::from(messages) - times.len() as u64;
            let spread = Spread::of(&mut times);
            rows.push(RoundTripRow { to: target.host, hops: target.hops, bits: *bits, spread, lost });
        }
    }
    Ok(RoundTrip { from, messages, rows })
}

/// Sends as fast as level 1 allows, and returns how many messages arrived in the span.
fn saturate(
    run: &mut Run,
    from: HostAddress,
    to: HostAddress,
    bits: u16,
    links: u8,
    span: Span,
    warm_up: Span,
) -> Result<u64, StepError> {
    run.world.act_on_generator(from, |generator, now| generator.saturate(now, to, bits, links));
    run.run_to(run.now() + warm_up)?;
    let before = arrived(run, from, to);
    run.run_to(run.now() + span)?;
    let arrived = arrived(run, from, to) - before;
    run.world.act_on_generator(from, |generator, _| generator.stop_saturating());
    await_answers(run, from)?;
    Ok(arrived)
}

fn arrived(run: &Run, from: HostAddress, to: HostAddress) -> u64 {
    run.world.generator(to).map_or(0, |generator| generator.arrived_from(from))
}

/// Lets things happen until a generator has an answer to every message.
fn await_answers(run: &mut Run, host: HostAddress) -> Result<(), StepError> {
    let end = run.limit.min(run.now() + PATIENCE);
    match run.wait_until(end, |run| is_idle(run, host)) {
        Ok(()) => Ok(()),
        Err(NotYet::Reached) if end == run.limit => run.run_to(end + REST),
        Err(end @ (NotYet::Reached | NotYet::Idle)) => {
            let why = if end == NotYet::Idle { WaitEnd::Idle } else { WaitEnd::Within };
            Err(StepError::timeout(why, format!("the IMP of {} has not answered", run.names.host(host))))
        }
        Err(NotYet::Stopped) => Err(StepError::timeout(WaitEnd::Stopped, "the run was stopped")),
    }
}

fn lines(run: &mut Run, span: Option<Span>, busiest: usize) -> Result<Lines, StepError> {
    let begun = match span {
        Some(_) => run.now(),
        None => Instant::START,
    };
    let now: Vec<LineFigures> = run.world.subnet().line_figures().collect();
    let nothing = |figures: &LineFigures| LineFigures {
        busy: Span::ZERO,
        packets: 0,
        bits: 0,
        again: 0,
        waited: Span::ZERO,
        ..*figures
    };
    let before: Vec<LineFigures> = match span {
        Some(_) => now,
        None => now.iter().map(nothing).collect(),
    };
    run.run_to(run.now() + span.unwrap_or_default())?;
    let both = before.iter().zip(run.world.subnet().line_figures());
    let mut rows: Vec<LineFigures> = both.map(|(before, now)| carried_since(before, &now)).collect();
    // Lines that were equally busy stay in the order of the net.
    rows.sort_by_key(|row| std::cmp::Reverse(row.busy));
    Ok(Lines { span: run.now().since(begun), busiest, rows })
}
