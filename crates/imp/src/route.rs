//! Shortest paths. All IMPs learn of a change at once; the IMPs' own exchange of routing messages is not
//! simulated yet.

/// IMP numbers have six bits.
pub(crate) const IMPS: usize = 64;

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

/// One direction of a line that is up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Way {
    /// Which line direction, among all of the subnet.
    pub(crate) line: usize,
    /// The number of the IMP that it leaves.
    pub(crate) from: u8,
    /// The number of the IMP that it reaches.
    pub(crate) to: u8,
}

/// For every IMP and every destination, by number, the line direction on which packets leave. Among ways of
/// the same length the next IMP with the lowest number wins, then the line that the net states first.
pub(crate) fn tables(ways: &[Way]) -> Vec<[Option<usize>; IMPS]> {
    let edges: Vec<[u8; 2]> = ways.iter().map(|way| [way.from, way.to]).collect();
    let mut tables = vec![[None; IMPS]; IMPS];
    for destination in 0..IMPS as u8 {
        let distances = distances(destination, &edges);
        let mut best = [IMPS as u8; IMPS];
        for Way { line, from, to } in ways {
            let (here, next) = (usize::from(*from), usize::from(*to));
            let nearer = distances[next].is_some_and(|hops| distances[here] == Some(hops + 1));
            if nearer && *to < best[here] {
                best[here] = *to;
                tables[here][usize::from(destination)] = Some(*line);
            }
        }
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_ways_of_one_length_the_lower_next_imp_wins() {
        // A square 1-9-4 and 1-3-4; line directions are numbered in the order given.
        let ends = [(1, 9), (9, 1), (9, 4), (4, 9), (1, 3), (3, 1), (3, 4), (4, 3)];
        let ways: Vec<Way> =
            ends.iter().enumerate().map(|(line, &(from, to))| Way { line, from, to }).collect();
        let tables = tables(&ways);
        assert_eq!(tables[1][4], Some(4), "by 3, not by 9");
        assert_eq!(tables[4][1], Some(7), "by 3, not by 9");
        assert_eq!(tables[1][9], Some(0), "straight on");
        assert_eq!(tables[1][1], None, "a packet that has arrived goes nowhere");
        assert_eq!(tables[1][2], None, "there is no IMP 2");
    }
}
