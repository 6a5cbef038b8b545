//! `arpanet net --live`: IMPs in real time, for hosts elsewhere.

use std::cell::RefCell;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use clap::Args;
use host::{Directory, Host};
use imp::{Net, Watch};
use imp1822::HostAddress;
use machine::Instant;
use trace::{Monitor, Names, Record, TapPoint};

use super::{FAILED, HELD, Terminal, host::cannot_open, lenses, net};
use crate::library::Library;
use crate::live::{Ether, Mooring, Screen};
use crate::umpire::Umpire;
use scenario::{ast::External, ast::Scenario, nearest::nearest};
use sim::{Advance, Options, World, replay_live};
use view::report::footing;

/// What a live net is told.
#[derive(Debug, Args)]
pub(super) struct LiveArgs {
    /// Let the IMPs of the net, or of a scenario's net, work in real time until Ctrl-C, for hosts elsewhere.
    #[arg(long, requires = "name", conflicts_with_all = ["from", "svg"])]
    live: bool,

    /// A host that is elsewhere: the port at which its IMP takes its datagrams, and where the host takes those of
    /// its IMP; any number of them.
    #[arg(long, value_name = "HOST=PORT:ADDRESS:PORT", requires = "live")]
    external: Vec<String>,

    /// What is shown of what happens: lenses as `scenario --show` has them.
    #[arg(long, value_name = "LENS,...", value_delimiter = ',', requires = "live")]
    show: Vec<String>,

    /// Write what crosses the hosts' cables into a capture for Wireshark, while it does.
    #[arg(long, alias = "record", value_name = "FILE", requires = "live")]
    pcapng: Option<PathBuf>,
}

impl Stage {
    fn of_net(net: Net) -> Self {
        Stage { net, play: None, is_watched: true, misbehave: Vec::new() }
    }
}

impl LiveArgs {
    pub(super) fn is_asked_for(&self) -> bool {
        self.live
    }
}

/// What is to live: a net, and what a scenario says of it if it is one.
struct Stage {
    net: Net,
    play: Option<(String, Scenario)>,
    /// Whether the wire monitor watches, and who is to break rules.
    is_watched: bool,
    misbehave: Vec<HostAddress>,
}

/// Lets the net live, and answers the exit status.
pub(super) fn serve(args: &LiveArgs, name: &str, library: &Library, terminal: &Terminal) -> u8 {
    let opened = read(name, library, terminal).and_then(|stage| {
        let moorings = moorings(args, &stage)?;
        let lenses = lenses(&args.show).map_err(|error| format!("error: {error}\n"))?;
        let names = Names::of(&stage.net);
        let paper = Box::new(io::stdout());
        let mut screen = Screen::new(paper, names.clone(), lenses.clone(), terminal.color);
        let sights = cables(&stage, &moorings);
        if stage.is_watched {
            // What is simulated here is seen whole.
            let monitor = Monitor::new(TapPoint::Lossless, sights.iter().copied());
            screen = screen.judged_by(Umpire::new(monitor, stage.misbehave.clone()));
        }
        let ether = Ether::open(&moorings, Box::new(eprintln)).map_err(|(mooring, error)| match mooring {
            Some(mooring) => cannot_open(mooring.listen, &error),
            None => format!("error: no runtime: {error}\n"),
        })?;
        if let Some(path) = &args.pcapng {
            let failed = |error| format!("error: --pcapng {}: {error}\n", path.display());
            screen = screen.recording(path, Instant::START, sights).map_err(failed)?;
        }
        Ok((stage, moorings, names, lenses, screen, ether))
    });
    let (stage, moorings, names, lenses, screen, ether) = match opened {
        Ok(opened) => opened,
        Err(error) => return terminal.complain(&error),
    };
    greet(&stage, &moorings, names.hosts(), terminal);
    let watch = super::watch(&lenses);
    match stage.play {
        Some((source, scenario)) if !scenario.steps.is_empty() => {
            let screen = Rc::new(RefCell::new(screen));
            let shown = screen.clone();
            let audience = Box::new(move |record: &Record| shown.borrow_mut().show(record));
            let elsewhere: Vec<HostAddress> = moorings.iter().map(|mooring| mooring.host).collect();
            let outcome = replay_live(
                &scenario,
                Options { watch, ..Options::DIGEST },
                audience,
                Box::new(ether),
                &elsewhere,
            );
            screen.borrow_mut().sum_up();
            terminal.print(&footing(&outcome, terminal.color));
            match &outcome.verdict {
                Ok(()) => HELD,
                Err(failure) => {
                    terminal.complain(&failure.render(&source, terminal.error_color));
                    FAILED
                }
            }
        }
        play => {
            let scenario = play.map(|(_, scenario)| scenario);
            run(&stage.net, scenario.as_ref(), &moorings, watch, screen, ether, terminal);
            HELD
        }
    }
}

/// Tells whoever runs the command.
pub(super) fn eprintln(line: &str) {
    use std::io::Write;
    // Nobody is left to tell if standard error is gone.
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Lets the net live until it is stopped.
fn run(
    net: &Net,
    scenario: Option<&Scenario>,
    moorings: &[Mooring],
    watch: Watch,
    screen: Screen,
    ether: Ether,
    terminal: &Terminal,
) {
    let names = Names::of(net);
    let hosts: Vec<(HostAddress, Host)> = scenario
        .map(|scenario| sim::hosts(scenario, scenario.seed, names.hosts()).collect())
        .unwrap_or_default();
    let up = scenario.into_iter().flat_map(|scenario| &scenario.hosts);
    let up: Vec<HostAddress> = up.filter(|plan| plan.up).map(|plan| plan.address).collect();
    let seed = scenario.map_or(0, |scenario| scenario.seed);
    let mut world = World::new(net, hosts, watch, seed, screen);
    world.attach_remote(Box::new(ether), moorings.iter().map(|mooring| mooring.host));
    for host in up {
        world.act(host, |host, now| host.boot(now));
    }
    while world.advance(Instant::from_micros(u64::MAX)) != Advance::Stopped {}
    world.log_mut().sum_up();
    for (host, counted) in world.cables() {
        terminal.complain(&format!("cable of {}: {counted}\n", names.host(host)));
    }
}

/// The net or scenario of that name.
fn read(name: &str, library: &Library, terminal: &Terminal) -> Result<Stage, String> {
    let is_scenario = Library::is_path(name) && !Library::is_net_path(name)
        || name.ends_with(".scenario")
        || !Library::is_net_path(name) && library.net(name).is_err() && library.scenario(name).is_ok();
    if !is_scenario {
        return Ok(Stage::of_net(net::read(library, name, terminal.error_color)?));
    }
    let (source, scenario) = super::read(library, name, terminal.error_color)?;
    let is_watched = scenario.monitored;
    let misbehave = scenario.misbehave.iter().map(|one| one.host).collect();
    // A broken rule is told, and ends nothing.
    let scenario = Scenario { monitored: false, misbehave: Vec::new(), ..scenario };
    Ok(Stage { net: scenario.net.clone(), play: Some((source.name, scenario)), is_watched, misbehave })
}

/// The cables of the hosts elsewhere: those of the scenario, and those of the options.
fn moorings(args: &LiveArgs, stage: &Stage) -> Result<Vec<Mooring>, String> {
    let mut moorings = Vec::new();
    let declared = stage.play.iter().flat_map(|(_, scenario)| &scenario.hosts);
    for plan in declared {
        if let Some(external) = plan.external {
            moorings.push(moored(plan.address, external));
        }
    }
    let mut errors = String::new();
    for text in &args.external {
        match external(text, stage) {
            Ok(mooring) => moorings.push(mooring),
            Err(error) => errors.push_str(&format!("error: --external {text}: {error}\n")),
        }
    }
    for (index, mooring) in moorings.iter().enumerate() {
        if moorings[..index].iter().any(|above| above.host == mooring.host) {
            errors.push_str(&format!("error: host {} has two cables\n", mooring.host));
        }
    }
    if errors.is_empty() { Ok(moorings) } else { Err(errors) }
}

fn moored(host: HostAddress, external: External) -> Mooring {
    Mooring { host, listen: external.listens_at(), peer: external.peer }
}

/// Reads `HOST=PORT:ADDRESS:PORT`.
fn external(text: &str, stage: &Stage) -> Result<Mooring, String> {
    let help = "\n  help: write HARV-10=22001:127.0.0.1:22002: the port of the IMP, and where the host is";
    let (name, cable) = text.split_once('=').ok_or_else(|| format!("no = in it{help}"))?;
    let (port, peer) = cable.split_once(':').ok_or_else(|| format!("a port only{help}"))?;
    let port = port.parse().map_err(|_| format!("{port:?} is no port{help}"))?;
    let peer: SocketAddr = peer.parse().map_err(|_| format!("{peer:?} is no address with a port{help}"))?;
    let net = &stage.net;
    let numbered = name.parse().ok().map(|number: u8| HostAddress::from(number));
    let site = net.host_named(name).or_else(|| numbered.and_then(|address| net.host_at(address)));
    let site = site.ok_or_else(|| {
        let known = net.hosts.iter().flat_map(imp::HostSite::names);
        let near = nearest(name, known).map(|near| format!("\n  help: did you mean {near}?"));
        format!("the net {} has no host {name}{}", net.name, near.unwrap_or_default())
    })?;
    let declared = stage.play.iter().flat_map(|(_, scenario)| &scenario.hosts);
    let inside = declared.into_iter().find(|plan| plan.address == site.address && plan.external.is_none());
    match inside {
        Some(plan) => Err(format!("the scenario simulates {}, in line {}", plan.name, plan.line)),
        None => Ok(moored(site.address, External { port, peer })),
    }
}

/// The hosts that there are, and how their cables are listened to.
fn cables(stage: &Stage, moorings: &[Mooring]) -> Vec<(HostAddress, TapPoint)> {
    let declared = stage.play.iter().flat_map(|(_, scenario)| &scenario.hosts);
    let declared = declared.map(|plan| (plan.address, TapPoint::Lossless));
    declared.chain(moorings.iter().map(|mooring| (mooring.host, TapPoint::AtImp))).collect()
}

/// Says what lives.
fn greet(stage: &Stage, moorings: &[Mooring], names: &Arc<Directory>, terminal: &Terminal) {
    let mut text = format!("the net {} lives; Ctrl-C ends it\n", stage.net.name);
    for Mooring { host, listen, peer } in moorings {
        text.push_str(&format!("  {} is awaited from {peer}; its IMP is at {listen}\n", names.name(*host)));
    }
    if moorings.is_empty() {
        text.push_str("  no host is elsewhere: name one with --external\n");
    }
    terminal.complain(&text);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stage() -> Stage {
        let text =
            "net n  Two\nimp 1 A\nimp 2 B\nline A to B 50kb/s 1km\nhost A-TEN 1 TENEX\nhost B-TEN 66 TENEX\n";
        let net = scenario::parse_net("n.net", text)
            .unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)));
        Stage::of_net(net)
    }

    #[test]
    fn an_external_host_is_named_with_its_cable() {
        let mooring = external("b-ten=22001:127.0.0.1:22002", &stage()).expect("it is whole");
        assert_eq!(mooring.host, HostAddress::from(66));
        assert_eq!((mooring.listen.to_string(), mooring.peer.port()), ("127.0.0.1:22001".to_owned(), 22002));
        assert_eq!(external("66=22001:127.0.0.1:22002", &stage()), Ok(mooring), "by number");
        let far = external("1=22001:[2001:db8::1]:22002", &stage()).expect("it is whole");
        assert_eq!(far.listen.to_string(), "[::]:22001");
    }

    #[test]
    fn what_is_wrong_with_an_external_host_is_told() {
        let error = |text| external(text, &stage()).expect_err("it is wrong");
        assert!(error("B-TEN").contains("no ="));
        assert!(error("B-TEN=22001").contains("a port only"));
        assert!(error("B-TEN=x:127.0.0.1:1").contains("\"x\" is no port"));
        assert!(error("B-TEN=1:nowhere:1").contains("no address with a port"));
        assert!(error("B-TEM=1:127.0.0.1:1").contains("did you mean B-TEN?"));
    }
}
