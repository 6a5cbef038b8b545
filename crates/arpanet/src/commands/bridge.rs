//! `arpanet bridge`: one end of a tunnel for cables.

use std::net::SocketAddr;

use bridge::{End, MAX_CABLES, Name, Role, Settings};
use host::live::Clock;
use machine::Span;

use super::bridge_args::BridgeArgs;
use crate::addresses::{self, AddressError, BridgeCable};
use crate::bridge_key;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::live::bridge_reports::BridgeReports;
use crate::live::cable;
use crate::live::far_end::FarEnd;
use crate::live::stop::stopped;
use crate::live::tunnel::{Door, Tunnel};
use crate::terminal::Terminal;

/// How long datagrams wait while the tunnel is cut.
const KEEP: Span = Span::from_secs(120);

/// Where the other end is.
enum Other {
    Awaited(SocketAddr),
    Called(String),
}

/// Puts the end up until it is taken down, or makes a key.
pub(crate) fn run(args: &BridgeArgs, terminal: Terminal) -> Result<Exit, CommandError> {
    if let Some(path) = &args.new_key {
        bridge_key::make(path)?;
        terminal.say(&format!(
            "{} is the key: bring it to the other end, and show it to nobody\n",
            path.display()
        ))?;
        return Ok(Exit::Held);
    }
    let mut errors: Vec<CommandError> = Vec::new();
    let other = match (&args.listen, &args.to) {
        (Some(listen), _) => addresses::door(listen).map(Other::Awaited),
        (None, to) => addresses::far_end(to.as_deref().unwrap_or_default()).map(Other::Called),
    };
    let other = other.map_err(|error| errors.push(error.into())).ok();
    let path = args.key.clone().unwrap_or_default();
    let key = bridge_key::read(&path).map_err(|error| errors.push(error.into())).ok();
    let cables = cables(&args.cable, &mut errors);
    let (Some(other), Some(key), true) = (other, key, errors.is_empty()) else {
        return Err(CommandError::all(errors));
    };
    let role = if matches!(other, Other::Awaited(_)) { Role::Listens } else { Role::Calls };
    let names: Vec<Name> = cables.iter().map(|cable| cable.name.clone()).collect();
    let clock = Clock::start();
    let settings = Settings { role, key, cables: names, seed: random_number(), keep: KEEP };
    let end = End::new(clock.now(), settings);
    let runtime = cable::runtime()?;
    let exit = runtime.block_on(async {
        let mut sockets = Vec::new();
        // An end has its cables in an order of its own.
        for name in end.cables() {
            let BridgeCable { listen, peer, .. } =
                cables.iter().find(|cable| cable.name == *name).ok_or(CommandError::NoBridgeCable)?;
            sockets.push(cable::open(*listen, *peer).await?);
        }
        let (door, where_it_is) = match other {
            Other::Awaited(listen) => {
                let listener = cable::door(listen).await?;
                let listen = listener.local_addr().unwrap_or(listen);
                (Door::Open(listener), format!("waits for the other end at {listen}"))
            }
            Other::Called(to) => {
                let where_it_is = format!("calls the other end at {to}");
                (Door::To(FarEnd::new(to)), where_it_is)
            }
        };
        let down = stopped();
        terminal.tell(&format!("the bridge {where_it_is}; Ctrl-C takes it down\n"));
        for BridgeCable { name, listen, peer } in &cables {
            terminal.tell(&format!("  {name}: datagrams of {peer} are taken at {listen}\n"));
        }
        let mut reports = BridgeReports::new(role, path, terminal);
        let tunnel = Tunnel::new(end, sockets, door, clock);
        let (counted, waiting) = tunnel.run(down, |now, report| reports.show(now, report)).await;
        for (name, counts) in &counted {
            terminal.tell(&format!(
                "{name}: {} out, {} in, {} dropped\n",
                counts.here, counts.there, counts.dropped
            ));
        }
        if waiting > 0 {
            terminal.tell(&format!("datagrams from here that the other end may not have: {waiting}\n"));
        }
        Ok(if reports.was_connected() && !reports.is_hopeless() { Exit::Held } else { Exit::Failed })
    });
    // Who is still asked for the address of a name may take long to be silent: it is not waited for.
    runtime.shutdown_background();
    exit
}

/// The cables of the options, each named once.
fn cables(texts: &[String], errors: &mut Vec<CommandError>) -> Vec<BridgeCable> {
    let mut cables: Vec<BridgeCable> = Vec::new();
    for text in texts {
        match addresses::bridge_cable(text) {
            Ok(cable) if cables.iter().any(|other| other.name == cable.name) => {
                errors.push(AddressError::SameBridgeCable { text: text.clone() }.into());
            }
            Ok(cable) => cables.push(cable),
            Err(error) => errors.push(error.into()),
        }
    }
    if texts.is_empty() || texts.len() > MAX_CABLES {
        errors.push(CommandError::NoBridgeCable);
    }
    cables
}

/// A number that is another one each time.
fn random_number() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(0u8)
}
