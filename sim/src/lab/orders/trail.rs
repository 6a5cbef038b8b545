//! One run on its way through the orders: along a path that is given, and from its end as the messages come.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use imp1822::Link;
use machine::Bits;

use super::graph::{Graph, State};
use super::refusals::Refusals;
use crate::world::{Arrival, ArrivalOrder, Delivery};

/// Which message arrives, each time: its place among those that may.
pub(super) type Path = Vec<u8>;

/// So many messages arrive in one run at most, in an order that is chosen. Beyond that they do as they come.
const LONGEST: usize = 10_000;

/// What a run has met.
#[derive(Debug, Default)]
pub(super) struct Met {
    /// The states in which something arrived, and how many messages could.
    pub(super) states: Vec<(State, usize)>,
    /// What arrived.
    pub(super) deliveries: Vec<Delivery>,
    /// The state at which the run was left, because it is known what comes of it.
    pub(super) known: Option<State>,
    pub(super) refusals: Refusals,
    /// Whether the path named a message that was not there.
    pub(super) astray: bool,
}

/// Follows a path, and leaves the run at the first known state behind it.
pub(super) struct Trail {
    path: Path,
    known: Option<Arc<Graph>>,
    met: Rc<RefCell<Met>>,
}

impl Trail {
    /// A trail, and where it writes down what it meets.
    pub(super) fn new(path: Path, known: Option<Arc<Graph>>) -> (Self, Rc<RefCell<Met>>) {
        let met = Rc::new(RefCell::new(Met::default()));
        (Trail { path, known, met: met.clone() }, met)
    }
}

impl ArrivalOrder for Trail {
    fn choose(&mut self, waiting: &[Delivery], state: State) -> Arrival {
        let mut met = self.met.borrow_mut();
        let step = met.states.len();
        let is_new = step >= self.path.len();
        if is_new && self.known.as_ref().is_some_and(|known| known.knows(state)) {
            met.known = Some(state);
            return Arrival::Stop;
        }
        if step == LONGEST {
            return Arrival::Of(0);
        }
        met.states.push((state, waiting.len()));
        let way = usize::from(self.path.get(step).copied().unwrap_or_default());
        met.astray |= way >= waiting.len();
        Arrival::Of(way.min(waiting.len() - 1))
    }

    fn arrives(&mut self, delivery: &Delivery, message: &Bits) {
        let mut met = self.met.borrow_mut();
        met.deliveries.push(*delivery);
        if delivery.link == Link::CONTROL {
            met.refusals.take(delivery, message);
        }
    }
}
