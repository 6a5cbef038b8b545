//! A host's connections in a table, as its operator would list them.

use host::{Directory, Host};
use ncp::{ForeignSocket, Offer, QueuedRequest, State, Status};

/// A line of headings, then one line for each connection, and one for each request that waits for a program;
/// nothing at all if there is none. Sockets that programs have set aside without connecting them yet count as
/// connections. Servers that listen do not.
pub(crate) fn table(host: &Host, directory: &Directory) -> Vec<String> {
    let idle_service = |status: &Status| status.state == State::Listening && status.local.is_well_known();
    let connections = host.netstat().into_iter().filter(|status| !idle_service(status)).collect();
    lines(host, directory, connections)
}

/// The same, with all that listens: what an operator gets who asks for it.
pub(crate) fn listing(host: &Host, directory: &Directory) -> Vec<String> {
    let lines = lines(host, directory, host.netstat());
    if lines.is_empty() { vec!["NO CONNECTIONS".to_owned()] } else { lines }
}

fn lines(host: &Host, directory: &Directory, connections: Vec<Status>) -> Vec<String> {
    let mut lines: Vec<String> = connections.iter().map(|status| line(status, directory)).collect();
    lines.extend(host.queued_requests().iter().map(|request| waiting(request, directory)));
    let idle = host.sockets_lent().into_iter().filter(|base| {
        let block = base.number()..base.number() + host::Lease::BLOCK;
        !connections.iter().any(|status| block.contains(&status.local.number()))
    });
    lines.extend(idle.map(|base| format!("{base:>10}  set aside")));
    if !lines.is_empty() {
        let headings = ["LOCAL", "FOREIGN HOST", "SOCKET", "STATE", "BYTE", "LINK", "MSGS", "BITS", "HELD"];
        lines.insert(0, row(headings.map(str::to_owned)));
    }
    lines
}

/// Messages and bits are what the sender may still send; held is what this host has: bits that a receiver has not
/// read, or that a sender's partner does not have for certain.
fn line(status: &Status, directory: &Directory) -> String {
    let [host, socket] = foreign(status.foreign, directory);
    row([
        status.local.to_string(),
        host,
        socket,
        status.state.to_string(),
        or_dash(status.size.map(|size| size.bits())),
        or_dash(status.link.map(|link| link.number())),
        status.allocation.messages.to_string(),
        status.allocation.bits.to_string(),
        (status.unread + status.unsent).to_string(),
    ])
}

fn waiting(request: &QueuedRequest, directory: &Directory) -> String {
    let [host, socket] = foreign(Some(request.foreign), directory);
    let (size, link) = match request.offer {
        Offer::Link(link) => (None, Some(link.number())),
        Offer::Size(size) => (Some(size.bits()), None),
    };
    let dash = || "-".to_owned();
    let state = "queued".to_owned();
    row([
        request.local.to_string(),
        host,
        socket,
        state,
        or_dash(size),
        or_dash(link),
        dash(),
        dash(),
        dash(),
    ])
}

fn foreign(foreign: Option<ForeignSocket>, directory: &Directory) -> [String; 2] {
    match foreign {
        Some(foreign) => [directory.name(foreign.host), foreign.socket.to_string()],
        None => ["-".to_owned(), "-".to_owned()],
    }
}

fn or_dash(number: Option<u8>) -> String {
    number.map_or_else(|| "-".to_owned(), |number| number.to_string())
}

/// 80 columns at most: no number of the protocol is wider, and a buffer with a million bits is none of the period.
fn row([local, host, socket, state, size, link, messages, bits, held]: [String; 9]) -> String {
    let line = format!(
        "{local:>10}  {host:<12} {socket:>10}  {state:<9} {size:>4} {link:>4} {messages:>5} {bits:>10} {held:>6}"
    );
    line.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widest_line_has_80_columns() {
        let widest = [
            u32::MAX.to_string(),
            "MIT-MULTICS".to_owned(),
            u32::MAX.to_string(),
            State::Listening.to_string(),
            u8::MAX.to_string(),
            u8::MAX.to_string(),
            u16::MAX.to_string(),
            u32::MAX.to_string(),
            "999999".to_owned(),
        ];
        assert_eq!(row(widest).len(), 80);
    }
}
