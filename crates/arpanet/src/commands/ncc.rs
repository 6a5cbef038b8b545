//! `arpanet ncc`: the board of the control center.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;

use futures::stream::once;
use futures::{FutureExt, StreamExt};
use host::live::{Clock, Driver, HostOnCable, OnEof, Report, Stop};
use host::{Directory, Host, Program, Settings};
use imp1822::h316::HostEnd;
use machine::{Instant, Span};
use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use trace::Names;

use super::ncc_args::NccArgs;
use crate::addresses;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::library::Library;
use crate::live::board::Board;
use crate::live::cable;
use crate::live::host_reports::words;
use crate::live::stop::{stopped, stops};
use crate::terminal::Terminal;
use crate::wall_clock::time_of_day;

/// Shows the board until it is taken down.
pub(crate) fn run(args: &NccArgs, library: &Library, terminal: Terminal) -> Result<Exit, CommandError> {
    let net = library.read_net_or_usual(args.net.as_deref())?;
    let address = addresses::own_host(&args.address, &net, true)?;
    let imp = addresses::imp(&args.imp)?;
    let listen = addresses::listening(&args.listen, imp.ip())?;
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(CommandError::NoTerminal);
    }
    let map = net.lines.iter().filter(|_| args.net.is_some()).map(|line| line.between);
    let center = Rc::new(RefCell::new(ncc::Center::new(map)));
    let names = net.imps.iter().map(|imp| (imp.number, imp.name.clone())).collect();
    let directory = Arc::clone(Names::of(&net).hosts());
    let settings = settings(Rc::clone(&center), directory, address);
    let runtime = cable::runtime()?;
    let socket = runtime.block_on(cable::open(listen, imp))?;
    runtime.block_on(live(Cable { settings, socket, imp }, center, names, terminal))
}

/// A host on which nothing runs but what keeps the center up to date.
fn settings(center: ncc_log::Shared, directory: Arc<Directory>, address: imp1822::HostAddress) -> Settings {
    let program = Program::new("NCC", move |host| ncc_log::listen(host, Rc::clone(&center), |_| ()));
    Settings { name: "NCC".to_owned(), address, directory, programs: vec![program], ..Settings::default() }
}

/// The host, and its cable.
struct Cable {
    settings: Settings,
    socket: UdpSocket,
    imp: SocketAddr,
}

async fn live(
    Cable { settings, socket, imp }: Cable,
    center: ncc_log::Shared,
    names: BTreeMap<u8, String>,
    terminal: Terminal,
) -> Result<Exit, CommandError> {
    let clock = Clock::start();
    let heard = Rc::new(RefCell::new("is waited for".to_owned()));
    let board =
        Board { center, names, clock, began: time_of_day(), imp: Rc::clone(&heard), color: terminal.color };
    let shown = RefCell::new(Ok(()));
    let down = async { *shown.borrow_mut() = board.run(stopped()).await };
    // Who does not want to wait until the host has left stops once more.
    let down = once(down.map(|()| Stop::Down)).chain(once(async { stops() }).flatten());
    let report = move |_: Instant, report: Report| {
        if let Report::Imp(state) = report {
            *heard.borrow_mut() = words(state).to_owned();
        }
    };
    let on_cable = HostOnCable::new(Host::new(settings), HostEnd::default());
    let nothing_typed = mpsc::channel(1).1;
    let driver = Driver::new(on_cable, socket, clock, report);
    let counted = driver.run(nothing_typed, OnEof::StayUp, down).await.counted;
    shown.into_inner().map_err(CommandError::Board)?;
    let lived = Span::from_secs(clock.now().as_micros() / 1_000_000);
    terminal.tell(&format!("the control center at IMP {imp} is down after {lived}; {counted}\n"));
    Ok(if counted.datagrams_in > 0 { Exit::Held } else { Exit::Failed })
}
