//! Numbers that options take, written as in files: in decimal, octal or hexadecimal.

use imp::NoNumber;

use crate::terminal::LEAST_WIDTH;

/// Why a text is no number for an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NumberError {
    #[error(transparent)]
    NoNumber(#[from] NoNumber),
    #[error("it is {least} at least")]
    TooSmall { least: u64 },
    #[error("it is {most} at most")]
    TooLarge { most: u64 },
}

/// The columns of a line.
pub(crate) fn width(text: &str) -> Result<u16, NumberError> {
    at_least(LEAST_WIDTH.into(), u16::MAX.into(), text)
}

/// How many replays are done at most.
pub(crate) fn replays(text: &str) -> Result<usize, NumberError> {
    at_least(1, u64::MAX, text)
}

/// How many versions of a file are kept.
pub(crate) fn versions(text: &str) -> Result<u32, NumberError> {
    at_least(1, u32::MAX.into(), text)
}

/// How many bytes a disk has room for.
pub(crate) fn room(text: &str) -> Result<usize, NumberError> {
    at_least(0, u64::MAX, text)
}

/// A number that is not smaller and not larger than that.
fn at_least<T: TryFrom<u64>>(least: u64, most: u64, text: &str) -> Result<T, NumberError> {
    let number = imp::number(text)?;
    if number < least {
        return Err(NumberError::TooSmall { least });
    }
    T::try_from(number).map_err(|_| NumberError::TooLarge { most })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_take_numbers_as_files_have_them_and_say_how_small_and_large_they_may_be() {
        assert_eq!([width("80"), width("0x50"), width("0o120")], [Ok(80); 3]);
        assert_eq!((versions("0x10"), room("0")), (Ok(16), Ok(0)));
        assert_eq!(width("19"), Err(NumberError::TooSmall { least: 20 }));
        assert_eq!(width("65536"), Err(NumberError::TooLarge { most: 65535 }));
        assert_eq!(versions("0"), Err(NumberError::TooSmall { least: 1 }));
        assert_eq!(width("19.5"), Err(NumberError::NoNumber(NoNumber::NotWrittenLikeOne)));
        assert_eq!(room("-1"), Err(NumberError::NoNumber(NoNumber::Signed)));
    }
}
