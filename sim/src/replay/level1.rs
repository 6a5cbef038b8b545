//! Steps at level 1: traffic of bare hosts, and measurements.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use imp::LineFigures;
use imp1822::HostAddress;
use machine::{Instant, Span};
use trace::What;
use trace::figures::{
    Figures, Lines, RoundTrip, RoundTripRow, Spread, Tally, Throughput, ThroughputRow, TrafficTotal,
    carried_since,
};

use super::{PATIENCE, REST, Replay, Trouble};
use crate::bare::Bare;
use scenario::ast::{Generator, Measurement, Scenario, Target, Traffic};

/// No message is on its way for longer, nor its answer.
const ON_ITS_WAY: Span = Span::from_secs(120);

/// The traffic of a run.
#[derive(Debug, Default)]
pub(super) struct TrafficRun {
    /// Who has sent.
    senders: BTreeMap<HostAddress, Tally>,
    /// When it first began, if it did, and when it last ended, if it did.
    begun: Option<Instant>,
    ended: Option<Instant>,
}

impl TrafficRun {
    /// Whether hosts generate messages.
    pub(super) fn runs(&self) -> bool {
        self.begun.is_some() && self.ended.is_none()
    }
}

impl Replay {
    /// Attaches the bare hosts of a scenario.
    pub(super) fn attach_bare_hosts(&mut self, scenario: &Scenario) {
        for address in scenario.bare_hosts() {
            let bare = Bare::new(&self.name(address), address, scenario.seed);
            self.world.attach(address, bare);
        }
    }

    pub(super) fn traffic(&mut self, traffic: &Traffic) {
        match traffic {
            Traffic::Begins(plan) => self.begin_traffic(plan),
            Traffic::Stops => self.stop_traffic(),
        }
    }

    fn begin_traffic(&mut self, plan: &Arc<Generator>) {
        self.traffic.begun.get_or_insert(self.world.now());
        self.traffic.ended = None;
        for host in &plan.from {
            self.traffic.senders.entry(*host).or_default();
            self.world.act_on_bare(*host, |bare, now| bare.begin(now, plan));
        }
    }

    /// Ends all traffic. What is on its way goes on.
    pub(super) fn stop_traffic(&mut self) {
        if self.traffic.runs() {
            self.traffic.ended = Some(self.world.now());
            for host in self.traffic.senders.keys() {
                self.world.act_on_bare(*host, |bare, _| bare.stop());
            }
        }
    }

    /// Lets things happen until all traffic that is on its way is answered, or must have been.
    pub(super) fn answer_traffic(&mut self) {
        let end = self.limit.min(self.world.now() + ON_ITS_WAY);
        let senders: Vec<HostAddress> = self.traffic.senders.keys().copied().collect();
        let waits = |replay: &Self, host| !replay.world.bare(host).is_none_or(Bare::is_idle);
        for host in senders {
            while waits(self, host) && self.world.upcoming().is_some_and(|next| next <= end) {
                self.world.step();
            }
        }
    }

    /// Tells what became of all traffic, if there was any.
    pub(super) fn sum_up_traffic(&mut self) {
        let Some(begun) = self.traffic.begun else { return };
        let mut all = Tally::default();
        for host in self.traffic.senders.keys() {
            all.add(&self.world.act_on_bare(*host, |bare, _| bare.take_tally()).unwrap_or_default());
        }
        let ended = self.traffic.ended.unwrap_or(self.world.now());
        let total = TrafficTotal { senders: self.traffic.senders.len(), begun, ended, tally: all };
        self.world.log(What::Measured(Figures::Traffic(total)));
    }

    pub(super) fn measure(&mut self, measurement: &Measurement) -> Result<(), Trouble> {
        let figures = match measurement {
            Measurement::RoundTrip { from, to, sizes, messages, pause } => {
                Figures::RoundTrip(self.round_trip(*from, to, sizes, *messages, pause)?)
            }
            Measurement::Throughput { from, to, links, sizes, span, warm_up } => {
                let mut figures =
                    Throughput { from: *from, span: *span, warm_up: *warm_up, rows: Vec::new() };
                for target in to {
                    for bits in sizes {
                        for links in links {
                            let messages = self.pump(*from, target.host, *bits, *links, *span, *warm_up)?;
                            let (to, hops) = (target.host, target.hops);
                            figures.rows.push(ThroughputRow {
                                to,
                                hops,
                                bits: *bits,
                                links: *links,
                                messages,
                            });
                        }
                    }
                }
                Figures::Throughput(figures)
            }
            Measurement::Lines { span, busiest } => Figures::Lines(self.lines(*span, *busiest)?),
        };
        self.world.log(What::Measured(figures.clone()));
        self.measured.push(figures);
        Ok(())
    }

    fn round_trip(
        &mut self,
        from: HostAddress,
        to: &[Target],
        sizes: &[u16],
        messages: u32,
        pause: &RangeInclusive<Span>,
    ) -> Result<RoundTrip, Trouble> {
        let mut rows = Vec::new();
        for target in to {
            for bits in sizes {
                let mut times = Vec::new();
                for _ in 0..messages {
                    let pause = self.world.act_on_bare(from, |bare, _| bare.draw(pause)).unwrap_or_default();
                    self.run_to(self.world.now() + pause)?;
                    self.world.act_on_bare(from, |bare, now| {
                        bare.take_tally();
                        bare.send(now, target.host, *bits);
                    });
                    self.until_idle(from)?;
                    let tally = self.world.act_on_bare(from, |bare, _| bare.take_tally()).unwrap_or_default();
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

    /// Sends as fast as level 1 allows, and answers how many messages arrived in the span.
    fn pump(
        &mut self,
        from: HostAddress,
        to: HostAddress,
        bits: u16,
        links: u8,
        span: Span,
        warm_up: Span,
    ) -> Result<u64, Trouble> {
        self.world.act_on_bare(from, |bare, now| bare.pump(now, to, bits, links));
        self.run_to(self.world.now() + warm_up)?;
        let before = self.arrived(from, to);
        self.run_to(self.world.now() + span)?;
        let arrived = self.arrived(from, to) - before;
        self.world.act_on_bare(from, |bare, _| bare.stop_pumping());
        self.until_idle(from)?;
        Ok(arrived)
    }

    fn arrived(&self, from: HostAddress, to: HostAddress) -> u64 {
        self.world.bare(to).map_or(0, |bare| bare.arrived_from(from))
    }

    /// Lets things happen until a bare host has an answer to every message.
    fn until_idle(&mut self, host: HostAddress) -> Result<(), Trouble> {
        let end = self.limit.min(self.world.now() + PATIENCE);
        while !self.world.bare(host).is_none_or(Bare::is_idle) {
            match self.world.upcoming() {
                Some(next) if next <= end => drop(self.world.step()),
                Some(_) if end == self.limit => return self.run_to(end + REST),
                Some(_) | None => {
                    let name = self.name(host);
                    return Err(Trouble::Stuck(format!("waited in vain until the IMP of {name} answers")));
                }
            }
        }
        Ok(())
    }

    fn lines(&mut self, span: Option<Span>, busiest: usize) -> Result<Lines, Trouble> {
        let begun = match span {
            Some(_) => self.world.now(),
            None => Instant::START,
        };
        let now: Vec<LineFigures> = self.world.subnet().line_figures().collect();
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
        self.run_to(self.world.now() + span.unwrap_or_default())?;
        let both = before.iter().zip(self.world.subnet().line_figures());
        let mut rows: Vec<LineFigures> = both.map(|(before, now)| carried_since(before, &now)).collect();
        // Lines that were equally busy stay in the order of the net.
        rows.sort_by_key(|row| std::cmp::Reverse(row.busy));
        Ok(Lines { span: self.world.now().since(begun), busiest, rows })
    }

    /// Whether, although traffic runs or IMPs exchange routing messages, nothing more will happen at the hosts that are
    /// not bare: none of them waits for its own time to come, none has heard anything for longer than a message
    /// can be on its way, and no IMP is about to do what it has announced.
    pub(super) fn only_traffic_is_left(&self) -> bool {
        let last = self.world.stirred().max(self.foretold);
        self.world.now() > last + ON_ITS_WAY && self.world.nobody_waits()
    }
}
