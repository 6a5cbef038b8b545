//! Whether a run is as its scenario expects it.

use std::sync::Arc;

use host::Host;
use imp1822::HostAddress;

use super::Replay;
use crate::netstat;
use scenario::ast::Expectation;

impl Replay {
    /// Whether what is expected holds; if not, what was found instead.
    pub(super) fn judge(&self, expectation: &Expectation) -> Result<(), String> {
        match expectation {
            Expectation::File { host, path, lines } => {
                let expected: String = lines.iter().flat_map(|line| [line.as_str(), "\r\n"]).collect();
                match self.file(*host, path) {
                    None => Err(self.no_such_file(*host)),
                    Some(found) if *found == expected.as_bytes() => Ok(()),
                    Some(found) => Err(different(&found, &expected)),
                }
            }
            Expectation::FileLength { host, path, bytes } => match self.file(*host, path) {
                None => Err(self.no_such_file(*host)),
                Some(found) if found.len() as u64 == *bytes => Ok(()),
                Some(found) => Err(format!("the file holds {} bytes", found.len())),
            },
            Expectation::SameFile { host, path, other_host, other_path } => {
                match (self.file(*host, path), self.file(*other_host, other_path)) {
                    (None, _) => Err(self.no_such_file(*host)),
                    (_, None) => Err(self.no_such_file(*other_host)),
                    (Some(one), Some(other)) if one == other => Ok(()),
                    (Some(one), Some(other)) => {
                        let same = one.iter().zip(other.iter()).take_while(|(a, b)| a == b).count();
                        Err(format!(
                            "one holds {} bytes, the other {}; they differ from byte {same} on",
                            one.len(),
                            other.len()
                        ))
                    }
                }
            }
            Expectation::NoFile { host, path } => match self.file(*host, path) {
                None => Ok(()),
                Some(found) => Err(format!("there is one, of {} bytes", found.len())),
            },
            Expectation::Saw { host, text } => match self.world.log.printed(*host, text, 0) {
                Some(_) => Ok(()),
                None => Err(match self.world.log.last_printed(*host) {
                    Some(line) => format!("the last line that it saw is {line:?}"),
                    None => "it has seen nothing at all".to_owned(),
                }),
            },
            Expectation::Crossed { from, to, text } => match self.world.log.crossed(*from, *to, text, 0) {
                Some(_) => Ok(()),
                None => Err("no such message has crossed".to_owned()),
            },
            Expectation::NotCrossed { from, to, text } => match self.world.log.crossed(*from, *to, text, 0) {
                Some(what) => Err(format!("this one has crossed: {what}")),
                None => Ok(()),
            },
            Expectation::NoFileDataThrough { host } => match self.world.log.file_data_through(*host) {
                Some(what) => Err(format!("this has gone through it: {what}")),
                None => Ok(()),
            },
            Expectation::Socket { host, local, state } => {
                let connections = self.world.host(*host).map(Host::netstat).unwrap_or_default();
                let found =
                    connections.iter().find(|status| status.local == *local).map(|status| status.state);
                match found {
                    found if found == *state => Ok(()),
                    Some(found) => Err(format!("it is {found}")),
                    None => Err("there is no connection at this socket".to_owned()),
                }
            }
            Expectation::NoConnections { host } => {
                let host = self.world.host(*host);
                let table = host.map(|host| netstat::table(host, self.names.hosts())).unwrap_or_default();
                if table.is_empty() { Ok(()) } else { Err(format!("it has:\n{}", table.join("\n"))) }
            }
        }
    }

    fn file(&self, host: HostAddress, path: &str) -> Option<Arc<Vec<u8>>> {
        self.world.host(host)?.read_file(path)
    }

    fn no_such_file(&self, host: HostAddress) -> String {
        format!("there is no such file at {}", self.name(host))
    }
}

/// How a file differs from what was expected, by its first line that does.
fn different(found: &[u8], expected: &str) -> String {
    let found = String::from_utf8_lossy(found);
    let mut expected_lines = expected.split_inclusive("\r\n");
    let mut found_lines = found.split_inclusive("\r\n");
    let mut number = 1;
    loop {
        match (expected_lines.next(), found_lines.next()) {
            (Some(expected), Some(found)) if expected == found => number += 1,
            (Some(expected), Some(found)) => {
                return format!("line {number} of the file is {found:?}, not {expected:?}");
            }
            (Some(expected), None) => return format!("the file ends before line {number}, {expected:?}"),
            (None, Some(found)) => return format!("the file goes on with line {number}, {found:?}"),
            (None, None) => return "the file is not as expected".to_owned(),
        }
    }
}
