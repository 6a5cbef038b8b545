//! Records in a stream of bytes: each has its length in front, in two bytes, the more significant first.

/// The most bytes in a record.
pub(crate) const MAX_RECORD: usize = u16::MAX as usize;

/// Bytes of the length.
const PREFIX: usize = 2;

/// A record as it goes into the stream.
pub(crate) fn framed(record: &[u8]) -> Vec<u8> {
    let length = u16::try_from(record.len()).expect("no record is longer than its length can say");
    let mut bytes = Vec::with_capacity(PREFIX + record.len());
    bytes.extend(length.to_be_bytes());
    bytes.extend(record);
    bytes
}

/// Finds the records in a stream that arrives piece by piece.
#[derive(Debug, Default)]
pub(crate) struct Records {
    bytes: Vec<u8>,
    /// How many of them are over with.
    read: usize,
}

/// A record is announced that is longer than any may be by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLong;

impl Records {
    pub(crate) fn take(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.read);
        self.read = 0;
        self.bytes.extend(bytes);
    }

    /// The next record, if all of it is there.
    pub(crate) fn next(&mut self, longest: usize) -> Result<Option<Vec<u8>>, TooLong> {
        let rest = &self.bytes[self.read..];
        let Some((prefix, rest)) = rest.split_first_chunk::<PREFIX>() else { return Ok(None) };
        let length = usize::from(u16::from_be_bytes(*prefix));
        if length > longest {
            return Err(TooLong);
        }
        let Some(record) = rest.get(..length) else { return Ok(None) };
        self.read += PREFIX + length;
        Ok(Some(record.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_found_wherever_the_stream_is_cut() {
        let stream: Vec<u8> = [&b"one"[..], b"", b"three"].into_iter().flat_map(framed).collect();
        for cut in 0..=stream.len() {
            let mut records = Records::default();
            let mut found = Vec::new();
            for piece in [&stream[..cut], &stream[cut..]] {
                records.take(piece);
                while let Ok(Some(record)) = records.next(5) {
                    found.push(record);
                }
            }
            assert_eq!(found, [&b"one"[..], b"", b"three"], "cut at {cut}");
        }
    }

    #[test]
    fn a_record_that_is_too_long_is_known_by_its_length_alone() {
        let mut records = Records::default();
        records.take(&[0, 6]);
        assert_eq!(records.next(5), Err(TooLong));
    }
}
