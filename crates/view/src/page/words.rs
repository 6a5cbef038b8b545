//! What each message means, and the fields of its bits.

use std::collections::BTreeMap;

use imp1822::{HostAddress, LEADER_BITS, Signal};
use trace::{Lens, What};

use super::bits;
use super::packets::{NONE, number_or_none};
use super::strings::Strings;
use crate::explain::{Belief, Explainer, Explanation, Source};
use crate::fields::{Field, around_what_was_sent, of_record};
use crate::glossary::{Entry, met_in};
use crate::sheet::{Said, Sheet};

/// What there is to say of a record.
pub(super) type Explained = (Vec<i64>, i64, Vec<i64>, Vec<i64>);

/// For each record: what was said; why now; what is believed afterwards, as host, the record since which, and words in turn; and
/// the documents that say so, as place, and name and words of a clause or -1 in turn.
pub(super) fn explanations(
    sheet: &Sheet<'_>,
    strings: &mut Strings,
    host_number: &mut impl FnMut(HostAddress) -> usize,
) -> Vec<Explained> {
    let explainer = Explainer::new(sheet);
    let rows = sheet.moments.iter().map(|moment| {
        let Explanation { said, why, after, sources, .. } = explainer.explain(moment.record);
        let mut text = |text: &str| number_or_none(Some(strings.number(text)));
        let said: Vec<i64> = said.iter().map(|said| text(said)).collect();
        let why = text(&why);
        let after: Vec<i64> = after
            .iter()
            .flat_map(|Belief { host, since, what, is_count: _ }| {
                [number_or_none(Some(host_number(*host))), number_or_none(Some(*since)), text(what)]
            })
            .collect();
        let sources: Vec<i64> = sources
            .iter()
            .flat_map(|Source { at, clause }| {
                let (name, says) = clause.map_or((NONE, NONE), |(name, says)| (text(name), text(says)));
                [text(at), name, says]
            })
            .collect();
        (said, why, after, sources)
    });
    rows.collect()
}

/// The entries of the glossary that stand in a run, with name, text and source; and for each record the places of those that
/// stand in it.
pub(super) fn terms(sheet: &Sheet<'_>, strings: &mut Strings) -> (Vec<[usize; 3]>, Vec<Vec<usize>>) {
    let mut entries: Vec<&'static Entry> = Vec::new();
    let mut places: BTreeMap<&'static str, usize> = BTreeMap::new();
    // What is said often is looked through once.
    let mut known: BTreeMap<(Lens, &str, &str), Vec<&'static Entry>> = BTreeMap::new();
    let rows = sheet
        .moments
        .iter()
        .map(|moment| {
            let mut row = Vec::new();
            for Said { lens, who, what, .. } in &moment.said {
                for entry in known.entry((*lens, who, what)).or_insert_with(|| met_in(*lens, who, what)) {
                    let place = *places.entry(entry.name.as_ref()).or_insert_with(|| {
                        entries.push(entry);
                        entries.len() - 1
                    });
                    if !row.contains(&place) {
                        row.push(place);
                    }
                }
            }
            row
        })
        .collect();
    let texts = |entry: &Entry| [&entry.name, &entry.says, &entry.source].map(|text| strings.number(text));
    (entries.into_iter().map(texts).collect(), rows)
}

/// Rows of fields: depth, name, first bit (counted from 1), width, value, meaning and source in turn, each field before its
/// parts; and for each record the place of the row of its message, or -1. Of what arrives as it was sent there are the leader,
/// and what its IMP has put behind.
pub(super) fn fields(sheet: &Sheet<'_>, strings: &mut Strings) -> (Vec<Vec<usize>>, Vec<i64>) {
    let mut rows = Vec::new();
    let mut place_of = |fields: &[Field]| {
        if fields.is_empty() {
            return NONE;
        }
        let mut row = Vec::new();
        fields.iter().for_each(|field| push(field, 0, strings, &mut row));
        rows.push(row);
        number_or_none(Some(rows.len() - 1))
    };
    // Many messages are nothing but a leader, and many leaders the same: by whether they are sent, their bytes, and where what
    // stands behind the text begins and ends.
    let mut leaders: BTreeMap<(bool, &[u8], [usize; 2]), i64> = BTreeMap::new();
    let places = sheet.moments.iter().zip(sheet.records()).map(|(moment, record)| {
        let (is_sent, bits) = match &record.what {
            What::Sent { signal: Signal::Message(bits), .. } => (true, bits),
            What::Received { signal: Signal::Message(bits), .. } => (false, bits),
            _ => return place_of(&of_record(sheet, moment.record)),
        };
        let sent = bits::as_sent(sheet, moment.record).map(|(sent, _)| sent);
        let (Some(leader), true) =
            (bits.bytes().get(..LEADER_BITS / 8), sent.is_some() || bits.len() == LEADER_BITS)
        else {
            return place_of(&of_record(sheet, moment.record));
        };
        let known = leaders.entry((is_sent, leader, [sent.unwrap_or(LEADER_BITS), bits.len()]));
        *known.or_insert_with(|| match sent {
            Some(sent) => place_of(&around_what_was_sent(bits, sent, sheet.names())),
            None => place_of(&of_record(sheet, moment.record)),
        })
    });
    let places = places.collect();
    (rows, places)
}

fn push(field: &Field, depth: usize, strings: &mut Strings, row: &mut Vec<usize>) {
    let Field { name, first, width, value, meaning, source, parts } = field;
    row.extend([depth, strings.number(name), *first, *width]);
    row.extend([value.as_str(), meaning, source].map(|text| strings.number(text)));
    parts.iter().for_each(|part| push(part, depth + 1, strings, row));
}
