//! `arpanet net`: shows nets.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;
use scenario::NET_LANGUAGE;
use view::map;
use view::topology::{self, NetReport};

use super::full;
use super::live_args::LiveArgs;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::library::Library;
use crate::output_file::{OutputFile, is_apart, is_standard_output};
use crate::terminal::{Terminal, is_data};

/// Show a net: its IMPs, lines and hosts, how far they are apart, a drawing.
///
/// With a NAME, prints the IMPs of the net with their neighbours and hosts, and the hops between any two of them.
/// Without one, lists the nets of the library.
#[derive(Debug, Args)]
#[command(after_long_help = form())]
pub(crate) struct NetArgs {
    /// A net of the library, or the path of a file that ends in .net. None: list the library.
    name: Option<OsString>,

    /// Print how far it is from one IMP, by its name or number, to all others, and by which way.
    #[arg(long, value_name = "IMP", requires = "name")]
    from: Option<String>,

    /// Draw the net into a file, as SVG; `-` is standard output.
    #[arg(long, value_name = "FILE", requires = "name", conflicts_with = "from")]
    svg: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) live: LiveArgs,
}

/// How nets are written, and what they do live.
fn form() -> String {
    format!("{NET_LANGUAGE}\n{LIVE}")
}

const LIVE: &str = "\
LIVE, the IMPs work in real time, and hosts elsewhere take part. Each is on a cable of UDP
datagrams, the form that emulated machines have; `host --help` tells how ours are put there:

  arpanet net 1973-01 --live --external HARV-10=22001:127.0.0.1:22002

With a scenario instead of a net, the hosts that it declares are simulated
beside them, except those with

  host HARV-10  external port 22001 to 127.0.0.1:22002

Its steps are taken in real time, and then the run ends; without steps, and with
a net, Ctrl-C ends it. A monitor listens at all cables. Who breaks a rule of the
1822 interface or the Host/Host protocol is told at once, whatever --show says,
and the run goes on; of a flood a little is told, and a summary stands at the
end. What a lost datagram may explain is not held against anybody. What only one
document of several asks is advice: told once, counted apart, and no fault.
`show rules` lists rules and advice with their sources.

INDEPENDENT NCPS are put on such a cable like our own hosts. linux-ncp is told
the IMP's address, the IMP's port and its own; start it when the net lives,
because it raises its ready line once only:

  NCP=/tmp/harv ncp 127.0.0.1 22001 22002
  NCP=/tmp/harv ncp-ping 4

It reads one command of a control message. Simulated hosts that talk with it say

  host UTAH-10  serves ftp  sends plain control messages  texts of at most 1432 bits

and ours elsewhere `--policy plain`.

EXIT STATUS
  0  shown; live: everything held
  1  live: something in the scenario did not hold
  2  there is no such net, it could not be read or written, or a cable could not
     be opened";

/// How much further a line is indented that goes on on the next one.
const HANG: usize = 4;

/// Shows what was asked for.
pub(crate) fn run(args: &NetArgs, library: &Library, terminal: Terminal) -> Result<Exit, CommandError> {
    let Some(name) = &args.name else { return list(library, terminal) };
    if args.live.is_asked_for() {
        return full::live_net(&args.live, name, library, terminal);
    }
    let net = library.read_net(name)?;
    let paper = terminal.paper(None);
    match (&args.from, &args.svg) {
        (Some(imp), _) => {
            terminal.say(&paper.fill(&NetReport::new(&net).distances_from(net.imp(imp)?.number), HANG))?;
        }
        // The drawing alone goes where the report would.
        (None, Some(path)) if is_standard_output(path) => {
            is_data();
            terminal.print(&map::svg(&net))?;
        }
        (None, Some(path)) => {
            is_apart("--svg", path, library.file_of_net(name).as_slice())?;
            let file = OutputFile::prepare("--svg", path)?;
            terminal.say(&paper.fill(&NetReport::new(&net).report(terminal.width()), HANG))?;
            file.write(|file| file.write_all(map::svg(&net).as_bytes()))?;
            let drawn = format!("net {} is drawn in {}\n", net.name, path.display());
            terminal.say(&paper.fill(&drawn, HANG))?;
        }
        (None, None) => {
            terminal.say(&paper.fill(&NetReport::new(&net).report(terminal.width()), HANG))?;
            terminal.print("--svg FILE draws it\n")?;
        }
    }
    Ok(Exit::Held)
}

/// Prints a line for each net of the library. One that cannot be read does not hide the others.
fn list(library: &Library, terminal: Terminal) -> Result<Exit, CommandError> {
    let names = library.net_names().map_err(|error| CommandError::List { what: "nets", error })?;
    let width = names.iter().map(String::len).max().unwrap_or_default();
    let mut errors = Vec::new();
    for name in &names {
        match library.read_net(name) {
            Ok(net) => {
                let counted = topology::counted(&net);
                let about = format!("{name:width$}  {}\n{:width$}  {counted}\n", net.title, "");
                terminal.say(&terminal.paper(None).fill(&about, HANG))?;
            }
            Err(error) => errors.push(error.into()),
        }
    }
    if errors.is_empty() { Ok(Exit::Held) } else { Err(CommandError::all(errors)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_net_that_the_help_shows_is_one() {
        let (example, _) = NET_LANGUAGE.split_once("STATEMENTS").expect("the example comes first");
        let lines = example.lines().filter_map(|line| line.strip_prefix("  "));
        let text: String = lines.flat_map(|line| [line, "\n"]).collect();
        let net = scenario::parse_net("boston.net", &text)
            .unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)));
        assert_eq!((net.imps.len(), net.lines.len(), net.hosts.len()), (2, 1, 2));
    }
}
