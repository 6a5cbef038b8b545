//! `arpanet host`: one of our hosts on a real cable.

use std::path::PathBuf;

use host::Host;
use host::live::{Driver, HostOnCable, OnEof, Report};
use imp::visible::visible;
use imp1822::h316::{HostEnd, HostSettings, WORD_BITS};
use machine::Instant;
use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use trace::TapPoint;

use super::host_args::HostArgs;
use super::host_plan::HostPlan;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::library::Library;
use crate::live::cable;
use crate::live::capture::LiveCapture;
use crate::live::console::Console;
use crate::live::host_reports::HostReports;
use crate::live::reset_broadcast::ResetBroadcastFilter;
use crate::live::stop::stopped;
use crate::output_file::is_apart;
use crate::terminal::Terminal;

/// Puts the host on its cable until it is taken down.
pub(crate) fn run(args: &HostArgs, library: &Library, terminal: Terminal) -> Result<Exit, CommandError> {
    let plan = HostPlan::new(args, library, terminal)?;
    let runtime = cable::runtime()?;
    let socket = runtime.block_on(cable::open(plan.listen, plan.imp))?;
    // A second run at the same port does not overwrite the capture of the first: it has no socket.
    let plan = with_capture(args, plan, library)?;
    Ok(runtime.block_on(live(args, plan, socket, terminal)))
}

/// The same plan, with a capture if one is wanted.
fn with_capture(args: &HostArgs, plan: HostPlan, library: &Library) -> Result<HostPlan, CommandError> {
    let Some(path) = &args.pcapng else { return Ok(plan) };
    let net = args.net.iter().filter_map(|name| library.file_of_net(name));
    let texts = args.storage.file.iter().filter_map(|file| Some(PathBuf::from(file.split_once('=')?.1)));
    let read: Vec<PathBuf> = args.storage.accounts.iter().cloned().chain(net).chain(texts).collect();
    is_apart("--pcapng", path, &read)?;
    let cable = [(plan.settings.address, TapPoint::AtHost)];
    let capture = LiveCapture::create(path, plan.clock.now(), cable, &plan.settings.directory);
    let capture = capture.map_err(|error| CommandError::LiveCapture { path: path.clone(), error })?;
    Ok(HostPlan { output: plan.output.with_capture(capture), ..plan })
}

/// Lets the host live until it is taken down.
async fn live(args: &HostArgs, plan: HostPlan, socket: UdpSocket, terminal: Terminal) -> Exit {
    let HostPlan { settings, listen, imp, output, clock, runs_program, reset, naming } = plan;
    let (name, address) = (visible(&settings.name).into_owned(), settings.address);
    let (console, lines) = if runs_program {
        let (console, lines) = Console::start();
        (Some(console), lines)
    } else {
        (None, mpsc::channel(1).1)
    };
    let on_eof = if args.serve_ftp || !runs_program { OnEof::StayUp } else { OnEof::GoDown };
    terminal.tell(&format!("{name}, host {address}, at {listen}; its IMP at {imp}; Ctrl-C takes it down\n"));
    if let Some(note) = args.storage.storage_note(naming) {
        terminal.tell(&note);
    }
    let hidden = (args.show.is_empty() && !reset.is_empty()).then(|| ResetBroadcastFilter::to(&reset));
    if hidden.is_some() {
        let others = reset.len();
        terminal
            .tell(&format!("it tells {others} hosts that it begins anew (RST); who is there answers RRP\n"));
    }
    let mut reports = HostReports::new((address, imp), console, output, hidden, terminal);
    // What the user says that the IMPs take is not complained about; an IMP that does not take it says so.
    let text_limit = settings.policy.message_limit_bits.map(|bits| bits / WORD_BITS);
    let end = HostEnd::new(HostSettings { text_limit, ..HostSettings::default() });
    let on_cable = HostOnCable::new(Host::new(settings), end).announcing(reset);
    let show = |at: Instant, report: Report| reports.show(at, report);
    let counted = Driver::new(on_cable, socket, clock, show).run(lines, on_eof, stopped()).await;
    // Of an IMP that was never heard there is nothing to say.
    let is_heard = counted.datagrams_in > 0;
    if is_heard {
        reports.finish();
    }
    terminal.tell(&format!("{name} is down; {counted}\n"));
    if is_heard { Exit::Held } else { Exit::Failed }
}
