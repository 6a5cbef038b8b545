//! The arguments of `arpanet step`.

use std::ffi::OsString;

use clap::Args;

/// Step through a run at the terminal: lanes, both ends' tables, what each message means, and its bits.
#[derive(Debug, Args)]
#[command(after_long_help = KEYS)]
pub(crate) struct StepArgs {
    /// A scenario of the library, or the path of a file that ends in .scenario.
    pub(super) name: OsString,

    /// Draw random numbers from another seed than the scenario's.
    #[arg(long, value_name = "N", value_parser = imp::number, allow_negative_numbers = true)]
    pub(super) seed: Option<u64>,

    /// Begin at the first step that says this.
    #[arg(long, value_name = "TEXT")]
    pub(super) from: Option<String>,
}

/// What can be typed; the stepper shows the same.
pub(crate) const KEYS: &str = "\
KEYS
  right, space, n   the next step            left, p           the one before
  PgDn, PgUp        ten steps                Home, End         the first, the last
  ] and [           the next phase, the one before
  c                 to the cause: what brought this step about
  a                 to the answer: what this step brings about
  / TEXT            to the next step that says TEXT; Enter alone: again
  t SECONDS         to that time
  s                 what is seen: the hosts; their cables, too; all, with packets
  Tab               below: words, bits, tables, the scenario
  up, down          scroll what is below
  1 to 9            the tables of that host; 0: of those that the step is about
  ?                 these keys               q, Esc            end";
