//! `arpanet read`: shows captures of hosts' cables. And writes them.

use std::fmt::Write as _;
use std::fs;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use clap::Args;
use host::Directory;
use imp1822::HostAddress;
use imp1822::h316::Statistics;
use trace::capture::{AddressSource, Cable, Cables, Hint, Place, Reading, write_run};
use trace::{Names, View, ViolationCounts};

use super::{FAILED, HELD, Terminal, lenses, net};
use crate::library::Library;
use sim::Outcome;

/// Show what a capture of hosts' cables holds, as a transcript.
///
/// The CAPTURE is a file of tcpdump, Wireshark, or `scenario --pcapng`, with the UDP datagrams between hosts and
/// their IMPs: of a run, or of emulated machines.
#[derive(Debug, Args)]
#[command(after_long_help = CAPTURES)]
pub(super) struct ReadArgs {
    /// The capture: a pcap or pcapng file.
    capture: PathBuf,

    /// Take the names of the hosts from a net of the library, or from a file that ends in .net.
    #[arg(long, value_name = "NET")]
    net: Option<String>,

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

    /// Let the exit status say whether a rule of the protocols was broken.
    #[arg(long)]
    strict: bool,
}

const CAPTURES: &str = "\
A CABLE is found by the first four bytes of its datagrams, H316, whatever the ports are. Which end
is the IMP shows in what it says: only an IMP sends RFNMs. Whose cable it is shows if the other
host's cable is in the capture, too, where its messages arrive; else say it with --host. A host
whose cable is not in the capture is heard through the others.

Files may be pcap or pcapng, in either byte order; packets Ethernet (with VLAN tags), raw IP,
loopback, or Linux cooked; IPv4 or IPv6. Fragments are not put together. What is lost, doubled or
broken is told where it happens, and a summary stands above the transcript.

Captures of `scenario --pcapng` begin on 24 January 1973 at 00:00 UTC, those of `host` and
`net --live` when they were made. Each cable is an interface
with the name of its host. Host HOST on IMP has the IP address 10.HOST.0.IMP, its IMP
10.255.0.IMP, both port 1822. crates/arpanet/wireshark/h316.lua lets Wireshark and tshark take any of these
captures apart:

  arpanet scenario rfc438-append --pcapng append.pcapng
  wireshark -X lua_script:crates/arpanet/wireshark/h316.lua append.pcapng

RULES of the 1822 interface and of the Host/Host protocol that somebody breaks are told below the
message that shows it, whatever is shown, and summed up at the end. A capture may begin and end
anywhere and miss datagrams: what may be explained by that is held against nobody.

EXIT STATUS
  0  read to its end    1  broken on the way, read up to there    2  no capture, or no cable in it
  3  with --strict: read to its end, and a rule was broken";

/// What scripts get that ask for it: somebody broke a rule.
const BROKEN_RULE: u8 = 3;

/// Shows a capture, and answers the exit status.
pub(super) fn read(args: &ReadArgs, library: &Library) -> u8 {
    let terminal = Terminal::new();
    match transcript(args, library, &terminal) {
        Ok(Shown { text, error, has_broken_rules }) => {
            terminal.print(&text);
            match error {
                Some(error) => {
                    terminal.complain(&error);
                    FAILED
                }
                None if args.strict && has_broken_rules => BROKEN_RULE,
                None => HELD,
            }
        }
        Err(error) => terminal.complain(&error),
    }
}

/// What is shown of a capture.
struct Shown {
    text: String,
    /// Where the capture is broken, if it is.
    error: Option<String>,
    has_broken_rules: bool,
}

/// The transcript of a capture, or why there is none.
fn transcript(args: &ReadArgs, library: &Library, terminal: &Terminal) -> Result<Shown, String> {
    let lenses = lenses(&args.show).map_err(|error| format!("error: {error}\n"))?;
    let names = match &args.net {
        Some(name) => Directory::clone(Names::of(&net::read(library, name, terminal.error_color)?).hosts()),
        None => Directory::default(),
    };
    let mut hints: Vec<Hint> = args.imp.iter().copied().map(Hint::Imp).collect();
    for host in &args.host {
        hints.push(hint(host, &names)?);
    }
    let shown = args.capture.display();
    let in_file = |error: &dyn std::fmt::Display| format!("error: {shown}: {error}\n");
    let file = fs::read(&args.capture).map_err(|error| in_file(&error))?;
    let cables = Cables::find(&file).map_err(|error| in_file(&error))?;
    let broken = cables.error().map(|error| in_file(error));
    let packets = cables.counts();
    let reading = cables.read(&hints, names);
    if reading.cables.is_empty() {
        let none = format!("error: {shown}: no cable in {} packets\n{packets}", packets.packets);
        return Err(broken.unwrap_or_default() + &none);
    }
    let mut text =
        format!("{shown}: {} packets, {} of cables\n{packets}", packets.packets, packets.of_cables);
    text.push_str(&summary(&reading));
    let names = Names::from(reading.directory.clone());
    let view = View { names: &names, lenses: &lenses, bits: args.bits, color: terminal.color };
    let found = reading.violations();
    let counts = ViolationCounts::of(&found);
    text.push_str(&view.with_violations(&reading.records, &found));
    text.push('\n');
    text.push_str(&counts.summary(&reading.directory));
    Ok(Shown { text, error: broken, has_broken_rules: counts.is_any_certain() })
}

/// What `--host` says.
fn hint(text: &str, names: &Directory) -> Result<Hint, String> {
    let error = |what: &dyn std::fmt::Display| format!("error: --host {text}: {what}\n");
    let (place, host) = text.split_once('=').ok_or_else(|| error(&"a place, =, and a host"))?;
    let place = place.parse().map_err(|no_place| error(&no_place))?;
    let number = host.parse().ok().map(|number: u8| HostAddress::from(number));
    let address = number
        .or_else(|| names.address(host))
        .ok_or_else(|| error(&format!("{host:?} is neither a number up to 255 nor, with --net, a name")))?;
    Ok(Hint::Host(place, address))
}

/// Who is at the ends of the cables, and how well their datagrams came through.
fn summary(reading: &Reading) -> String {
    let mut text = format!("times count from {} UTC\n\n", date(reading.begins));
    for cable in &reading.cables {
        let Cable { host, imp, address, .. } = cable;
        let name = match cable.address_source {
            AddressSource::Given | AddressSource::Described | AddressSource::Recognised => {
                reading.directory.name(*address)
            }
            AddressSource::Invented => "a host".to_owned(),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{name} at {host}: {}", counted(&cable.from_host));
        let _ = writeln!(text, "  its IMP at {imp}: {}", counted(&cable.from_imp));
        if !cable.is_clear {
            let _ = writeln!(text, "  which of the two is the IMP cannot be seen: say it with --imp");
        }
        if cable.address_source == AddressSource::Invented {
            let _ = writeln!(text, "  which host that is cannot be seen: say it with --host {host}=NUMBER");
        }
    }
    text.push('\n');
    text
}

fn counted(statistics: &Statistics) -> String {
    let Statistics { datagrams_in, messages_in, .. } = statistics;
    let troubles = statistics.troubles();
    let comma = if troubles.is_empty() { "" } else { "; " };
    format!("{datagrams_in} datagrams, {messages_in} messages{comma}{troubles}")
}

/// A time in microseconds after the beginning of 1970 as `1973-01-24 00:00:00.000000`.
fn date(micros: u64) -> String {
    const DAY: u64 = 24 * 60 * 60 * 1_000_000;
    let (mut days, rest) = (micros / DAY, micros % DAY);
    let is_leap =
        |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days_of = |year| if is_leap(year) { 366 } else { 365 };
    let mut year = 1970;
    while days >= days_of(year) {
        days -= days_of(year);
        year += 1;
    }
    let february = if is_leap(year) { 29 } else { 28 };
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    let seconds = rest / 1_000_000;
    format!(
        "{year}-{month:02}-{:02} {:02}:{:02}:{:02}.{:06}",
        days + 1,
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        rest % 1_000_000
    )
}

/// Writes what crossed the cables of a run into a capture.
pub(super) fn write(path: &Path, outcome: &Outcome) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("error: {}: {error}\n", path.display());
    let file = BufWriter::new(fs::File::create(path).map_err(failed)?);
    let file = write_run(file, &outcome.records, outcome.names.hosts()).map_err(failed)?;
    file.into_inner().map_err(|error| failed(error.into_error()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_dates() {
        assert_eq!(date(0), "1970-01-01 00:00:00.000000");
        assert_eq!(date(trace::capture::EPOCH_MICROS), "1973-01-24 00:00:00.000000");
        assert_eq!(date(951_782_400_000_000 + 86_399_999_999), "2000-02-29 23:59:59.999999");
        assert_eq!(date(1_785_542_399_000_001), "2026-07-31 23:59:59.000001");
    }

    #[test]
    fn hosts_are_said_by_number_or_name() {
        let mut names = Directory::default();
        names.add("BBN-TENEX", HostAddress::from(69));
        let said = |text| hint(text, &names);
        let place: Place = "127.0.0.1:20001".parse().expect("a place");
        assert_eq!(said("127.0.0.1:20001=69"), Ok(Hint::Host(place, HostAddress::from(69))));
        assert_eq!(said("127.0.0.1:20001=bbn-tenex"), said("127.0.0.1:20001=69"));
        assert!(said("127.0.0.1").is_err_and(|error| error.contains("a place, =, and a host")));
        assert!(said("somewhere=1").is_err_and(|error| error.contains("no IP address")));
        assert!(said("[::1]=NOWHERE").is_err_and(|error| error.contains("NOWHERE")));
    }
}
