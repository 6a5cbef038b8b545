//! What two ends say to each other once nobody else can listen.
//!
//! | kind | frame | what follows the kind |
//! |---|---|---|
//! | 1 | [`Hello`](Frame::Hello) | version; caller 8; session 8; taken 8; names of the cables, each behind its length |
//! | 2 | [`Data`](Frame::Data) | cable 1; number 8; the datagram |
//! | 3 | [`Taken`](Frame::Taken) | how many 8 |
//! | 4 | [`Busy`](Frame::Busy) | |
//! | 5 | [`Bye`](Frame::Bye) | |
//!
//! Numbers are big-endian, their lengths in bytes.

use crate::Name;
use crate::records::MAX_RECORD;
use crate::secrecy::TAG;

/// The version of these frames.
pub(crate) const VERSION: u8 = 1;

/// Bytes of a data frame in front of the datagram.
const DATA_OVERHEAD: usize = 1 + 1 + 8;

/// The longest datagram that is carried, in bytes. IPv4 has no longer ones; IPv6 has.
pub(crate) const MAX_DATAGRAM: usize = MAX_RECORD - TAG - DATA_OVERHEAD;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Frame {
    /// Who speaks, in which session, and how many datagrams of the other end it has taken there.
    Hello {
        /// A number of the process that calls, drawn when it began.
        caller: u64,
        /// The session, which the listening end numbers; 0 is none.
        session: u64,
        taken: u64,
        cables: Vec<Name>,
    },
    /// A datagram. The number counts those of both ends apart, from 0 in each session.
    Data { cable: u8, number: u64, datagram: Vec<u8> },
    /// All datagrams below this number have arrived.
    Taken(u64),
    /// The listening end has another partner.
    Busy,
    /// The end is taken down.
    Bye,
}

/// Why bytes are no frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadFrame {
    /// The other end has another version.
    Version(u8),
    /// They mean nothing.
    Malformed,
}

impl Frame {
    pub(crate) fn emit(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        match self {
            Frame::Hello { caller, session, taken, cables } => {
                bytes.extend([1, VERSION]);
                bytes.extend([caller, session, taken].into_iter().flat_map(|number| number.to_be_bytes()));
                for name in cables {
                    let text = name.as_str().as_bytes();
                    bytes.push(u8::try_from(text.len()).expect("names are short"));
                    bytes.extend(text);
                }
            }
            Frame::Data { cable, number, datagram } => {
                bytes.reserve(DATA_OVERHEAD + datagram.len());
                bytes.extend([2, *cable]);
                bytes.extend(number.to_be_bytes());
                bytes.extend(datagram);
            }
            Frame::Taken(taken) => {
                bytes.push(3);
                bytes.extend(taken.to_be_bytes());
            }
            Frame::Busy => bytes.push(4),
            Frame::Bye => bytes.push(5),
        }
        bytes
    }

    pub(crate) fn parse(bytes: &[u8]) -> Result<Frame, BadFrame> {
        let (kind, rest) = bytes.split_first().ok_or(BadFrame::Malformed)?;
        match kind {
            1 => hello(rest),
            2 => {
                let (cable, rest) = rest.split_first().ok_or(BadFrame::Malformed)?;
                let (number, datagram) = number(rest)?;
                Ok(Frame::Data { cable: *cable, number, datagram: datagram.to_vec() })
            }
            3 => match number(rest)? {
                (taken, []) => Ok(Frame::Taken(taken)),
                _ => Err(BadFrame::Malformed),
            },
            4 if rest.is_empty() => Ok(Frame::Busy),
            5 if rest.is_empty() => Ok(Frame::Bye),
            _ => Err(BadFrame::Malformed),
        }
    }
}

fn hello(bytes: &[u8]) -> Result<Frame, BadFrame> {
    let (version, rest) = bytes.split_first().ok_or(BadFrame::Malformed)?;
    if *version != VERSION {
        return Err(BadFrame::Version(*version));
    }
    let (caller, rest) = number(rest)?;
    let (session, rest) = number(rest)?;
    let (taken, mut rest) = number(rest)?;
    let mut cables = Vec::new();
    while let Some((length, text)) = rest.split_first() {
        let (name, after) = text.split_at_checked(usize::from(*length)).ok_or(BadFrame::Malformed)?;
        let name = std::str::from_utf8(name).ok().and_then(|name| name.parse().ok());
        cables.push(name.ok_or(BadFrame::Malformed)?);
        rest = after;
    }
    Ok(Frame::Hello { caller, session, taken, cables })
}

fn number(bytes: &[u8]) -> Result<(u64, &[u8]), BadFrame> {
    let (number, rest) = bytes.split_first_chunk().ok_or(BadFrame::Malformed)?;
    Ok((u64::from_be_bytes(*number), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_survive_and_no_beginning_of_one_is_another() {
        let name = |text: &str| text.parse::<Name>().expect("it is a name");
        let all = [
            Frame::Hello { caller: 1, session: u64::MAX, taken: 3, cables: vec![name("UTAH"), name("mi1")] },
            Frame::Data { cable: 255, number: 7, datagram: vec![] },
            Frame::Data { cable: 0, number: 0, datagram: vec![1; 65_507] },
            Frame::Taken(9),
            Frame::Busy,
            Frame::Bye,
        ];
        for frame in &all {
            assert_eq!(Frame::parse(&frame.emit()).as_ref(), Ok(frame));
        }
        let hello = all[0].emit();
        for length in (0..hello.len()).filter(|length| ![26, 31].contains(length)) {
            assert_eq!(Frame::parse(&hello[..length]), Err(BadFrame::Malformed), "{length} bytes");
        }
        for bytes in [&[][..], &[0], &[6], &[3, 0, 0, 0, 0, 0, 0, 0, 0, 0], &[4, 0]] {
            assert_eq!(Frame::parse(bytes), Err(BadFrame::Malformed), "{bytes:?}");
        }
        assert_eq!(Frame::parse(&[1, 2]), Err(BadFrame::Version(2)));
    }
}
