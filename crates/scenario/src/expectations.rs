//! What a scenario expects.

use imp1822::HostAddress;
use ncp::State;

use super::ast::Expectation;
use super::errors::Slip;
use super::hosts::bytes;
use super::sockets::socket;
use super::steps::Stage;
use super::words::Words;

/// What may be expected of a host.
const EXPECTATIONS: [&str; 6] = ["file", "no", "saw", "has", "socket", "->"];

/// The states of a connection, as NETSTAT has them; closed is one that there is not.
const STATES: [(&str, Option<State>); 7] = [
    ("listening", Some(State::Listening)),
    ("requested", Some(State::Requested)),
    ("open", Some(State::Open)),
    ("flushing", Some(State::Flushing)),
    ("answering", Some(State::Answering)),
    ("closing", Some(State::Closing)),
    ("closed", None),
];

impl Stage<'_> {
    /// Reads what stands behind `expect`.
    pub(super) fn expectation(&self, words: &mut Words<'_>) -> Result<Expectation, Slip> {
        if words.take("no") {
            if words.take("file") {
                words.keyword("data")?;
                words.keyword("through")?;
                let host = self.names.host(words.word("a host")?)?;
                words.end()?;
                return Ok(Expectation::NoFileDataThrough { host });
            }
            let from = words.word("the host that does not send")?;
            let (from, to) = self.crossing(from, words)?;
            return Ok(Expectation::NotCrossed { from, to, text: words.message().to_owned() });
        }
        let name = words.word("what is expected")?;
        if words.peek().is_some_and(|arrow| arrow.is("->")) {
            let (from, to) = self.crossing(name, words)?;
            return Ok(Expectation::Crossed { from, to, text: words.message().to_owned() });
        }
        let host = self.declared(name)?;
        let what = words.word("what is expected of this host")?;
        if what.is("no") {
            words.keyword("file")?;
            let path = words.plain("the path of the file")?.to_owned();
            words.end()?;
            Ok(Expectation::NoFile { host, path })
        } else if what.is("has") {
            words.keyword("no")?;
            words.keyword("connections")?;
            words.end()?;
            Ok(Expectation::NoConnections { host })
        } else if what.is("saw") {
            self.has_paper(name)?;
            Ok(Expectation::Saw { host, text: words.some_typed("what was to be seen")?.to_owned() })
        } else if what.is("socket") {
            let local = socket(words.word("a socket")?)?;
            let state = words.word("the state of the connection")?;
            words.end()?;
            let names = STATES.map(|(name, _)| name);
            let found = STATES.iter().find(|(name, _)| state.is(name));
            let (_, state) = found.ok_or_else(|| state.is_none_of("state", &names))?;
            Ok(Expectation::Socket { host, local, state: *state })
        } else if what.is("file") {
            self.file(host, words)
        } else {
            Err(what.is_none_of("expectation", &EXPECTATIONS))
        }
    }

    fn file(&self, host: HostAddress, words: &mut Words<'_>) -> Result<Expectation, Slip> {
        let path = words.plain("the path of the file")?.to_owned();
        let expectation = if words.take("of") {
            Expectation::FileLength { host, path, bytes: bytes(words)? }
        } else if words.take("same") {
            words.keyword("as")?;
            let other_host = self.declared(words.word("the host of the other file")?)?;
            let other_path = words.plain("the path of the other file")?.to_owned();
            Expectation::SameFile { host, path, other_host, other_path }
        } else {
            Expectation::File { host, path, lines: Vec::new() }
        };
        words.end()?;
        Ok(expectation)
    }
}
