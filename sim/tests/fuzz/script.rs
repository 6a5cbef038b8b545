//! A script of bytes for somebody who does anything over Telnet and data connections, at any time.

use std::collections::VecDeque;

use host::{Connection, Handle, Opening};
use machine::{Bits, Span};

/// How many bytes of a script are played. A longer one only takes longer.
pub(crate) const LONGEST: usize = 240;

/// How many data connections somebody has at a time.
const MOST_DATA: usize = 6;

/// How long somebody waits for what should come at once.
pub(crate) const SOON: Span = Span::from_secs(2);

/// What is left of a script.
pub(crate) struct Script {
    bytes: VecDeque<u8>,
}

impl Script {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        Script { bytes: bytes[..bytes.len().min(LONGEST)].to_vec().into() }
    }

    /// The next letter, from A to Z, of whatever byte.
    pub(crate) fn letter(&mut self) -> Option<char> {
        let byte = self.bytes.pop_front()?;
        Some(char::from(b'A' + (byte.wrapping_sub(b'A') % 26)))
    }

    /// The next byte, or nothing but zeros behind the end.
    pub(crate) fn byte(&mut self) -> u8 {
        self.bytes.pop_front().unwrap_or_default()
    }

    /// As many of the next bytes as the next one says, 63 at most.
    pub(crate) fn some(&mut self) -> Vec<u8> {
        let count = usize::from(self.byte() % 64);
        self.bytes.drain(..count.min(self.bytes.len())).collect()
    }

    /// One of these.
    pub(crate) fn one_of<'a>(&mut self, lines: &[&'a str]) -> &'a str {
        lines[usize::from(self.byte()) % lines.len()]
    }
}

/// A data connection, as far as it has come.
pub(crate) enum Data {
    Asked(Opening),
    Open(Connection),
}

/// Somebody's data connections.
#[derive(Default)]
pub(crate) struct DataConnections(Vec<Data>);

impl DataConnections {
    /// One more. The oldest goes, if there are too many.
    pub(crate) fn add(&mut self, opening: Opening) {
        if self.0.len() == MOST_DATA {
            self.0.remove(0);
        }
        self.0.push(Data::Asked(opening));
    }

    /// One of them, if it is open or opens soon.
    async fn take(&mut self, host: &Handle, script: &mut Script) -> Option<Connection> {
        let which = usize::from(script.byte());
        if self.0.is_empty() {
            return None;
        }
        match self.0.remove(which % self.0.len()) {
            Data::Open(connection) => Some(connection),
            Data::Asked(mut opening) => match host.within(SOON, &mut opening).await {
                Ok(opened) => opened.ok(),
                Err(_) => {
                    self.0.push(Data::Asked(opening));
                    None
                }
            },
        }
    }

    /// Does with one of them what the letter says: sends, receives, interrupts, breaks off, or closes.
    pub(crate) async fn act(&mut self, host: &Handle, letter: char, script: &mut Script) {
        let Some(mut connection) = self.take(host, script).await else { return };
        match letter {
            'T' => {
                let text = Bits::from_bytes(&script.some());
                let _ = host.within(SOON, connection.send(&text)).await;
            }
            'G' => {
                let _ = host.within(SOON, connection.receive_some(8000)).await;
            }
            'K' => connection.interrupt(),
            'Y' => return connection.abort(),
            _ => return drop(connection),
        }
        self.0.push(Data::Open(connection));
    }
}
