//! Whether a run is as its scenario expects it.

use std::sync::Arc;

use host::Host;
use imp1822::HostAddress;

use super::numbers::NamedNumbers;
use super::pattern::{Named, Pattern};
use super::run::Run;
use super::step_error::StepError;
use crate::netstat;
use scenario::ast::Expectation;

/// Whether what is expected holds: the numbers that get names there, or what was found instead.
pub(super) fn check(
    run: &Run,
    numbers: &NamedNumbers,
    expectation: &Expectation,
) -> Result<Named, StepError> {
    let mismatch = |found: String| Err(StepError::Mismatch(found));
    match expectation {
        Expectation::File { host, path, lines } => {
            let expected: String = lines.iter().flat_map(|line| [line.as_str(), "\r\n"]).collect();
            match file(run, *host, path) {
                None => mismatch(no_such_file(run, *host)),
                Some(found) if *found == expected.as_bytes() => Ok(Named::default()),
                Some(found) => mismatch(different(&found, &expected)),
            }
        }
        Expectation::FileLength { host, path, bytes } => match file(run, *host, path) {
            None => mismatch(no_such_file(run, *host)),
            Some(found) if found.len() as u64 == *bytes => Ok(Named::default()),
            Some(found) => mismatch(format!("the file holds {} bytes", found.len())),
        },
        Expectation::SameFile { host, path, other_host, other_path } => {
            match (file(run, *host, path), file(run, *other_host, other_path)) {
                (None, _) => mismatch(no_such_file(run, *host)),
                (_, None) => mismatch(no_such_file(run, *other_host)),
                (Some(one), Some(other)) if one == other => Ok(Named::default()),
                (Some(one), Some(other)) => {
                    let same = one.iter().zip(other.iter()).take_while(|(a, b)| a == b).count();
                    mismatch(format!(
                        "one holds {} bytes, the other {}; they differ from byte {same} on",
                        one.len(),
                        other.len()
                    ))
                }
            }
        }
        Expectation::NoFile { host, path } => match file(run, *host, path) {
            None => Ok(Named::default()),
            Some(found) => mismatch(format!("there is one, of {} bytes", found.len())),
        },
        Expectation::Saw { host, text } => {
            let (printed, pattern) = (run.world.log().printed(), numbers.pattern(text)?);
            match printed.find(*host, 0, |line| pattern.find(line)) {
                Some((_, named)) => Ok(named),
                None => mismatch(match printed.last(*host) {
                    Some(line) => format!("the last line that it saw is {line:?}"),
                    None => "it has seen nothing at all".to_owned(),
                }),
            }
        }
        Expectation::Crossed { from, to, text } => match crossed(run, *from, *to, &numbers.pattern(text)?) {
            Some((_, named)) => Ok(named),
            None => mismatch("no such message has crossed".to_owned()),
        },
        Expectation::NotCrossed { from, to, text } => {
            match crossed(run, *from, *to, &numbers.pattern(text)?) {
                Some((what, _)) => mismatch(format!("this one has crossed: {what}")),
                None => Ok(Named::default()),
            }
        }
        Expectation::NoFileDataThrough { host } => {
            match run.world.log().messages().and_then(|messages| messages.file_data_through(*host)) {
                Some(what) => mismatch(format!("this has gone through it: {what}")),
                None => Ok(Named::default()),
            }
        }
        Expectation::Socket { host, local, state } => {
            let local = numbers.socket(local)?;
            let connections = run.world.host(*host).map(Host::netstat).unwrap_or_default();
            let found = connections.iter().find(|status| status.local == local).map(|status| status.state);
            match found {
                found if found == *state => Ok(Named::default()),
                Some(found) => mismatch(format!("it is {found}")),
                None => mismatch("there is no connection at this socket".to_owned()),
            }
        }
        Expectation::NoConnections { host } => {
            let host = run.world.host(*host);
            let table = host.map(|host| netstat::table(host, run.names.hosts())).unwrap_or_default();
            if table.is_empty() {
                Ok(Named::default())
            } else {
                mismatch(format!("it has:\n{}", table.join("\n")))
            }
        }
    }
}

fn file(run: &Run, host: HostAddress, path: &str) -> Option<Arc<Vec<u8>>> {
    run.world.host(host)?.read_file(path)
}

fn no_such_file(run: &Run, host: HostAddress) -> String {
    format!("there is no such file at {}", run.names.host(host))
}

fn crossed<'a>(
    run: &'a Run,
    from: HostAddress,
    to: HostAddress,
    pattern: &Pattern,
) -> Option<(&'a str, Named)> {
    run.world.log().messages()?.find(from, to, 0, |what| pattern.find(what))
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
