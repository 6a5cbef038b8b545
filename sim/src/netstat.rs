//! A host's connections in a table, as its operator would list them.

use host::Host;
use ncp::{State, Status};

/// Sockets below this number offer services (RFC 349): that a server listens there is no connection.
const SERVICES: u32 = 256;

/// A line of headings, then one line for each connection; nothing at all if there is none. Sockets that
/// programs have set aside without connecting them yet count as connections.
pub(crate) fn table(host: &Host) -> Vec<String> {
    let idle_service = |status: &Status| status.state == State::Listening && status.local.number() < SERVICES;
    let connections: Vec<Status> =
        host.netstat().into_iter().filter(|status| !idle_service(status)).collect();
    let mut lines: Vec<String> = connections.iter().map(line).collect();
    let idle = host.sockets_lent().into_iter().filter(|base| {
        let block = base.number()..base.number() + host::Lease::BLOCK;
        !connections.iter().any(|status| block.contains(&status.local.number()))
    });
    lines.extend(idle.map(|base| format!("{base:>11}  set aside")));
    if !lines.is_empty() {
        lines.insert(0, format!("{:>11}  {:<16} {:<10} link size", "LOCAL", "FOREIGN", "STATE"));
    }
    lines
}

fn line(status: &Status) -> String {
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    format!(
        "{:>11}  {:<16} {:<10} {:>4} {:>4}",
        status.local.to_string(),
        or_dash(status.foreign.map(|foreign| foreign.to_string())),
        status.state,
        or_dash(status.link.map(|link| link.to_string())),
        or_dash(status.size.map(|size| size.bits().to_string())),
    )
}
