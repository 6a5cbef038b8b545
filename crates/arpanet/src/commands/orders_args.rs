//! The arguments of `arpanet orders`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use sim::lab::orders::Order;

use crate::numbers;

/// Try every order in which the messages of a small exchange can arrive.
///
/// The scenario says from where on: `all orders from here`. It is replayed again and again, and each time another message
/// is the next to arrive, until all has been tried: between hosts that queue requests for connection that nobody waits for
/// yet, and hosts that refuse them, and with each edition of FTP with which it works at all. Two IMPs keep the order of
/// messages between them, and a link carries one at a time; nothing else is promised.
#[derive(Debug, Args)]
#[command(after_long_help = ENDINGS)]
pub(crate) struct OrdersArgs {
    /// A scenario of the library, the path of a file that ends in .scenario, or `-` for standard input.
    pub(super) name: OsString,

    /// Draw random numbers from another seed than the scenario's.
    #[arg(long, value_name = "N", value_parser = imp::number, allow_negative_numbers = true)]
    pub(super) seed: Option<u64>,

    /// Replay at most N times for each row of the table. Those orders come first that turn fewer messages round; it is said if
    /// some are left.
    #[arg(long, value_name = "N", value_parser = numbers::replays, default_value_t = 20_000, allow_negative_numbers = true)]
    pub(super) most: usize,

    /// Only where unmatched requests are `queued`, or only where they are `refused`.
    #[arg(long, value_name = "POLICY", value_enum)]
    pub(super) requests: Option<RequestsArg>,

    /// Write for each ending one order as a scenario of its own into this folder.
    #[arg(long, value_name = "FOLDER")]
    pub(super) keep: Option<PathBuf>,

    /// Print one order, such as 6.2-11.3, as a scenario of its own, and try no others; of the hosts as the scenario has
    /// them, or as --requests says.
    #[arg(long, value_name = "ORDER", conflicts_with_all = ["keep", "json", "most"])]
    pub(super) order: Option<Order>,

    /// Print a line of JSON for each row of the table.
    #[arg(long)]
    pub(super) json: bool,

    /// Print lines of at most N columns (20 or more). Without it, as many as the terminal has.
    #[arg(long, value_name = "N", value_parser = numbers::width, allow_negative_numbers = true)]
    pub(super) width: Option<u16>,
}

/// What becomes of requests that nobody waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum RequestsArg {
    /// They are kept.
    Queued,
    /// They are answered by CLS.
    Refused,
}

const ENDINGS: &str = "\
ENDINGS
  works     all was done, and the users know it
  retried   the same, though a request for connection was refused on the way
  refused   nothing was done, and the users know it
  lost      the users cannot know: told so, or nothing, or contradicting things
  lied      what the users were told is not so
  against-rules   somebody broke a rule of the protocols

  All that users were told is held against the files that the scenario expects, and against
  those of the beginning. Orders are counted, not replays: those in which every host sees and
  does the same, in the same order, are replayed once.

  No clock of a host strikes while a message is on its way, so that patience ends only where
  nothing more would arrive. When a host learns that a message has arrived (RFNM) is no order
  of its own: it comes right behind the message.

ONE ORDER
  6.2-11.3 is an order: the sixth message to arrive is the second of those that could, in the
  order in which they came, the eleventh the third. As a scenario it reads aloud:

    this order from here
      SITE3 -> SITE2 message 1 waits for SITE1 -> SITE2 message 1

JSON, one line for each row:
  requests, editions (by host), orders, complete, replays, and endings: for each that there is,
  count, and one order of it

EXIT STATUS
  0  all orders that were tried end well: in nothing worse than lost
  1  in one somebody lied, or broke a rule
  2  the scenario could not be read, does not say from where on, or nothing could be written";
