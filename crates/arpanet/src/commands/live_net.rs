//! `arpanet net --live`: IMPs in real time, for hosts elsewhere.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::io;
use std::rc::Rc;

use host::{Directory, Host};
use imp::Watch;
use imp1822::HostAddress;
use machine::Instant;
use sim::{Advance, Options, World, replay_live};
use trace::{Monitor, Names, Record, TapPoint};
use view::report::footing;

use super::live_args::LiveArgs;
use super::live_plan::LivePlan;
use crate::error::{CommandError, FailedRun};
use crate::exit::Exit;
use crate::lenses::{lenses, watch};
use crate::library::Library;
use crate::live::capture::LiveCapture;
use crate::live::output::LiveOutput;
use crate::live::transcript::LiveTranscript;
use crate::live::udp::{CableAddress, UdpDriver};
use crate::live::violations::LiveViolations;
use crate::output_file::is_apart;
use crate::terminal::{PrintError, Terminal};

/// Lets the net live until it is stopped, or until all steps of its scenario are done.
pub(super) fn run(
    args: &LiveArgs,
    name: &OsStr,
    library: &Library,
    terminal: Terminal,
) -> Result<Exit, CommandError> {
    let plan = LivePlan::read(name, library)?;
    let cables = plan.cables_elsewhere(args)?;
    args.pcapng.as_ref().map_or(Ok(()), |path| is_apart("--pcapng", path, &plan.read))?;
    let lenses = lenses(&args.show)?;
    let watch = watch(&lenses);
    let names = Names::of(&plan.net);
    let paper = terminal.paper(None);
    let transcript = LiveTranscript::new(Box::new(io::stdout()), names.clone(), lenses, paper);
    let mut output = LiveOutput::new(transcript, terminal);
    let taps = plan.taps(&cables);
    if plan.is_checked {
        let monitor = Monitor::new(TapPoint::Lossless, taps.iter().copied());
        output = output.with_violations(LiveViolations::new(monitor, plan.misbehave.clone()));
    }
    let driver = UdpDriver::open(&cables, Box::new(move |line| terminal.tell(&format!("{line}\n"))))?;
    // Another run at the same ports does not lose its capture: it has the sockets.
    if let Some(path) = &args.pcapng {
        let capture = LiveCapture::create(path, Instant::START, taps, names.hosts());
        let failed = |error| CommandError::LiveCapture { path: path.clone(), error };
        output = output.with_capture(capture.map_err(failed)?);
    }
    terminal.tell(&greeting(&plan.net.name, &cables, names.hosts()));
    match &plan.play {
        Some((file, scenario)) if !scenario.steps.is_empty() => {
            let output = Rc::new(RefCell::new(output));
            let shown = Rc::clone(&output);
            let sink = Box::new(move |record: &Record| shown.borrow_mut().show(record));
            let elsewhere: Vec<HostAddress> = cables.iter().map(|cable| cable.host).collect();
            let outcome = replay_live(
                scenario,
                Options { watch, ..Options::DIGEST },
                sink,
                Box::new(driver),
                &elsewhere,
            );
            output.borrow_mut().finish();
            let printed = terminal.print(&paper.fill(&footing(&outcome, paper.color), 2));
            let printed = output.borrow().printed().and(printed);
            let failed = outcome.verdict.err().map(|failures| {
                CommandError::Failed(FailedRun { file: file.clone(), failures, other_seed: None })
            });
            let errors: Vec<CommandError> =
                failed.into_iter().chain(printed.err().map(CommandError::from)).collect();
            if errors.is_empty() { Ok(Exit::Held) } else { Err(CommandError::all(errors)) }
        }
        Some(_) | None => {
            live_until_stopped(&plan, &cables, watch, output, driver, terminal)?;
            Ok(Exit::Held)
        }
    }
}

/// Lets the net and its simulated hosts live until it is stopped.
fn live_until_stopped(
    plan: &LivePlan,
    cables: &[CableAddress],
    watch: Watch,
    output: LiveOutput,
    driver: UdpDriver,
    terminal: Terminal,
) -> Result<(), PrintError> {
    let names = Names::of(&plan.net);
    let scenario = plan.play.as_ref().map(|(_, scenario)| scenario);
    let hosts: Vec<(HostAddress, Host)> = scenario
        .map(|scenario| sim::hosts(scenario, scenario.seed, names.hosts()).collect())
        .unwrap_or_default();
    let up = scenario.into_iter().flat_map(|scenario| &scenario.hosts);
    let up: Vec<HostAddress> = up.filter(|plan| plan.up).map(|plan| plan.address).collect();
    let seed = scenario.map_or(0, |scenario| scenario.seed);
    let mut world = World::new(&plan.net, hosts, watch, seed, output);
    world.attach_remote(Box::new(driver), cables.iter().map(|cable| cable.host));
    for host in up {
        world.act(host, |host, now| host.boot(now));
    }
    while world.advance(Instant::from_micros(u64::MAX)) != Advance::Stopped {}
    world.log_mut().finish();
    for (host, counted) in world.cables() {
        terminal.tell(&format!("cable of {}: {counted}\n", names.host(host)));
    }
    world.log_mut().printed()
}

/// Says which net lives, and where its hosts elsewhere are expected.
fn greeting(net: &str, cables: &[CableAddress], names: &Directory) -> String {
    let mut text = format!("the net {net} lives; Ctrl-C ends it\n");
    for CableAddress { host, listen, peer } in cables {
        text.push_str(&format!("  {} is awaited from {peer}; its IMP is at {listen}\n", names.name(*host)));
    }
    if cables.is_empty() {
        text.push_str("  no host is elsewhere: name one with --external\n");
    }
    text
}
