//! Which states of a connection have met which inputs: what a great many runs have tried, and what none ever has.
//!
//! The rows are those of the table of states and inputs in the tests of this crate (`states`). The columns are too, with two
//! more; an input counts where a connection meets it: what comes for a socket without a connection, or for one that is over,
//! meets none.

use std::fmt;

/// Makes an enum of things with short names, and the list of all of them.
macro_rules! named {
    ($(#[$doc:meta])+ $type:ident: $($variant:ident = $name:literal, $what:literal;)+) => {
        $(#[$doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $type {
            $(#[doc = concat!($what, ".")] $variant,)+
        }

        impl $type {
            /// All of them, in order.
            pub const ALL: &[$type] = &[$($type::$variant),+];

            /// A short name, which does not change.
            pub const fn name(self) -> &'static str {
                match self { $($type::$variant => $name,)+ }
            }
        }
    };
}

named! {
    /// The state of a connection, and for most which way its text flows.
    Row:
    ListeningReceive = "listening-receive", "A program waits for a request, to receive";
    ListeningSend = "listening-send", "A program waits for a request, to send";
    RequestedReceive = "requested-receive", "Our RTS has been sent";
    RequestedSend = "requested-send", "Our STR has been sent";
    OpenReceive = "open-receive", "Text may arrive";
    OpenSend = "open-send", "Text may be sent";
    Flushing = "flushing", "The program has closed; the rest of its text is on its way";
    Answering = "answering", "The partner has closed; the message in transit is awaited";
    ClosingReceive = "closing-receive", "Our CLS has been sent, and text may still arrive";
    ClosingSend = "closing-send", "Our CLS has been sent, and no more text";
    GoneReceive = "gone-receive", "Over, but its program has not let go of it; it received";
    GoneSend = "gone-send", "Over, but its program has not let go of it; it sent";
}

named! {
    /// What happens to a connection.
    Happening:
    ReadsOrWrites = "reads-or-writes", "Its program reads or writes";
    Closes = "closes", "Its program closes";
    Aborts = "aborts", "Its program breaks it off";
    Releases = "releases", "Its program lets go of it";
    Interrupts = "interrupts", "Its program interrupts the partner's";
    Request = "request", "RTS or STR of its partner, or of anybody while it listens";
    OtherRequest = "other-request", "RTS or STR of another socket than its partner's";
    Cls = "cls", "CLS of its partner";
    Reset = "reset", "One of the two hosts asks the other to forget everything";
    Interrupted = "interrupted", "INS or INR";
    RetOrAll = "ret-or-all", "RET to a receiver, ALL to a sender";
    TextOrGvb = "text-or-gvb", "Text to a receiver, GVB to a sender";
    TooMuch = "too-much", "More text than was allocated, or more allocation than there can be";
    Rfnm = "rfnm", "Its message in transit has arrived";
    Incomplete = "incomplete", "Its message in transit is lost, or may be";
    NoResources = "no-resources", "Its message in transit has not left, and may be sent again";
    Dead = "dead", "The partner's host or IMP is dead";
    Outage = "outage", "The own IMP is down, or has forgotten what it held";
    Complaint = "complaint", "ERR about what this host has said of it";
    PatienceOver = "patience-over", "Patience with the IMP or the partner ends";
}

/// A state that meets an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// The state.
    pub row: Row,
    /// The input.
    pub happening: Happening,
}

impl Cell {
    /// Every state with every input that a connection can meet in it.
    pub fn all() -> impl Iterator<Item = Cell> {
        let rows = Row::ALL
            .iter()
            .flat_map(|row| Happening::ALL.iter().map(|happening| Cell { row: *row, happening: *happening }));
        rows.filter(|cell| cell.can_be())
    }

    fn can_be(self) -> bool {
        use Row::{Answering, ClosingReceive, ClosingSend, Flushing, GoneReceive, GoneSend};
        use Row::{ListeningReceive, ListeningSend, OpenReceive, OpenSend, RequestedReceive};
        let row = self.row;
        let is_over = matches!(row, GoneReceive | GoneSend);
        let listens = matches!(row, ListeningReceive | ListeningSend);
        let receives_on_link = matches!(row, RequestedReceive | OpenReceive | ClosingReceive);
        let sends_on_link = matches!(row, OpenSend | Flushing | Answering | ClosingSend);
        match self.happening {
            Happening::ReadsOrWrites
            | Happening::Closes
            | Happening::Aborts
            | Happening::Releases
            | Happening::Interrupts => true,
            Happening::Request | Happening::Outage => !is_over,
            // One that listens takes the request of anybody.
            Happening::OtherRequest | Happening::Cls | Happening::Reset => !is_over && !listens,
            Happening::Dead | Happening::Complaint => !is_over && !listens,
            Happening::Interrupted | Happening::RetOrAll | Happening::TextOrGvb => {
                receives_on_link || sends_on_link
            }
            Happening::TooMuch => matches!(row, OpenReceive | OpenSend | Flushing),
            // One that closes does not wait to hear of text any more.
            Happening::Rfnm | Happening::Incomplete | Happening::NoResources => {
                sends_on_link && row != ClosingSend
            }
            Happening::PatienceOver => matches!(row, Flushing | Answering | ClosingReceive | ClosingSend),
        }
    }

    fn number(self) -> usize {
        self.row as usize * Happening::ALL.len() + self.happening as usize
    }
}

/// As `open-send cls`.
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.row.name(), self.happening.name())
    }
}

const WORDS: usize = (Row::ALL.len() * Happening::ALL.len()).div_ceil(64);

/// A set of cells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reached([u64; WORDS]);

impl Reached {
    /// A connection in this state meets this input.
    pub(crate) fn mark(&mut self, row: Row, happening: Happening) {
        let number = Cell { row, happening }.number();
        self.0[number / 64] |= 1 << (number % 64);
    }

    /// Whether this cell was reached.
    pub fn has(&self, cell: Cell) -> bool {
        let number = cell.number();
        self.0[number / 64] & 1 << (number % 64) != 0
    }

    /// The cells that were reached, in order.
    pub fn cells(&self) -> impl Iterator<Item = Cell> + '_ {
        Cell::all().filter(|cell| self.has(*cell))
    }

    /// Adds what another set has.
    pub fn add(&mut self, other: &Reached) {
        self.0.iter_mut().zip(other.0).for_each(|(word, other)| *word |= other);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_cell_has_a_name_and_a_bit_of_its_own() {
        let names: BTreeSet<String> = Cell::all().map(|cell| cell.to_string()).collect();
        assert_eq!(names.len(), Cell::all().count());
        for cell in Cell::all() {
            let mut reached = Reached::default();
            reached.mark(cell.row, cell.happening);
            assert_eq!(reached.cells().collect::<Vec<_>>(), [cell]);
        }
    }

    #[test]
    fn two_sets_together_have_the_cells_of_both() {
        let (mut one, mut two) = (Reached::default(), Reached::default());
        one.mark(Row::OpenSend, Happening::Cls);
        two.mark(Row::GoneSend, Happening::Releases);
        one.add(&two);
        assert_eq!(
            one.cells().map(|cell| cell.to_string()).collect::<Vec<_>>(),
            ["open-send cls", "gone-send releases"]
        );
    }
}
