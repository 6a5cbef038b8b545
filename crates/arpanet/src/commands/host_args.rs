//! The arguments of `arpanet host`.

use std::path::PathBuf;

use clap::Args;

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
    /// in .net [default: 1973-01].
    #[arg(long)]
    pub(super) net: Option<String>,

    /// Serve files by the file transfer protocol.
    #[arg(long)]
    pub(super) serve_ftp: bool,

    #[command(flatten)]
    pub(super) storage: StorageArgs,

    /// Run a program at the teletype, which is this terminal: `ftp`, the user's side of the protocol, or `rsexec`.
    #[arg(long, value_name = "PROGRAM")]
    pub(super) run: Option<String>,

    /// Under which name rsexec logs in at a host, so that nobody has to type it: RSEXEC's profile; any number of them.
    #[arg(long, value_name = "HOST=NAME:PASSWORD", requires = "run")]
    pub(super) knows: Vec<String>,

    /// How the NCP does what is left to it, for partners with habits; see below. Several add up.
    #[arg(long, value_name = "NAME")]
    pub(super) policy: Vec<String>,

    /// Write what crosses the cable into a capture for Wireshark, while it does: passwords too.
    #[arg(long, alias = "record", value_name = "FILE")]
    pub(super) pcapng: Option<PathBuf>,

    /// What to show of what happens: lenses as `scenario --show` has them. With a program, nothing is shown
    /// otherwise, and on standard error.
    #[arg(long, value_name = "LENS,...", value_delimiter = ',')]
    pub(super) show: Vec<String>,

    /// Draw socket numbers and the like from this seed; otherwise they differ from time to time.
    #[arg(long, value_name = "N", value_parser = imp::number, allow_negative_numbers = true)]
    pub(super) seed: Option<u64>,
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
  long         puts as much text into a message as the network allows; emulated
               IMPs refuse more than 441 words with the header, which is kept to
               otherwise
  small        allocates one message of 1000 bits at a time: for an NCP with
               small buffers";

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

  Ctrl-C takes the host down: it says so to its IMP (type 2), drops its ready
  line, and ends. With --run it also goes down when standard input ends, unless
  it serves; lines may come from a file.

  An IMP that is silent, restarts, or is not there is waited for; what changes
  is told on standard error. A fresh network of emulated IMPs needs half a
  minute until all of them reach each other; until then hosts seem to be dead.
  Datagrams that overtake others are held for 50 ms. If some are lost, all
  connections of the host are broken off: nothing in the protocols of 1973 could
  find out what is missing. `arpanet bridge` leads a cable over links that lose.

  After a restart the network must forget the old host: RST is sent before the
  first command to each host. A host that serves sends one to all hosts of the
  net as soon as its IMP has been ready for a second.

  A monitor listens at the cable: what the IMP does to the host, and what others
  say to it, against the rules is told at once, with document and section, and
  summed up at the end. It accuses nobody of what cannot be known from here.

{FOLDER}

POLICIES
{POLICIES}

EXIT STATUS
  0  it was up, and was taken down
  1  it never heard its IMP
  2  it could not be put on the cable"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_explains_every_policy_and_what_becomes_of_passwords() {
        for told in ["links=N", "Passwords cross", "writes into every directory"] {
            assert!(joining().contains(told), "{told}");
        }
    }
}
