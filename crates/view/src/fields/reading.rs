//! Reads a message from its first bit to its last, and makes fields of it.

use ftp::Password;
use imp1822::HostAddress;
use machine::{BitReader, Bits};
use trace::Names;

use super::field::Field;

/// Makes fields of bits, from the first to the last.
pub(super) struct Reading<'a> {
    pub(super) reader: BitReader<'a>,
    pub(super) names: &'a Names,
    pub(super) fields: Vec<Field>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(bits: &'a Bits, names: &'a Names) -> Self {
        Reading { reader: bits.reader(), names, fields: Vec::new() }
    }

    /// The number of the next bit, counted from 1.
    pub(super) fn first(&self) -> usize {
        self.reader.at() + 1
    }

    /// A number of so many bits, which are there.
    pub(super) fn number(
        &mut self,
        name: &str,
        width: usize,
        source: &'static str,
        meaning: impl FnOnce(u64) -> String,
    ) -> Field {
        let first = self.first();
        let value = self.reader.take(width).unwrap_or_default();
        Field {
            name: name.to_owned(),
            first,
            width,
            value: value.to_string(),
            meaning: meaning(value),
            source,
            parts: Vec::new(),
        }
    }

    /// So many bits, which are there, as one field.
    pub(super) fn block(
        &mut self,
        name: &str,
        width: usize,
        value: &str,
        meaning: &str,
        source: &'static str,
    ) {
        let first = self.first();
        let _ = self.reader.split(width);
        self.fields.push(Field {
            name: name.to_owned(),
            first,
            width,
            value: value.to_owned(),
            meaning: meaning.to_owned(),
            source,
            parts: Vec::new(),
        });
    }

    /// All that is left as one field, if anything is.
    pub(super) fn rest(&mut self, name: &str, meaning: &str, source: &'static str) {
        let left = self.reader.left();
        if left > 0 {
            self.block(name, left, "", meaning, source);
        }
    }

    /// The name of a host, and where it is.
    pub(super) fn place(&self, host: HostAddress) -> String {
        format!("{}, host {} of IMP {}", self.names.host(host), host.host(), host.imp())
    }

    /// The text behind a mask.
    pub(super) fn hidden(&mut self, width: usize) {
        let meaning = "a line that may hold a password: it is not shown";
        self.block("text", width, Password::MASK, meaning, "RFC 385, 16, p. 5");
    }
}
