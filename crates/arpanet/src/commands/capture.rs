//! `arpanet read`: shows captures of hosts' cables.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use host::Directory;
use imp::Net;
use trace::capture::{Cables, Hint, Place};
use trace::{Names, View, ViolationCounts};
use view::captured::summary;

use crate::error::CommandError;
use crate::exit::Exit;
use crate::hints::hint;
use crate::lenses::lenses;
use crate::library::{Library, STANDARD_INPUT};
use crate::numbers;
use crate::terminal::Terminal;

/// Show what a capture of hosts' cables holds, as a transcript.
///
/// The CAPTURE is a file of tcpdump, Wireshark, or `scenario --pcapng`, with the UDP datagrams between hosts and
/// their IMPs: of a run, or of emulated machines.
#[derive(Debug, Args)]
#[command(after_long_help = CAPTURES)]
pub(crate) struct ReadArgs {
    /// The capture: a pcap or pcapng file, or `-` for standard input.
    capture: PathBuf,

    /// Take the names of the hosts from a net of the library, or from a file that ends in .net.
    #[arg(long, value_name = "NET")]
    net: Option<OsString>,

    /// Say at which IP address an IMP is, if that cannot be seen; with or without a port.
    #[arg(long, value_name = "PLACE")]
    imp: Vec<Place>,

    /// Say which host is at an IP address, by its number or by its name in the net:
    /// 127.0.0.1:20001=BBN-TENEX.
    #[arg(long, value_name = "PLACE=HOST")]
    host: Vec<String>,

    /// What the transcript shows: ftp, ncp, data, trouble (these are the `usual`), traffic, imp (ready lines,
    /// RFNMs, arrivals), or `all`.
    #[arg(long, value_name = "LENS,...", value_delimiter = ',')]
    show: Vec<String>,

    /// Print the bits of each message below it: leader, rest of the header, text, in hexadecimal.
    #[arg(long)]
    bits: bool,

    /// Print lines of at most N columns (20 or more). Without it, as many as the terminal has; if the output is no terminal,
    /// no line is broken, so that the same is printed on every machine.
    #[arg(long, value_name = "N", value_parser = numbers::width, allow_negative_numbers = true)]
    width: Option<u16>,

    /// Let the exit status say whether a rule of the protocols was broken. Advice is none.
    #[arg(long)]
    strict: bool,
}

const CAPTURES: &str = "\
A CABLE is found by the first four bytes of its datagrams, H316, whatever the
ports are. Which end is the IMP shows in what it says: only an IMP sends RFNMs.
A host's address is inferred when the same messages also appear on another
captured cable; else say it with --host. A host whose cable is not in the
capture is heard through the others.

Files may be pcap or pcapng, in either byte order; packets Ethernet (with VLAN
tags), raw IP, loopback, or Linux cooked; IPv4 or IPv6. Fragments are not put
together. What is lost, doubled or broken is told where it happens, and a
summary stands above the transcript.

Captures of `scenario --pcapng` begin on 24 January 1973 at 00:00 UTC, those of
`host` and `net --live` when they were made. Each cable is an interface with the
name of its host. Host HOST on IMP has the IP address 10.HOST.0.IMP, its IMP
10.255.0.IMP, both port 1822. With h316.lua, which comes with this command,
Wireshark and tshark take any of these captures apart:

  arpanet show h316.lua > h316.lua
  arpanet scenario rfc438-append --pcapng append.pcapng
  wireshark -X lua_script:h316.lua append.pcapng

RULES of the 1822 interface and of the Host/Host protocol that somebody breaks
are told below the message that shows it, whatever is shown, and summed up at
the end. A capture may begin and end anywhere and miss datagrams: what may be
explained by that is held against nobody. ADVICE that only one document of
several gives is told once, counted apart, and does not touch the exit status.
`show rules` lists rules and advice with their sources.

EXIT STATUS
  0  read to its end
  1  broken on the way, read up to there
  2  no capture, or no cable in it
  3  with --strict: read to its end, and a rule was broken";

/// Shows a capture.
pub(crate) fn run(args: &ReadArgs, library: &Library, terminal: Terminal) -> Result<Exit, CommandError> {
    let lenses = lenses(&args.show)?;
    let net = args.net.as_ref().map(|name| library.read_net(name)).transpose()?;
    let directory = net.as_ref().map(|net| Directory::clone(Names::of(net).hosts())).unwrap_or_default();
    let net = net.unwrap_or_else(Net::default);
    let mut hints: Vec<Hint> = args.imp.iter().copied().map(Hint::Imp).collect();
    for text in &args.host {
        hints.push(hint(text, &net)?);
    }
    let path = args.capture.clone();
    let file =
        bytes(&args.capture).map_err(|error| CommandError::File { path: args.capture.clone(), error })?;
    let cables =
        Cables::find(&file).map_err(|error| CommandError::Capture { path: args.capture.clone(), error })?;
    let broken = cables.error().cloned().map(|error| CommandError::BrokenCapture { path, error });
    let packets = cables.counts().clone();
    let reading = cables.read(&hints, directory);
    if reading.cables.is_empty() {
        let none = CommandError::NoCable { path: args.capture.clone(), packets };
        return Err(CommandError::all(broken.into_iter().chain([none]).collect()));
    }
    let paper = terminal.paper(args.width);
    let text = format!(
        "{}: {} packets, {} of cables\n{packets}",
        args.capture.display(),
        packets.packets,
        packets.of_cables
    );
    let mut text = paper.fill(&text, 2);
    text.push_str(&paper.fill(&summary(&reading), 2));
    let names = Names::from(reading.directory.clone());
    let view = View { bits: args.bits, paper, ..View::new(&names, &lenses) };
    let (counts, found) = ViolationCounts::of_shown(reading.violations());
    text.push_str(&view.with_violations(&reading.records, &found));
    text.push('\n');
    text.push_str(&paper.fill(&counts.summary(&reading.directory), 2));
    terminal.print(&text)?;
    match broken {
        Some(broken) => Err(broken),
        None if args.strict && counts.is_any_certain() => Ok(Exit::RuleBroken),
        None => Ok(Exit::Held),
    }
}

/// All that is in a file, or comes from standard input.
fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    if path.as_os_str() != STANDARD_INPUT {
        return fs::read(path);
    }
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}
