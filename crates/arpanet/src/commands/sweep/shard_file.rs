//! The file of a part of a sweep: what was to be played, what came of it chunk by chunk, and that it is whole. A line each,
//! in JSON, so that whoever is killed loses only the last one.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::ops::Range;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::count::Count;
use super::lines::{Counted, SCHEMA};
use super::to_sweep::ToSweep;
use crate::commands::sweep_args::Shard;
use crate::error::CommandError;
use crate::sweep_error::SweepError;

/// No line is longer.
const LONGEST_LINE: u64 = 4 << 20;

/// How the first line begins.
const BEGINS: &[u8] = b"{\"is\":\"shard\"";

/// What was to be played.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    is: Is,
    schema: u32,
    version: String,
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) shard: u64,
    pub(super) of: u64,
    twice: bool,
    pub(super) scenarios: Vec<Scenario>,
}

/// A scenario that was to be played.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Scenario {
    pub(super) name: String,
    /// Tells its text and its nets from others.
    pub(super) fingerprint: String,
    /// The digest of the first seed of the whole range: it tells one program from another of the same version.
    digest: String,
    /// How many `sometimes` it has.
    sometimes: usize,
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Is {
    Shard,
    Part,
    End,
}

/// What came of some seeds that follow each other.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Part {
    is: Is,
    /// Which scenario, from 0.
    scenario: usize,
    from: u64,
    to: u64,
    sometimes: Vec<u64>,
    #[serde(flatten)]
    counted: Counted,
}

/// That nothing follows.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct End {
    is: Is,
}

impl Head {
    /// What is to be played in a part.
    pub(super) fn new(scenarios: &[ToSweep], all: &Range<u64>, shard: Shard, twice: bool) -> Self {
        let of = |one: &ToSweep| {
            let digest = super::work::quietly(|| one.lab.trial(all.start)).digest;
            Scenario {
                name: one.name.clone(),
                fingerprint: one.fingerprint.clone(),
                digest: digest.map_or_else(|| "none".to_owned(), |digest| digest.to_string()),
                sometimes: one.count().sometimes.len(),
            }
        };
        Head {
            is: Is::Shard,
            schema: SCHEMA,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            from: all.start,
            to: all.end,
            shard: shard.number,
            of: shard.of,
            twice,
            scenarios: scenarios.iter().map(of).collect(),
        }
    }

    /// The seeds of this part.
    pub(super) fn seeds(&self) -> Range<u64> {
        Shard { number: self.shard, of: self.of }.seeds(&(self.from..self.to))
    }

    /// In what the parts of one sweep differ, if they do.
    pub(super) fn differs(&self, other: &Head) -> Option<String> {
        let either = |what: &str, one: &dyn std::fmt::Display, other: &dyn std::fmt::Display| {
            Some(format!("{what} {one}, not {other}"))
        };
        if self.version != other.version {
            return either("version", &self.version, &other.version);
        }
        if (self.from, self.to) != (other.from, other.to) {
            let range = |head: &Head| format!("{}..{}", head.from, head.to);
            return either("seeds", &range(self), &range(other));
        }
        if self.of != other.of {
            return either("the number of parts is", &self.of, &other.of);
        }
        if self.twice != other.twice {
            return Some("only one of them is with --twice".to_owned());
        }
        let names =
            |head: &Head| head.scenarios.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ");
        if names(self) != names(other) {
            return either("of", &names(self), &names(other));
        }
        let mut both = self.scenarios.iter().zip(&other.scenarios);
        if let Some((one, _)) = both.clone().find(|(one, other)| one.fingerprint != other.fingerprint) {
            return Some(format!("the text of {}, or its net, is another", one.name));
        }
        let (one, _) = both.find(|(one, other)| one.digest != other.digest)?;
        Some(format!("{} runs otherwise: another build of the program", one.name))
    }
}

impl Part {
    /// What came of some seeds.
    pub(super) fn new(scenario: usize, seeds: Range<u64>, count: &Count) -> Self {
        let sometimes = count.sometimes.clone();
        Part {
            is: Is::Part,
            scenario,
            from: seeds.start,
            to: seeds.end,
            sometimes,
            counted: Counted::of(count),
        }
    }
}

impl End {
    /// That nothing follows.
    pub(super) const HERE: End = End { is: Is::End };
}

/// What a file holds.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) head: Head,
    /// What came of each scenario up to now.
    pub(super) counts: Vec<Count>,
    /// The first seed of each scenario of which nothing is known.
    pub(super) next: Vec<u64>,
    pub(super) is_whole: bool,
    /// The length of what can be read. A line that was not finished may follow.
    pub(super) length: u64,
}

/// Reads a file. `None` if there is nothing in it, or only a beginning of the first line.
pub(super) fn read(path: &Path) -> Result<Option<Read>, CommandError> {
    let failed = |error| CommandError::File { path: path.to_owned(), error };
    let damaged = |line, why| CommandError::from(SweepError::Damaged { path: path.to_owned(), line, why });
    let mut file = BufReader::new(File::open(path).map_err(failed)?);
    let mut found: Option<Read> = None;
    for number in 1.. {
        let mut line = Vec::new();
        std::io::Read::take(&mut file, LONGEST_LINE).read_until(b'\n', &mut line).map_err(failed)?;
        let is_finished = line.last() == Some(&b'\n');
        let Some(read) = &mut found else {
            if !is_finished {
                // Nothing else begins like this.
                let is_beginning = line.starts_with(BEGINS) || BEGINS.starts_with(&line);
                return if is_beginning { Ok(None) } else { Err(SweepError::NoPart(path.to_owned()).into()) };
            }
            let head = serde_json::from_slice::<Head>(&line).ok().filter(|head| head.is == Is::Shard);
            let head = head.filter(|head| head.schema == SCHEMA && (1..=head.of).contains(&head.shard));
            let Some(head) = head.filter(|head| head.from < head.to) else {
                return Err(SweepError::NoPart(path.to_owned()).into());
            };
            let counts = head.scenarios.iter().map(|one| Count::new(one.sometimes)).collect();
            let next = vec![head.seeds().start; head.scenarios.len()];
            found = Some(Read { head, counts, next, is_whole: false, length: line.len() as u64 });
            continue;
        };
        if !is_finished {
            return Ok(found);
        }
        if read.is_whole {
            return Err(damaged(number, "something follows its end"));
        }
        if serde_json::from_slice::<End>(&line).is_ok_and(|end| end.is == Is::End) {
            read.is_whole = true;
        } else {
            let part = serde_json::from_slice::<Part>(&line).ok().filter(|part| part.is == Is::Part);
            let part = part.ok_or_else(|| damaged(number, "it is no line of a part"))?;
            read.add(part).map_err(|why| damaged(number, why))?;
        }
        read.length += line.len() as u64;
    }
    Ok(found)
}

impl Read {
    fn add(&mut self, part: Part) -> Result<(), &'static str> {
        let Part { scenario, from, to, sometimes, counted, .. } = part;
        let next = self.next.get_mut(scenario).ok_or("it has no such scenario")?;
        if from != *next || to <= from || to > self.head.seeds().end {
            return Err("its seeds do not follow those above");
        }
        if sometimes.len() != self.counts[scenario].sometimes.len() {
            return Err("another number of `sometimes`");
        }
        let count = counted.count(sometimes).ok_or("it has something that this version does not know")?;
        if count.seeds != to - from {
            return Err("its figures do not agree");
        }
        self.counts[scenario].merge(&count);
        *next = to;
        Ok(())
    }

    /// The first scenario of which something is missing, and the seeds.
    pub(super) fn missing(&self) -> Option<(&str, Range<u64>)> {
        let end = self.head.seeds().end;
        let mut each = self.head.scenarios.iter().zip(&self.next);
        let (scenario, next) = each.find(|(_, next)| **next < end)?;
        Some((&scenario.name, *next..end))
    }
}
