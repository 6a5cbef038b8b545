//! Lenses: filters that say which part of what happened a transcript shows.

use std::fmt;
use std::str::FromStr;

/// One kind of thing that a transcript can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lens {
    /// What is typed and printed at the hosts' teletypes.
    Teletype,
    /// Hosts that stop or start, and files that change.
    Host,
    /// The text of Telnet connections: FTP commands and replies.
    Ftp,
    /// Control commands between NCPs, and the socket number of an initial connection.
    Ncp,
    /// Messages with other data, one line each.
    Data,
    /// What an IMP tells a host that something could not be done.
    Trouble,
    /// Tables of what was measured.
    Measured,
    /// Messages on the links for measurement, and the IMPs' answers to them.
    Traffic,
    /// Everything else that crosses a host's cable: ready lines, NOPs, RFNMs, arrivals.
    Imp,
    /// Packets on the lines between the IMPs.
    Packets,
    /// What serves the lines themselves: acknowledgements that no packet carries, and routing messages.
    Lines,
}

impl Lens {
    /// Every lens, from what a person sees down to the wire.
    pub const ALL: [Lens; 11] = [
        Lens::Teletype,
        Lens::Host,
        Lens::Ftp,
        Lens::Ncp,
        Lens::Data,
        Lens::Trouble,
        Lens::Measured,
        Lens::Traffic,
        Lens::Imp,
        Lens::Packets,
        Lens::Lines,
    ];

    /// The lenses that are used if none are named.
    pub const USUAL: [Lens; 7] =
        [Lens::Teletype, Lens::Host, Lens::Ftp, Lens::Ncp, Lens::Data, Lens::Trouble, Lens::Measured];

    /// The name by which a lens is asked for.
    pub const fn name(self) -> &'static str {
        match self {
            Lens::Teletype => "teletype",
            Lens::Host => "host",
            Lens::Ftp => "ftp",
            Lens::Ncp => "ncp",
            Lens::Data => "data",
            Lens::Trouble => "trouble",
            Lens::Measured => "measured",
            Lens::Traffic => "traffic",
            Lens::Imp => "imp",
            Lens::Packets => "packets",
            Lens::Lines => "lines",
        }
    }
}

impl fmt::Display for Lens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// There is no lens of that name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoSuchLens(String);

impl fmt::Display for NoSuchLens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = Lens::ALL.iter().map(|lens| lens.name()).collect();
        write!(f, "there is no lens {:?}; there are {}, usual and all", self.0, names.join(", "))
    }
}

impl std::error::Error for NoSuchLens {}

impl FromStr for Lens {
    type Err = NoSuchLens;

    fn from_str(name: &str) -> Result<Self, NoSuchLens> {
        Lens::ALL.into_iter().find(|lens| lens.name() == name).ok_or_else(|| NoSuchLens(name.to_owned()))
    }
}
