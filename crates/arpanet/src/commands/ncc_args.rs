//! The arguments of `arpanet ncc`.

use std::ffi::OsString;

use clap::Args;

/// Watch a network as its control center did: a live board of IMPs, lines, hosts and traffic.
///
/// IMPs report to host 0 of IMP 5. This puts that host on the cable of its IMP, and shows what is reported.
#[derive(Debug, Args)]
#[command(after_long_help = BOARD)]
pub(crate) struct NccArgs {
    /// Where the IMP is: the address and port at which it takes this host's datagrams.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(super) imp: String,

    /// Where this host is: the port that the IMP was told of, if need be with the address of an interface.
    #[arg(long, value_name = "[ADDRESS:]PORT")]
    pub(super) listen: String,

    /// Which host this is: its number, or its name in the net. The IMPs' program of 1973 reports to host 5.
    #[arg(long, value_name = "HOST", default_value = "5")]
    pub(super) address: String,

    /// The net from which the names of the IMPs are known [default: 1973-01]. If it is given, its lines are too: those of
    /// which no IMP tells are shown.
    #[arg(long)]
    pub(super) net: Option<OsString>,
}

const BOARD: &str = "\
THE BOARD
  IMPs    whether each reports: up; down, if all of its neighbours say that
          their lines to it are dead; down or cut off, if neighbours are silent too;
          reports missing, if a neighbour has its line alive. Behind that its
          hosts that are up, by their numbers, and what they send, in bits a
          second.
  lines   as both ends report: the minus end is the IMP with the lower number.
          One end alone cannot tell. How many bits a second it carried each way
          between the last two reports, headers of packets included.
  log     what has changed. What is worth an alarm flashes until it has been
          acknowledged: IMPs first, then lines, then hosts.

  a acknowledges the alarm that is shown, A all of them; arrows and PgUp, PgDn
  show other rows; q, Esc or Ctrl-C ends it. Without a terminal, or for the
  log of the time on paper, there is `host --run ncc`.

WHAT IS KNOWN, AND HOW
  The form of the reports is not in any document of the time: it is known from
  the listing of the IMP program of September 1973, and was compared with what
  emulated IMPs send that run it. They report each 52.4 s on a clock that is
  right; some emulators run several times as fast. An IMP is missed after two
  and a half of its own periods, at least 20 s, at most 150 s.
  IMPs of `net --live` report if their net says so (`net --help`), as the net
  control-center does, whose center is host 5 as well.
  Counts are those since the report before, as the program sends them. One that
  ran over says >. What it counts of words to a host is wrong on an emulated
  IMP, and is not shown. Words and letters of board and log are ours.

EXIT STATUS
  0  it was up, and was taken down
  1  it never heard its IMP
  2  it could not be put on the cable, or there is no terminal";
