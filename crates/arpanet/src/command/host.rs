//! `arpanet host`: one of our hosts on a real cable.

use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use host::live::{Clock, Driver, HostOnCable, ImpState, OnEof, Report};
use host::{Directory, Host, Naming, Note, Program, Settings};
use imp::Net;
use imp1822::HostAddress;
use imp1822::h316::HostEnd;
use machine::Instant;
use tokio::net::UdpSocket;
use tokio::runtime::Builder;
use tokio::sync::mpsc;
use trace::{Monitor, Names, Record, TapPoint, What};

use super::belongings::{Belongings, FOLDER};
use super::{FAILED, HELD, Terminal, lenses, net};
use crate::library::Library;
use crate::live::{Announcement, POLICIES, Ration, Screen, Typist, of_cable, policy, stopped};
use crate::umpire::Umpire;
use scenario::nearest::nearest;

/// The net whose names are known if none is said.
const NET: &str = "1973-01";

/// Put a host on the cable of an IMP: of a replica network, an emulated IMP, or `net --live`.
///
/// The cable is UDP datagrams, as the emulated machines of today have it. The host answers ECO, and does what the options
/// say.
#[derive(Debug, Args)]
#[command(after_long_help = joining())]
pub(super) struct HostArgs {
    /// Where the IMP is: the address and port at which it takes this host's datagrams.
    #[arg(long, value_name = "ADDRESS:PORT")]
    imp: String,

    /// Where this host is: the port that the IMP was told of, if need be with the address of an interface.
    #[arg(long, value_name = "[ADDRESS:]PORT")]
    listen: String,

    /// Which host this is: its number, 64 times the host on its IMP and the IMP, or its name in the net.
    #[arg(long, value_name = "HOST")]
    address: String,

    /// What this host calls itself; otherwise as the net does.
    #[arg(long)]
    name: Option<String>,

    /// The net from which the names of the others are known: one that `net` lists, or the path of a file that ends
    /// in .net [default: 1973-01].
    #[arg(long)]
    net: Option<String>,

    /// Serve files by the file transfer protocol.
    #[arg(long)]
    serve_ftp: bool,

    #[command(flatten)]
    belongings: Belongings,

    /// Run a program at the teletype, which is this terminal: `ftp`, the user's side of the protocol, or `rsexec`.
    #[arg(long, value_name = "PROGRAM")]
    run: Option<String>,

    /// Under which name rsexec logs in at a host, so that nobody has to type it: RSEXEC's profile; any number of them.
    #[arg(long, value_name = "HOST=NAME:PASSWORD", requires = "run")]
    knows: Vec<String>,

    /// How the NCP does what is left to it, for partners with habits; see below. Several add up.
    #[arg(long, value_name = "NAME")]
    policy: Vec<String>,

    /// Write what crosses the cable into a capture for Wireshark, while it does: passwords too.
    #[arg(long, alias = "record", value_name = "FILE")]
    pcapng: Option<PathBuf>,

    /// What to show of what happens: lenses as `scenario --show` has them. With a program, nothing is shown
    /// otherwise, and on standard error.
    #[arg(long, value_name = "LENS,...", value_delimiter = ',')]
    show: Vec<String>,

    /// Draw socket numbers and the like from this seed; otherwise they differ from time to time.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

/// How to join a network.
fn joining() -> String {
    format!(
        "\
JOINING A NETWORK
  Whoever runs the IMP tells you two ports: where the IMP takes your datagrams, and where it sends
  its own. On one machine, with a net of ours:

    arpanet net 1973-01 --live --external UTAH-10=22001:127.0.0.1:22002
    arpanet host --imp 127.0.0.1:22001 --listen 22002 --address UTAH-10 --serve-ftp \\
        --account SMITH:BLUE --file '<SMITH>NOTES.TXT=notes.txt'

  An emulated H316 is told the same by `attach -u hi1 22001:127.0.0.1:22002`. Another host then gets
  the file, with `--run ftp`:

    CONNECT UTAH-10
    LOGIN SMITH BLUE
    GET NOTES.TXT COPY.TXT

  Ctrl-C takes the host down: it says so to its IMP (type 2), drops its ready line, and ends. With
  --run it also goes down when standard input ends, unless it serves; lines may come from a file.

  An IMP that is silent, restarts, or is not there is waited for; what changes is told on standard
  error. A fresh network of emulated IMPs needs half a minute until all of them reach each other;
  until then hosts seem to be dead. If datagrams are lost, all connections of the host are broken
  off: nothing in the protocols of 1973 could find out what is missing.

  Each time that a host is started it is another one to the network: it sends an RST to every host
  before it first speaks with it. A host that serves sends one to all hosts of the net as soon as
  its IMP has been ready for a second, so that nobody takes it for the one that he remembers.

  A monitor listens at the cable: what the IMP does to the host, and what others say to it, against
  the rules is told at once, with document and section, and summed up at the end. It accuses nobody
  of what cannot be known from here.

{FOLDER}

POLICIES
{POLICIES}

EXIT STATUS
  0  it was up, and was taken down    1  it never heard its IMP
  2  it could not be put on the cable"
    )
}

/// A host that can be put on its cable.
struct Plan {
    settings: Settings,
    listen: SocketAddr,
    imp: SocketAddr,
    screen: Screen,
    clock: Clock,
    runs_program: bool,
    /// The hosts that are told that this one has begun anew.
    told: Vec<HostAddress>,
    naming: Naming,
}

/// Puts the host on its cable until it is taken down, and answers the exit status.
pub(super) fn serve(args: &HostArgs, library: &Library) -> u8 {
    let terminal = Terminal::new();
    let plan = match plan(args, library, &terminal) {
        Ok(plan) => plan,
        Err(errors) => return terminal.complain(&errors),
    };
    let runtime = match Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return terminal.complain(&format!("error: no runtime: {error}\n")),
    };
    let opened = runtime.block_on(async {
        let socket = UdpSocket::bind(plan.listen).await?;
        socket.connect(plan.imp).await?;
        Ok(socket)
    });
    let socket = match opened {
        Ok(socket) => socket,
        Err(error) => return terminal.complain(&cannot_open(plan.listen, &error)),
    };
    // Whoever starts a host twice does not lose what the first one has recorded.
    match recorded(args, plan) {
        Ok(plan) => runtime.block_on(live(args, plan, socket, &terminal)),
        Err(error) => terminal.complain(&error),
    }
}

/// The same plan, with a capture if one is wanted.
fn recorded(args: &HostArgs, plan: Plan) -> Result<Plan, String> {
    let Some(path) = &args.pcapng else { return Ok(plan) };
    let cable = [(plan.settings.address, TapPoint::AtHost)];
    let screen = plan.screen.recording(path, plan.clock.now(), cable);
    let screen = screen.map_err(|error| format!("error: --pcapng {}: {error}\n", path.display()))?;
    Ok(Plan { screen, ..plan })
}

async fn live(args: &HostArgs, plan: Plan, socket: UdpSocket, terminal: &Terminal) -> u8 {
    let Plan { settings, listen, imp, mut screen, clock, runs_program, told, naming } = plan;
    let (name, address) = (settings.name.clone(), settings.address);
    let (mut typist, lines) = if runs_program {
        let (typist, lines) = Typist::sit_down();
        (Some(typist), lines)
    } else {
        (None, mpsc::channel(1).1)
    };
    let end = if args.serve_ftp || !runs_program { OnEof::StayUp } else { OnEof::GoDown };
    terminal
        .complain(&format!("{name}, host {address}, at {listen}; its IMP at {imp}; Ctrl-C takes it down\n"));
    if let Some(told) = args.belongings.told(naming) {
        terminal.complain(&told);
    }
    let mut ration = Ration::default();
    let mut announcement = (args.show.is_empty() && !told.is_empty()).then(|| Announcement::to(&told));
    if announcement.is_some() {
        let others = told.len();
        terminal.complain(&format!(
            "it tells {others} hosts that it begins anew (RST); who is there answers RRP\n"
        ));
    }
    let report = |at: Instant, report: Report| {
        let is_shown = !matches!(report, Report::Trouble(_));
        for what in of_cable(address, &report) {
            let record = Record { at, cause: None, what };
            let is_news =
                !announcement.as_mut().is_some_and(|announcement| announcement.covers(&record.what));
            if is_shown && is_news { screen.show(&record) } else { screen.take_note(&record) }
        }
        match report {
            Report::Sent(_) | Report::Received(_) => {}
            Report::Note(note) => {
                if let Some(typist) = &mut typist {
                    typist.see(&note);
                }
                match note {
                    // That it was put up and taken down by whoever reads this goes without saying.
                    Note::Booted | Note::Crashed => {}
                    note @ (Note::Typed { .. }
                    | Note::Printed(_)
                    | Note::Filed { .. }
                    | Note::Deleted { .. }) => {
                        let what = What::Note { host: address, note };
                        screen.show(&Record { at, cause: None, what });
                    }
                }
            }
            Report::Trouble(trouble) => {
                if ration.allows(at) {
                    terminal.complain(&format!("{at:>11}  cable: {trouble}\n"));
                }
            }
            Report::Imp(state) => {
                terminal.complain(&format!("{at:>11}  IMP {imp} {}\n", words(state)));
            }
            Report::Asks(asks) => {
                if let Some(typist) = &mut typist {
                    typist.asked(asks.as_ref());
                }
            }
        }
    };
    let wired = HostOnCable::new(Host::new(settings), HostEnd::default()).announcing(told);
    let live = Driver::new(wired, socket, clock, report);
    let counted = live.run(lines, end, stopped()).await;
    // Of an IMP that was never heard there is nothing to say.
    if counted.datagrams_in > 0 {
        screen.sum_up();
    }
    terminal.complain(&format!("{name} is down; {counted}\n"));
    if counted.datagrams_in > 0 { HELD } else { FAILED }
}

fn words(state: ImpState) -> &'static str {
    match state {
        ImpState::Silent => "is silent: called again and again",
        ImpState::Refusing => "is not there: nothing takes datagrams at that port yet",
        ImpState::NotReady => "is not ready, or has begun anew",
        ImpState::Ready => "is ready",
    }
}

/// Why a cable cannot be opened, and what to do.
pub(super) fn cannot_open(listen: SocketAddr, error: &io::Error) -> String {
    let help = match error.kind() {
        io::ErrorKind::AddrInUse => {
            "\n  help: something is there already; take another port, and tell the other end of the cable"
        }
        io::ErrorKind::AddrNotAvailable => {
            "\n  help: this machine has no such address; leave it out: only the port"
        }
        io::ErrorKind::PermissionDenied => "\n  help: take a port from 1024 on",
        _ => "",
    };
    format!("error: no cable at {listen}: {error}{help}\n")
}

/// All that the arguments say, or all that is wrong with them.
fn plan(args: &HostArgs, library: &Library, terminal: &Terminal) -> Result<Plan, String> {
    let mut errors = String::new();
    let mut keep = |error: String| errors.push_str(&format!("error: {error}\n"));
    let net = net::read(library, args.net.as_deref().unwrap_or(NET), terminal.error_color)?;
    let names = Arc::clone(Names::of(&net).hosts());
    let address = match host_at(args, &net) {
        Ok(address) => address,
        Err(error) => {
            keep(error);
            HostAddress::from(0)
        }
    };
    let site = net.host_at(address);
    let name = args.name.clone().or_else(|| site.map(|site| site.name.clone()));
    let name = name.unwrap_or_else(|| format!("HOST-{address}"));
    let imp = peer(&args.imp).map_err(|error| keep(format!("--imp {}: {error}", args.imp))).ok();
    let listen = imp.and_then(|imp| {
        own(&args.listen, imp.ip()).map_err(|error| keep(format!("--listen {}: {error}", args.listen))).ok()
    });
    let policy = policy(args.policy.iter().map(String::as_str));
    let policy = policy.map_err(|error| keep(format!("--policy: {error}"))).unwrap_or_default();
    let naming = site.map_or_else(Naming::default, |site| Naming::of_system(&site.system));
    let clock = Clock::start();
    if !args.serve_ftp && args.run.is_none() {
        args.belongings.in_vain().into_iter().for_each(&mut keep);
    }
    let files = args.belongings.files(naming, clock, &mut keep);
    let accounts = args.belongings.accounts(&mut keep);
    let profile = profile(&args.knows, &names, &mut keep);
    let programs = programs(args, profile).map_err(&mut keep).unwrap_or_default();
    let lenses = match (&args.run, args.show.as_slice()) {
        (Some(_), []) => Vec::new(),
        (_, show) => lenses(show).map_err(|error| keep(error.to_string())).unwrap_or_default(),
    };
    let (Some(imp), Some(listen), true) = (imp, listen, errors.is_empty()) else { return Err(errors) };
    let (paper, color): (Box<dyn Write>, bool) = match args.run {
        // Somebody types to the program on standard output.
        Some(_) => (Box::new(io::stderr()), terminal.error_color),
        None => (Box::new(io::stdout()), terminal.color),
    };
    let names = called(names, &name, address);
    let monitor = Monitor::new(TapPoint::Absent, [(address, TapPoint::AtHost)]);
    let screen = Screen::new(paper, Names::from(Arc::clone(&names)), lenses, color);
    let screen = screen.judged_by(Umpire::new(monitor, Vec::new()));
    let settings = Settings {
        name,
        address,
        directory: names,
        policy,
        seed: args.seed.unwrap_or_else(seed),
        files,
        accounts,
        programs,
    };
    // Whoever only asks speaks first, and sends an RST before that; whoever serves may be asked first.
    let others =
        net.hosts.iter().map(|site| site.address).filter(|other| args.serve_ftp && *other != address);
    let told = others.collect();
    Ok(Plan { settings, listen, imp, screen, clock, runs_program: args.run.is_some(), told, naming })
}

/// The table of names, in which this host is called as it calls itself.
fn called(names: Arc<Directory>, name: &str, address: HostAddress) -> Arc<Directory> {
    if names.address(name) == Some(address) {
        return names;
    }
    let mut own = Directory::default();
    own.add(name, address);
    Arc::new(own.with(&names))
}

fn host_at(args: &HostArgs, net: &Net) -> Result<HostAddress, String> {
    let text = &args.address;
    if let Some(site) = net.host_named(text) {
        return Ok(site.address);
    }
    let number = match text.get(..2) {
        Some("0o" | "0O") => u8::from_str_radix(&text[2..], 8).ok(),
        Some("0x" | "0X") => u8::from_str_radix(&text[2..], 16).ok(),
        Some(_) | None => text.parse().ok(),
    };
    match number.map(HostAddress::from) {
        // In a net that was not asked for, nobody need be found.
        Some(address) if net.host_at(address).is_some() || args.net.is_none() || args.name.is_some() => {
            Ok(address)
        }
        Some(address) => {
            let there = net.hosts.iter().filter(|host| host.address.imp() == address.imp());
            let there: Vec<String> = there.map(|host| format!("{} ({})", host.name, host.address)).collect();
            let (imp, host) = (address.imp(), address.host());
            let there = if there.is_empty() { "none".to_owned() } else { there.join(", ") };
            Err(format!(
                "--address {text}: the net {} has no such host; that would be host {host} on IMP {imp}\n  \
                 help: on that IMP there is: {there}; a host that the net does not know needs a --name",
                net.name
            ))
        }
        None => {
            let known = net.hosts.iter().flat_map(imp::HostSite::names);
            let help = match nearest(text, known) {
                Some(near) => format!("did you mean {near}?"),
                None => "a number from 0 to 255, or a name of the net".to_owned(),
            };
            Err(format!("--address {text}: the net {} has no such host\n  help: {help}", net.name))
        }
    }
}

/// An address with a port, which may be given by name.
fn peer(text: &str) -> Result<SocketAddr, String> {
    let help = "\n  help: write an address and a port: 127.0.0.1:22001, [::1]:22001, imp.example.org:22001";
    let found: Vec<SocketAddr> = text.to_socket_addrs().map_err(|error| format!("{error}{help}"))?.collect();
    // The emulated machines speak IPv4, whatever a name stands for first.
    match found.iter().find(|place| place.is_ipv4()).or(found.first()).copied() {
        Some(place) if place.port() == 0 => Err(format!("no datagram goes to port 0{help}")),
        Some(place) => Ok(place),
        None => Err(format!("no such address{help}")),
    }
}

/// A port of this machine, by which the peer can reach it.
fn own(text: &str, peer: IpAddr) -> Result<SocketAddr, String> {
    let own = match text.parse() {
        Ok(port) => {
            let here = scenario::ast::External { port, peer: SocketAddr::new(peer, 0) };
            here.listens_at()
        }
        Err(_) => text.parse().map_err(|_| {
            "neither a port nor an address with one\n  help: write 22002, or 192.0.2.1:22002".to_owned()
        })?,
    };
    if own.is_ipv4() == peer.is_ipv4() {
        Ok(own)
    } else {
        Err(format!("from there is no way to {peer}\n  help: give the port only"))
    }
}

/// The accounts of whoever types, at other hosts.
fn profile(texts: &[String], names: &Directory, keep: &mut impl FnMut(String)) -> rsexec::Profile {
    let mut profile = rsexec::Profile::default();
    for text in texts {
        let parts = text.split_once('=').and_then(|(host, account)| Some((host, account.split_once(':')?)));
        match parts {
            None => keep(format!("--knows {text}: no account at a host\n  help: write HARV-10=SMITH:BLUE")),
            Some((host, (name, password))) => match names.address(host) {
                Some(address) => profile.add(&names.name(address), name, password),
                None => {
                    keep(format!(
                        "--knows {text}: there is no host {host}\n  help: `net` shows who there is"
                    ));
                }
            },
        }
    }
    profile
}

fn programs(args: &HostArgs, profile: rsexec::Profile) -> Result<Vec<Program>, String> {
    let mut programs = Vec::new();
    if args.serve_ftp {
        let edition = ftp::Edition::default();
        programs.push(Program::new("FTP server", move |host| ftp_server::serve(host, edition)));
    }
    match args.run.as_deref() {
        None => {}
        Some("ftp") => programs.push(Program::new("FTP user", ftp_user::run)),
        Some("rsexec") => {
            programs.push(Program::new("RSEXEC", move |host| rsexec::run(host, profile.clone())));
        }
        Some(other) => {
            let help = match nearest(other, ["ftp", "rsexec"]) {
                Some(near) => format!("did you mean {near}?"),
                None => "there are ftp and rsexec".to_owned(),
            };
            return Err(format!("--run {other}: there is no such program\n  help: {help}"));
        }
    }
    Ok(programs)
}

/// A number that is another one each time: the keys of hash tables are drawn by the system.
fn seed() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(0u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_alone_is_on_the_side_of_the_peer() {
        let own =
            |text: &str, peer: &str| own(text, peer.parse().expect("an address")).map(|own| own.to_string());
        assert_eq!(own("22002", "127.0.0.1").as_deref(), Ok("127.0.0.1:22002"));
        assert_eq!(own("22002", "192.0.2.1").as_deref(), Ok("0.0.0.0:22002"));
        assert_eq!(own("[::1]:9", "::1").as_deref(), Ok("[::1]:9"));
        assert!(own("[::1]:9", "127.0.0.1").is_err_and(|error| error.contains("give the port only")));
        assert!(own("nowhere", "127.0.0.1").is_err_and(|error| error.contains("write 22002")));
    }

    #[test]
    fn the_help_explains_every_policy_and_what_becomes_of_passwords() {
        for told in ["links=N", "Passwords cross the network as they are", "writes into every directory"] {
            assert!(joining().contains(told), "{told}");
        }
    }
}
