//! How an IMP finds its way: distances by hearsay from its neighbours, in the manner of the original
//! algorithm of the network.
//!
//! Every IMP keeps, for each other one, an estimate of the delay to it and of the number of lines on the way. At
//! each tick of its slow clock it takes for each destination the neighbour over whom the delay is least, and sends
//! its own estimates to all neighbours. A line costs a constant and as much again as packets wait for it, so that
//! traffic avoids queues. Lines on the way are only counted to find out that there is no way: where the count
//! exceeds what any path can have, the destination is out of reach.

use std::sync::Arc;

use machine::Span;

use crate::ids::{IMPS, ImpNumber, Life, TrunkId};

/// The most lines that a way may have; what is further away is out of reach: the program of 1973 counts up to 22 hops.
const MOST_HOPS: u8 = 22;

/// How often an IMP tells its neighbours what it thinks, and looks at its slow timers: a slow tick.
pub(crate) const TICK: Span = Span::from_millis(640);

/// What a line costs when no packet waits for it, in packets. The figure is ours: the documents do not give the
/// original's. It keeps a way with few packets waiting from being left for one that is a line longer.
const LINE_COST: u16 = 4;

/// An estimate of the way to an IMP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Way {
    /// In packets that would have to be sent first.
    delay: u16,
    /// In lines.
    hops: u8,
    /// How often that IMP was started.
    life: Life,
}

/// Estimates of the ways to all IMPs, by number; `None` is out of reach.
type Ways = [Option<Way>; IMPS];

/// One IMP's estimates of the ways to all IMPs. Clones share them: nearly every routing message says what the one before
/// said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table(Arc<Ways>);

impl Table {
    /// What is known before anything was heard.
    pub(crate) fn empty() -> Self {
        Table(Arc::new([None; IMPS]))
    }

    /// What IMP `number` knows by itself, in this life.
    pub(crate) fn of(number: ImpNumber, life: Life) -> Self {
        Table(Arc::new(ways_of(number, life)))
    }

    /// How often IMP `to` was started, as far as it is known.
    pub(crate) fn life(&self, to: ImpNumber) -> Option<Life> {
        self.0[to.index()].map(|way| way.life)
    }

    /// Whether there is a way to IMP `to`.
    pub(crate) fn reaches(&self, to: ImpNumber) -> bool {
        self.0[to.index()].is_some()
    }
}

/// What IMP `number` knows by itself.
fn ways_of(number: ImpNumber, life: Life) -> Ways {
    let mut ways = [None; IMPS];
    ways[number.index()] = Some(Way { delay: 0, hops: 0, life });
    ways
}

/// A neighbour that can be reached: what it said last, and how many packets wait for the line to it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Neighbour<'a> {
    pub(crate) trunk: TrunkId,
    pub(crate) table: &'a Table,
    pub(crate) waiting: usize,
}

/// For each destination, by number, on which trunk packets leave.
pub(crate) type Routes = [Option<TrunkId>; IMPS];

/// What IMP `own`, in this life, makes of what its neighbours say. Among equal ways the present one is kept, else the first
/// neighbour wins.
pub(crate) fn combine<'a>(
    (own, life): (ImpNumber, Life),
    neighbours: impl Iterator<Item = Neighbour<'a>>,
    routes: &mut Routes,
) -> Table {
    let mut table = ways_of(own, life);
    let before = std::mem::replace(routes, [None; IMPS]);
    for Neighbour { trunk, table: theirs, waiting } in neighbours {
        let cost = LINE_COST.saturating_add(u16::try_from(waiting).unwrap_or(u16::MAX));
        let ways = table.iter_mut().zip(routes.iter_mut()).zip(&*theirs.0).enumerate();
        for (number, ((best, route), theirs)) in ways {
            let Some(theirs) = theirs.filter(|way| way.hops < MOST_HOPS && number != own.index()) else {
                continue;
            };
            let way =
                Way { delay: theirs.delay.saturating_add(cost), hops: theirs.hops + 1, life: theirs.life };
            let Some(known) = best else {
                (*best, *route) = (Some(way), Some(trunk));
                continue;
            };
            if way.delay < known.delay || way.delay == known.delay && before[number] == Some(trunk) {
                known.delay = way.delay;
                *route = Some(trunk);
            }
            // Delay and lines are estimated each for itself: they may belong to different ways.
            known.hops = known.hops.min(way.hops);
            known.life = known.life.max(way.life);
        }
    }
    Table(Arc::new(table))
}

/// For every IMP, by number, how many lines away `to` is, or `None` where no way leads there.
pub(crate) fn distances(to: u8, edges: &[[u8; 2]]) -> [Option<u8>; IMPS] {
    let mut distances = [None; IMPS];
    let Some(start) = distances.get_mut(usize::from(to)) else { return distances };
    *start = Some(0);
    // Each round reaches the IMPs that are one line further away. No path has as many lines as there are IMPs.
    for round in 0..IMPS as u8 {
        let mut further = false;
        for &[a, b] in edges {
            for (near, far) in [(usize::from(a), usize::from(b)), (usize::from(b), usize::from(a))] {
                if near < IMPS && far < IMPS && distances[near] == Some(round) && distances[far].is_none() {
                    distances[far] = Some(round + 1);
                    further = true;
                }
            }
        }
        if !further {
            break;
        }
    }
    distances
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imp(number: u8) -> ImpNumber {
        ImpNumber::new(number).expect("six bits")
    }

    fn own(number: u8) -> Table {
        Table::of(imp(number), Life::FIRST)
    }

    fn neighbour(trunk: usize, table: &Table, waiting: usize) -> Neighbour<'_> {
        Neighbour { trunk: TrunkId::new(trunk), table, waiting }
    }

    #[test]
    fn the_way_with_the_least_delay_is_taken_and_kept_among_equals() {
        let (three, four) = (own(3), own(4));
        let mut routes = [None; IMPS];
        // IMP 9 is behind 3 and behind 4.
        let behind_three =
            combine((imp(3), Life::FIRST), [neighbour(0, &own(9), 0)].into_iter(), &mut [None; IMPS]);
        let behind_four =
            combine((imp(4), Life::FIRST), [neighbour(0, &own(9), 0)].into_iter(), &mut [None; IMPS]);
        combine(
            (imp(1), Life::FIRST),
            [neighbour(0, &behind_three, 0), neighbour(1, &behind_four, 0)].into_iter(),
            &mut routes,
        );
        assert_eq!(routes[9], Some(TrunkId::new(0)), "of equals the first");
        combine(
            (imp(1), Life::FIRST),
            [neighbour(0, &behind_three, 1), neighbour(1, &behind_four, 0)].into_iter(),
            &mut routes,
        );
        assert_eq!(routes[9], Some(TrunkId::new(1)), "a packet waits for the other line");
        combine(
            (imp(1), Life::FIRST),
            [neighbour(0, &behind_three, 0), neighbour(1, &behind_four, 0)].into_iter(),
            &mut routes,
        );
        assert_eq!(routes[9], Some(TrunkId::new(1)), "of equals the present one");
        combine(
            (imp(1), Life::FIRST),
            [neighbour(0, &three, 0), neighbour(1, &four, 0)].into_iter(),
            &mut routes,
        );
        assert_eq!(routes[9], None, "no neighbour knows a way any more");
    }

    #[test]
    fn news_of_a_dead_imp_is_believed_until_the_way_is_longer_than_any() {
        // 1 and 2 are neighbours; 9 was behind 2 and is gone. Each believes the other.
        let mut two =
            combine((imp(2), Life::FIRST), [neighbour(0, &own(9), 0)].into_iter(), &mut [None; IMPS]);
        let mut rounds = 0;
        while two.reaches(imp(9)) {
            let one = combine((imp(1), Life::FIRST), [neighbour(0, &two, 0)].into_iter(), &mut [None; IMPS]);
            two = combine((imp(2), Life::FIRST), [neighbour(0, &one, 0)].into_iter(), &mut [None; IMPS]);
            rounds += 1;
        }
        assert_eq!(rounds, 11, "two lines in each round, and 22 are the most");
    }
}
