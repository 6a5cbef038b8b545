//! The arguments of `arpanet host`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;
use machine::Span;

use crate::server_args::{RIGHTS, ServerArgs};
use crate::storage_args::{FOLDER, StorageArgs};

/// Put a host on the cable of an IMP: of a replica network, an emulated IMP, or `net --live`.
///
/// The cable is UDP datagrams, as the emulated machines of today have it. The host answers ECO, and does what the options
/// say.
#[derive(Debug, Args)]
#[command(after_long_help = joining())]
pub(crate) struct HostArgs {
    /// Where the IMP is: the address and port at which it takes this host's datagrams.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(super) imp: String,

    /// Where this host is: the port that the IMP was told of, if need be with the address of an interface.
    #[arg(long, value_name = "[ADDRESS:]PORT")]
    pub(super) listen: String,

    /// Which host this is: its number, 64 times the host on its IMP and the IMP, or its name in the net.
    #[arg(long, value_name = "HOST")]
    pub(super) address: String,

    /// What this host calls itself; otherwise as the net does.
    #[arg(long)]
    pub(super) name: Option<String>,

    /// The net from which the names of the others are known: one that `net` lists, or the path of a file that ends
    /// in .net [default: 1973-01]. Programs call each host also by its number, whether or not it is in the net.
    #[arg(long)]
    pub(super) net: Option<OsString>,

    /// Serve files by the file transfer protocol.
    #[arg(long)]
    pub(super) serve_ftp: bool,

    /// Serve these as well: echo, discard, finger, time; see below.
    #[arg(long, value_name = "SERVICE,...", value_delimiter = ',')]
    pub(super) services: Vec<String>,

    #[command(flatten)]
    pub(super) server: ServerArgs,

    #[command(flatten)]
    pub(super) storage: StorageArgs,

    /// Run a program at the teletype, which is this terminal: `ftp`, the user's side of the protocol, `rsexec`, `ncc`, the
    /// Network Control Center, to which IMPs report, or `operator`, at which the server's operator types; see below.
    #[arg(long, value_name = "PROGRAM")]
    pub(super) run: Option<String>,

    /// Under which name rsexec logs in at a host, so that nobody has to type it: RSEXEC's profile; any number of them. The
    /// passwords are visible in the process list.
    #[arg(long, value_name = "HOST=NAME:PASSWORD", requires = "run")]
    pub(super) knows: Vec<String>,

    /// How the NCP does what is left to it, for partners with habits; see below. Several add up.
    #[arg(long, value_name = "NAME")]
    pub(super) policy: Vec<String>,

    /// Write what crosses the cable into a capture for Wireshark, while it does: passwords too.
    #[arg(long, alias = "record", value_name = "FILE")]
    pub(super) pcapng: Option<PathBuf>,

    /// What to show of what happens: lenses as `scenario --show` has them. If nothing is said, of a host that serves
    /// its dialogues, files and troubles; see below. With a program, nothing, and what is asked for on standard error.
    #[arg(long, value_name = "LENS,...", value_delimiter = ',')]
    pub(super) show: Vec<String>,

    /// For how long the IMP may be silent, absent or not ready before the host gives up, as scenarios write it: 30s,
    /// 2min. If nothing is said: two minutes where lines come from a file or a pipe, and else for ever.
    #[arg(long, value_name = "SPAN", value_parser = scenario::read_span, allow_negative_numbers = true)]
    pub(super) wait: Option<Span>,

    /// How long a datagram that has overtaken others waits for them, before they count as lost: 0s for a cable on which none
    /// does, more for a way that is longer than most [default: 50ms].
    #[arg(long, value_name = "SPAN", value_parser = scenario::read_span, allow_negative_numbers = true)]
    pub(super) hold: Option<Span>,

    /// Take the host down at the first line of a file or a pipe that is not done; otherwise those behind it are typed
    /// all the same.
    #[arg(long, requires = "run")]
    pub(super) stop_on_failure: bool,

    /// Draw socket numbers and the like from this seed; otherwise they differ from time to time.
    #[arg(long, value_name = "N", value_parser = imp::number, allow_negative_numbers = true)]
    pub(super) seed: Option<u64>,
}

#[cfg(feature = "full")]
impl HostArgs {
    /// Whether others may come to this host without being asked.
    pub(super) fn serves(&self) -> bool {
        self.serve_ftp || !self.services.is_empty()
    }
}

/// What the policies of an NCP are called, and mean.
pub(crate) const POLICIES: &str = "  \
  tenex        as a TENEX does: queues requests for two minutes; so it is if
               nothing is said
  plain        one command in each control message, at most 179 bytes of text in
               a message: for an NCP that reads only the first command, or takes
               no datagrams over 200 bytes, as linux-ncp
  refuse       refuses requests that no program waits for at once, instead of
               queueing them: for an NCP that waits only a few seconds, and
               takes silence for a dead host
  patient      keeps requests and closings for ten minutes: for people who type
               the protocol by hand
  hasty        gives both only 3 seconds, as some NCPs do
  links=N,N-N  assigns only these links, 2 to 71: for an NCP that knows only
               some, or confuses a link with the same number in the other
               direction (take others than it takes; linux-ncp takes 42 to 49)
  long         as long messages as the network allows, sent and invited: on nets
               of IMPs that take them, as `net --live` does. Emulated H316s
               refuse more than 441 words behind the leader, so that otherwise
               nothing longer is sent, and no partner is ever allocated more
               bits than fit into one such message (it may send them in one)
  small        allocates one message of 1000 bits at a time: for an NCP with
               small buffers
  quiet        asks nobody: otherwise a host that says nothing for 6 seconds
               while a program waits for it is sent an ECO, and counts as dead if
               it says nothing for another 22, but not in the first 31 after
               one of the two came up; one that ignores ECOs is let be";

/// How to join a network.
fn joining() -> String {
    format!(
        "\
JOINING A NETWORK
  Whoever runs the IMP tells you two ports: where the IMP takes your datagrams,
  and where it sends its own. On one machine, with a net of ours:

    arpanet net 1973-01 --live --external UTAH-10=22001:127.0.0.1:22002
    arpanet host --imp 127.0.0.1:22001 --listen 22002 --address UTAH-10 --serve-ftp \\
        --account SMITH:BLUE --file '<SMITH>NOTES.TXT=notes.txt'

  An emulated H316 is told the same by `attach -u hi1 22001:127.0.0.1:22002`.
  Another host then gets the file, with `--run ftp`:

    CONNECT UTAH-10
    LOGIN SMITH BLUE
    GET NOTES.TXT COPY.TXT

  Ctrl-C takes the host down, and so does the end of the terminal: whoever is
  served files is told so (436), and has 5 seconds to hear it; the host says so
  to its IMP (type 2), drops its ready line, takes for 3 seconds what the IMP
  still sends, for an emulated one may give up a cable that refuses a datagram,
  and ends. Ctrl-C once more ends it at once. While a transfer runs for somebody
  who types at --run ftp, Ctrl-C stops that, as ABORT does, and the next one the
  host. With --run it also goes down when standard input ends, unless it serves.

  Whoever types at a terminal to --run ftp is asked before SEND replaces a file
  at a server, which is asked for a LIST before, and told what is waited for. A
  script is not: its lines are done as they stand, and only a file here is not
  replaced unless the next line is YES.

  Lines for --run may come from a file or a pipe. Each that is not done is told
  with its number on standard error, and the exit status says that there was
  one. At a terminal it does not: whoever types there has seen it. The lines
  behind it are typed all the same, as by one who typed ahead; where they make
  no sense without it, --stop-on-failure takes the host down instead.

  An IMP that is silent, restarts, or is not there is waited for, as --wait
  says; what changes is told on standard error. A fresh network of emulated IMPs
  needs half a minute until all of them reach each other; until then hosts seem
  to be dead. Datagrams that overtake others are held as --hold says. If some
  are lost, all connections of the host are broken off: nothing in the protocols
  of 1973 could find out what is missing. `arpanet bridge` leads a cable over
  links that lose.

  IMPs report to host 0 of IMP 5, which --run ncc is with `--address 5`. It prints
  what changes until it is taken down, also if standard input ends, and
  SUMMARY, TRAFFIC, ACK and HELP are typed to it. Its times are those of UTC.
  Emulated IMPs report; those of `net --live` do if their net `reports to` a host,
  as the net control-center does.
  `ncc` shows the same as a board.

  After a restart the network must forget the old host: RST is sent before the
  first command to each host. A host that serves sends one to all hosts of the
  net as soon as its IMP has been ready for a second.

  A monitor listens at the cable: what the IMP does to the host, and what others
  say to it, against the rules is told at once, with document and section, and
  summed up at the end. It accuses nobody of what cannot be known from here, nor
  of what one document of several asks: that is advice, told once and counted
  apart. `show rules` lists both.

SERVICES
  --services echo,discard,finger,time, at the sockets of the time:

    echo      7   sends back what it is sent (RFC 347)
    discard   9   throws it away (RFC 348)
    time     37   the seconds since 1900, in 32 bits, at once (RFC 738, 1977)
    finger   79   how long the host is up, and who is logged in (RFC 742, 1977)

  Each has 8 users at a time at most, but for the time, one; whoever is silent
  for ten minutes is left.

THE OPERATOR
  With --run operator beside --serve-ftp, lines that are typed here are for those
  who are served, as `announces`, `logs out` and `shuts down` in a scenario:

    ANNOUNCE TEXT        all of them read it
    LOGOUT NAME          serves this user no more
    SHUTDOWN [MINUTES]   tells them when the server stops, lets nobody in, stops
    WHO, HELP

  A server has 32 seats, of which a host takes 16 and a name 8.

RUNNING FOR YEARS
  A host that serves shows who comes, logs in and asks for what, with the
  answers; files that change, with their bytes; what goes wrong. That is some
  400 bytes for a login and 300 for each file, whatever its length. What carries
  it is shown with --show usual or all, about 200 bytes for each kilobyte.
  Memory does not grow with users: some 20 MB beside the rest for passwords, and
  what is being sent and received. A unit for systemd, with comments:

    arpanet show arpanet-host.service

{FOLDER}

{RIGHTS}

POLICIES
{POLICIES}

EXIT STATUS
  0  it was up, and was taken down
  1  it never heard its IMP, or not for as long as --wait says; or a line of
     standard input was not done, or not typed
  2  it could not be put on the cable; or what a program prints, or what happens,
     could not be printed. Without a program a host goes on whose reader goes
     away, as with `| head`"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_explains_every_policy_and_what_becomes_of_passwords() {
        for told in ["links=N", "Passwords cross", "writes into every directory", "arpanet-host.service"] {
            assert!(joining().contains(told), "{told}");
        }
    }
}
