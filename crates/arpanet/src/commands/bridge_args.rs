//! The arguments of `arpanet bridge`.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

/// Carry cables between two places through one tunnel that loses nothing: hosts' cables, and modem lines of emulated IMPs.
///
/// A cable is UDP datagrams, and nothing in what it carries brings back one that the Internet loses. Run this command at both
/// places: one end listens, the other calls it. What arrives while the tunnel is cut waits, and each datagram arrives once and
/// in order.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES, group = ArgGroup::new("end").required(true).args(["listen", "to", "new_key"]))]
pub(crate) struct BridgeArgs {
    /// Wait for the other end at this TCP port, if need be at the address of one interface; at [::]:PORT it is awaited by IPv6,
    /// too.
    #[arg(long, value_name = "[ADDRESS:]PORT", requires = "key")]
    pub(super) listen: Option<String>,

    /// Call the other end, which listens there (a name or an address), and call it again whenever the tunnel is cut.
    #[arg(long, value_name = "ADDRESS:PORT", requires = "key")]
    pub(super) to: Option<String>,

    /// The file with the key that both ends share; nobody else may be able to read it.
    #[arg(long, value_name = "FILE")]
    pub(super) key: Option<PathBuf>,

    /// A cable: what both ends call it, the UDP port here at which its datagrams arrive, and where what is plugged in here
    /// takes them; any number of them.
    #[arg(long, value_name = "NAME=PORT:ADDRESS:PORT", requires = "key")]
    pub(super) cable: Vec<String>,

    /// Make a new key, write it into this file, and end.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["key", "cable"])]
    pub(super) new_key: Option<PathBuf>,
}

const EXAMPLES: &str = "\
A HOST'S CABLE
  An IMP at a.example.org, a host at B. First make a key, and bring it to B by a
  way that nobody overhears (scp):

    arpanet bridge --new-key bridge.key

  At A the IMP takes its host's datagrams at port 22001, and sends its own to
  the bridge, at 22002 (`attach -u hi1 22001:127.0.0.1:22002`):

    arpanet bridge --listen 4381 --key bridge.key \\
        --cable UTAH-10=22002:127.0.0.1:22001

  At B the bridge stands where the IMP would be, at port 22001, and the host is
  at 22002, as if both were on one machine:

    arpanet bridge --to a.example.org:4381 --key bridge.key \\
        --cable UTAH-10=22001:127.0.0.1:22002
    arpanet host --imp 127.0.0.1:22001 --listen 22002 --address UTAH-10 \\
        --serve-ftp

A MODEM LINE
  Two emulated IMPs have their line through the same tunnel. IMP 4 is at A
  (`attach -u mi1 11141:127.0.0.1:11142`), IMP 5 at B
  (`attach -u mi1 11151:127.0.0.1:11152`):

    A:  --cable LINE-4-5=11142:127.0.0.1:11141
    B:  --cable LINE-4-5=11152:127.0.0.1:11151

  Datagrams are carried as they are, whatever is in them: so one tunnel does for
  all cables of a place.

WHAT BECOMES OF A CUT
  Something is said every second. If nothing comes for 4 s, the tunnel counts as
  cut, and the end that calls does so again, once a second or oftener, so that
  both are connected a second after the way is back. Up to 4 MiB wait at each
  end for up to 2 minutes; when there is no room, what comes last is dropped,
  and after 2 minutes all is, as by a cable that is pulled out. Both are told.
  What waited leaves by each cable 1000 datagrams a second at most. If one end
  begins anew, what was under way just then may be lost, but nothing comes
  twice. Nothing waits before the other end was there once.

WHO MAY PLUG IN
  Only who has the key (the Noise protocol, NNpsk0, with X25519, ChaCha20-Poly1305
  and BLAKE2s): what crosses the tunnel cannot be read or changed by others.
  Strangers are shown out after 5 s, and keep nobody else from coming in. A
  second partner is told that the end is busy. Only the listening end needs a
  port that can be reached; that of the cables should be open to nobody else.

EXIT STATUS
  0  it was up, and was taken down
  1  it was taken down, and the other end was never there or had another key;
     or the other end has other cables
  2  it could not be put up";
