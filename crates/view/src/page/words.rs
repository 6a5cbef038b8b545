//! What each message means, and the fields of its bits.

use imp1822::HostAddress;
use serde_json::{Value, json};

use super::packets::{NONE, number_or_none};
use super::strings::Strings;
use crate::explain::{Belief, Explainer, Explanation, Source};
use crate::fields::{Field, of_record};
use crate::sheet::Sheet;

/// For each record: what was said; why now; what is believed afterwards, as host, the record since which, and words in turn; and
/// the documents that say so, as place, and name and words of a clause or -1 in turn.
pub(super) fn explanations(
    sheet: &Sheet<'_>,
    strings: &mut Strings,
    host_number: &mut impl FnMut(HostAddress) -> usize,
) -> Value {
    let explainer = Explainer::new(sheet);
    let rows = sheet.moments.iter().map(|moment| {
        let Explanation { said, why, after, sources } = explainer.explain(moment.record);
        let mut text = |text: &str| number_or_none(Some(strings.number(text)));
        let said: Vec<i64> = said.iter().map(|said| text(said)).collect();
        let why = text(&why);
        let after: Vec<i64> = after
            .iter()
            .flat_map(|Belief { host, since, what }| {
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
        json!([said, why, after, sources])
    });
    rows.collect()
}

/// For each record, the fields of its message: depth, name, first bit (counted from 1), width, value, meaning and source in
/// turn, each field before its parts.
pub(super) fn fields(sheet: &Sheet<'_>, strings: &mut Strings) -> Value {
    let rows = sheet.moments.iter().map(|moment| {
        let mut row = Vec::new();
        of_record(sheet, moment.record).iter().for_each(|field| push(field, 0, strings, &mut row));
        row
    });
    rows.collect()
}

fn push(field: &Field, depth: usize, strings: &mut Strings, row: &mut Vec<usize>) {
    let Field { name, first, width, value, meaning, source, parts } = field;
    row.extend([depth, strings.number(name), *first, *width]);
    row.extend([value.as_str(), meaning, source].map(|text| strings.number(text)));
    parts.iter().for_each(|part| push(part, depth + 1, strings, row));
}
