//! Places on Earth, as a net file states them: `42.3898N 71.1476W`.

use imp::Place;

use super::errors::Diagnostic;
use super::quantity::decimal;
use super::words::{Word, Words};

/// Millionths of a degree.
const DEGREE: u128 = 1_000_000;

const EXAMPLE: &str = "write a place like `42.3898N 71.1476W`: latitude, then longitude, in degrees";

/// One of the two angles of a place.
struct Angle {
    name: &'static str,
    /// Which letters may stand behind it: for angles above zero, and below.
    letters: [char; 2],
    most: u128,
}

const LATITUDE: Angle = Angle { name: "latitude", letters: ['N', 'S'], most: 90 };
const LONGITUDE: Angle = Angle { name: "longitude", letters: ['E', 'W'], most: 180 };

/// Reads a place.
pub(super) fn place(words: &mut Words<'_>) -> Result<Place, Diagnostic> {
    let latitude = words.word("the latitude")?;
    let north = angle(latitude, &LATITUDE, &LONGITUDE)?;
    let longitude = words.word("the longitude")?;
    let east = angle(longitude, &LONGITUDE, &LATITUDE)?;
    let both = latitude.at().start..longitude.at().end;
    // `angle` keeps to the range.
    Place::new(north, east).ok_or_else(|| Diagnostic::new(both, "there is no such place", "not on Earth"))
}

fn angle(word: Word<'_>, angle: &Angle, other: &Angle) -> Result<i32, Diagnostic> {
    let Angle { name, letters: [plus, minus], most } = angle;
    let belongs = format!("a {name} belongs here");
    let wrong = |message: String| Diagnostic::new(word.at(), message, belongs.clone()).help(EXAMPLE);
    let last = word.text.chars().last().map(|letter| letter.to_ascii_uppercase());
    if last.is_some_and(|letter| letter.is_ascii_digit()) {
        let signless = word.text.trim_start_matches(['+', '-']);
        let letter = if word.text.starts_with('-') { minus } else { plus };
        return Err(Diagnostic::new(word.at(), format!("a {name} without a direction"), "on which side?")
            .help(format!(
                "a {name} ends with {plus} or {minus}: write `{signless}{letter}`, without a blank"
            )));
    }
    let side = match last {
        Some(letter) if letter == *plus => 1,
        Some(letter) if letter == *minus => -1,
        Some(letter) if other.letters.contains(&letter) => {
            return Err(wrong(format!("`{}` is a {}", word.text, other.name)));
        }
        Some(_) | None => return Err(wrong(format!("`{}` is no {name}", word.text))),
    };
    let number = &word.text[..word.text.len() - 1];
    let Some((digits, scale)) = decimal(number) else {
        return Err(wrong(format!("`{}` is no {name}", word.text)));
    };
    let beyond = || {
        Diagnostic::new(
            word.at(),
            format!("a {name} cannot be {}", word.text),
            format!("{most} degrees at most"),
        )
    };
    let millionths = digits.checked_mul(DEGREE).ok_or_else(beyond)?;
    if millionths > most * DEGREE * scale {
        return Err(beyond());
    }
    if !millionths.is_multiple_of(scale) {
        return Err(Diagnostic::new(
            word.at(),
            format!("`{}` is too fine", word.text),
            "has too many digits",
        )
        .help("six behind the point are the most; four tell one building from the next"));
    }
    // At most 180 millions.
    Ok((millionths / scale) as i32 * side)
}
