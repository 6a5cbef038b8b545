//! A place on Earth, exact: in millionths of a degree.

use std::fmt;

/// A million to the degree; the last digit is worth eleven centimetres.
const DEGREE: u32 = 1_000_000;

/// Where an IMP stands: latitude and longitude in millionths of a degree, north and east being positive.
///
/// Printed as it is written in a net file: `42.3898N 71.1476W`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    latitude: i32,
    longitude: i32,
}

impl Place {
    /// A place, or `None` beyond 90 degrees of latitude or 180 degrees of longitude.
    pub const fn new(latitude: i32, longitude: i32) -> Option<Self> {
        if latitude.unsigned_abs() <= 90 * DEGREE && longitude.unsigned_abs() <= 180 * DEGREE {
            Some(Place { latitude, longitude })
        } else {
            None
        }
    }

    /// Millionths of a degree to the north of the equator; south of it less than zero.
    pub const fn latitude(self) -> i32 {
        self.latitude
    }

    /// Millionths of a degree to the east of Greenwich; west of it less than zero.
    pub const fn longitude(self) -> i32 {
        self.longitude
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |angle: i32, positive, negative| if angle < 0 { negative } else { positive };
        let angle = |angle: i32| {
            let (whole, rest) = (angle.unsigned_abs() / DEGREE, angle.unsigned_abs() % DEGREE);
            let fraction = format!("{rest:06}");
            match fraction.trim_end_matches('0') {
                "" => whole.to_string(),
                fraction => format!("{whole}.{fraction}"),
            }
        };
        let (latitude, longitude) = (self.latitude, self.longitude);
        let (ns, ew) = (side(latitude, 'N', 'S'), side(longitude, 'E', 'W'));
        f.pad(&format!("{}{ns} {}{ew}", angle(latitude), angle(longitude)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_prints_as_it_is_written() {
        let shown = |latitude, longitude| Place::new(latitude, longitude).map(|place| place.to_string());
        assert_eq!(shown(42_389_800, -71_147_600).as_deref(), Some("42.3898N 71.1476W"), "Cambridge");
        assert_eq!(shown(-500_000, 180_000_000).as_deref(), Some("0.5S 180E"));
        assert_eq!(shown(0, 0).as_deref(), Some("0N 0E"));
    }

    #[test]
    fn there_is_nothing_beyond_the_poles_and_the_date_line() {
        assert_eq!(Place::new(90_000_001, 0), None);
        assert_eq!(Place::new(0, -180_000_001), None);
        assert_eq!(Place::new(i32::MIN, i32::MIN), None);
    }
}
