//! The `arpanet` command.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use imp::Watch;
use trace::{Keep, Lens, View};

use crate::library::{Library, Source};
use crate::progress::Progress;
use crate::verbose;
use scenario::{ast::Scenario, nearest::nearest};
use sim::{Options, Outcome, replay_with_progress};
use view::plot;
use view::report::{footing, heading};

mod account;
mod belongings;
mod capture;
mod host;
mod live;
mod net;

/// What scripts get: everything held.
const HELD: u8 = 0;
/// What scripts get: a scenario was replayed and something in it did not hold.
const FAILED: u8 = 1;
/// What scripts get: there was nothing to replay, or it could not be read.
const UNUSABLE: u8 = 2;

/// The ARPANET of January 1973, to the bit: replay scenarios, read what crossed the wires.
#[derive(Debug, Parser)]
#[command(version, disable_help_subcommand = true, max_term_width = 100, after_help = BEGIN)]
struct Command {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Scenario(ScenarioArgs),
    Net(net::NetArgs),
    Read(capture::ReadArgs),
    Host(Box<host::HostArgs>),
    Account(account::AccountArgs),
}

/// Replay scenarios.
///
/// With one NAME, prints a transcript: what was typed and printed, what the hosts said to each other, when,
/// and what it means. With none, or several, replays them all and prints a table.
#[derive(Debug, Args)]
#[command(after_long_help = LANGUAGE)]
struct ScenarioArgs {
    /// A scenario of the library, or the path of a file that ends in .scenario. None: all of the library.
    names: Vec<String>,

    /// What the transcript shows: teletype, host, ftp, ncp, data, trouble, measured (these seven are the
    /// `usual`), traffic (of bare hosts), imp (ready lines, RFNMs, arrivals), packets (between IMPs), lines
    /// (acknowledgements and routing messages), or `all`. For example: usual,imp.
    #[arg(long, value_name = "LENS,...", value_delimiter = ',')]
    show: Vec<String>,

    /// Print the bits of each message below it: leader, rest of the header, text, in hexadecimal.
    #[arg(long)]
    bits: bool,

    /// Draw random numbers from another seed than the scenario's.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,

    /// Write a plot of what the scenario measures, as SVG.
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,

    /// Write what crosses the hosts' cables into a capture for Wireshark, as the UDP datagrams of emulated
    /// IMPs. `read` shows it again, and `read --help` says more.
    #[arg(long, value_name = "FILE")]
    pcapng: Option<PathBuf>,

    /// Only read the scenarios and say what is wrong with them; do not replay.
    #[arg(long)]
    check: bool,

    /// Log every record as an event, in virtual time, to standard error.
    #[arg(short, long)]
    verbose: bool,
}

const BEGIN: &str = "\
Begin with `scenario rfc438-append`, which replays the example of RFC 438. `scenario` without a name
replays all there are and lists them. `scenario --help` teaches the language in which they are
written. `net 1973-01` shows the net that most of this is about, `net --help` how to write another.
`read` shows captures of hosts' cables, simulated or real. `host` puts a host on a
real cable, and `net --live` gives it an IMP: `host --help` tells how to join. `account` says who
may log in there.";

const LANGUAGE: &str = "\
A SCENARIO is a text file, one statement on a line, in plain words:

  title  Get a file from SITE1
  net    three-imps

  host SITE1  serves ftp  account SMITH password BLUE
    file <SMITH>NOTES.TXT
      | FIRST LINE
  host SITE3  runs ftp

  SITE3 types  CONNECT SITE1
  SITE3 types  LOGIN SMITH BLUE
  SITE3 types  GET NOTES.TXT COPY.TXT
  expect SITE3 file <SMITH>COPY.TXT
      | FIRST LINE

HEADING
  title TEXT                  what it shows (required)
  cites TEXT                  a document and section; any number of them
  net NAME                    one that `net` lists, or FILE.net beside it (required)
  seed N                      of the random numbers (0)
  limit SPAN                  the longest that it may take (60min)
  fails TEXT                  it must fail, with an error that holds TEXT
  misbehaves HOST             this host breaks rules of the protocols on purpose; any number of them
  monitor off                 nobody watches whether hosts and IMPs keep to the protocols

HOSTS, each with any of these on its line or indented below
  serves ftp [edition rfc354|rfc438|rfc478]
  runs rsexec                 APPEND, COPY, LOGIN, HELP are typed to it
  runs ftp                    CONNECT, LOGIN, GET, SEND, APPEND, QUOTE, BYE, HELP
  account NAME password WORD
  knows HOST as NAME password WORD        RSEXEC's profile
  file PATH                   and its lines below, each behind a |
  file PATH of N bytes        text that is made up
  is down                     until it restarts
  refuses unmatched requests  or: queues requests for SPAN [most N]
  allocates N messages N bits           sends plain control messages
  texts of at most N bits               assigns links N to N
  closes after SPAN           its patience with a CLS that is not answered
  external port N to ADDRESS:PORT         elsewhere, on a cable of UDP: for `net FILE --live`
  A host that is not declared is down.

STEPS, in order; before one may stand  at SPAN  or  +SPAN  and, if it waits,  within SPAN
  HOST types TEXT             then `expect` and the host's next `types` wait until that is done
  HOST sees TEXT              waits until the teletype prints it
  wait for HOST -> HOST TEXT  waits until a message with that text crosses
  HOST crashes | restarts     line IMP to IMP fails | heals     imp IMP crashes | restarts
  line IMP to IMP flips one bit in N | flips no bits
  imp IMP goes down [in SPAN] [for SPAN] [for maintenance|reload|emergency]
                              tells its hosts first; multiples of 5min; without `in`: in 30 s
  HOST hangs | goes on        its interface takes nothing and brings nothing to an end
  cable of HOST is pulled | is plugged in
  cable of HOST loses | repeats the next message to|from the imp
  cable of HOST delays the next message to|from the imp by SPAN
  cable of HOST garbles the leader|data of the next message to the imp
  HOST inits SOCKET to HOST SOCKET [size N]
  HOST listens SOCKET [for HOST [SOCKET]] [size N]
  HOST sends SOCKET DATA      waits until the connection is open, as do interrupts and takes back
  HOST receives SOCKET DATA   waits until exactly this has arrived next; what is not received stays
  HOST interrupts SOCKET | closes SOCKET | aborts SOCKET
  HOST takes back SOCKET N/128 [messages N/128 bits]
  HOST echoes HOST N          asks for N back (ECO)
  HOST resets HOST            forgets all connections with it, and asks it to do the same (RST)
  HOST injects to HOST link N HEX | injects raw HEX     a message that no NCP would send
  HOST netstat                prints the host's connections
  traffic N messages/s|min from HOSTS to HOSTS sizes N bits     so many from each, at random
  traffic stops               as it does after the last step; then a table sums it up
  measure round trip from HOST to PLACES sizes N, N bits N messages each [pauses SPAN [to SPAN]]
  measure throughput from HOST to PLACES links N, N sizes N, N bits for SPAN each [after SPAN]
  measure lines [for SPAN] [busiest N]                      utilisation and queues; or so far
  expect HOST file PATH       and its lines; or: of N bytes; or: same as HOST PATH
  expect HOST no file PATH
  expect HOST saw TEXT
  expect [no] HOST -> HOST TEXT           a message with that text has crossed
  expect no file data through HOST
  expect HOST has no connections
  expect HOST socket SOCKET listening|requested|open|flushing|answering|closing|closed

DATA is text, or `bytes` and a number for each byte of the connection. A host whose sockets are
driven needs no program to be seen; it prints  SOCKET N:  with  OPEN TO HOST SOCKET N SIZE N,
INTERRUPTED, WITHDRAWN, ABORTED, closed, refused, reset;  and  ECHO N FROM HOST, RESET BY
HOST, ERR N FROM HOST.

TRAFFIC AND MEASUREMENTS are between bare hosts: level 1 only, up from the start, and not declared.
HOSTS are `every host` or HOST, HOST; PLACES are HOST, HOST or `one host at each distance`.
Traffic may draw from several sizes: 80% 100 bits, 20% 8000 bits; a host that measures sends none. A
round trip is from the first bit of a message on its host's cable to the last bit of its RFNM there;
throughput is in data bits that arrive, after 2s of warming up. `--plot FILE` draws the tables.

Numbers are decimal, octal (0o17) or hexadecimal (0xf); spans have a unit (20us 125ms 1.5s 2min); #
begins a comment. What a transcript says of a message, `SITE1 -> SITE2  RTS ...`, can be pasted
behind `expect`.

A monitor listens at every host's cable. What the 1822 interface or the Host/Host protocol does not
allow is an error, unless the heading says that the host `misbehaves`; then it is an error if it
does not.

EXIT STATUS
  0  everything held    1  something did not hold    2  a scenario could not be read";

/// The command's arguments; `name` is how it is called. Others may add verbs of their own.
pub fn arguments(name: &'static str) -> clap::Command {
    Command::command().name(name).bin_name(name)
}

/// Runs the command with arguments that [`arguments`] understood, and answers its exit status.
pub fn obey(matches: &ArgMatches, library: &Library) -> ExitCode {
    let status = match Command::from_arg_matches(matches) {
        Ok(Command { verb: Verb::Scenario(args) }) => scenario(&args, library),
        Ok(Command { verb: Verb::Net(args) }) => net::show(&args, library),
        Ok(Command { verb: Verb::Read(args) }) => capture::read(&args, library),
        Ok(Command { verb: Verb::Host(args) }) => host::serve(&args, library),
        Ok(Command { verb: Verb::Account(args) }) => account::change(&args),
        Err(error) => {
            // Nobody is left to tell if the terminal is gone.
            let _ = error.print();
            UNUSABLE
        }
    };
    ExitCode::from(status)
}

fn scenario(args: &ScenarioArgs, library: &Library) -> u8 {
    let terminal = Terminal::new();
    let lenses = match lenses(&args.show) {
        Ok(lenses) => lenses,
        Err(error) => return terminal.complain(&format!("error: {error}\n")),
    };
    if args.plot.is_some() && args.names.len() != 1 {
        return terminal.complain("error: --plot draws what one scenario measures: name it\n");
    }
    if args.pcapng.is_some() && (args.names.len() != 1 || args.check) {
        return terminal.complain("error: --pcapng captures what one scenario does: name it\n");
    }
    let names = match (args.names.is_empty(), library.names()) {
        (false, _) => args.names.clone(),
        (true, Ok(names)) => names,
        (true, Err(error)) => return terminal.complain(&format!("error: no scenarios: {error}\n")),
    };
    let mut scenarios = Vec::new();
    let mut errors = String::new();
    for name in &names {
        match read(library, name, terminal.error_color).and_then(all_inside) {
            Ok((source, mut scenario)) => {
                scenario.seed = args.seed.unwrap_or(scenario.seed);
                scenarios.push((source, scenario));
            }
            Err(error) => errors.push_str(&error),
        }
    }
    let status = match scenarios.as_slice() {
        [] => UNUSABLE,
        _ if args.check => {
            let plural = if scenarios.len() == 1 { "scenario has" } else { "scenarios have" };
            terminal.print(&format!("{} {plural} no errors\n", scenarios.len()));
            HELD
        }
        [(source, scenario)] if args.names.len() == 1 => one(args, &lenses, source, scenario, &terminal),
        several => table(several, args.seed.is_some(), &terminal),
    };
    // A scenario that cannot be read does not keep the others from being replayed.
    if errors.is_empty() { status } else { terminal.complain(&errors) }
}

fn lenses(names: &[String]) -> Result<Vec<Lens>, trace::NoSuchLens> {
    match names {
        [] => Ok(Lens::USUAL.to_vec()),
        names => {
            let mut lenses = Vec::new();
            for name in names {
                match name.as_str() {
                    "all" => lenses.extend(Lens::ALL),
                    "usual" => lenses.extend(Lens::USUAL),
                    name => lenses.push(name.parse()?),
                }
            }
            Ok(lenses)
        }
    }
}

fn read(library: &Library, name: &str, color: bool) -> Result<(Source, Scenario), String> {
    let source = library.scenario(name).map_err(|error| {
        let known = (!Library::is_path(name)).then(|| library.names().unwrap_or_default());
        unreadable("scenario", name, &error, known)
    })?;
    match scenario::parse(&source.name, &source.text, &library.nets(&source)) {
        Ok(scenario) => Ok((source, scenario)),
        Err(errors) => Err(errors.render(color, 100)),
    }
}

/// Why a scenario or a net cannot be had. `known`: what the library has, unless a file was asked for.
fn unreadable(what: &str, name: &str, error: &io::Error, known: Option<Vec<String>>) -> String {
    match (error.kind(), known) {
        (io::ErrorKind::NotFound, Some(known)) => {
            let help = match nearest(name, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("there are: {}", known.join(", ")),
            };
            format!("error: there is no {what} {name}\n  help: {help}\n")
        }
        (io::ErrorKind::InvalidData, _) => format!("error: {name} is no text in UTF-8\n"),
        _ => format!("error: {name}: {error}\n"),
    }
}

/// A host that is elsewhere takes part in real time only.
fn all_inside((source, scenario): (Source, Scenario)) -> Result<(Source, Scenario), String> {
    match scenario.hosts.iter().find(|plan| plan.external.is_some()) {
        None => Ok((source, scenario)),
        Some(host) => Err(format!(
            "error: {}:{}: host {} is external, and a replay has no outside\n  \
             help: play it in real time: net {} --live\n",
            source.name, host.line, host.name, source.name
        )),
    }
}

/// Replays a scenario; whoever waits for long sees how far it has come.
fn watched(scenario: &Scenario, options: Options) -> Outcome {
    let mut progress = Progress::new(&scenario.name);
    replay_with_progress(scenario, options, Box::new(move |now| progress.tell(now)))
}

/// Which frames between IMPs have to be recorded to be seen.
fn watch(lenses: &[Lens]) -> Watch {
    if lenses.contains(&Lens::Lines) {
        Watch::Frames
    } else if lenses.contains(&Lens::Packets) {
        Watch::NoRouting
    } else {
        Watch::Nothing
    }
}

/// Replays one scenario and prints its transcript.
fn one(
    args: &ScenarioArgs,
    lenses: &[Lens],
    source: &Source,
    scenario: &Scenario,
    terminal: &Terminal,
) -> u8 {
    let options = Options { keep: Keep::Records, watch: watch(lenses) };
    let outcome = watched(scenario, options);
    if args.verbose {
        verbose::log(&outcome, terminal.error_color);
    }
    let view = View { names: &outcome.names, lenses, bits: args.bits, color: terminal.color };
    let mut text = heading(scenario);
    text.push_str(&view.transcript(&outcome.records));
    text.push_str(&footing(&outcome, terminal.color));
    terminal.print(&text);
    let plotted = args.plot.as_ref().map_or(Ok(()), |file| plot(file, scenario, &outcome));
    let captured = args.pcapng.as_ref().map_or(Ok(()), |file| capture::write(file, &outcome));
    let plotted = plotted.and(captured);
    match &outcome.verdict {
        Ok(()) => plotted.map_or_else(|error| terminal.complain(&error), |()| HELD),
        Err(failure) => {
            terminal.complain(&failure.render(&source.name, terminal.error_color));
            if args.seed.is_some() {
                terminal.complain(OTHER_SEED);
            }
            FAILED
        }
    }
}

/// Draws what was measured.
fn plot(file: &PathBuf, scenario: &Scenario, outcome: &Outcome) -> Result<(), String> {
    match plot::svg(&scenario.title, &outcome.measured, &outcome.names) {
        None => {
            Err("error: nothing to plot: the scenario has no step that begins with `measure`\n".to_owned())
        }
        Some(svg) => fs::write(file, svg).map_err(|error| format!("error: {}: {error}\n", file.display())),
    }
}

/// What may be wrong if somebody chose the seed.
const OTHER_SEED: &str =
    "  = the seed is not the scenario's own, and the scenario may name sockets that go with its own\n";

/// Replays several scenarios and prints a line for each.
fn table(scenarios: &[(Source, Scenario)], seeded: bool, terminal: &Terminal) -> u8 {
    let width = scenarios.iter().map(|(_, scenario)| scenario.name.len()).max().unwrap_or_default();
    let mut failures = String::new();
    let mut failed = 0;
    for (source, scenario) in scenarios {
        let outcome = watched(scenario, Options { keep: Keep::Digest, watch: Watch::Nothing });
        let (mark, color) = match &outcome.verdict {
            Ok(()) => ("ok    ", "\x1b[32m"),
            Err(failure) => {
                failed += 1;
                let _ = writeln!(failures, "\n{}", failure.render(&source.name, terminal.error_color));
                if seeded {
                    failures.push_str(OTHER_SEED);
                }
                ("FAILED", "\x1b[31m")
            }
        };
        let (color, plain) = if terminal.color { (color, "\x1b[0m") } else { ("", "") };
        let end = outcome.end;
        terminal.print(&format!(
            "{color}{mark}{plain}  {:width$}  {end:>11} s  {}\n",
            scenario.name, scenario.title
        ));
    }
    let held = scenarios.len() - failed;
    terminal.print(&format!("\n{held} of {} scenarios hold\n", scenarios.len()));
    if failed == 0 {
        return HELD;
    }
    terminal.complain(&failures);
    FAILED
}

/// Columns of what is not printed on a terminal: enough for the distances of the net of 1973.
const ANY_WIDTH: usize = 120;

/// Where output goes, and whether it may be coloured.
struct Terminal {
    color: bool,
    error_color: bool,
}

impl Terminal {
    #[expect(clippy::disallowed_methods, reason = "NO_COLOR changes what is printed, not what happens")]
    fn new() -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Terminal {
            color: wanted && io::stdout().is_terminal(),
            error_color: wanted && io::stderr().is_terminal(),
        }
    }

    /// How many columns there are to print in.
    fn width(&self) -> usize {
        let terminal = terminal_size::terminal_size_of(io::stdout());
        terminal.map_or(ANY_WIDTH, |(terminal_size::Width(columns), _)| usize::from(columns))
    }

    /// Prints. A reader who has gone away (`| head`) is no error; a full disk is.
    fn print(&self, text: &str) {
        let mut out = io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                self.complain(&format!("error: cannot print: {error}\n"));
                std::process::exit(UNUSABLE.into());
            }
            Ok(()) | Err(_) => {}
        }
    }

    fn complain(&self, text: &str) -> u8 {
        let _ = io::stderr().lock().write_all(text.as_bytes());
        UNUSABLE
    }
}
