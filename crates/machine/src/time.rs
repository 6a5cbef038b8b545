//! Time in whole microseconds: [`Instant`], [`Span`], and the [`Rate`] of a line in bits a second.
//!
//! One bit on a 50 kb/s line lasts exactly 20 us, so that whole microseconds are fine enough for
//! everything the network of 1973 does, and integers never round differently on another machine.
//!
//! Sums, differences and products saturate: nothing wraps at either end of time.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Rem, Sub};

/// A moment of virtual time, in whole microseconds since the run began.
///
/// Printed as seconds with six decimals: `12.000020`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Instant(u64);

impl Instant {
    /// The moment at which every run begins.
    pub const START: Instant = Instant(0);

    /// The moment that lies `micros` microseconds after the start.
    pub const fn from_micros(micros: u64) -> Self {
        Instant(micros)
    }

    /// Microseconds since the start.
    pub const fn as_micros(self) -> u64 {
        self.0
    }

    /// Its digits, as they are printed, for who puts many of them into columns.
    pub fn digits(self) -> Digits {
        let mut text = [0; 21];
        let (mut at, mut rest) = (text.len(), self.0);
        while at > text.len() - 8 || rest > 0 {
            at -= 1;
            if at == text.len() - 7 {
                text[at] = b'.';
            } else {
                text[at] = b'0' + (rest % 10) as u8;
                rest /= 10;
            }
        }
        Digits { text, at }
    }

    /// How long before `self` the moment `earlier` was; zero if it was not before.
    pub const fn since(self, earlier: Instant) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

/// The first of two moments of which either may never come.
pub fn earlier(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.digits().as_str())
    }
}

/// The digits of an [`Instant`]: seconds, a point and six decimals.
#[derive(Debug, Clone, Copy)]
pub struct Digits {
    /// They stand at its end: the longest time has 14 digits of seconds.
    text: [u8; 21],
    at: usize,
}

impl Digits {
    /// As text.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.text[self.at..]).unwrap_or_default()
    }
}

/// A length of time, in whole microseconds.
///
/// Printed in the largest decimal unit that is not longer, with as many digits as it takes, or in whole minutes if it
/// has no rest: `2min`, `90s`, `1.5s`, `1.000001s`, `125ms`, `20us`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span(u64);

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span(0);

    /// A span of whole microseconds.
    pub const fn from_micros(micros: u64) -> Self {
        Span(micros)
    }

    /// A span of whole milliseconds.
    pub const fn from_millis(millis: u64) -> Self {
        Span(millis.saturating_mul(1_000))
    }

    /// A span of whole seconds.
    pub const fn from_secs(secs: u64) -> Self {
        Span(secs.saturating_mul(1_000_000))
    }

    /// The span in microseconds.
    pub const fn as_micros(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(u64, &str); 3] = [(60_000_000, "min"), (1_000_000, "s"), (1_000, "ms")];
        for (unit, name) in UNITS {
            // A minute is not a decimal unit: 90 s reads better than 1.5 min.
            let whole_only = name == "min";
            if self.0 >= unit && (!whole_only || self.0.is_multiple_of(unit)) {
                let (whole, rest) = (self.0 / unit, self.0 % unit);
                if rest == 0 {
                    return f.pad(&format!("{whole}{name}"));
                }
                let digits = unit.ilog10() as usize;
                let fraction = format!("{rest:0digits$}");
                return f.pad(&format!("{whole}.{}{name}", fraction.trim_end_matches('0')));
            }
        }
        f.pad(&format!("{}us", self.0))
    }
}

impl Add<Span> for Instant {
    type Output = Instant;
    fn add(self, span: Span) -> Instant {
        Instant(self.0.saturating_add(span.0))
    }
}

impl AddAssign<Span> for Instant {
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}

impl Sub<Instant> for Instant {
    type Output = Span;
    fn sub(self, earlier: Instant) -> Span {
        self.since(earlier)
    }
}

impl Sub<Span> for Instant {
    type Output = Instant;
    fn sub(self, span: Span) -> Instant {
        Instant(self.0.saturating_sub(span.0))
    }
}

impl Add for Span {
    type Output = Span;
    fn add(self, other: Span) -> Span {
        Span(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Span {
    fn add_assign(&mut self, other: Span) {
        *self = *self + other;
    }
}

impl Sub for Span {
    type Output = Span;
    fn sub(self, other: Span) -> Span {
        Span(self.0.saturating_sub(other.0))
    }
}

impl Mul<u64> for Span {
    type Output = Span;
    fn mul(self, times: u64) -> Span {
        Span(self.0.saturating_mul(times))
    }
}

/// What is left of a span after as many whole periods as fit into it. A period of zero panics, as with integers.
impl Rem for Span {
    type Output = Span;
    fn rem(self, period: Span) -> Span {
        Span(self.0 % period.0)
    }
}

impl Sum for Span {
    fn sum<I: Iterator<Item = Span>>(spans: I) -> Span {
        spans.fold(Span::ZERO, Add::add)
    }
}

/// The speed of a line or cable, in bits a second. Never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate(std::num::NonZeroU64);

impl Rate {
    /// A rate in bits a second, or `None` for zero: a line that never delivers is one that is down.
    pub const fn from_bits_per_second(bits: u64) -> Option<Self> {
        match std::num::NonZeroU64::new(bits) {
            Some(bits) => Some(Rate(bits)),
            None => None,
        }
    }

    /// A rate in thousands of bits a second.
    ///
    /// # Panics
    /// If `kilobits` is zero: meant for constants.
    pub const fn kilobits(kilobits: u64) -> Self {
        match Self::from_bits_per_second(kilobits * 1_000) {
            Some(rate) => rate,
            None => panic!("a rate is never zero"),
        }
    }

    /// Bits a second.
    pub const fn bits_per_second(self) -> u64 {
        self.0.get()
    }

    /// How long `bits` take, rounded up to a whole microsecond.
    pub const fn time_for(self, bits: u64) -> Span {
        Span(bits.saturating_mul(1_000_000).div_ceil(self.0.get()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bit_on_a_50_kilobit_line_lasts_20_microseconds() {
        assert_eq!(Rate::kilobits(50).time_for(1), Span::from_micros(20));
        assert_eq!(Rate::kilobits(50).time_for(1008), Span::from_micros(20_160));
    }

    #[test]
    fn a_rate_that_does_not_divide_rounds_up() {
        // 230.4 kb/s, the fast circuit: 4.34 us a bit.
        let fast = Rate::from_bits_per_second(230_400).expect("not zero");
        assert_eq!(fast.time_for(1), Span::from_micros(5));
        assert_eq!(fast.time_for(230_400), Span::from_secs(1));
    }

    #[test]
    fn spans_print_trimmed_in_their_unit() {
        let shown = |micros| Span::from_micros(micros).to_string();
        assert_eq!(shown(0), "0us");
        assert_eq!(shown(20), "20us");
        assert_eq!(shown(125_000), "125ms");
        assert_eq!(shown(1_250), "1.25ms");
        assert_eq!(shown(1_500_000), "1.5s");
        assert_eq!(shown(1_000_001), "1.000001s");
        assert_eq!(shown(90_000_000), "90s");
        assert_eq!(shown(120_000_000), "2min");
    }

    #[test]
    fn instants_print_in_seconds_with_every_microsecond() {
        assert_eq!(Instant::from_micros(12_000_020).to_string(), "12.000020");
        assert_eq!(Instant::START.to_string(), "0.000000");
        assert_eq!(Instant::from_micros(u64::MAX).to_string(), "18446744073709.551615");
        assert_eq!(
            format!("{:>11}|{:<9}|", Instant::from_micros(7), Instant::from_micros(10_000_000)),
            "   0.000007|10.000000|"
        );
        assert_eq!(format!("{:>10}", Instant::START), "  0.000000");
    }

    #[test]
    fn time_does_not_wrap_at_its_end() {
        let end = Instant::from_micros(u64::MAX);
        assert_eq!(end + Span::from_secs(1), end);
        assert_eq!(Instant::START - end, Span::ZERO);
        assert_eq!(Instant::START - Span::from_secs(1), Instant::START);
        assert_eq!(Span::from_millis(1) - Span::from_secs(1), Span::ZERO);
        let longest = Span::from_micros(u64::MAX);
        assert_eq!((longest + longest, longest * 2, Span::from_secs(u64::MAX)), (longest, longest, longest));
    }

    #[test]
    fn spans_add_up_and_repeat() {
        let tick = Span::from_millis(640);
        assert_eq!([tick, tick].into_iter().sum::<Span>(), tick * 2);
        assert_eq!(Span::from_secs(2) % tick, Span::from_millis(80));
        assert_eq!(Instant::START + tick * 2 - tick, Instant::START + tick);
    }
}
