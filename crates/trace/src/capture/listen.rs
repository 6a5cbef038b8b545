//! What was said on the cables of a capture: datagrams put together to signals, and where some are missing.

use imp1822::Signal;
use imp1822::h316::{Heard, Receiver, Speaker, Trouble};

use super::cable::Cable;
use super::datagrams::Datagrams;

/// Something that was said on a cable.
#[derive(Debug)]
pub(super) struct Said {
    /// When, in microseconds after the beginning of 1970.
    pub(super) micros: u64,
    /// The cable, by its place.
    pub(super) cable: usize,
    pub(super) speaker: Speaker,
    pub(super) heard: Heard,
}

/// The beginning or end of a time in which something that a speaker said may be missing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gap {
    /// The place of what was said next.
    pub(super) before: usize,
    /// The cable, by its place.
    pub(super) cable: usize,
    pub(super) speaker: Speaker,
    pub(super) edge: Edge,
}

/// Which it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    Begins,
    Ends,
}

/// Returns everything that was said on the cables, in order, and the gaps in it, in order. Counts it for each cable.
/// `of_pairs`: which cable a pair is, by its place.
pub(super) fn listen(
    datagrams: &Datagrams<'_>,
    of_pairs: &[Option<usize>],
    cables: &mut [Cable],
) -> (Vec<Said>, Vec<Gap>) {
    let both = || (Receiver::new(Speaker::Host), Receiver::new(Speaker::Imp));
    let mut receivers: Vec<(Receiver, Receiver)> = cables.iter().map(|_| both()).collect();
    let mut was_up = vec![false; cables.len()];
    let mut all = Vec::new();
    let mut gaps = Vec::new();
    // How much had been said when the host and the IMP of each cable last said something.
    let mut last = vec![[None, None]; cables.len()];
    for seen in &datagrams.seen {
        let Some(cable) = of_pairs[seen.pair] else { continue };
        let (of_host, of_imp) = &mut receivers[cable];
        let (receiver, speaker, last) = if seen.from == cables[cable].host {
            (of_host, Speaker::Host, &mut last[cable][0])
        } else {
            (&mut *of_imp, Speaker::Imp, &mut last[cable][1])
        };
        receiver.receive(seen.payload);
        let heard: Vec<Heard> = std::iter::from_fn(|| receiver.poll()).collect();
        // A host that comes up again is told of its IMP's line anew.
        if speaker == Speaker::Host && heard.contains(&Heard::Signal(Signal::Ready(true))) {
            if was_up[cable] {
                of_imp.forget_ready();
            }
            was_up[cable] = true;
        }
        // A loss may have happened right after the datagram before; and before the first one, at any time.
        let is_lost = heard.iter().any(|heard| matches!(heard, Heard::Trouble(Trouble::Lost { .. })));
        if is_lost || last.is_none() {
            let gap = |before, edge| Gap { before, cable, speaker, edge };
            gaps.extend([gap(last.unwrap_or(0), Edge::Begins), gap(all.len(), Edge::Ends)]);
        }
        all.extend(heard.into_iter().map(|heard| Said { micros: seen.micros, cable, speaker, heard }));
        *last = Some(all.len());
    }
    // No later number tells of what is missing at the end.
    for (cable, [host, imp]) in last.into_iter().enumerate() {
        let gap = |before: Option<usize>, speaker| Gap {
            before: before.unwrap_or(0),
            cable,
            speaker,
            edge: Edge::Begins,
        };
        gaps.extend([gap(host, Speaker::Host), gap(imp, Speaker::Imp)]);
    }
    gaps.sort_by_key(|gap| gap.before);
    for (cable, (of_host, of_imp)) in cables.iter_mut().zip(receivers) {
        cable.from_host = of_host.statistics();
        cable.from_imp = of_imp.statistics();
    }
    (all, gaps)
}
