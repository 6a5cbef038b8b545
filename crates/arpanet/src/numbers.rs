//! Numbers that options take, written as in files: in decimal, octal or hexadecimal.

use imp::NoNumber;
use machine::Instant;

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
    #[error("a time is written in seconds, like 0.613, with at most six digits behind the point")]
    NoTime,
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

/// How many sockets a server sets aside.
pub(crate) fn sockets(text: &str) -> Result<usize, NumberError> {
    at_least(0, u64::MAX, text)
}

/// How many bytes a disk has room for.
pub(crate) fn room(text: &str) -> Result<usize, NumberError> {
    at_least(0, u64::MAX, text)
}

/// A moment of a run, in seconds.
pub(crate) fn time(text: &str) -> Result<Instant, NumberError> {
    let text = text.trim();
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_empty = seconds.is_empty() && fraction.is_empty();
    let are_digits =
        [seconds, fraction].into_iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    if is_empty || !are_digits || fraction.len() > 6 {
        return Err(NumberError::NoTime);
    }
    let micros = format!("{seconds}{fraction:0<6}").parse().map_err(|_| NumberError::NoTime)?;
    Ok(Instant::from_micros(micros))
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
    fn times_are_seconds_with_at_most_six_digits_behind_the_point() {
        let micros = |text| time(text).map(Instant::as_micros);
        assert_eq!(micros("0.613960"), Ok(613_960));
        assert_eq!(
            (micros(" 12 "), micros(".5"), micros("3.")),
            (Ok(12_000_000), Ok(500_000), Ok(3_000_000))
        );
        for wrong in ["", ".", "1.2.3", "-1", "0.1234567", "99999999999999999999", "1e3"] {
            assert_eq!(micros(wrong), Err(NumberError::NoTime), "{wrong}");
        }
    }

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
