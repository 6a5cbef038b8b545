//! Where a capture comes from: a file that can be read again, or a pipe; packed with gzip or not.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use trace::capture::{FileError, Hint, Introduced, Survey};

use crate::library::STANDARD_INPUT;

/// How a file begins that is packed with gzip (RFC 1952, 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The bytes of a capture, as they are unpacked.
pub(crate) type Bytes = Box<dyn Read>;

/// Where a capture comes from.
pub(crate) enum CaptureInput {
    /// It can be read from its beginning as often as is needed.
    Rewinds { file: File, begin: u64 },
    /// What has been read does not come again.
    Pipe(Box<dyn Read>),
}

/// What went wrong when a capture was opened or its beginning read.
#[derive(Debug)]
pub(crate) enum InputError {
    Io(io::Error),
    Capture(FileError),
}

impl From<io::Error> for InputError {
    fn from(error: io::Error) -> Self {
        InputError::Io(error)
    }
}

impl From<FileError> for InputError {
    fn from(error: FileError) -> Self {
        InputError::Capture(error)
    }
}

impl CaptureInput {
    /// Opens a file, or standard input.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        if path.as_os_str() == STANDARD_INPUT {
            return standard_input();
        }
        let file = File::open(path)?;
        let kind = file.metadata()?.file_type();
        if kind.is_dir() {
            return Err(io::Error::from(io::ErrorKind::IsADirectory));
        }
        Ok(if kind.is_file() {
            CaptureInput::Rewinds { file, begin: 0 }
        } else {
            CaptureInput::Pipe(Box::new(file))
        })
    }

    /// Whether it is a pipe, from which more may come at any time.
    pub(crate) fn is_pipe(&self) -> bool {
        matches!(self, CaptureInput::Pipe(_))
    }

    /// Finds out what must be known before the capture is told, and begins to tell it: of a file all that there is, of a pipe
    /// its beginning. `introduce` is handed what is known of who is who, and may refuse.
    pub(crate) fn survey(
        self,
        hints: &[Hint],
        introduce: impl FnOnce(Survey, &mut dyn Read) -> Result<Introduced, FileError>,
    ) -> Result<(Introduced, Bytes), InputError> {
        match self {
            CaptureInput::Rewinds { file, begin } => {
                let anew = || -> io::Result<Bytes> {
                    let mut again = file.try_clone()?;
                    again.seek(SeekFrom::Start(begin))?;
                    unpacked(again)
                };
                let survey = Survey::of(anew()?)?;
                let introduced = introduce(survey, &mut anew()?)?;
                Ok((introduced, anew()?))
            }
            CaptureInput::Pipe(pipe) => {
                let mut kept = Kept { source: unpacked(pipe)?, bytes: Vec::new() };
                let survey = Survey::of_beginning(&mut kept, hints)?;
                let Kept { source, bytes } = kept;
                let introduced = introduce(survey, &mut &bytes[..])?;
                Ok((introduced, Box::new(Cursor::new(bytes).chain(source))))
            }
        }
    }
}

/// Standard input: the shell may have redirected it from a file.
#[cfg(unix)]
fn standard_input() -> io::Result<CaptureInput> {
    use std::os::fd::AsFd;

    let mut file = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    if !file.metadata()?.is_file() {
        return Ok(CaptureInput::Pipe(Box::new(file)));
    }
    let begin = file.stream_position()?;
    Ok(CaptureInput::Rewinds { file, begin })
}

/// Standard input.
#[cfg(not(unix))]
fn standard_input() -> io::Result<CaptureInput> {
    Ok(CaptureInput::Pipe(Box::new(io::stdin().lock())))
}

/// What is in a file, unpacked if it begins as gzip does. Nothing but what is asked for is unpacked: however much it would
/// become, it takes no memory.
fn unpacked(source: impl Read + 'static) -> io::Result<Bytes> {
    let mut source = BufReader::with_capacity(1 << 16, source);
    // A pipe may hand out its first byte alone.
    let mut begins = Vec::new();
    (&mut source).take(GZIP.len() as u64).read_to_end(&mut begins)?;
    let is_packed = begins == GZIP;
    let whole = Cursor::new(begins).chain(source);
    if !is_packed {
        return Ok(Box::new(whole));
    }
    let unpacked = MultiGzDecoder::new(whole);
    Ok(Box::new(BufReader::with_capacity(1 << 16, Unpacked(unpacked))))
}

/// Says what is wrong with a file that is packed.
struct Unpacked<R>(MultiGzDecoder<R>);

impl<R: BufRead> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => {
                io::Error::new(io::ErrorKind::InvalidData, "what is packed with gzip ends too early")
            }
            io::ErrorKind::Interrupted => error,
            _ => io::Error::new(io::ErrorKind::InvalidData, format!("gzip: {error}")),
        })
    }
}

/// Keeps what was read.
struct Kept<R> {
    source: R,
    bytes: Vec<u8>,
}

impl<R: Read> Read for Kept<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.source.read(buffer)?;
        self.bytes.extend_from_slice(&buffer[..length]);
        Ok(length)
    }
}
