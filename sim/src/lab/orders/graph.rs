//! All states that runs have passed through, and what came of them.

use std::collections::BTreeMap;

use super::ended::Ending;

/// What all hosts have seen and done, as a number.
pub(super) type State = u64;

/// What comes of a message that arrives in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Nobody has tried.
    Untried,
    /// Another state in which something may arrive.
    State(State),
    /// The end of the run.
    End(Ending),
}

/// How many orders end in which way. Of more than there are numbers for, the most there is.
pub(super) type Counts = [u128; Ending::ALL.len()];

/// The states, each with what comes of each message that may arrive next.
#[derive(Debug, Clone, Default)]
pub(super) struct Graph {
    states: BTreeMap<State, Vec<Next>>,
}

impl Graph {
    pub(super) fn knows(&self, state: State) -> bool {
        self.states.contains_key(&state)
    }

    /// Adds a state in which one of so many messages may arrive.
    pub(super) fn add(&mut self, state: State, ways: usize) {
        self.states.entry(state).or_insert_with(|| vec![Next::Untried; ways]);
    }

    /// Says what comes of it if in a state the message of this index arrives.
    pub(super) fn link(&mut self, state: State, way: usize, next: Next) {
        if let Some(place) = self.states.get_mut(&state).and_then(|ways| ways.get_mut(way)) {
            *place = next;
        }
    }

    pub(super) fn len(&self) -> usize {
        self.states.len()
    }

    /// How many orders there are from a state on, by how they end.
    pub(super) fn count(&self, from: State) -> Counts {
        let mut known: BTreeMap<State, Counts> = BTreeMap::new();
        let mut left = vec![from];
        while let Some(state) = left.last().copied() {
            let ways = self.states.get(&state).map_or(&[][..], Vec::as_slice);
            let unknown = ways.iter().filter_map(|next| match next {
                Next::State(next) if !known.contains_key(next) => Some(*next),
                _ => None,
            });
            let before = left.len();
            left.extend(unknown);
            if left.len() > before {
                continue;
            }
            let mut counts = Counts::default();
            for next in ways {
                match next {
                    Next::Untried => {}
                    Next::End(ending) => add(&mut counts[*ending as usize], 1),
                    Next::State(next) => {
                        let more = known.get(next).copied().unwrap_or_default();
                        counts.iter_mut().zip(more).for_each(|(count, more)| add(count, more));
                    }
                }
            }
            known.insert(state, counts);
            left.pop();
        }
        known.get(&from).copied().unwrap_or_default()
    }
}

fn add(count: &mut u128, more: u128) {
    *count = count.saturating_add(more);
}
