//! `arpanet net --live`: IMPs in real time, for hosts elsewhere.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use host::{Directory, Host};
use imp::{Net, Watch};
use imp1822::HostAddress;
use trace::Record;

use super::{FAILED, HELD, Terminal, explain, host::cannot_open, lenses, net};
use crate::build;
use crate::language::{ast::External, ast::Scenario, nearest::nearest};
use crate::library::Library;
use crate::live::{Ether, Mooring, Paper, Screen};
use crate::replay::replay_live;
use crate::world::{World, directory};

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
    #[arg(long, value_name = "FILE.pcapng", requires = "live")]
    record: Option<PathBuf>,
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
}

/// Lets the net live, and answers the exit status.
pub(super) fn serve(args: &LiveArgs, name: &str, library: &Library, terminal: &Terminal) -> u8 {
    let opened = read(name, library, terminal).and_then(|stage| {
        let moorings = moorings(args, &stage)?;
        let lenses = lenses(&args.show).map_err(|error| format!("error: {error}\n"))?;
        let names = directory(&stage.net);
        let mut screen = Screen::new(Paper::Output, names.clone(), lenses.clone(), terminal.color);
        if let Some(path) = &args.record {
            let hosts = cables(&stage, &moorings);
            let failed = |error| format!("error: {}: {error}\n", path.display());
            screen = screen.recording(path, hosts).map_err(failed)?;
        }
        let ether = Ether::open(&moorings, Box::new(eprintln)).map_err(|(mooring, error)| match mooring {
            Some(mooring) => cannot_open(mooring.listen, &error),
            None => format!("error: no runtime: {error}\n"),
        })?;
        Ok((stage, moorings, names, lenses, screen, ether))
    });
    let (stage, moorings, names, lenses, screen, ether) = match opened {
        Ok(opened) => opened,
        Err(error) => return terminal.complain(&error),
    };
    greet(&stage, &moorings, &names, terminal);
    let watch = super::watch(&lenses);
    match stage.play {
        Some((source, scenario)) if !scenario.steps.is_empty() => {
            let mut screen = screen;
            let audience = Box::new(move |record: &Record| screen.show(record));
            let elsewhere: Vec<HostAddress> = moorings.iter().map(|mooring| mooring.host).collect();
            let outcome = replay_live(&scenario, watch, audience, Box::new(ether), &elsewhere);
            terminal.print(&super::footing(&outcome, terminal.color));
            match &outcome.verdict {
                Ok(()) => HELD,
                Err(failure) => {
                    terminal.complain(&explain(failure, &source, terminal.error_color));
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
    let names = directory(net);
    let hosts: Vec<(HostAddress, Host)> =
        scenario.map(|scenario| build::hosts(scenario, &names).collect()).unwrap_or_default();
    let up = scenario.into_iter().flat_map(|scenario| &scenario.hosts);
    let up: Vec<HostAddress> = up.filter(|plan| plan.up).map(|plan| plan.address).collect();
    let seed = scenario.map_or(0, |scenario| scenario.seed);
    let mut world = World::new(net, hosts, watch, seed, screen);
    world.go_live(Box::new(ether), moorings.iter().map(|mooring| mooring.host));
    for host in up {
        world.act(host, |host, now| host.boot(now));
    }
    while world.step() {}
    for (host, counted) in world.cables() {
        terminal.complain(&format!("cable of {}: {counted}\n", names.name(host)));
    }
}

/// The net or scenario of that name.
fn read(name: &str, library: &Library, terminal: &Terminal) -> Result<Stage, String> {
    let is_scenario = Library::is_path(name) && !Library::is_net_path(name)
        || name.ends_with(".scenario")
        || !Library::is_net_path(name) && library.net(name).is_err() && library.scenario(name).is_ok();
    if !is_scenario {
        return Ok(Stage { net: net::read(library, name, terminal.error_color)?, play: None });
    }
    let (source, scenario) = super::read(library, name, terminal.error_color)?;
    let scenario = Scenario { monitored: false, misbehave: Vec::new(), ..scenario };
    Ok(Stage { net: scenario.net.clone(), play: Some((source.name, scenario)) })
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

/// The hosts whose cables are in a capture.
fn cables(stage: &Stage, moorings: &[Mooring]) -> Vec<HostAddress> {
    let declared = stage.play.iter().flat_map(|(_, scenario)| &scenario.hosts);
    let declared = declared.map(|plan| plan.address);
    declared.chain(moorings.iter().map(|mooring| mooring.host)).collect()
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
    use crate::language;

    fn stage() -> Stage {
        let text =
            "net n  Two\nimp 1 A\nimp 2 B\nline A to B 50kb/s 1km\nhost A-TEN 1 TENEX\nhost B-TEN 66 TENEX\n";
        let net =
            language::net("n.net", text).unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)));
        Stage { net, play: None }
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
