//! The arguments of `arpanet read`, and the capture that they name.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;
use host::Directory;
use imp::Net;
use trace::Names;
use trace::capture::{Hint, Introduced, Place};

use super::capture_help::captures;
use crate::capture_input::{Bytes, CaptureInput, InputError};
use crate::error::CommandError;
use crate::hints::hint;
use crate::library::Library;
use crate::numbers;
use crate::server_args::ServerArgs;
use crate::storage_args::StorageArgs;

/// Show what a capture of hosts' cables holds, as a transcript.
///
/// The CAPTURE is a file of tcpdump, Wireshark, or `scenario --pcapng`, with the UDP datagrams between hosts and
/// their IMPs: of a run, or of emulated machines. It may be packed with gzip, and of any length.
#[derive(Debug, Args)]
#[command(after_long_help = captures())]
pub(crate) struct ReadArgs {
    /// The capture: a pcap or pcapng file, or `-` for standard input, which may be a pipe that never ends.
    pub(super) capture: PathBuf,

    /// Take the names of the hosts from a net of the library, or from a file that ends in .net.
    #[arg(long, value_name = "NET")]
    pub(super) net: Option<OsString>,

    /// Say at which IP address an IMP is, if that cannot be seen; with or without a port.
    #[arg(long, value_name = "PLACE")]
    pub(super) imp: Vec<Place>,

    /// Say which host is at an IP address, by its number or by its name in the net:
    /// 127.0.0.1:20001=BBN-TENEX.
    #[arg(long, value_name = "PLACE=HOST")]
    pub(super) host: Vec<String>,

    /// What the transcript shows: ftp, ncp, data, trouble (these are the `usual`), traffic, imp (ready lines,
    /// RFNMs, arrivals), or `all`.
    #[arg(long, value_name = "LENS,...", value_delimiter = ',')]
    pub(super) show: Vec<String>,

    /// Print the bits of each message below it: leader, rest of the header, text, in hexadecimal. In the place of text with a
    /// password stands a mask.
    #[arg(long)]
    pub(super) bits: bool,

    /// Print lines of at most N columns (20 or more). Without it, as many as the terminal has; if the output is no terminal,
    /// no line is broken, so that the same is printed on every machine.
    #[arg(long, value_name = "N", value_parser = numbers::width, allow_negative_numbers = true)]
    pub(super) width: Option<u16>,

    /// Print one JSON object in each line, for programs: see JSON below.
    #[arg(long, conflicts_with_all = ["show", "bits", "width"])]
    pub(super) json: bool,

    /// Play what others said to this host to a fresh host of ours, and show where it answers otherwise: see PLAYING below.
    /// A number, a name in the capture or in the net.
    #[arg(long, value_name = "SITE", conflicts_with_all = ["json", "strict", "show", "bits"])]
    pub(super) play: Option<String>,

    #[command(flatten)]
    pub(super) server: ServerArgs,

    #[command(flatten)]
    pub(super) storage: StorageArgs,

    /// Let the exit status say whether a rule of the protocols was broken. Advice is none.
    #[arg(long)]
    pub(super) strict: bool,
}

/// Finds out who is who in the capture: of a file that is there, once and for all; of a pipe, by its beginning. Returns its
/// bytes from the beginning, and whether they come through a pipe.
pub(super) fn introduce(
    args: &ReadArgs,
    library: &Library,
) -> Result<(Introduced, Bytes, bool), CommandError> {
    let net = args.net.as_ref().map(|name| library.read_net(name)).transpose()?;
    let directory = net.as_ref().map(|net| Directory::clone(Names::of(net).hosts())).unwrap_or_default();
    let net = net.unwrap_or_else(Net::default);
    let mut hints: Vec<Hint> = args.imp.iter().copied().map(Hint::Imp).collect();
    for text in &args.host {
        hints.push(hint(text, &net)?);
    }
    let path = &args.capture;
    let unusable = |error| match error {
        InputError::Io(error) => CommandError::File { path: path.clone(), error },
        InputError::Capture(error) => CommandError::Capture { path: path.clone(), error },
    };
    let input = CaptureInput::open(path).map_err(|error| unusable(InputError::Io(error)))?;
    let is_pipe = input.is_pipe();
    let known = input.survey(&hints, |survey, file| survey.introduce(file, &hints, directory));
    let (introduced, bytes) = known.map_err(unusable)?;
    if introduced.is_whole() && introduced.cables().next().is_none() {
        let broken = introduced.survey().error().cloned();
        let broken = broken.map(|error| CommandError::BrokenCapture { path: path.clone(), error });
        let none = CommandError::NoCable {
            path: path.clone(),
            packets: Box::new(introduced.survey().counts().clone()),
        };
        return Err(CommandError::all(broken.into_iter().chain([none]).collect()));
    }
    Ok((introduced, bytes, is_pipe))
}
