//! What records say, and the way of each message.

use imp1822::HostAddress;
use serde_json::{Value, json};
use trace::{Lens, Party};

use super::packets::number_or_none;
use super::strings::Strings;
use crate::sheet::{Said, Sheet};

/// No host, in the place of one's number.
const NOBODY: i64 = -1;
/// A host's own IMP.
const IMP: i64 = -2;
/// The program of IMP 0; that of IMP 1 is one less, and so on.
const PROGRAM: i64 = -3;

/// Columns with a row for each record: when, in microseconds since the one before; its cause; the host; the phase; the line of
/// the scenario; and what it says, as lens, subject, what, meaning, sender and receiver in turn.
pub(super) fn moments(
    sheet: &Sheet<'_>,
    strings: &mut Strings,
    host_number: &mut impl FnMut(HostAddress) -> usize,
    hide: &dyn Fn(&str) -> String,
) -> Value {
    let mut before = 0;
    let mut at = Vec::with_capacity(sheet.moments.len());
    let mut said = Vec::with_capacity(sheet.moments.len());
    for moment in &sheet.moments {
        at.push(moment.at.as_micros() - before);
        before = moment.at.as_micros();
        let mut row: Vec<i64> = Vec::with_capacity(6 * moment.said.len());
        for Said { lens, who, from, to, what, meaning } in &moment.said {
            let mut text = |text: &str| number_or_none(Some(strings.number(text)));
            // What somebody types as an argument is shown by other views as it stands in the scenario.
            let what = if *lens == Lens::Teletype { text(&hide(what)) } else { text(what) };
            let lens = Lens::ALL.iter().position(|other| other == lens);
            row.extend([number_or_none(lens), text(who), what, text(meaning)]);
            row.extend([from, to].map(|party| party_number(*party, host_number)));
        }
        said.push(row);
    }
    let column =
        |of: &dyn Fn(&crate::sheet::Moment) -> i64| sheet.moments.iter().map(of).collect::<Vec<i64>>();
    let causes = column(&|moment| number_or_none(moment.cause));
    let mut hosts = Vec::with_capacity(sheet.moments.len());
    for moment in &sheet.moments {
        hosts.push(moment.host.map_or(NOBODY, |host| number_or_none(Some(host_number(host)))));
    }
    json!({
        "at": at,
        "cause": causes,
        "host": hosts,
        "phase": column(&|moment| number_or_none(Some(moment.phase))),
        "line": column(&|moment| number_or_none(moment.line)),
        "said": said,
    })
}

fn party_number(party: Option<Party>, host_number: &mut impl FnMut(HostAddress) -> usize) -> i64 {
    match party {
        None => NOBODY,
        Some(Party::Host(host)) => number_or_none(Some(host_number(host))),
        Some(Party::Imp) => IMP,
        Some(Party::Program(imp)) => PROGRAM - i64::from(imp),
    }
}

/// The way of each message: sender, receiver, link, and the records in which it is sent, arrives and is answered.
pub(super) fn journeys(sheet: &Sheet<'_>, host_number: &mut impl FnMut(HostAddress) -> usize) -> Value {
    let rows = sheet.journeys.iter().map(|journey| {
        json!([
            host_number(journey.from),
            host_number(journey.to),
            journey.link.number(),
            journey.sent,
            number_or_none(journey.arrived),
            number_or_none(journey.answered),
        ])
    });
    rows.collect()
}
