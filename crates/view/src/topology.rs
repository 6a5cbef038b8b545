//! A net in tables: its IMPs and hosts, and the hops between IMPs.

use std::fmt::Write as _;

use imp::{HostSite, ImpSite, Net};
use machine::Rate;

/// Columns of a number in the table of hops.
const CELL: usize = 3;

/// At most this many of the pairs that are furthest apart are named.
const NAMED: usize = 3;

/// Tables of a net, and of the distances within it.
#[derive(Debug)]
pub struct NetReport<'a> {
    net: &'a Net,
    /// In the order of their numbers.
    imps: Vec<&'a ImpSite>,
    /// How many lines a packet crosses from each IMP to each, in the same order; `None` if there is no way.
    hops: Vec<Vec<Option<usize>>>,
}

impl<'a> NetReport<'a> {
    /// Counts the hops between all IMPs of a net.
    pub fn new(net: &'a Net) -> Self {
        let mut imps: Vec<&ImpSite> = net.imps.iter().collect();
        imps.sort_by_key(|imp| imp.number);
        let to = |there: &&ImpSite| {
            let hops = net.hops_to(there.number);
            imps.iter().map(|here| hops.get(usize::from(here.number)).copied().flatten()).collect()
        };
        // Lines are the same in both directions, so hops to an IMP are hops from it.
        let hops = imps.iter().map(to).collect();
        NetReport { net, imps, hops }
    }

    /// Everything, in lines of at most `width` columns where that is possible.
    pub fn report(&self, width: usize) -> String {
        let Net { name, title, sources, .. } = self.net;
        let mut text = format!("{title}\nnet {name}: {}\n", counted(self.net));
        for source in sources {
            text.push_str(&format!("{source}\n"));
        }
        text.push_str(&format!("\n{}", self.sites()));
        if self.imps.len() > 1 {
            text.push_str(&format!("\nHops from IMP to IMP\n{}\n{}", self.matrix(width), self.summary()));
        }
        text
    }

    /// The hops from one IMP to all others, the nearest first, and the way there. Empty if the net has no such IMP.
    ///
    /// Of several shortest ways it is, at each step, the one whose next IMP has the lowest number.
    pub fn distances_from(&self, number: u8) -> String {
        let Some(start) = self.imps.iter().position(|imp| imp.number == number) else { return String::new() };
        let mut others: Vec<(usize, usize)> = (0..self.imps.len())
            .filter(|other| *other != start)
            .filter_map(|other| Some((self.hops[start][other]?, other)))
            .collect();
        others.sort_unstable();
        let home = self.imps[start];
        let mut text =
            format!("{}\nnet {}, from {} (IMP {number})\n\n", self.net.title, self.net.name, home.name);
        if !others.is_empty() {
            let _ = writeln!(text, "HOPS  NO  {:1$}  WAY", "TO", self.name_width());
        }
        for (hops, other) in &others {
            let imp = self.imps[*other];
            let way: Vec<&str> =
                self.way(start, *other).into_iter().map(|at| self.imps[at].name.as_str()).collect();
            let (width, way) = (self.name_width(), way.join(" - "));
            let _ = writeln!(text, "{hops:>4}  {:>2}  {:width$}  {way}", imp.number, imp.name);
        }
        let lost = self.imps.len() - 1 - others.len();
        if let Some(hundredths) = mean(others.iter().map(|(hops, _)| *hops)) {
            let number = others.len();
            let _ = writeln!(text, "\nmean {} hops to {} IMPs", decimal(hundredths), number);
        }
        if lost > 0 {
            text.push_str(&self.parts());
        }
        text
    }

    /// A row for each host, behind its IMP and the IMP's neighbours.
    fn sites(&self) -> String {
        let names = |imp: &ImpSite| {
            let names: Vec<&str> =
                self.neighbours(imp).iter().map(|at| self.imps[*at].name.as_str()).collect();
            names.join(", ")
        };
        let width = self.name_width();
        let lines = self.imps.iter().map(|imp| names(imp).len()).max().unwrap_or(0).max("LINES TO".len());
        let hosts = self.net.hosts.iter().map(|host| host.name.len()).max().unwrap_or(0).max("HOST".len());
        let systems = self.net.hosts.iter().map(|host| host.system.chars().count()).max().unwrap_or(0);
        let systems = systems.max("SYSTEM".len());
        let head = format!(
            "NO  {:width$}  {:lines$}  {:hosts$}  DEC  OCT  {:systems$}  ALSO",
            "IMP", "LINES TO", "HOST", "SYSTEM"
        );
        let mut text = format!("{head}\n");
        for imp in &self.imps {
            let mut there: Vec<&HostSite> =
                self.net.hosts.iter().filter(|host| host.address.imp() == imp.number).collect();
            there.sort_by_key(|host| host.address);
            let left = format!("{:>2}  {:width$}  {:lines$}", imp.number, imp.name, names(imp));
            let mut rows = there.iter().map(|host| {
                let HostSite { name, address, system, aliases, cable } = host;
                let address = address.number();
                let cable = cable.map(|cable| format!(" (cable {})", speed(cable))).unwrap_or_default();
                let also = format!("{}{cable}", aliases.join(", "));
                format!("  {name:hosts$}  {address:>3}  {address:>3o}  {system:systems$}  {also}")
            });
            let _ = writeln!(text, "{}", format!("{left}{}", rows.next().unwrap_or_default()).trim_end());
            for row in rows {
                let _ = writeln!(text, "{}", format!("{:1$}{row}", "", left.len()).trim_end());
            }
        }
        text
    }

    /// The distances between all IMPs. A table that is too wide is cut into several.
    fn matrix(&self, width: usize) -> String {
        let names = 4 + self.name_width();
        let full = self.imps.len() * CELL;
        let (label, named) = if names + full <= width { (names, true) } else { (2, false) };
        let columns = (width.saturating_sub(label) / CELL).max(1);
        let mut text = String::new();
        for (block, across) in (0..self.imps.len()).collect::<Vec<_>>().chunks(columns).enumerate() {
            if block > 0 {
                text.push('\n');
            }
            let _ = write!(text, "{:label$}", "");
            across.iter().for_each(|to| {
                let _ = write!(text, "{:>CELL$}", self.imps[*to].number);
            });
            text.push('\n');
            for (from, imp) in self.imps.iter().enumerate() {
                let name = if named { format!("  {}", imp.name) } else { String::new() };
                let _ = write!(text, "{:label$}", format!("{:>2}{name}", imp.number));
                for to in across {
                    let cell = match self.hops[from][*to] {
                        Some(0) => ".".to_owned(),
                        Some(hops) => hops.to_string(),
                        None => "-".to_owned(),
                    };
                    let _ = write!(text, "{cell:>CELL$}");
                }
                text.push('\n');
            }
        }
        text
    }

    /// The mean, the diameter, and which IMPs cannot reach each other.
    fn summary(&self) -> String {
        let all = 0..self.imps.len();
        let pairs: Vec<(usize, [usize; 2])> = all
            .flat_map(|from| (from + 1..self.imps.len()).map(move |to| [from, to]))
            .filter_map(|[from, to]| Some((self.hops[from][to]?, [from, to])))
            .collect();
        let mut text = String::new();
        let diameter = pairs.iter().map(|(hops, _)| *hops).max();
        if let (Some(diameter), Some(hundredths)) = (diameter, mean(pairs.iter().map(|(hops, _)| *hops))) {
            let ends: Vec<String> = pairs
                .iter()
                .filter(|(hops, _)| *hops == diameter)
                .map(|(_, [from, to])| format!("{} to {}", self.imps[*from].name, self.imps[*to].name))
                .collect();
            let more = match ends.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(", and {more} more"),
            };
            let named = ends[..ends.len().min(NAMED)].join(", ");
            let (mean, number) = (decimal(hundredths), plural(pairs.len(), "pair"));
            let _ = writeln!(text, "mean {mean} hops over {number}, diameter {diameter} ({named}{more})");
        }
        text.push_str(&self.parts());
        text
    }

    /// The parts of the net between which there is no way; empty if it is whole.
    fn parts(&self) -> String {
        let mut parts: Vec<Vec<&str>> = Vec::new();
        for (at, hops) in self.hops.iter().enumerate() {
            // Each part is listed once, at its first member.
            if hops.iter().position(Option::is_some) == Some(at) {
                let members = self.imps.iter().zip(hops).filter(|(_, hops)| hops.is_some());
                parts.push(members.map(|(imp, _)| imp.name.as_str()).collect());
            }
        }
        if parts.len() < 2 {
            return String::new();
        }
        let mut text =
            format!("The net is in {} parts, and no way leads from one to another:\n", parts.len());
        for part in parts {
            let _ = writeln!(text, "  {}", part.join(", "));
        }
        text
    }

    /// A shortest way, both ends included.
    fn way(&self, from: usize, to: usize) -> Vec<usize> {
        let mut way = vec![from];
        let mut here = from;
        while here != to {
            let nearer = |next: &&usize| self.hops[**next][to].map(|hops| hops + 1) == self.hops[here][to];
            let neighbours = self.neighbours(self.imps[here]);
            let Some(next) = neighbours.iter().find(nearer) else { break };
            way.push(*next);
            here = *next;
        }
        way
    }

    /// The IMPs at the other ends of an IMP's lines, in the order of their numbers.
    fn neighbours(&self, imp: &ImpSite) -> Vec<usize> {
        let beyond = |at: u8| {
            self.net
                .lines
                .iter()
                .any(|line| line.between == [imp.number, at] || line.between == [at, imp.number])
        };
        (0..self.imps.len()).filter(|at| beyond(self.imps[*at].number)).collect()
    }

    fn name_width(&self) -> usize {
        self.imps.iter().map(|imp| imp.name.len()).max().unwrap_or(0).max("IMP".len())
    }
}

/// How many IMPs, lines and hosts a net has, and how fast the lines are.
pub fn counted(net: &Net) -> String {
    let mut rates: Vec<(Rate, usize)> = Vec::new();
    for line in &net.lines {
        match rates.iter_mut().find(|(rate, _)| *rate == line.rate) {
            Some((_, number)) => *number += 1,
            None => rates.push((line.rate, 1)),
        }
    }
    let rates = match rates.as_slice() {
        [] => String::new(),
        [(rate, _)] => format!(" of {}", speed(*rate)),
        several => {
            let each: Vec<String> =
                several.iter().map(|(rate, number)| format!("{number} of {}", speed(*rate))).collect();
            format!(" ({})", each.join(", "))
        }
    };
    let (imps, lines) = (plural(net.imps.len(), "IMP"), plural(net.lines.len(), "line"));
    format!("{imps}, {lines}{rates}, {}", plural(net.hosts.len(), "host"))
}

/// A speed as a net file has it.
pub(crate) fn speed(rate: Rate) -> String {
    let bits = rate.bits_per_second();
    if bits < 1_000 {
        return format!("{bits}b/s");
    }
    let fraction = format!("{:03}", bits % 1_000);
    match fraction.trim_end_matches('0') {
        "" => format!("{}kb/s", bits / 1_000),
        fraction => format!("{}.{fraction}kb/s", bits / 1_000),
    }
}

fn plural(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// The mean in hundredths, rounded; `None` without any hops.
fn mean(hops: impl Iterator<Item = usize>) -> Option<usize> {
    let (number, sum) = hops.fold((0, 0), |(number, sum), hops| (number + 1, sum + hops));
    (number > 0).then(|| (sum * 100 + number / 2) / number)
}

fn decimal(hundredths: usize) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}
