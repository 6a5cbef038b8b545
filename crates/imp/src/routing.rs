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
const MOST_HOPS: u16 = 22;

/// How often an IMP tells its neighbours what it thinks, and looks at its slow timers: a slow tick.
pub(crate) const TICK: Span = Span::from_millis(640);

/// What a line costs when no packet waits for it, in packets. The figure is ours: the documents do not give the
/// original's. It keeps a way with few packets waiting from being left for one that is a line longer.
const LINE_COST: u16 = 4;

/// One IMP's estimates of the ways to all IMPs. Clones share them: nearly every routing message says what the one before
/// said; and if not, it is as a rule only about delays, which change with the traffic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    delays: Arc<Delays>,
    reach: Arc<Reach>,
}

/// For each IMP, by number, in packets that would have to be sent first, how far it is; [`UNREACHED`] where there is no way.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Delays([u16; IMPS]);

/// Which IMPs can be reached, by number. They stand in columns, so that a processor takes many at once.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Reach {
    /// In lines; [`UNREACHED`] where there is no way.
    hops: [u16; IMPS],
    /// How often each IMP was started; 0 where there is no way.
    lives: [u32; IMPS],
}

/// What differs in what a neighbour says. What is further down includes what is above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum News {
    None,
    /// Only how long the ways to other IMPs are.
    OfDelays,
    /// Which IMPs there are ways to.
    OfReach,
}

/// No way is as long.
const UNREACHED: u16 = u16::MAX;

impl Delays {
    const NONE: Delays = Delays([UNREACHED; IMPS]);

    /// Takes the ways over a neighbour that are better than those so far, and enters them in the routes. `before`: those that
    /// are kept among equals. Delay and lines are estimated each for itself: they may belong to different ways.
    fn improve(&mut self, theirs: &Table, cost: u16, trunk: TrunkId, before: &Routes, routes: &mut Routes) {
        let trunk = trunk.number();
        // By number and without a branch, so that a processor takes many at once.
        for number in 0..IMPS {
            let reached = all_bits_if(theirs.reach.hops[number] < MOST_HOPS);
            let delay = theirs.delays.0[number].saturating_add(cost) | !reached;
            let least = self.0[number];
            let is_kept = reached & all_bits_if(before.0[number] == trunk);
            let now = least.min(delay);
            let better = all_bits_if(now == delay) & (!all_bits_if(now == least) | is_kept);
            self.0[number] = now;
            routes.0[number] = trunk & better | routes.0[number] & !better;
        }
    }
}

impl Reach {
    const NONE: Reach = Reach { hops: [UNREACHED; IMPS], lives: [0; IMPS] };

    /// The same, and what IMP `number` knows by itself.
    fn and_of(mut self, number: ImpNumber, life: Life) -> Self {
        (self.hops[number.index()], self.lives[number.index()]) = (0, life.number());
        self
    }

    /// Takes the ways over a neighbour that are better than those so far.
    fn improve(&mut self, theirs: &Reach) {
        for number in 0..IMPS {
            let reached = all_bits_if(theirs.hops[number] < MOST_HOPS);
            let hops = theirs.hops[number].wrapping_add(1) | !reached;
            self.hops[number] = self.hops[number].min(hops);
        }
        for number in 0..IMPS {
            let life = if theirs.hops[number] < MOST_HOPS { theirs.lives[number] } else { 0 };
            self.lives[number] = self.lives[number].max(life);
        }
    }
}

/// Every bit, or none.
fn all_bits_if(is_so: bool) -> u16 {
    0_u16.wrapping_sub(u16::from(is_so))
}

impl Table {
    /// What is known before anything was heard.
    pub(crate) fn empty() -> Self {
        Table { delays: Arc::new(Delays::NONE), reach: Arc::new(Reach::NONE) }
    }

    /// What IMP `number` knows by itself, in this life.
    pub(crate) fn of(number: ImpNumber, life: Life) -> Self {
        let mut delays = Delays::NONE;
        delays.0[number.index()] = 0;
        Table { delays: Arc::new(delays), reach: Arc::new(Reach::NONE.and_of(number, life)) }
    }

    /// How often IMP `to` was started, as far as it is known.
    pub(crate) fn life(&self, to: ImpNumber) -> Option<Life> {
        Life::with(self.reach.lives[to.index()])
    }

    /// Whether there is a way to IMP `to`.
    pub(crate) fn reaches(&self, to: ImpNumber) -> bool {
        self.reach.hops[to.index()] != UNREACHED
    }

    /// What is new in it, if that is what was said before.
    pub(crate) fn news_since(&self, before: &Table) -> News {
        if self.reach != before.reach {
            News::OfReach
        } else if self.delays != before.delays {
            News::OfDelays
        } else {
            News::None
        }
    }
}

/// A neighbour that can be reached: what it said last, and how many packets wait for the line to it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Neighbour<'a> {
    pub(crate) trunk: TrunkId,
    pub(crate) table: &'a Table,
    pub(crate) waiting: usize,
}

/// For each destination, by number, on which trunk packets leave, by its number; 0 where there is no way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Routes([u16; IMPS]);

impl Routes {
    /// No way leads anywhere.
    pub(crate) const NONE: Routes = Routes([0; IMPS]);

    /// The trunk on which packets to an IMP leave, if there is a way.
    pub(crate) fn to(&self, to: ImpNumber) -> Option<TrunkId> {
        TrunkId::with(self.0[to.index()])
    }
}

/// What IMP `own`, in this life, makes of what its neighbours say. Among equal ways the present one is kept, else the first
/// neighbour wins. `known`: what it made of them before, if they have said nothing new since but of delays.
pub(crate) fn combine<'a>(
    (own, life): (ImpNumber, Life),
    neighbours: impl Iterator<Item = Neighbour<'a>> + Clone,
    known: Option<&Table>,
    routes: &mut Routes,
) -> Table {
    let mut delays = Delays::NONE;
    let before = std::mem::replace(routes, Routes::NONE);
    for Neighbour { trunk, table, waiting } in neighbours.clone() {
        let cost = LINE_COST.saturating_add(u16::try_from(waiting).unwrap_or(u16::MAX));
        delays.improve(table, cost, trunk, &before, routes);
    }
    delays.0[own.index()] = 0;
    routes.0[own.index()] = 0;
    let reach = known.map_or_else(
        || {
            let mut reach = Reach::NONE;
            neighbours.for_each(|neighbour| reach.improve(&neighbour.table.reach));
            Arc::new(reach.and_of(own, life))
        },
        |known| known.reach.clone(),
    );
    Table { delays: Arc::new(delays), reach }
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

    /// What an IMP thinks that has one neighbour.
    fn beside(own: u8, table: &Table) -> Table {
        let mut routes = Routes::NONE;
        combine((imp(own), Life::FIRST), [neighbour(0, table, 0)].into_iter(), None, &mut routes)
    }

    #[test]
    fn the_way_with_the_least_delay_is_taken_and_kept_among_equals() {
        let (three, four) = (own(3), own(4));
        let mut routes = Routes::NONE;
        // IMP 9 is behind 3 and behind 4.
        let behind_three = beside(3, &own(9));
        let behind_four = beside(4, &own(9));
        combine(
            (imp(1), Life::FIRST),
            [neighbour(0, &behind_three, 0), neighbour(1, &behind_four, 0)].into_iter(),
            None,
            &mut routes,
        );
        assert_eq!(routes.to(imp(9)), Some(TrunkId::new(0)), "of equals the first");
        combine(
            (imp(1), Life::FIRST),
            [neighbour(0, &behind_three, 1), neighbour(1, &behind_four, 0)].into_iter(),
            None,
            &mut routes,
        );
        assert_eq!(routes.to(imp(9)), Some(TrunkId::new(1)), "a packet waits for the other line");
        combine(
            (imp(1), Life::FIRST),
            [neighbour(0, &behind_three, 0), neighbour(1, &behind_four, 0)].into_iter(),
            None,
            &mut routes,
        );
        assert_eq!(routes.to(imp(9)), Some(TrunkId::new(1)), "of equals the present one");
        combine(
            (imp(1), Life::FIRST),
            [neighbour(0, &three, 0), neighbour(1, &four, 0)].into_iter(),
            None,
            &mut routes,
        );
        assert_eq!(routes.to(imp(9)), None, "no neighbour knows a way any more");
    }

    #[test]
    fn if_only_delays_are_new_what_was_made_of_the_rest_is_kept_and_is_what_would_be_made_again() {
        let (three, four) = (beside(3, &own(9)), beside(4, &own(9)));
        let of = |waiting, known: Option<&Table>| {
            let neighbours = [neighbour(0, &three, waiting), neighbour(1, &four, 0)];
            let mut routes = Routes::NONE;
            (combine((imp(1), Life::FIRST), neighbours.into_iter(), known, &mut routes), routes)
        };
        let (before, _) = of(0, None);
        let (kept, routes) = of(5, Some(&before));
        assert_eq!((kept.clone(), routes), of(5, None), "as if nothing had been known");
        assert_eq!(kept.news_since(&before), News::OfDelays, "a packet that waits closes no way");
        assert_eq!(kept.news_since(&kept), News::None);
        assert_eq!(own(1).news_since(&before), News::OfReach);
    }

    #[test]
    fn news_of_a_dead_imp_is_believed_until_the_way_is_longer_than_any() {
        // 1 and 2 are neighbours; 9 was behind 2 and is gone. Each believes the other.
        let mut two = beside(2, &own(9));
        let mut rounds = 0;
        while two.reaches(imp(9)) {
            let one = beside(1, &two);
            two = beside(2, &one);
            rounds += 1;
        }
        assert_eq!(rounds, 11, "two lines in each round, and 22 are the most");
    }
}
