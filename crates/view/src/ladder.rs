//! The ladder of a run: a lane for each host, time downwards, and an arrow for each message, as SVG or for mermaid.
//!
//! Everything in it is in the records: an arrow begins where a message was put on the cable and ends where it arrived, later
//! ones further down; one without a head has not arrived, or crosses a line that is dead. Between IMPs, if they are asked for, an arrow is a packet that begins
//! to cross a line.

mod layout;
mod mermaid;
mod svg;

use trace::Lens;

use crate::palette::Theme;
use crate::sheet::Sheet;

pub use mermaid::mermaid;
pub use svg::svg;

/// What a ladder shows, and how.
#[derive(Debug, Clone)]
pub struct LadderOptions<'a> {
    /// Through which lenses the run is seen. With `imp` or `packets`, IMPs have lanes, too.
    pub lenses: &'a [Lens],
    /// Whether time is to scale, or one thing stands below the other.
    pub scale: Scale,
    /// On what ground it is drawn.
    pub theme: Theme,
}

/// A ladder has as many steps as this at most: nobody looks at more, and few programs open a picture of them.
pub const MOST_STEPS: usize = 20_000;

/// How many steps the ladder of a run has through these lenses.
pub fn steps(sheet: &Sheet<'_>, lenses: &[Lens]) -> usize {
    sheet.moments.iter().filter(|moment| moment.is_seen(lenses)).count()
}

/// How time runs down a ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scale {
    /// One thing below the other, whatever time lies between them; long gaps are said.
    #[default]
    Order,
    /// To scale; only long gaps are cut short, and said.
    Time,
}
