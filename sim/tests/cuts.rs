//! The great cutting test: on the net of January 1973, while a file goes from CASE to BBN at the word of ISI, every line is
//! cut and every IMP stopped, one in each run.

use host::Note;
use imp::Net;
use machine::{Instant, Span};
use scenario::ast::Scenario;
use scenario::library::BuiltIn;
use sim::{Options, Outcome, replay};
use trace::{Keep, What};

/// The IMPs of the source, the destination and the director.
const CASE: u8 = 13;
const BBN: u8 = 5;
const ISI: u8 = 22;

/// How long the files are, and when the middle of the first is about to cross.
const BYTES: usize = 60_000;
const NEXT_BYTES: usize = 2500;
const MIDDLE: &str = "8s";

const HOSTS: &str = "\
title   A file of 60000 bytes
net     1973-01
host CASE-10    serves ftp  account THOMAS password OHIO
  file <THOMAS>DATA.NEW of 60000 bytes
  file <THOMAS>NEXT.NEW of 2500 bytes
host BBN-TENEX  serves ftp  account BOBT password MASS
  file <BOBT>DATA.OLD
  file <BOBT>NEXT.OLD
host USC-ISI    runs rsexec
  knows CASE-10 as THOMAS password OHIO
  knows BBN-TENEX as BOBT password MASS
";

const APPEND: &str = "USC-ISI types APPEND (FILE) [CASE]DATA.NEW (TO FILE) [BBN]DATA.OLD";

/// What is appended later, when the cut has been healed, or not.
const NEXT: &str = "USC-ISI types APPEND (FILE) [CASE]NEXT.NEW (TO FILE) [BBN]NEXT.OLD";

/// An IMP's slow clock: it sends routing messages, and looks at those of others, so often.
const TICK: Span = Span::from_millis(640);

fn scenario(steps: &str) -> Scenario {
    scenario::parse("cut.scenario", &format!("{HOSTS}{steps}"), &BuiltIn)
        .unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)))
}

/// What a run came to.
struct Run {
    cut: String,
    outcome: Outcome,
}

impl Run {
    fn new(cut: String, steps: &str) -> Self {
        let outcome = replay(&scenario(steps), Options { keep: Keep::Records, watch: imp::Watch::Nothing });
        Run { cut, outcome }
    }

    /// What RSEXEC thought of each transfer, and when.
    fn verdicts(&self) -> Vec<(Instant, Verdict)> {
        let printed = self.outcome.records.iter().filter_map(|record| match &record.what {
            What::Note { note: Note::Printed(line), .. } => Some((record.at, Verdict::of(line)?)),
            _ => None,
        });
        printed.collect()
    }

    /// How much was appended, each time.
    fn appended(&self) -> Vec<usize> {
        let filed = self.outcome.records.iter().filter_map(|record| match &record.what {
            What::Note { note: Note::Filed { bytes, kept, .. }, .. } => Some(bytes - kept),
            _ => None,
        });
        filed.collect()
    }

    /// What is wrong with the run, if anything is.
    fn complaint(&self, fair: impl FnOnce(&[Verdict]) -> bool) -> Option<String> {
        let verdicts: Vec<Verdict> = self.verdicts().iter().map(|(_, verdict)| *verdict).collect();
        let appended = self.appended();
        let whole = appended.iter().all(|bytes| [BYTES, NEXT_BYTES].contains(bytes));
        let done = verdicts.iter().filter(|verdict| **verdict == Verdict::Done).count();
        let doubtful = verdicts.iter().filter(|verdict| **verdict == Verdict::Unknown).count();
        let honest = (done..=done + doubtful).contains(&appended.len());
        match &self.outcome.verdict {
            Err(failures) => Some(failures.to_string()),
            Ok(()) if !whole => Some(format!("a part of a file: {appended:?}")),
            Ok(()) if !honest => {
                Some(format!("{verdicts:?}, but something was appended {} times", appended.len()))
            }
            Ok(()) if !fair(&verdicts) => Some(format!("{verdicts:?}")),
            Ok(()) => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Done,
    NotDone,
    /// The destination fell silent.
    Unknown,
}

impl Verdict {
    fn of(line: &str) -> Option<Self> {
        if line == "APPENDED" {
            Some(Verdict::Done)
        } else if line.starts_with("NOT DONE") {
            Some(Verdict::NotDone)
        } else if line.starts_with("NOBODY KNOWS") || line.starts_with("PERHAPS NOT ALL") {
            Some(Verdict::Unknown)
        } else {
            None
        }
    }
}

/// Fails with a table of the runs that have a complaint.
fn none_complains(runs: &[(Run, Option<String>)]) {
    let mut table = String::new();
    for (run, complaint) in runs {
        if let Some(complaint) = complaint {
            table.push_str(&format!("{:24} until {:>11} s  {complaint}\n", run.cut, run.outcome.end));
        }
    }
    assert!(table.is_empty(), "\n{table}");
}

/// How many lines the longest way between two of the three has.
fn longest_way(net: &Net) -> Option<u64> {
    let ways = [(CASE, BBN), (ISI, CASE), (ISI, BBN)].map(|(from, to)| net.hops(from, to));
    ways.into_iter().try_fold(0, |longest, way| Some(longest.max(way? as u64)))
}

fn name(net: &Net, number: u8) -> &str {
    net.imps.iter().find(|imp| imp.number == number).map_or("?", |imp| &imp.name)
}

#[test]
fn whichever_line_is_cut_the_file_arrives_whole_and_not_much_later() {
    let net = scenario("").net;
    let undisturbed = Run::new("nothing".to_owned(), APPEND).verdicts()[0].0;
    let runs = net.lines.iter().map(|line| {
        let [a, b] = line.between.map(|end| name(&net, end));
        let run = Run::new(
            format!("line {a} to {b}"),
            &format!(
                "{APPEND}
                 at {MIDDLE} line {a} to {b} fails
                 expect BBN-TENEX file <BOBT>DATA.OLD same as CASE-10 <THOMAS>DATA.NEW
                 line {a} to {b} heals
                 +30s {NEXT}
                 expect CASE-10 has no connections
                 expect BBN-TENEX has no connections
                 expect USC-ISI has no connections"
            )
            .lines()
            .map(|line| line.trim_start().to_owned() + "\n")
            .collect::<String>(),
        );
        let mut cut = net.clone();
        cut.lines.retain(|other| other != line);
        let detour = longest_way(&cut);
        let complaint = run.complaint(|verdicts| match detour {
            Some(_) => verdicts == [Verdict::Done; 2],
            None => verdicts.len() == 2 && verdicts[1] == Verdict::Done,
        });
        let late = || {
            let (lines, (done, _)) = (detour?, *run.verdicts().first()?);
            // The line is dead when four routing messages in a row have not come, for which an IMP waits five ticks at
            // most. Then the news travels one line in a tick, round the whole way that is to be taken instead.
            let news = TICK.as_micros() * (5 + lines);
            let delay = done.since(undisturbed);
            (delay.as_micros() > news).then(|| format!("{delay} later, by a way of {lines} lines"))
        };
        let complaint = complaint.or_else(late);
        (run, complaint)
    });
    none_complains(&runs.collect::<Vec<_>>());
}

#[test]
fn whichever_imp_stops_there_is_a_whole_file_or_none_and_the_next_one_arrives() {
    let net = scenario("").net;
    let runs = net.imps.iter().map(|imp| {
        let name = &imp.name;
        let mut without = net.clone();
        without.lines.retain(|line| !line.between.contains(&imp.number));
        let own = [CASE, BBN, ISI].contains(&imp.number);
        let again = if own { String::new() } else { format!("+60s {NEXT}\n") };
        let run = Run::new(
            format!("imp {name}"),
            &format!(
                "{APPEND}\nat {MIDDLE} imp {name} crashes\nexpect USC-ISI has no connections\n{again}\
                 +60s imp {name} restarts\n+60s {NEXT}\nexpect CASE-10 has no connections\n\
                 expect BBN-TENEX has no connections\nexpect USC-ISI has no connections"
            ),
        );
        let reached = longest_way(&without).is_some();
        let complaint = run.complaint(|verdicts| match verdicts {
            // What an end that is cut off has done may be unknown to all others.
            [_, Verdict::Done] => own,
            [Verdict::Done | Verdict::NotDone, during, Verdict::Done] => {
                !own && (!reached || *during == Verdict::Done)
            }
            _ => false,
        });
        (run, complaint)
    });
    none_complains(&runs.collect::<Vec<_>>());
}
