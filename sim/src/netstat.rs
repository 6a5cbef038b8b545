//! A host's connections in a table, as NETSTAT listed them.

use host::{Directory, Lease};
use ncp::{ForeignSocket, Offer, QueuedRequest, Socket, State, Status};

use crate::host_table::HostTable;

/// A column: its heading, its width in characters, and what it says of a connection and of a request that waits.
struct Column {
    heading: &'static str,
    width: usize,
    align: Align,
    connection: fn(&Status, &Directory) -> String,
    request: fn(&QueuedRequest, &Directory) -> String,
}

#[derive(Clone, Copy)]
enum Align {
    Left,
    Right,
}

/// What a column says where it has nothing to say.
const NOTHING: &str = "-";

/// A line has about as many characters as this.
const LINE: usize = 96;

/// The columns, from left to right. Messages and bits are what the sender may still send; held is what this host has: bits
/// that a receiver has not read, or that a sender's partner does not have for certain. No number of the protocol is wider
/// than its column, and a buffer with a million bits is none of the period.
const COLUMNS: &[Column] = &[
    Column {
        heading: "LOCAL",
        width: 10,
        align: Align::Right,
        connection: |status, _| status.local.to_string(),
        request: |request, _| request.local.to_string(),
    },
    Column {
        heading: "FOREIGN HOST",
        width: 12,
        align: Align::Left,
        connection: |status, names| foreign_host(status.foreign, names),
        request: |request, names| foreign_host(Some(request.foreign), names),
    },
    Column {
        heading: "SOCKET",
        width: 10,
        align: Align::Right,
        connection: |status, _| or_nothing(status.foreign.map(|foreign| foreign.socket)),
        request: |request, _| request.foreign.socket.to_string(),
    },
    Column {
        heading: "STATE",
        width: 9,
        align: Align::Left,
        connection: |status, _| status.state.to_string(),
        request: |_, _| "queued".to_owned(),
    },
    Column {
        heading: "BYTE",
        width: 4,
        align: Align::Right,
        connection: |status, _| or_nothing(status.size.map(|size| size.bits())),
        request: |request, _| match request.offer {
            Offer::Size(size) => size.bits().to_string(),
            Offer::Link(_) => NOTHING.to_owned(),
        },
    },
    Column {
        heading: "LINK",
        width: 4,
        align: Align::Right,
        connection: |status, _| or_nothing(status.link.map(|link| link.number())),
        request: |request, _| match request.offer {
            Offer::Link(link) => link.number().to_string(),
            Offer::Size(_) => NOTHING.to_owned(),
        },
    },
    Column {
        heading: "MSGS",
        width: 5,
        align: Align::Right,
        connection: |status, _| status.allocation.messages.to_string(),
        request: |_, _| NOTHING.to_owned(),
    },
    Column {
        heading: "BITS",
        width: 10,
        align: Align::Right,
        connection: |status, _| status.allocation.bits.to_string(),
        request: |_, _| NOTHING.to_owned(),
    },
    Column {
        heading: "HELD",
        width: 6,
        align: Align::Right,
        connection: |status, _| (status.unread + status.unsent).to_string(),
        request: |_, _| NOTHING.to_owned(),
    },
];

impl HostTable {
    /// A line of headings, then one line for each connection, and one for each request that waits for a program, as NETSTAT
    /// printed them; nothing at all if there is none. Sockets that programs have set aside without connecting them yet count
    /// as connections. Servers that listen do not.
    pub fn lines(&self, directory: &Directory) -> Vec<String> {
        let idle_service =
            |status: &&Status| status.state == State::Listening && status.local.is_well_known();
        lines(self, directory, self.connections.iter().filter(|status| !idle_service(status)).collect())
    }

    /// The same, with all that listens: what the step `netstat` prints.
    pub fn listing(&self, directory: &Directory) -> Vec<String> {
        let lines = lines(self, directory, self.connections.iter().collect());
        if lines.is_empty() { vec!["NO CONNECTIONS".to_owned()] } else { lines }
    }
}

fn lines(table: &HostTable, directory: &Directory, connections: Vec<&Status>) -> Vec<String> {
    let of_connection = |status: &&Status| row(|column| (column.connection)(status, directory));
    let of_request = |request: &QueuedRequest| row(|column| (column.request)(request, directory));
    let mut lines: Vec<String> = connections.iter().map(of_connection).collect();
    lines.extend(table.requests.iter().map(of_request));
    let is_idle = |base: &&Socket| {
        let block = base.number()..base.number() + Lease::BLOCK;
        !connections.iter().any(|status| block.contains(&status.local.number()))
    };
    let idle = table.set_aside.iter().filter(is_idle);
    lines.extend(idle.map(|base| format!("{base:>10}  set aside")));
    if !lines.is_empty() {
        lines.insert(0, row(|column| column.heading.to_owned()));
    }
    lines
}

/// A line of the table. Numbers that are next to each other are one blank apart, and so are words and numbers; the
/// columns to either side of a name are two apart.
fn row(cell: impl Fn(&Column) -> String) -> String {
    let mut line = String::with_capacity(LINE);
    for column in COLUMNS {
        let (cell, width) = (cell(column), column.width);
        let blanks = std::iter::repeat_n(' ', width.saturating_sub(cell.chars().count()));
        match column.align {
            Align::Left => {
                line.push(' ');
                line.push_str(&cell);
                line.extend(blanks);
            }
            Align::Right => {
                line.extend(blanks);
                line.push_str(&cell);
            }
        }
        line.push(' ');
    }
    line.truncate(line.trim_end().len());
    line
}

fn foreign_host(foreign: Option<ForeignSocket>, directory: &Directory) -> String {
    foreign.map_or_else(|| NOTHING.to_owned(), |foreign| directory.name(foreign.host))
}

fn or_nothing(number: Option<impl ToString>) -> String {
    number.map_or_else(|| NOTHING.to_owned(), |number| number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widest_line_has_80_columns() {
        let widest = row(|column| "9".repeat(column.width));
        assert_eq!(widest.len(), 80);
    }

    #[test]
    fn every_heading_fits_its_column() {
        for column in COLUMNS {
            assert!(column.heading.len() <= column.width, "{}", column.heading);
        }
    }
}
