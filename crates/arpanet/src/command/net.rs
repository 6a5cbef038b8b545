//! `arpanet net`: shows nets.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use imp::Net;

use super::{HELD, Terminal, UNUSABLE, live, unreadable};
use crate::library::Library;
use scenario::nearest::nearest;
use view::map;
use view::topology::{self, Survey};

/// Show a net: its IMPs, lines and hosts, how far they are apart, a drawing.
///
/// With a NAME, prints the IMPs of the net with their neighbours and hosts, and the hops between any two of them.
/// Without one, lists the nets of the library.
#[derive(Debug, Args)]
#[command(after_long_help = FORM)]
pub(super) struct NetArgs {
    /// A net of the library, or the path of a file that ends in .net. None: list the library.
    name: Option<String>,

    /// Print how far it is from one IMP, by its name or number, to all others, and by which way.
    #[arg(long, value_name = "IMP", requires = "name")]
    from: Option<String>,

    /// Draw the net into a file, as SVG; `-` is standard output.
    #[arg(long, value_name = "FILE", requires = "name", conflicts_with = "from")]
    svg: Option<PathBuf>,

    #[command(flatten)]
    live: live::LiveArgs,
}

const FORM: &str = "\
A NET is a text file, one statement on a line, in any order:

  net     boston  Two sites in Cambridge
  source  RFC 432, logical map
  imp     5  BBN   at 42.3898N 71.1476W
  imp     9  HARV  at 42.3785N 71.1170W
  line    BBN to HARV  50kb/s  3km
  host    BBN-TENEX  69  TENEX  aka BBN
  host    HARV-10    9   PDP-10  cable 40kb/s

STATEMENTS
  net NAME TITLE                    the name is that of the file (required)
  source TEXT                       a document that it follows; any number of them
  imp NUMBER NAME [at PLACE]        0 to 63; latitude and longitude in degrees, for the drawing only
  line IMP to IMP SPEED LENGTH      an IMP is called by name or number; 50kb/s 230.4kb/s 9600b/s;
                                    130km 0.5mile, at 5 us for a km; or: delay 260ms
  host NAME ADDRESS SYSTEM [cable SPEED] [aka NAME ...]
                                    address: 64 times the host on its IMP (0 to 3), and the IMP

Names consist of letters, digits and minus signs. # begins a comment. Numbers are decimal, octal
(0o105) or hexadecimal (0x45). All mistakes are told at once. A scenario beside the file plays on
it with `net FILE.net`.

LIVE, the IMPs work in real time, and hosts elsewhere take part. Each is on a cable of UDP
datagrams, the form that emulated machines have; `host --help` tells how ours are put there:

  arpanet net 1973-01 --live --external HARV-10=22001:127.0.0.1:22002

With a scenario instead of a net, the hosts that it declares are simulated beside them, except
those with

  host HARV-10  external port 22001 to 127.0.0.1:22002

Its steps are taken in real time, and then the run ends; without steps, and with a net, Ctrl-C ends
it. A monitor listens at all cables. Who breaks a rule of the 1822 interface or the Host/Host
protocol is told at once, whatever --show says, and the run goes on; of a flood a little is told,
and a summary stands at the end. What a lost datagram may explain is not held against anybody.

INDEPENDENT NCPS are put on such a cable like our own hosts. linux-ncp is told the IMP's address,
the IMP's port and its own; start it when the net lives, because it raises its ready line once only:

  NCP=/tmp/harv ncp 127.0.0.1 22001 22002
  NCP=/tmp/harv ncp-ping 4

It reads one command of a control message. Simulated hosts that talk with it say

  host UTAH-10  serves ftp  sends plain control messages  texts of at most 1432 bits

and ours elsewhere `--policy plain`.

EXIT STATUS
  0  shown; live: everything held    1  live: something in the scenario did not hold
  2  there is no such net, it could not be read or written, or a cable could not be opened";

/// Shows what was asked for, and answers the exit status.
pub(super) fn show(args: &NetArgs, library: &Library) -> u8 {
    let terminal = Terminal::new();
    let Some(name) = &args.name else { return list(library, &terminal) };
    if args.live.is_asked_for() {
        return live::serve(&args.live, name, library, &terminal);
    }
    let net = match read(library, name, terminal.error_color) {
        Ok(net) => net,
        Err(error) => return terminal.complain(&error),
    };
    match (&args.from, &args.svg) {
        (Some(imp), _) => match imp_of(&net, imp) {
            Ok(number) => terminal.print(&Survey::new(&net).distances_from(number)),
            Err(error) => return terminal.complain(&error),
        },
        // The drawing alone goes where the report would.
        (None, Some(path)) if path.as_os_str() == "-" => return draw(&net, path, &terminal),
        (None, Some(path)) => {
            terminal.print(&Survey::new(&net).report(terminal.width()));
            return draw(&net, path, &terminal);
        }
        (None, None) => {
            terminal.print(&Survey::new(&net).report(terminal.width()));
            terminal.print("--svg FILE draws it\n");
        }
    }
    HELD
}

/// Reads a net of the library or a file.
pub(super) fn read(library: &Library, name: &str, color: bool) -> Result<Net, String> {
    let source = library.net(name).map_err(|error| {
        let known = (!Library::is_net_path(name)).then(|| library.net_names().unwrap_or_default());
        unreadable("net", name, &error, known)
    })?;
    scenario::parse_net(&source.name, &source.text).map_err(|errors| errors.render(color, 100))
}

/// Prints a line for each net of the library. One that cannot be read does not hide the others.
fn list(library: &Library, terminal: &Terminal) -> u8 {
    let names = match library.net_names() {
        Ok(names) => names,
        Err(error) => return terminal.complain(&format!("error: no nets: {error}\n")),
    };
    let width = names.iter().map(String::len).max().unwrap_or_default();
    let mut errors = String::new();
    for name in &names {
        match read(library, name, terminal.error_color) {
            Ok(net) => terminal.print(&format!(
                "{name:width$}  {}\n{:width$}  {}\n",
                net.title,
                "",
                topology::counted(&net)
            )),
            Err(error) => errors.push_str(&error),
        }
    }
    if errors.is_empty() { HELD } else { terminal.complain(&errors) }
}

fn imp_of(net: &Net, name: &str) -> Result<u8, String> {
    let numbered = name.parse().ok().filter(|number| net.imps.iter().any(|imp| imp.number == *number));
    if let Some(number) = net.imp_named(name).map(|imp| imp.number).or(numbered) {
        return Ok(number);
    }
    let known: Vec<&str> = net.imps.iter().map(|imp| imp.name.as_str()).collect();
    let host = net.host_named(name).and_then(|host| {
        net.imps.iter().find(|imp| imp.number == host.address.imp()).map(|imp| imp.name.as_str())
    });
    let help = match (host, nearest(name, known.iter().copied())) {
        (Some(imp), _) => format!("that is a host, on the IMP {imp}"),
        (None, Some(near)) => format!("did you mean {near}?"),
        (None, None) => format!("there are: {}", known.join(", ")),
    };
    Err(format!("error: the net {} has no IMP {name}\n  help: {help}\n", net.name))
}

fn draw(net: &Net, path: &PathBuf, terminal: &Terminal) -> u8 {
    let drawing = map::of(net);
    if path.as_os_str() == "-" {
        terminal.print(&drawing);
        return HELD;
    }
    match fs::write(path, drawing) {
        Ok(()) => {
            terminal.print(&format!("net {} is drawn in {}\n", net.name, path.display()));
            HELD
        }
        Err(error) => {
            terminal.complain(&format!("error: {}: {error}\n", path.display()));
            UNUSABLE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_net_that_the_help_shows_is_one() {
        let (example, _) = FORM.split_once("STATEMENTS").expect("the example comes first");
        let lines = example.lines().filter_map(|line| line.strip_prefix("  "));
        let text: String = lines.flat_map(|line| [line, "\n"]).collect();
        let net = scenario::parse_net("help.net", &text)
            .unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)));
        assert_eq!((net.imps.len(), net.lines.len(), net.hosts.len()), (2, 1, 2));
    }
}
