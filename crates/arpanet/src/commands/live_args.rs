//! The options of `arpanet net --live`.

use std::path::PathBuf;

use clap::Args;

/// Options of a live net.
#[derive(Debug, Args)]
pub(crate) struct LiveArgs {
    /// Let the IMPs of the net, or of a scenario's net, work in real time until Ctrl-C, for hosts elsewhere.
    #[arg(long, requires = "name", conflicts_with_all = ["from", "svg"])]
    live: bool,

    /// A host that is elsewhere: the port at which its IMP takes its datagrams, and where the host takes those of
    /// its IMP; any number of them.
    #[arg(long, value_name = "HOST=PORT:ADDRESS:PORT", requires = "live")]
    pub(super) external: Vec<String>,

    /// What is shown of what happens: lenses as `scenario --show` has them.
    #[arg(long, value_name = "LENS,...", value_delimiter = ',', requires = "live")]
    pub(super) show: Vec<String>,

    /// Write what crosses the hosts' cables into a capture for Wireshark, while it does: passwords too.
    #[arg(long, alias = "record", value_name = "FILE", requires = "live")]
    pub(super) pcapng: Option<PathBuf>,
}

impl LiveArgs {
    /// Whether the net is to live.
    pub(crate) fn is_asked_for(&self) -> bool {
        self.live
    }
}
