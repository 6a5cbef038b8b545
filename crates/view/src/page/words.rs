//! What each message means, and the fields of its bits.

use serde_json::{Value, json};

use super::strings::Strings;
use crate::fields::{Field, of_record};
use crate::sheet::Sheet;

/// For each record, what was said, why now, what holds afterwards, and the documents that say so.
pub(super) fn explanations(_sheet: &Sheet<'_>, _strings: &mut Strings) -> Value {
    json!([])
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
