//! What can be wrong with a capture file.

/// What is wrong with a capture file, and at which byte of it, or of what is unpacked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// It is neither pcap nor pcapng.
    #[error("this is no capture: {}", beginning(.0))]
    NoCapture(Vec<u8>),
    /// It cannot be read on, or not be unpacked.
    #[error("byte {at}: {why}")]
    Unreadable {
        /// Up to where it was read.
        at: u64,
        /// What the system or the unpacker says.
        why: String,
    },
    /// It ends too early.
    #[error("byte {at}: the file ends within {what}")]
    Short {
        /// Where that begins.
        at: u64,
        /// What it ends within.
        what: &'static str,
    },
    /// A length cannot be right.
    #[error("byte {at}: {what} cannot have a length of {length}")]
    Length {
        /// Where that begins.
        at: u64,
        /// What has the length.
        what: &'static str,
        /// The length.
        length: u32,
    },
    /// The two lengths of a block are not the same.
    #[error("byte {at}: the block has the length {before} at its beginning and {after} at its end")]
    Lengths {
        /// Where the block begins.
        at: u64,
        /// The length at its beginning.
        before: u32,
        /// The length at its end.
        after: u32,
    },
    /// A packet names an interface that was not described.
    #[error("byte {at}: the packet is from interface {interface}, of which the section has not told")]
    NoInterface {
        /// Where the block begins.
        at: u64,
        /// The interface's number in its section.
        interface: u32,
    },
    /// More interfaces are described than are kept.
    #[error("byte {at}: this is interface {most}, and more are not read")]
    Interfaces {
        /// Where the block begins.
        at: u64,
        /// So many are read.
        most: usize,
    },
    /// A section does not say in which byte order it is.
    #[error("byte {at}: the section's byte order is {found:#010x}, which is neither")]
    ByteOrder {
        /// Where it stands.
        at: u64,
        /// What is there.
        found: u32,
    },
}

/// Forms of files that people take for captures, and that are none yet: how they begin, and what they are.
const OTHERS: [(&[u8], &str); 7] = [
    (&[0x28, 0xb5, 0x2f, 0xfd], "it is packed with zstd: unpack it first"),
    (&[0xfd, b'7', b'z', b'X'], "it is packed with xz: unpack it first"),
    (b"BZh", "it is packed with bzip2: unpack it first"),
    (&[0x04, 0x22, 0x4d, 0x18], "it is packed with lz4: unpack it first"),
    (b"PK\x03\x04", "it is a zip archive: unpack it first"),
    (&[0x1f, 0x8b], "it is packed with gzip twice, or within something: unpack it first"),
    (b"snoo", "it is a capture of snoop: write it anew as pcap, with editcap or tshark"),
];

/// How a file begins that is no capture: quoted if it is text.
fn beginning(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "it is empty".to_owned();
    }
    if let Some((_, what)) = OTHERS.iter().find(|(begins, _)| bytes.starts_with(begins)) {
        return (*what).to_owned();
    }
    if bytes.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        return format!("it begins with \"{}\"", String::from_utf8_lossy(bytes));
    }
    let bytes: Vec<String> = bytes.iter().map(|byte| format!("0x{byte:02x}")).collect();
    format!("it begins with {}", bytes.join(" "))
}
