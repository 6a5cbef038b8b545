//! The arguments of `arpanet sweep`.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Subcommand};
use imp::NoNumber;

use crate::numbers;

/// Break a scenario in a great many ways, and be shown the one that matters.
///
/// From each seed is drawn what breaks and how things are: hosts that crash or hang, lines, IMPs, cables, and the sizes of
/// files, policies and delays. Each run is checked. Prints a table of what came of them; what is wrong is reduced to the
/// smallest scenario in which it still is.
#[derive(Debug, Args)]
#[command(after_long_help = HELP, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true, disable_help_subcommand = true)]
pub(crate) struct SweepArgs {
    #[command(subcommand)]
    pub(super) verb: Option<SweepVerb>,

    /// Scenarios of the library, or paths of files that end in .scenario; `-` is standard input.
    #[arg(required_unless_present = "regress")]
    pub(super) names: Vec<OsString>,

    /// The seeds: from A to B, without B.
    #[arg(long, value_name = "A..B", default_value = "0..1000")]
    pub(super) seeds: Seeds,

    /// Print the case of one seed, which is a scenario of its own, and what is wrong with it.
    #[arg(long, value_name = "N", value_parser = imp::number, allow_negative_numbers = true, conflicts_with_all = ["seeds", "json", "shard", "keep", "reached", "junit"])]
    pub(super) seed: Option<u64>,

    /// Replay each seed twice, and compare the two. Without it, every 64th.
    #[arg(long)]
    pub(super) twice: bool,

    /// Use so many threads; without it, as many as the machine has cores. What is printed is the same.
    #[arg(long, value_name = "N")]
    pub(super) jobs: Option<NonZeroUsize>,

    /// Print a line of JSON for each seed instead of the table: see FOR PROGRAMS below.
    #[arg(long)]
    pub(super) json: bool,

    /// Sweep only the Kth of N parts of the seeds: see MANY MACHINES below.
    #[arg(long, value_name = "K/N", requires = "output", conflicts_with = "json")]
    pub(super) shard: Option<Shard>,

    /// Write the result into a file, for `sweep merge`, instead of printing it; what is there already is gone on with. With
    /// --seed: write the case, as a scenario.
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["json", "keep", "reached", "junit"])]
    pub(super) output: Option<PathBuf>,

    /// Replay what was found before: the seeds and scenarios of `scenarios/found`.
    #[arg(long, conflicts_with_all = ["names", "seeds", "seed", "json", "output", "shard", "keep", "no_shrink", "reached"])]
    pub(super) regress: bool,

    #[command(flatten)]
    pub(super) report: ReportArgs,
}

/// How what was found is told.
#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    /// Write the smallest scenarios in which something is wrong into this folder.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub(super) keep: PathBuf,

    /// Do not look for the smallest scenario.
    #[arg(long)]
    pub(super) no_shrink: bool,

    /// List all that can be reached, with the number of seeds by which it was.
    #[arg(long)]
    pub(super) reached: bool,

    /// Write what came of the seeds, or with --regress of what was found, for a CI server, as JUnit's XML.
    #[arg(long, value_name = "FILE")]
    pub(super) junit: Option<PathBuf>,

    /// Print lines of at most N columns (20 or more). Without it, as many as the terminal has; if the output is no terminal,
    /// no line is broken, so that the same is printed on every machine.
    #[arg(long, value_name = "N", value_parser = numbers::width, allow_negative_numbers = true)]
    pub(super) width: Option<u16>,
}

#[derive(Debug, Subcommand)]
pub(super) enum SweepVerb {
    Merge(MergeArgs),
}

/// Put the parts of a sweep together, and print what the whole would have printed.
#[derive(Debug, Args)]
pub(super) struct MergeArgs {
    /// What `sweep --shard` has written, all of it, in any order.
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,

    #[command(flatten)]
    pub(super) report: ReportArgs,
}

const HELP: &str = "\
EXAMPLES
  arpanet sweep rfc438-append                       a thousand seeds
  arpanet sweep ./mine.scenario --seeds 0..100000   more, of your own
  arpanet sweep rfc438-append --seed 17             one of them, as a scenario
  arpanet sweep rfc438-append --seed 17 -o it.scenario
  arpanet scenario ./it.scenario                    and its transcript

WHAT BREAKS
  A scenario may say it, in a block `sweep` of its heading, and what must hold
  of every run: `always ...`, `never ...`, `at the end ...`. `sometimes ...`
  must come about in some run. `scenario --help` has their forms. Without a word
  of it up to four things break: hosts crash, restart or hang, lines and IMPs
  fail and heal, lines flip bits, cables are pulled, lose, repeat, delay or
  garble a message; or nothing does, but that all lines flip bits.

WHAT IS CHECKED
  Nothing panics. What users were told agrees with the files: no APPENDED of a
  part, no NOT DONE of a file that has changed; and no part is filed as a whole.
  The monitor saw no broken rule that no fault explains. The scenario's own
  conditions hold. Every program is done or waits for its user, 27.5 minutes
  after the last thing that broke, healed or was typed: no patience of theirs is
  longer. An hour after it no host and no IMP holds what nobody owns, and at
  glances before it no NCP. Where nothing breaks, no connection fails, and
  RSEXEC logs out. What nothing disturbs is done, and so is what only IMPs or
  NCPs have to send again: where users crowd at a host that refuses requests,
  one of them must be let in; where IMPs throw messages away though nothing
  breaks or varies, this is not judged. Nor is it of what is sent again, where a
  host has less patience than usual, an IMP was out of reach, or a line is bad
  and a file empty. Two replays of a seed are equal.

THE TABLE
  holds    everything did. The words say what users were told
  unseen   a file is not whole, and nobody could know with the protocols of
           1973: a cable has lost or doubled a message where none were counted
  WRONG    something else. The example is the least seed. The first seeds of the
           first five ways are shrunk: fewest faults, steps and hosts, smallest
           files, roundest times. Each is a scenario that fails when `scenario`
           replays it
  Below it stands what the runs have reached: who reaches nothing has proved
  nothing. --reached lists all, and what was never.

FOR PROGRAMS
  --json prints one object in each line; `show sweep.schema.json` prints their
  JSON Schema. The last of each scenario is its total.

MANY MACHINES
  arpanet sweep rfc438-append --seeds 0..1000000 --shard 3/100 -o part-3
  arpanet sweep merge part-*
  The first is one job of a hundred. One that is killed and started again goes
  on where it was. The second prints, byte for byte, what one process would have
  printed; a part that is missing, unfinished or of something else is told.
  With -o, the exit status says only whether the part is whole; that of merge
  says what was found. docs/sweeps-on-a-cluster.md has it for Slurm, Kubernetes
  and GNU parallel.

EXIT STATUS
  0  everything held, or, with -o, the part is whole
  1  something is wrong, a `sometimes` never came about, or it was interrupted
  2  something could not be read or written, or a part is missing";

/// A range of seeds, of which the last is not one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seeds(pub(super) Range<u64>);

/// Why a text is no range of seeds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum SeedsError {
    #[error("it is two numbers and what is between them, as 0..1000")]
    NoRange,
    #[error("{0}: {1}")]
    Number(String, NoNumber),
    #[error("there is no seed in it: the last one is not part of it")]
    Empty,
}

impl FromStr for Seeds {
    type Err = SeedsError;

    fn from_str(text: &str) -> Result<Self, SeedsError> {
        let (from, to) = text.split_once("..").ok_or(SeedsError::NoRange)?;
        let number =
            |text: &str| imp::number(text).map_err(|error| SeedsError::Number(text.to_owned(), error));
        let (from, to) = (number(from)?, number(to)?);
        if from < to { Ok(Seeds(from..to)) } else { Err(SeedsError::Empty) }
    }
}

/// A part of a sweep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shard {
    /// Which one, from 1.
    pub(super) number: u64,
    /// Of how many.
    pub(super) of: u64,
}

/// A text is no part.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it is the number of a part and how many there are, as 3/100, from 1/100 to 100/100")]
pub(super) struct ShardError;

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, ShardError> {
        let (part, parts) = text.split_once('/').ok_or(ShardError)?;
        let number = |text: &str| imp::number(text).map_err(|_| ShardError);
        let (number, of) = (number(part)?, number(parts)?);
        if (1..=of).contains(&number) { Ok(Shard { number, of }) } else { Err(ShardError) }
    }
}

#[cfg(feature = "full")]
impl Shard {
    /// All of it.
    pub(super) const WHOLE: Shard = Shard { number: 1, of: 1 };

    /// Its seeds: the parts follow each other, and none is more than one seed longer than another.
    pub(super) fn seeds(self, all: &Range<u64>) -> Range<u64> {
        let length = u128::from(all.end - all.start);
        let begins = |part: u64| {
            let before = length * u128::from(part) / u128::from(self.of);
            // It is no more than the length.
            all.start + u64::try_from(before).unwrap_or(u64::MAX)
        };
        begins(self.number - 1)..begins(self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "full")]
    #[test]
    fn the_help_and_the_language_say_how_long_programs_may_take() {
        let tenths = sim::lab::DONE_WITHIN.as_micros() / 6_000_000;
        let said = format!("{}.{} minutes", tenths / 10, tenths % 10);
        assert!(HELP.contains(&said) && scenario::LANGUAGE.contains(&said), "{said}");
    }

    #[test]
    fn seeds_are_two_numbers_and_the_first_is_the_smaller_one() {
        assert_eq!("0..1000".parse(), Ok(Seeds(0..1000)));
        assert_eq!("0x10..0x20".parse(), Ok(Seeds(16..32)));
        assert_eq!("7".parse::<Seeds>(), Err(SeedsError::NoRange));
        assert_eq!("7..7".parse::<Seeds>(), Err(SeedsError::Empty));
        assert!(matches!("-1..7".parse::<Seeds>(), Err(SeedsError::Number(..))));
    }

    #[test]
    fn a_shard_is_its_number_and_how_many_there_are() {
        assert_eq!("3/100".parse(), Ok(Shard { number: 3, of: 100 }));
        for wrong in ["0/3", "4/3", "3", "a/b", "1/0"] {
            assert_eq!(wrong.parse::<Shard>(), Err(ShardError), "{wrong}");
        }
    }

    #[cfg(feature = "full")]
    #[test]
    fn the_shards_of_a_range_follow_each_other_and_leave_nothing_out() {
        for all in [0..1000, 5..6, 17..1_000_003, 0..u64::MAX] {
            for of in [1, 3, 7, 100] {
                let mut next = all.start;
                for number in 1..=of {
                    let seeds = Shard { number, of }.seeds(&all);
                    assert_eq!(seeds.start, next, "{number}/{of} of {all:?}");
                    next = seeds.end;
                }
                assert_eq!(next, all.end, "{of} shards of {all:?}");
            }
        }
    }
}
