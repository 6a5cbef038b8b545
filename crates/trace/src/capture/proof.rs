//! Whether what was found is proved: datagrams that a capture misses show only in the numbers of later ones.

use std::collections::{BTreeSet, VecDeque};

use imp1822::HostAddress;
use imp1822::h316::Speaker;

use super::told::Told;
use crate::monitor::Violation;

/// Who says something, on which host's cable.
type Voice = (HostAddress, Speaker);

/// So much is told at once, at most, that waits for a proof. What has none by then is held against nobody.
const MOST: usize = 4096;

/// Accusations that wait until it is sure that nothing was missing just before: until everybody concerned has gone on
/// without a gap. What is told after them waits, too, so that each stands below what shows it.
#[derive(Debug, Default)]
pub(super) struct Proof {
    /// Each with its place among what waits to be told.
    open: VecDeque<Open>,
}

#[derive(Debug)]
struct Open {
    place: usize,
    violation: Violation,
    /// Who has not gone on since.
    awaits: BTreeSet<Voice>,
}

impl Proof {
    /// Adds what is told, and what was found with it, which `voice` has just said. `misses`: of whose cables something may
    /// be missing.
    pub(super) fn add(
        &mut self,
        mut told: Told,
        found: Vec<Violation>,
        voice: Voice,
        misses: impl Fn(HostAddress) -> bool,
        queue: &mut VecDeque<Told>,
    ) {
        for violation in found {
            let hosts = [Some(violation.who.host()), violation.with].into_iter().flatten();
            let awaits: BTreeSet<Voice> = hosts
                .filter(|host| !violation.rule.is_of_form() && misses(*host))
                .flat_map(|host| [(host, Speaker::Host), (host, Speaker::Imp)])
                .filter(|other| *other != voice)
                .collect();
            // Of several that one record shows the order is kept: whoever waits for nobody is proved at once.
            if awaits.is_empty() {
                accuse(&mut told, violation);
            } else {
                self.open.push_back(Open { place: queue.len(), violation, awaits });
            }
        }
        queue.push_back(told);
        if queue.len() > MOST {
            self.open.clear();
        }
    }

    /// Somebody goes on. `may_miss`: perhaps after a gap.
    pub(super) fn hear(&mut self, voice: Voice, may_miss: bool, queue: &mut VecDeque<Told>) {
        if self.open.is_empty() {
            return;
        }
        for mut open in std::mem::take(&mut self.open) {
            match open.awaits.remove(&voice) {
                true if may_miss => {}
                _ if open.awaits.is_empty() => {
                    if let Some(told) = queue.get_mut(open.place) {
                        accuse(told, open.violation);
                    }
                }
                _ => self.open.push_back(open),
            }
        }
    }

    /// Nothing that is open can be proved.
    pub(super) fn doubt_all(&mut self) {
        self.open.clear();
    }

    /// Whether what is told next waits for no proof.
    pub(super) fn is_proved(&self) -> bool {
        self.open.front().is_none_or(|open| open.place > 0)
    }

    /// The first of what waited has been told.
    pub(super) fn went(&mut self) {
        self.open.iter_mut().for_each(|open| open.place -= 1);
    }
}

fn accuse(told: &mut Told, violation: Violation) {
    if let Told::Happened { violations, .. } = told {
        violations.push(violation);
    }
}
