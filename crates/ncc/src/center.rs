//! The state of the network, from reports and the time.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use imp1822::HostAddress;
use machine::{Instant, Machine, Span};

use crate::alarms::{Alarms, Subject};
use crate::ends::{self, EndState, Ports, Said};
use crate::{
    Anomalies, Change, Entry, HOSTS, ImpState, LINES, LineId, LineState, Report, ReportError, STATISTICS,
    ThroughputReport, TroubleReport,
};

/// How many IMPs there can be.
const IMPS: usize = 64;

/// The time after which an IMP is missed whose period is not known: somewhat less than three of 52.4 seconds.
const PATIENCE: Span = Span::from_secs(150);

/// The time between two reports of an IMP of which no more is known (RFC 619 has 2.29 reports a minute, of two kinds).
const USUAL_PERIOD: Span = Span::from_millis(52_400);

/// However often an IMP reports, it is not missed before.
const LEAST_PATIENCE: Span = Span::from_secs(20);

/// How many lines of the log are kept.
const HISTORY: usize = 500;

/// How many lines an IMP may add to the log in a minute.
const QUOTA: u32 = 40;

/// What reaches the center: the sender, and the report if it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    /// The source in the leader: an IMP and one of its programs.
    pub from: HostAddress,
    /// The text.
    pub report: Result<Report, ReportError>,
}

/// What is known of one IMP.
#[derive(Debug, Default)]
struct Site {
    state: ImpState,
    heard: Option<Instant>,
    trouble: Option<TroubleReport>,
    ports: Option<Ports>,
    throughput: Option<ThroughputReport>,
    counted: Option<Instant>,
    /// The time between the last two throughput reports, which come regularly; others come whenever something changes.
    period: Option<Span>,
    /// Lines of the log in the minute that began then.
    logged: (Instant, u32),
}

impl Site {
    fn patience(&self) -> Span {
        let slow = self.period.map(|period| Span::from_micros(period.as_micros().saturating_mul(5) / 2));
        slow.unwrap_or(PATIENCE).clamp(LEAST_PATIENCE, PATIENCE)
    }

    /// Until when it need not report.
    fn due(&self) -> Option<Instant> {
        self.heard.map(|heard| heard + self.patience())
    }
}

/// The control center. It is told what reaches it, and the time; what comes out are lines of its log.
///
/// It holds no more than 64 IMPs with five lines and four hosts each can say, whatever comes.
#[derive(Debug)]
pub struct Center {
    now: Instant,
    sites: Vec<Site>,
    /// The lines of which the map of the net tells, and those that reports have named.
    lines: BTreeMap<LineId, LineState>,
    map: BTreeSet<LineId>,
    alarms: Alarms,
    history: VecDeque<Entry>,
    out: VecDeque<Entry>,
}

impl Default for Center {
    fn default() -> Self {
        Center::new([])
    }
}

/// What is known of an IMP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImpView<'a> {
    /// Its number.
    pub number: u8,
    /// How it is.
    pub state: ImpState,
    /// When it last reported.
    pub heard: Instant,
    /// Its last trouble report.
    pub trouble: Option<&'a TroubleReport>,
}

/// What is known of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineView {
    /// Which it is.
    pub id: LineId,
    /// How it is.
    pub state: LineState,
    /// From the minus end to the plus end; `None` if it is not known.
    pub to_plus: Option<Traffic>,
    /// From the plus end to the minus end.
    pub to_minus: Option<Traffic>,
}

/// How much was carried between the last two throughput reports of an IMP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traffic {
    /// Bits a second.
    pub bits_per_second: u64,
    /// Packets or messages in that time.
    pub packets: u16,
    /// The counter ran over: it was at least this.
    pub at_least: bool,
}

/// A counter that ran over stays here.
const RAN_OVER: u16 = 0o100000;

impl Center {
    /// A center that has heard nothing yet. It knows these lines of the net, each as the numbers of two IMPs; without them,
    /// those of which it hears.
    pub fn new(map: impl IntoIterator<Item = [u8; 2]>) -> Self {
        let mut lines = BTreeSet::new();
        for [one, other] in map {
            let (minus, plus) = (one.min(other), one.max(other));
            let fits = usize::from(plus) < IMPS && minus != plus;
            let nth = (0..LINES as u8).find(|nth| !lines.contains(&LineId { minus, plus, nth: *nth }));
            if let Some(nth) = nth.filter(|_| fits) {
                lines.insert(LineId { minus, plus, nth });
            }
        }
        Center {
            now: Instant::START,
            sites: (0..IMPS).map(|_| Site::default()).collect(),
            lines: lines.iter().map(|line| (*line, LineState::Unknown)).collect(),
            map: lines,
            alarms: Alarms::default(),
            history: VecDeque::new(),
            out: VecDeque::new(),
        }
    }

    /// The IMPs that have ever reported, in the order of their numbers.
    pub fn imps(&self) -> impl Iterator<Item = ImpView<'_>> {
        (0..).zip(&self.sites).filter_map(|(number, site)| {
            let heard = site.heard?;
            Some(ImpView { number, state: site.state, heard, trouble: site.trouble.as_ref() })
        })
    }

    /// The lines, in order.
    pub fn lines(&self) -> impl Iterator<Item = LineView> {
        self.lines.iter().map(|(id, state)| LineView {
            id: *id,
            state: *state,
            to_plus: self.carried(id.minus, *id),
            to_minus: self.carried(id.plus, *id),
        })
    }

    /// What a host of an IMP has sent, 0 to 3: its messages to anywhere. (What an emulated IMP counts of words to a host is
    /// not their number.)
    pub fn sent_by(&self, host: HostAddress) -> Option<Traffic> {
        let site = self.reporting(host.imp())?;
        let count = site.throughput?.hosts.get(usize::from(host.host())).copied()?;
        let messages = count.messages_to_net.saturating_add(count.messages_to_local);
        traffic(site, count.words_from_host, messages)
    }

    /// How many messages a host of an IMP has received.
    pub fn received_by(&self, host: HostAddress) -> Option<u16> {
        let counts = self.reporting(host.imp())?.throughput?.hosts;
        let count = counts.get(usize::from(host.host())).copied()?;
        Some(count.messages_from_net.saturating_add(count.messages_from_local))
    }

    /// The latest lines of the log, the oldest first.
    pub fn history(&self) -> impl DoubleEndedIterator<Item = &Entry> + ExactSizeIterator {
        self.history.iter()
    }

    /// The alarm that is to be acknowledged first.
    pub fn alarm_shown(&self) -> Option<(Subject, Entry)> {
        self.alarms.first()
    }

    /// Somebody has seen the first alarm. Returns it.
    pub fn acknowledge(&mut self) -> Option<Entry> {
        self.alarms.acknowledge()
    }

    /// How many alarms nobody has acknowledged.
    pub fn alarms(&self) -> usize {
        self.alarms.len()
    }

    /// Whether something has changed there that nobody has acknowledged.
    pub fn flashes(&self, subject: Subject) -> bool {
        self.alarms.has(subject)
    }

    /// What an IMP has sent over a line.
    fn carried(&self, imp: u8, line: LineId) -> Option<Traffic> {
        let site = self.reporting(imp)?;
        let count = site.throughput?.lines[self.port(imp, line)?];
        traffic(site, count.words, count.packets)
    }

    /// What is known of an IMP that is not silent: what others have carried was long ago.
    fn reporting(&self, imp: u8) -> Option<&Site> {
        self.is_reporting(imp).then(|| &self.sites[usize::from(imp)])
    }

    fn is_reporting(&self, imp: u8) -> bool {
        self.sites[usize::from(imp)].due().is_some_and(|due| self.now < due)
    }

    /// Which of an IMP's places a line has.
    fn port(&self, imp: u8, line: LineId) -> Option<usize> {
        let ports = self.sites[usize::from(imp)].ports.as_ref()?;
        let far = if imp == line.minus { line.plus } else { line.minus };
        let mut those = (0..).zip(ports).filter(|(_, port)| port.neighbour == Some(far));
        those.nth(line.nth.into()).map(|(at, _)| at)
    }

    /// What an IMP last said of a line, whether it is still heard or not.
    fn said(&self, imp: u8, line: LineId) -> Option<Said> {
        let site = &self.sites[usize::from(imp)];
        let ports = site.ports.as_ref()?;
        if let Some(at) = self.port(imp, line) {
            return Some(ports[at].said);
        }
        // It reports, and none of its lines has this neighbour: that one is dead, and never was alive.
        let heard = site.heard?;
        Some(Said { state: EndState::Dead, since: Instant::START, heard })
    }

    /// Takes a trouble report.
    fn trouble(&mut self, imp: u8, report: TroubleReport) {
        let (now, site) = (self.now, &mut self.sites[usize::from(imp)]);
        let before = site.trouble.replace(report);
        site.ports = Some(ends::heard(site.ports, imp, &report.lines, now));
        let was_up = site.state == ImpState::Up;
        if report.restart.is_set() {
            // What is counted next began later than what was counted last.
            site.counted = None;
        }
        let old = before.unwrap_or_else(TroubleReport::empty);
        if report.restart.is_set() {
            self.log(Some(imp), Change::Restart(imp, report.restart), true);
        }
        // A halt that was reported is still in the next report, until something else takes its place.
        if report.halt.is_set() && (report.restart.is_set() || report.halt != old.halt) {
            self.log(Some(imp), Change::Halt(imp, report.halt), true);
        }
        if report.trap.is_set() && report.trap != old.trap {
            self.log(Some(imp), Change::Trap(imp, report.trap), true);
        }
        if report.version != old.version {
            self.log(Some(imp), Change::Version(imp, report.version), false);
        }
        for (host, number) in (0..HOSTS).zip(0_u8..) {
            let up = report.anomalies.host_is_up(host);
            if up != old.anomalies.host_is_up(host)
                && let Some(host) = HostAddress::new(number, imp)
            {
                self.log(Some(imp), Change::Host { host, up }, before.is_some() && was_up);
            }
        }
        let changed = report.anomalies.others() ^ old.anomalies.others();
        for bit in (0..12).rev().map(|bit| 1_u16 << bit).filter(|bit| changed & bit != 0) {
            let Anomalies(bits) = report.anomalies;
            self.log(Some(imp), Change::Anomaly(imp, bit, bits & bit != 0), false);
        }
        if report.under_test != old.under_test {
            let tested = Some(report.under_test).filter(|number| *number != TroubleReport::NONE_UNDER_TEST);
            self.log(Some(imp), Change::Test(imp, tested), false);
        }
    }

    /// Takes a throughput report: what was counted since the one before.
    fn throughput(&mut self, imp: u8, report: ThroughputReport) {
        let (now, site) = (self.now, &mut self.sites[usize::from(imp)]);
        site.throughput = Some(report);
        site.period = site.counted.map(|counted| now.since(counted)).filter(|period| *period > Span::ZERO);
        site.counted = Some(now);
    }

    /// Finds out what all that is known by now means: which IMPs are silent, and how the lines are.
    fn judge(&mut self) {
        for imp in 0..IMPS as u8 {
            let state = self.imp_state(imp);
            let site = &mut self.sites[usize::from(imp)];
            if state != site.state {
                let before = std::mem::replace(&mut site.state, state);
                self.log(Some(imp), Change::Imp(imp, state), before != ImpState::Unknown);
            }
        }
        let there = self.lines_that_are_there();
        self.lines.retain(|line, _| there.contains(line));
        self.alarms.keep_lines(|line| there.contains(line));
        for line in there {
            let before = self.lines.get(&line).copied().unwrap_or_default();
            let state = self.line_state(line, before);
            self.lines.insert(line, state);
            if state != before {
                let is_news = before != LineState::Unknown || state != LineState::Up;
                // An IMP that keeps changing what it says of its lines fills the log of its own minute only.
                let teller =
                    [line.minus, line.plus].into_iter().max_by_key(|imp| self.sites[usize::from(*imp)].heard);
                self.log(teller, Change::Line(line, state), is_news);
            }
        }
    }

    /// The lines of the map, and those that IMPs tell of.
    fn lines_that_are_there(&self) -> BTreeSet<LineId> {
        let mut there = self.map.clone();
        for (imp, site) in (0_u8..).zip(&self.sites) {
            for (at, port) in (0..).zip(site.ports.iter().flatten()) {
                let Some(far) = port.neighbour else { continue };
                let same =
                    site.ports.iter().flatten().take(at).filter(|other| other.neighbour == port.neighbour);
                let nth = same.count() as u8;
                there.insert(LineId { minus: imp.min(far), plus: imp.max(far), nth });
            }
        }
        there
    }

    fn line_state(&self, line: LineId, before: LineState) -> LineState {
        let end = |imp| self.said(imp, line).filter(|_| self.is_reporting(imp));
        let is_down = |imp: u8| self.sites[usize::from(imp)].state == ImpState::Down;
        ends::together(end(line.minus), end(line.plus), is_down(line.minus) || is_down(line.plus), before)
    }

    fn imp_state(&self, imp: u8) -> ImpState {
        let site = &self.sites[usize::from(imp)];
        let Some(heard) = site.heard else { return ImpState::Unknown };
        if self.is_reporting(imp) {
            return ImpState::Up;
        }
        // What a neighbour said before the next report was due says nothing of why it did not come.
        let due = heard + site.period.unwrap_or(USUAL_PERIOD).min(site.patience());
        let lines = self.lines.keys().filter(|line| line.minus != line.plus);
        let lines = lines.filter(|line| line.minus == imp || line.plus == imp);
        let mut said = Vec::new();
        for line in lines {
            let far = if line.minus == imp { line.plus } else { line.minus };
            let word = self.said(far, *line).filter(|said| self.is_reporting(far) && said.heard > due);
            said.push(word.map(|said| said.state));
        }
        if said.contains(&Some(EndState::Alive)) {
            ImpState::Missing
        } else if !said.is_empty() && said.iter().all(Option::is_some) {
            ImpState::Down
        } else {
            ImpState::CutOff
        }
    }

    /// Logs a change, of which an IMP told.
    fn log(&mut self, teller: Option<u8>, change: Change, is_alarm: bool) {
        let entry = Entry { at: self.now, change };
        if is_alarm && let Some(subject) = Subject::of(change) {
            self.alarms.raise(subject, entry);
        }
        let imp = teller.unwrap_or(0);
        let (begun, count) = &mut self.sites[usize::from(imp)].logged;
        if self.now.since(*begun) >= Span::from_secs(60) {
            (*begun, *count) = (self.now, 0);
        }
        *count = count.saturating_add(1);
        let entry = match *count {
            ..QUOTA => entry,
            QUOTA => Entry { at: self.now, change: Change::TooMuch(imp) },
            _ => return,
        };
        if self.history.len() == HISTORY {
            self.history.pop_front();
        }
        self.history.push_back(entry);
        self.out.push_back(entry);
    }
}

fn traffic(site: &Site, words: u16, packets: u16) -> Option<Traffic> {
    let period = site.period?.as_micros();
    // The words are marked then; the packets of a line never are.
    let at_least = words & RAN_OVER != 0;
    let words = if at_least { RAN_OVER } else { words };
    let bits_per_second = u64::from(words) * 16 * 1_000_000 / period.max(1);
    Some(Traffic { bits_per_second, packets, at_least })
}

impl Machine for Center {
    type Input = Heard;
    type Output = Entry;

    fn handle(&mut self, now: Instant, Heard { from, report }: Heard) {
        self.now = now;
        let imp = from.imp();
        if imp == 0 || from.host() != STATISTICS {
            self.log(Some(imp), Change::NoSuchImp(from), false);
            return;
        }
        match report {
            // Whoever sends it is there, but what it says cannot be believed.
            Err(why) => self.log(Some(imp), Change::NoReport(from, why), false),
            Ok(report) => {
                self.sites[usize::from(imp)].heard = Some(now);
                match report {
                    Report::Trouble(report) => self.trouble(imp, report),
                    Report::Throughput(report) => self.throughput(imp, report),
                }
            }
        }
        self.judge();
    }

    fn poll(&mut self) -> Option<Entry> {
        self.out.pop_front()
    }

    fn deadline(&self) -> Option<Instant> {
        self.sites.iter().filter_map(Site::due).filter(|due| *due > self.now).min()
    }

    fn alarm(&mut self, now: Instant) {
        self.now = now;
        self.judge();
    }
}
