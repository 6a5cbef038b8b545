//! Steps as they are written.

use imp::{Fault, Mishap, Toward};
use imp1822::{GoingDown, HostAddress, Reason};
use machine::Span;

use super::super::ast::{
    Action, Crossing, Expectation, HostAction, Incoming, NcpAction, Orders, Outgoing, Requester, Step,
    Waiting, When,
};
use super::super::context::Context;
use super::super::expectations::state_name;
use super::hosts::quoted;
use super::level1::{measurement, traffic};
use super::names::{Called, lasting, time_of_run};
use super::texts::{data, message, plain};

/// A step: when, how long it may wait, and what it does.
pub(super) fn step(called: Called<'_>, context: &Context<'_>, step: &Step) -> String {
    let when = match step.when {
        When::Next => String::new(),
        When::After(span) => format!("+{} ", lasting(span)),
        When::At(time) => format!("at {} ", time_of_run(time)),
    };
    let within = step.within.map(|within| format!("within {} ", lasting(within))).unwrap_or_default();
    format!("{when}{within}{}", action(called, context, &step.action))
}

/// What a step does. The lines of a file that it expects stand below it.
pub(super) fn action(called: Called<'_>, context: &Context<'_>, action: &Action) -> String {
    match action {
        Action::Host(host, action) => host_action(called, *host, action),
        Action::WaitFor { from, to, text } => {
            format!("wait for {} -> {}{}", called.host(*from), called.host(*to), message(text))
        }
        Action::Fault(fault) => self::fault(called, fault),
        Action::Traffic(traffic) => self::traffic(called, context, traffic),
        Action::Measure(measurement) => self::measurement(called, context, measurement),
        Action::Orders(Orders::All) => "all orders from here".to_owned(),
        Action::Orders(Orders::This(_)) => "this order from here".to_owned(),
        Action::Expect(expectation) => format!("expect {}", self::expectation(called, expectation)),
    }
}

/// That a message waits for another, below a step that says in which order messages arrive.
pub(super) fn waiting(called: Called<'_>, waiting: &Waiting) -> String {
    let message = |one: Crossing| {
        format!("{} -> {} message {}", called.host(one.from), called.host(one.to), one.number)
    };
    format!("  {} waits for {}", message(waiting.message), message(waiting.waits_for))
}

fn host_action(called: Called<'_>, host: HostAddress, action: &HostAction) -> String {
    let host = called.host(host);
    match action {
        HostAction::Types(text) => format!("{host} types  {}", plain(text)).trim_end().to_owned(),
        HostAction::Sees(text) => format!("{host} sees  {}", plain(text)),
        HostAction::Announces(text) => format!("{host} announces  {}", plain(text)),
        HostAction::LogsOut(name) => format!("{host} logs out {name}"),
        HostAction::ShutsDownFtp(span) => format!("{host} shuts down ftp in {span}"),
        HostAction::Crashes => format!("{host} crashes"),
        HostAction::Restarts => format!("{host} restarts"),
        HostAction::Ncp(action) => format!("{host} {}", ncp_action(called, action)),
    }
}

fn ncp_action(called: Called<'_>, action: &NcpAction) -> String {
    let host = |host: &HostAddress| called.host(*host);
    match action {
        NcpAction::Inits { local, to, foreign, size } => {
            format!("inits {local} to {} {foreign}{}", host(to), sized(size.as_ref()))
        }
        NcpAction::Listens { local, from, size } => {
            let from = match from {
                Requester::Anyone => String::new(),
                Requester::Host(from) => format!(" for {}", host(from)),
                Requester::Socket(from, socket) => format!(" for {} {socket}", host(from)),
            };
            format!("listens {local}{from}{}", sized(size.as_ref()))
        }
        NcpAction::Answers { contact, base } => {
            format!("answers a call at {contact}, and goes on at {base}")
        }
        NcpAction::Calls { to, contact, base } => format!("calls {} at {contact}, from {base}", host(to)),
        NcpAction::Closes { local } => format!("closes {local}"),
        NcpAction::Aborts { local } => format!("aborts {local}"),
        NcpAction::Sends { local, data: Outgoing::Data(sent) } => format!("sends {local} {}", data(sent)),
        NcpAction::Sends { local, data: Outgoing::Random(bytes) } => {
            format!("sends {local} {bytes} random bytes")
        }
        NcpAction::Receives { local, data: Incoming::Data(due) } => {
            format!("receives {local} {}", data(due))
        }
        NcpAction::Receives { local, data: Incoming::Any(bytes) } => {
            format!("receives {local} any {bytes} bytes")
        }
        NcpAction::Receives { local, data: Incoming::SentBy(from, socket) } => {
            format!("receives {local} what {} sent from {socket}", host(from))
        }
        NcpAction::Says { local, line } => format!("says {local}  {}", plain(line)).trim_end().to_owned(),
        NcpAction::Hears { local, text } => format!("hears {local}  {}", plain(text)),
        NcpAction::Interrupts { local } => format!("interrupts {local}"),
        NcpAction::TakesBack { local, messages, bits } if messages == bits => {
            format!("takes back {local} {messages}/128")
        }
        NcpAction::TakesBack { local, messages, bits } => {
            format!("takes back {local} {messages}/128 messages {bits}/128 bits")
        }
        NcpAction::Echoes { to, data } => format!("echoes {} {data}", host(to)),
        NcpAction::Resets { partner } => format!("resets {}", host(partner)),
        NcpAction::Injects { to, link, text } => {
            format!("injects to {} link {link} {}", host(to), hexadecimal(text)).trim_end().to_owned()
        }
        NcpAction::InjectsRaw { message } => format!("injects raw {}", hexadecimal(message.bytes())),
        NcpAction::Netstat => "netstat".to_owned(),
    }
}

fn sized<T: std::fmt::Display>(size: Option<&T>) -> String {
    size.map(|size| format!(" size {size}")).unwrap_or_default()
}

/// Bytes in hexadecimal, in words of two.
fn hexadecimal(bytes: &[u8]) -> String {
    let words = bytes.chunks(2).map(|word| word.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    words.collect::<Vec<_>>().join(" ")
}

/// Something that breaks or heals.
fn fault(called: Called<'_>, fault: &Fault) -> String {
    let host = |host: &HostAddress| called.host(*host);
    match fault {
        Fault::LineFails { between } => format!("{} fails", called.line(*between)),
        Fault::LineHeals { between } => format!("{} heals", called.line(*between)),
        Fault::LineErrs { between, one_in: Some(bits) } => {
            format!("{} flips one bit in {bits}", called.line(*between))
        }
        Fault::LineErrs { between, one_in: None } => format!("{} flips no bits", called.line(*between)),
        Fault::ImpCrashes { imp } => format!("imp {} crashes", called.imp(*imp)),
        Fault::ImpRestarts { imp } => format!("imp {} restarts", called.imp(*imp)),
        Fault::ImpGoesDown { imp, going } => {
            format!("imp {} goes down{}", called.imp(*imp), going_down(*going))
        }
        Fault::CablePulled { host: of } => format!("cable of {} is pulled", host(of)),
        Fault::CablePlugged { host: of } => format!("cable of {} is plugged in", host(of)),
        Fault::HostHangs { host: of } => format!("{} hangs", host(of)),
        Fault::HostGoesOn { host: of } => format!("{} goes on", host(of)),
        Fault::Mishap { host: of, toward, mishap } => {
            let way = match toward {
                Toward::Imp => "to the imp",
                Toward::Host => "from the imp",
            };
            let (what, later) = match mishap {
                Mishap::Lost => ("loses the", String::new()),
                Mishap::Late(by) => ("delays the", format!(" by {}", lasting(*by))),
                Mishap::Twice => ("repeats the", String::new()),
                Mishap::LeaderError => ("garbles the leader of the", String::new()),
                Mishap::DataError => ("garbles the data of the", String::new()),
            };
            format!("cable of {} {what} next message {way}{later}", host(of))
        }
    }
}

/// What an IMP tells its hosts when it goes down. What is zero there is not said.
fn going_down(going: GoingDown) -> String {
    let mut said = String::new();
    if going.notice() != GoingDown::LAST_NOTICE {
        said.push_str(&format!(" in {}", going.notice()));
    }
    if going.outage() != Span::ZERO {
        said.push_str(&format!(" for {}", going.outage()));
    }
    match going.reason() {
        Reason::Unsaid => {}
        Reason::Maintenance => said.push_str(" for maintenance"),
        Reason::Reload => said.push_str(" for reload"),
        Reason::Emergency => said.push_str(" for emergency"),
    }
    said
}

/// What is expected, as it stands behind `expect`.
pub(super) fn expectation(called: Called<'_>, expectation: &Expectation) -> String {
    let host = |host: &HostAddress| called.host(*host);
    match expectation {
        Expectation::File { host: at, path, .. } => format!("{} file {}", host(at), quoted(path)),
        Expectation::FileLength { host: at, path, bytes } => {
            format!("{} file {} of {bytes} bytes", host(at), quoted(path))
        }
        Expectation::SameFile { host: at, path, other_host, other_path } => {
            let (path, other_path) = (quoted(path), quoted(other_path));
            format!("{} file {path} same as {} {other_path}", host(at), host(other_host))
        }
        Expectation::NoFile { host: at, path } => format!("{} no file {}", host(at), quoted(path)),
        Expectation::Saw { host: at, text } => format!("{} saw {}", host(at), plain(text)),
        Expectation::Crossed { from, to, text } => {
            format!("{} -> {}{}", host(from), host(to), message(text))
        }
        Expectation::NotCrossed { from, to, text } => {
            format!("no {} -> {}{}", host(from), host(to), message(text))
        }
        Expectation::NoFileDataThrough { host: at } => format!("no file data through {}", host(at)),
        Expectation::Socket { host: at, local, state } => {
            format!("{} socket {local} {}", host(at), state_name(*state))
        }
        Expectation::NoConnections { host: at } => format!("{} has no connections", host(at)),
    }
}

/// The lines of the file that is expected.
pub(super) fn lines_of(expectation: &Expectation) -> &[String] {
    match expectation {
        Expectation::File { lines, .. } => lines,
        Expectation::FileLength { .. }
        | Expectation::SameFile { .. }
        | Expectation::NoFile { .. }
        | Expectation::Saw { .. }
        | Expectation::Crossed { .. }
        | Expectation::NotCrossed { .. }
        | Expectation::NoFileDataThrough { .. }
        | Expectation::Socket { .. }
        | Expectation::NoConnections { .. } => &[],
    }
}
