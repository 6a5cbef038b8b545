//! The ends of lines at one IMP, and what two of them say together.

use machine::Instant;

use crate::{LINES, LineEnd, LineState};

/// What an end says of its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EndState {
    Alive,
    Dead,
    Looped,
}

/// What an end has said: last, since when, and when it was last heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) state: EndState,
    pub(crate) since: Instant,
    pub(crate) heard: Instant,
}

/// One of the five places for lines of an IMP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Port {
    pub(crate) said: Said,
    /// The IMP at the other end, as it was last named: a dead line names none.
    pub(crate) neighbour: Option<u8>,
}

/// The places for lines of an IMP that has reported.
pub(crate) type Ports = [Port; LINES];

/// What the places were, and are after another report of the IMP.
pub(crate) fn heard(before: Option<Ports>, imp: u8, ends: &[LineEnd; LINES], now: Instant) -> Ports {
    std::array::from_fn(|at| {
        let end = ends[at];
        let state = match (end.is_dead(), end.is_looped()) {
            (true, _) => EndState::Dead,
            (false, true) => EndState::Looped,
            (false, false) => EndState::Alive,
        };
        let before = before.map(|ports| ports[at]);
        let since = before.filter(|port| port.said.state == state).map_or(now, |port| port.said.since);
        let known = before.and_then(|port| port.neighbour);
        // In a loop an IMP is its own neighbour: who is at the other end of the line was known before, if at all.
        let named = end.neighbour().filter(|neighbour| *neighbour != imp || known.is_none());
        Port { said: Said { state, since, heard: now }, neighbour: named.or(known) }
    })
}

/// What both ends say together. Each is `None` if it is not heard; `down` tells whether the IMP that is not heard is down.
/// `before` stays as long as one end has not spoken since the other changed its mind.
pub(crate) fn together(minus: Option<Said>, plus: Option<Said>, down: bool, before: LineState) -> LineState {
    use EndState::{Alive, Dead, Looped};
    let (minus, plus) = match (minus, plus) {
        (Some(minus), Some(plus)) => (minus, plus),
        (Some(one), None) | (None, Some(one)) if one.state == Dead && down => return LineState::Down,
        (Some(_) | None, None) | (None, Some(_)) => return LineState::Unknown,
    };
    let is_settled = minus.heard >= plus.since && plus.heard >= minus.since;
    match (minus.state, plus.state) {
        (Alive, Alive) => LineState::Up,
        (Dead, Dead) => LineState::Down,
        (Looped, Looped) => LineState::Looped,
        _ if !is_settled => before,
        (Looped, Alive | Dead) => LineState::LoopedAtMinus,
        (Alive | Dead, Looped) => LineState::LoopedAtPlus,
        (Dead, Alive) => LineState::DownToMinus,
        (Alive, Dead) => LineState::DownToPlus,
    }
}
