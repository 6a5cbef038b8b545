//! Which of the two ends of a cable is the IMP.
//!
//! The datagrams do not say it. But only an IMP sends an RFNM, or ends a message with an empty datagram.

use imp1822::h316::{Datagram, Flags};

/// What the datagrams of one end tell of it.
#[derive(Debug, Default)]
pub(super) struct EndEvidence {
    like_an_imp: u64,
    like_a_host: u64,
    /// Whether a message has begun and not ended.
    within: bool,
    /// Whether anything has been taken.
    heard: bool,
    /// How many datagrams have flags that no end of a cable has, and how many do not.
    strange: u64,
    plain: u64,
}

impl EndEvidence {
    /// Whether nothing has been taken yet.
    pub(super) fn is_new(&self) -> bool {
        !self.heard
    }

    /// Takes the next datagram of this end.
    pub(super) fn take(&mut self, datagram: &Datagram) {
        self.heard = true;
        let is_plain = u16::from(datagram.flags) <= u16::from(Flags::LAST.with(Flags::READY));
        *(if is_plain { &mut self.plain } else { &mut self.strange }) += 1;
        let words = datagram.words();
        let last = datagram.flags.last();
        let kind = words.first().map(|word| word >> 8 & 0xf);
        match (words, last) {
            // A message ends with an empty datagram.
            ([], true) if self.within => self.like_an_imp += 1,
            ([], _) => {}
            // RFNM, destination dead, incomplete, reset: no host may send these.
            ([_, _], true) if !self.within && matches!(kind, Some(5 | 7 | 9 | 10)) => self.like_an_imp += 1,
            // Text and the end of the message in one.
            ([_, _, _, ..], true) if kind == Some(0) => self.like_a_host += 1,
            _ => {}
        }
        self.within = !last && (self.within || !words.is_empty());
    }

    /// Whether this end and the other one are those of a line between two IMPs. In such datagrams there are no flags: where
    /// cables have them stands the first word of a packet.
    pub(super) fn is_of_a_line_with(&self, other: &EndEvidence) -> bool {
        self.strange + other.strange > self.plain + other.plain
    }

    /// How much more this end is like an IMP than the other one: positive if it is the IMP, 0 if that is unknown.
    pub(super) fn against(&self, other: &EndEvidence) -> i128 {
        let lean = |end: &EndEvidence| i128::from(end.like_an_imp) - i128::from(end.like_a_host);
        lean(self) - lean(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(datagrams: &[(u16, &[u16])]) -> EndEvidence {
        let mut evidence = EndEvidence::default();
        for (flags, words) in datagrams {
            evidence.take(&Datagram::new(0, Flags::from(*flags), words.to_vec()).expect("it is short"));
        }
        evidence
    }

    #[test]
    fn datagrams_of_lines_between_imps_have_words_where_cables_have_flags() {
        let line = evidence(&[(0x4003, &[1, 2]), (0x0002, &[]), (0xc000, &[0; 60])]);
        assert!(line.is_of_a_line_with(&evidence(&[(0x8011, &[1])])));
        assert!(!evidence(&[(3, &[0x0501, 0])]).is_of_a_line_with(&evidence(&[(2, &[]), (0x8003, &[1])])));
    }

    #[test]
    fn only_an_imp_sends_rfnms_or_ends_with_nothing_and_only_a_host_says_all_at_once() {
        let silent = EndEvidence::default();
        assert!(evidence(&[(3, &[0x0501, 0])]).against(&silent) > 0, "an RFNM");
        assert!(evidence(&[(2, &[1, 0, 8]), (3, &[])]).against(&silent) > 0, "an empty end");
        assert!(evidence(&[(3, &[1, 0, 8])]).against(&silent) < 0, "text and end in one");
        let unclear = [(3, &[][..]), (3, &[0x0400, 0]), (2, &[0x0501, 0])];
        assert_eq!(evidence(&unclear).against(&silent), 0, "the line, a NOP, a part of something");
        assert!(evidence(&[(3, &[1, 0, 8])]).against(&evidence(&[(3, &[0x0501, 0])])) < 0);
    }
}
