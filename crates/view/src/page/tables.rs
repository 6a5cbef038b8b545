//! What hosts have in their tables, as it changes.

use imp1822::HostAddress;
use serde_json::{Value, json};
use sim::TableChange;

use super::strings::Strings;
use crate::sheet::Sheet;

/// For each change: the record since which it holds, the host, 1 if it is up, the lines that NETSTAT prints, and what programs
/// show: a title, then names and values in turn.
pub(super) fn to_json(
    sheet: &Sheet<'_>,
    strings: &mut Strings,
    host_number: &mut impl FnMut(HostAddress) -> usize,
) -> Value {
    let directory = sheet.names().hosts();
    let changes = sheet.outcome.tables.iter().map(|TableChange { since, host, table }| {
        let lines: Vec<usize> = table.listing(directory).iter().map(|line| strings.number(line)).collect();
        let programs: Vec<Vec<usize>> = table
            .programs
            .iter()
            .map(|shown| {
                let rows = shown.rows.iter().flat_map(|(name, value)| [*name, value.as_str()]);
                std::iter::once(shown.title.as_str()).chain(rows).map(|text| strings.number(text)).collect()
            })
            .collect();
        json!([since, host_number(*host), u8::from(table.is_up), lines, programs])
    });
    changes.collect()
}
