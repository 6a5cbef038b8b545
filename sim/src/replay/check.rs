//! Whether a run is as its scenario expects it.

use std::sync::Arc;

use host::Host;
use imp1822::HostAddress;

use super::evidence::{self, Sought, first_difference, line_of, short};
use super::numbers::NamedNumbers;
use super::pattern::{Named, Pattern};
use super::run::Run;
use super::step_error::{Evidence, Problem, StepError};
use crate::host_table::HostTable;
use crate::message_log::DecodedMessage;
use scenario::ast::{Expectation, Text, bytes_of};

/// Whether what is expected holds: the numbers that get names there, or what was found instead.
pub(super) fn check(
    run: &Run,
    numbers: &NamedNumbers,
    expectation: &Expectation,
) -> Result<Named, StepError> {
    let differs = |problem: Problem| Err(problem.into());
    match expectation {
        Expectation::File { host, path, lines } => {
            let expected = bytes_of(lines);
            match file(run, *host, path) {
                None => differs(no_such_file(run, *host, path)),
                Some(found) if *found == expected => Ok(Named::default()),
                Some(found) => differs(different(run, *host, path, &found, &expected)),
            }
        }
        Expectation::FileLength { host, path, bytes } => match file(run, *host, path) {
            None => differs(no_such_file(run, *host, path)),
            Some(found) if found.len() as u64 == *bytes => Ok(Named::default()),
            Some(found) => {
                let holds = format!("it holds {} bytes", found.len());
                differs(Problem::new(format!("{} is not {bytes} bytes long", of(run, *host, path)), holds))
            }
        },
        Expectation::SameFile { host, path, other_host, other_path } => {
            match (file(run, *host, path), file(run, *other_host, other_path)) {
                (None, _) => differs(no_such_file(run, *host, path)),
                (_, None) => differs(no_such_file(run, *other_host, other_path)),
                (Some(one), Some(other)) if one == other => Ok(Named::default()),
                (Some(one), Some(other)) => {
                    let (lengths, same) = ((one.len(), other.len()), first_difference(&one, &other));
                    let names = (of(run, *host, path), of(run, *other_host, other_path));
                    let label =
                        format!("{} bytes and {}; from byte {same} on they differ", lengths.0, lengths.1);
                    differs(Problem::new(format!("{} is not the same as {}", names.0, names.1), label))
                }
            }
        }
        Expectation::NoFile { host, path } => match file(run, *host, path) {
            None => Ok(Named::default()),
            Some(found) => {
                let name = run.names.host(*host);
                let label = format!("there is one, of {} bytes", found.len());
                differs(Problem::new(format!("{name} has a file {path}"), label))
            }
        },
        Expectation::Saw { host, text } => {
            let (printed, pattern) = (run.world.log().printed(), numbers.pattern(text)?);
            match printed.find(*host, 0, |line| pattern.find(line)) {
                Some((_, named)) => Ok(named),
                None => differs(Problem::new(not_printed(run, *host, text), "no line holds this text")),
            }
        }
        Expectation::Crossed { from, to, text } => match crossed(run, *from, *to, &numbers.pattern(text)?) {
            Some((_, named)) => Ok(named),
            None => differs(Problem::new(not_sent(run, *from, *to, text), "no such message has crossed")),
        },
        Expectation::NotCrossed { from, to, text } => {
            match crossed(run, *from, *to, &numbers.pattern(text)?) {
                Some((message, _)) => {
                    let (from, to) = (run.names.host(*from), run.names.host(*to));
                    let label = format!("it crossed at {} s", message.at);
                    let found = format!("{from} has sent {to} \"{}\"", short(message.what()));
                    differs(Problem::new(found, label))
                }
                None => Ok(Named::default()),
            }
        }
        Expectation::NoFileDataThrough { host } => {
            match run.world.log().messages().and_then(|messages| messages.file_data_through(*host)) {
                Some(data) => {
                    let name = run.names.host(*host);
                    let label = format!("some crossed at {} s", data.at);
                    differs(Problem::new(format!("data of a file have gone through {name}"), label))
                }
                None => Ok(Named::default()),
            }
        }
        Expectation::Socket { host, local, state } => {
            let local = numbers.socket(local)?;
            let connections = run.world.host(*host).map(Host::netstat).unwrap_or_default();
            let found = connections.iter().find(|status| status.local == local).map(|status| status.state);
            let socket = format!("socket {local} of {}", run.names.host(*host));
            let wanted = state.map_or("closed".to_owned(), |state| state.to_string());
            match found {
                found if found == *state => Ok(Named::default()),
                Some(found) => {
                    differs(Problem::new(format!("{socket} is not {wanted}"), format!("it is {found}")))
                }
                None => {
                    let label = "there is no connection at this socket";
                    differs(Problem::new(format!("{socket} is not {wanted}"), label))
                }
            }
        }
        Expectation::NoConnections { host } => {
            let left =
                run.world.host(*host).map_or(0, |host| HostTable::of(host).lines(run.names.hosts()).len());
            // The first line of a table is its heading.
            match left.saturating_sub(1) {
                0 => Ok(Named::default()),
                rows => {
                    let label = if rows == 1 { "one is left".to_owned() } else { format!("{rows} are left") };
                    differs(Problem::new(format!("{} has connections", run.names.host(*host)), label))
                }
            }
        }
    }
}

/// What helps to find out why an expectation does not hold.
pub(super) fn evidence(run: &Run, numbers: &NamedNumbers, expectation: &Expectation) -> Evidence {
    match expectation {
        Expectation::File { host, path, lines } => match file(run, *host, path) {
            None => evidence::of_files(run, *host, path),
            Some(found) => {
                let expected = bytes_of(lines);
                let differ = evidence::of_difference(("   found", &found), ("expected", &expected));
                let empty = "no line with a `|` stands below this, so the file was to be empty";
                Evidence { help: lines.is_empty().then(|| empty.to_owned()), ..differ }
            }
        },
        Expectation::FileLength { host, path, .. } => match file(run, *host, path) {
            None => evidence::of_files(run, *host, path),
            Some(_) => Evidence::default(),
        },
        Expectation::SameFile { host, path, other_host, other_path } => {
            match (file(run, *host, path), file(run, *other_host, other_path)) {
                (None, _) => evidence::of_files(run, *host, path),
                (_, None) => evidence::of_files(run, *other_host, other_path),
                (Some(one), Some(other)) => {
                    let names = (of(run, *host, path), of(run, *other_host, other_path));
                    evidence::of_difference((&names.0, &one), (&names.1, &other))
                }
            }
        }
        Expectation::Saw { host, text } => {
            let of =
                |pattern: Pattern<'_>| evidence::of_teletype(run, *host, Sought { text, pattern: &pattern });
            numbers.pattern(text).map(of).unwrap_or_default()
        }
        Expectation::Crossed { from, to, text } => {
            let of = |pattern: Pattern<'_>| {
                evidence::of_messages(run, *from, *to, Sought { text, pattern: &pattern })
            };
            numbers.pattern(text).map(of).unwrap_or_default()
        }
        Expectation::Socket { host, .. } | Expectation::NoConnections { host } => {
            evidence::of_connections(run, *host)
        }
        Expectation::NoFileDataThrough { host } => evidence::of_file_data(run, *host),
        Expectation::NoFile { .. } | Expectation::NotCrossed { .. } => Evidence::default(),
    }
}

/// That a host has not printed a text.
pub(super) fn not_printed(run: &Run, host: HostAddress, text: &Text) -> String {
    format!("{} has not printed {}", run.names.host(host), quoted(text))
}

/// That a host has not sent a message.
pub(super) fn not_sent(run: &Run, from: HostAddress, to: HostAddress, text: &Text) -> String {
    format!("{} has not sent {} {}", run.names.host(from), run.names.host(to), quoted(text))
}

/// A text as failures show it.
pub(super) fn quoted(text: &Text) -> String {
    match text.to_string() {
        any if any.is_empty() => "anything".to_owned(),
        text => format!("\"{}\"", short(&text)),
    }
}

fn file(run: &Run, host: HostAddress, path: &str) -> Option<Arc<Vec<u8>>> {
    run.world.host(host)?.read_file(path)
}

fn of(run: &Run, host: HostAddress, path: &str) -> String {
    format!("{path} of {}", run.names.host(host))
}

fn no_such_file(run: &Run, host: HostAddress, path: &str) -> Problem {
    Problem::new(format!("{} has no file {path}", run.names.host(host)), "there is no such file")
}

fn crossed<'a>(
    run: &'a Run,
    from: HostAddress,
    to: HostAddress,
    pattern: &Pattern<'_>,
) -> Option<(&'a DecodedMessage, Named)> {
    let found = run.world.log().messages()?.find(from, to, 0, |one| pattern.find_in(one));
    found.map(|(_, message, named)| (message, named))
}

/// That a file is not as expected, by its first line that is not.
fn different(run: &Run, host: HostAddress, path: &str, found: &[u8], expected: &[u8]) -> Problem {
    let same = first_difference(found, expected);
    let line = line_of(expected, same);
    let label = match (same == found.len(), same == expected.len()) {
        (true, _) => format!("it ends in line {line}"),
        (false, true) => format!("it goes on with line {line}"),
        (false, false) => format!("line {line} differs"),
    };
    Problem::new(format!("{} is not as expected", of(run, host, path)), label)
}
