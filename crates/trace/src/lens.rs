//! Lenses: filters that say which part of what happened a transcript shows.

use std::fmt;
use std::str::FromStr;

/// Makes [`Lens`] of one row for each: what it shows, and the name by which it is asked for.
macro_rules! lenses {
    ($($(#[doc = $doc:literal])* $lens:ident = $name:literal;)*) => {
        /// One kind of thing that a transcript can show.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Lens {
            $($(#[doc = $doc])* $lens,)*
        }

        impl Lens {
            /// Every lens, from what a person sees down to the wire.
            pub const ALL: &[Lens] = &[$(Lens::$lens),*];

            /// The name by which a lens is asked for.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Lens::$lens => $name,)*
                }
            }
        }
    };
}

lenses! {
    /// What is typed and printed at the hosts' teletypes.
    Teletype = "teletype";
    /// Hosts that stop or start, and files that change.
    Host = "host";
    /// The text of Telnet connections: FTP commands and replies.
    Ftp = "ftp";
    /// Control commands between NCPs, and the socket number of an initial connection.
    Ncp = "ncp";
    /// Messages with other data, one line each.
    Data = "data";
    /// What an IMP tells a host that something could not be done.
    Trouble = "trouble";
    /// Tables of what was measured.
    Measured = "measured";
    /// Messages on the links for measurement, and the IMPs' answers to them.
    Traffic = "traffic";
    /// Everything else that crosses a host's cable: ready lines, NOPs, RFNMs, arrivals.
    Imp = "imp";
    /// Packets on the lines between the IMPs.
    Packets = "packets";
    /// What serves the lines themselves: acknowledgements that no packet carries, and routing messages.
    Lines = "lines";
}

impl Lens {
    /// The lenses that are used if none are named.
    pub const USUAL: [Lens; 7] =
        [Lens::Teletype, Lens::Host, Lens::Ftp, Lens::Ncp, Lens::Data, Lens::Trouble, Lens::Measured];
}

impl fmt::Display for Lens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// There is no lens of that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no lens `{0}`")]
pub struct NoSuchLens(pub String);

impl FromStr for Lens {
    type Err = NoSuchLens;

    fn from_str(name: &str) -> Result<Self, NoSuchLens> {
        Lens::ALL.iter().copied().find(|lens| lens.name() == name).ok_or_else(|| NoSuchLens(name.to_owned()))
    }
}
