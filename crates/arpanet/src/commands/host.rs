//! `arpanet host`: one of our hosts on a real cable.

use std::path::PathBuf;

use futures::stream::{once, select};
use host::Host;
use host::live::{Driver, HostOnCable, OnEof, Report, Stop, Why};
use imp::visible::visible;
use imp1822::h316::{HostEnd, HostSettings, WORD_BITS};
use machine::{Instant, Span};
use ncp::icp::FTP_CONTACT;
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
use crate::live::stop::stops;
use crate::output_file::is_apart;
use crate::storage::halves;
use crate::terminal::Terminal;

/// How long a script waits for an IMP if nothing is said. A fresh network of emulated IMPs takes half a minute.
const WAIT_OF_SCRIPTS: Span = Span::from_secs(120);

/// Puts the host on its cable until it is taken down.
pub(crate) fn run(args: &HostArgs, library: &Library, terminal: Terminal) -> Result<Exit, CommandError> {
    let plan = HostPlan::new(args, library, terminal)?;
    let runtime = cable::runtime()?;
    let socket = runtime.block_on(cable::open(plan.listen, plan.imp))?;
    // A second run at the same port does not overwrite the capture of the first: it has no socket.
    let plan = with_capture(args, plan, library)?;
    runtime.block_on(live(args, plan, socket, terminal))
}

/// The same plan, with a capture if one is wanted.
fn with_capture(args: &HostArgs, plan: HostPlan, library: &Library) -> Result<HostPlan, CommandError> {
    let Some(path) = &args.pcapng else { return Ok(plan) };
    let net = args.net.iter().filter_map(|name| library.file_of_net(name));
    let texts = args.storage.file.iter().filter_map(|file| Some(PathBuf::from(halves(file)?.1)));
    let read: Vec<PathBuf> = args.storage.accounts.iter().cloned().chain(net).chain(texts).collect();
    is_apart("--pcapng", path, &read)?;
    let cable = [(plan.settings.address, TapPoint::AtHost)];
    let capture = LiveCapture::create(path, plan.clock.now(), cable, &plan.settings.directory);
    let capture = capture.map_err(|error| CommandError::LiveCapture { path: path.clone(), error })?;
    Ok(HostPlan { output: plan.output.with_capture(capture), ..plan })
}

/// Lets the host live until it is taken down.
async fn live(
    args: &HostArgs,
    plan: HostPlan,
    socket: UdpSocket,
    terminal: Terminal,
) -> Result<Exit, CommandError> {
    let HostPlan { settings, listen, imp, output, clock, runs_program, reset, naming, concerns } = plan;
    let (name, address) = (visible(&settings.name).into_owned(), settings.address);
    let (console, lines) = if runs_program {
        let (console, lines) =
            Console::start(terminal, args.stop_on_failure).map_err(CommandError::Keyboard)?;
        (Some(console), lines)
    } else {
        (None, mpsc::channel(1).1)
    };
    let is_center = args.run.as_deref() == Some("ncc");
    let stays_up = args.serves() || !runs_program || is_center;
    let on_eof = if stays_up { OnEof::StayUp } else { OnEof::GoDown };
    let is_script = on_eof == OnEof::GoDown && Console::is_typed_to_by_script();
    let wait = args.wait.or(is_script.then_some(WAIT_OF_SCRIPTS));
    // A program whose paper is gone is not typed to any more, nor one that has not done what others build on.
    let gives_up = console.as_ref().map(Console::gives_up).unwrap_or_default();
    let stops = select(
        stops(),
        once(async move {
            gives_up.notified().await;
            Stop::Down
        }),
    );
    terminal.tell(&format!("{name}, host {address}, at {listen}; its IMP at {imp}; Ctrl-C takes it down\n"));
    if let Some(note) = args.storage.storage_note(naming, args.serve_ftp) {
        terminal.tell(&note);
    }
    for concern in &concerns {
        terminal.tell(&terminal.error_paper().fill(&format!("warning: {concern}\n"), 9));
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
    let usual = HostSettings::default();
    let end = HostEnd::new(HostSettings { text_limit, hold: args.hold.unwrap_or(usual.hold), ..usual });
    let on_cable = HostOnCable::new(Host::new(settings), end).announcing(reset);
    let show = |at: Instant, report: Report| reports.show(at, report);
    let driver = Driver::new(on_cable, socket, clock, show).waiting(wait);
    let driver = driver.typed_by_person(!Console::is_typed_to_by_script()).taking_leave(vec![FTP_CONTACT]);
    let ending = driver.run(lines, on_eof, stops).await;
    let (not_done, unprinted) = reports.finish(&ending);
    let counted = ending.counted;
    terminal.tell(&format!("{name} is down; {counted}\n"));
    let absent = match ending.why {
        Why::Absent(wait) => Some(CommandError::ImpAbsent { imp, wait }),
        Why::Asked | Why::LinesOver if counted.datagrams_in == 0 => Some(CommandError::ImpNeverHeard { imp }),
        Why::Asked | Why::LinesOver => None,
    };
    let errors = unprinted.map(CommandError::from).into_iter().chain(absent);
    let errors: Vec<CommandError> = errors.chain(not_done.into_iter().map(CommandError::from)).collect();
    if errors.is_empty() { Ok(Exit::Held) } else { Err(CommandError::all(errors)) }
}
