//! What records say, and the way of each message.

use imp1822::HostAddress;
use serde::Serialize;
use trace::{Lens, Party};

use super::packets::number_or_none;
use super::strings::Strings;
use crate::sheet::{Moment, Said, Sheet};

/// No host, in the place of one's number.
const NOBODY: i64 = -1;
/// A host's own IMP.
const IMP: i64 = -2;
/// The program of IMP 0; that of IMP 1 is one less, and so on.
const PROGRAM: i64 = -3;

/// Columns with a row for each record.
#[derive(Serialize)]
pub(super) struct Moments {
    /// When, in microseconds since the one before.
    at: Vec<u64>,
    cause: Vec<i64>,
    /// The record that answers it.
    answer: Vec<i64>,
    host: Vec<i64>,
    phase: Vec<i64>,
    /// The line of the scenario.
    line: Vec<i64>,
    /// What it says, as lens, subject, what, meaning, sender and receiver in turn.
    said: Vec<Vec<i64>>,
}

/// What the records of a run say.
pub(super) fn moments(
    sheet: &Sheet<'_>,
    strings: &mut Strings,
    host_number: &mut impl FnMut(HostAddress) -> usize,
) -> Moments {
    let mut before = 0;
    let mut at = Vec::with_capacity(sheet.moments.len());
    let mut said = Vec::with_capacity(sheet.moments.len());
    for moment in &sheet.moments {
        at.push(moment.at.as_micros() - before);
        before = moment.at.as_micros();
        let mut row: Vec<i64> = Vec::with_capacity(6 * moment.said.len());
        for Said { lens, who, from, to, what, meaning } in &moment.said {
            let mut text = |text: &str| number_or_none(Some(strings.number(text)));
            let lens = Lens::ALL.iter().position(|other| other == lens);
            row.extend([number_or_none(lens), text(who), text(what), text(meaning)]);
            row.extend([from, to].map(|party| party_number(*party, host_number)));
        }
        said.push(row);
    }
    let column = |of: &mut dyn FnMut(&Moment) -> i64| sheet.moments.iter().map(of).collect::<Vec<i64>>();
    Moments {
        at,
        cause: column(&mut |moment| number_or_none(moment.cause)),
        answer: column(&mut |moment| number_or_none(sheet.answer_to(moment.record))),
        host: column(&mut |moment| {
            moment.host.map_or(NOBODY, |host| number_or_none(Some(host_number(host))))
        }),
        phase: column(&mut |moment| number_or_none(Some(moment.phase))),
        line: column(&mut |moment| number_or_none(moment.line)),
        said,
    }
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
pub(super) fn journeys(
    sheet: &Sheet<'_>,
    host_number: &mut impl FnMut(HostAddress) -> usize,
) -> Vec<[i64; 6]> {
    let mut number = |host| number_or_none(Some(host_number(host)));
    let rows = sheet.journeys.iter().map(|journey| {
        [
            number(journey.from),
            number(journey.to),
            i64::from(journey.link.number()),
            number_or_none(Some(journey.sent)),
            number_or_none(journey.arrived),
            number_or_none(journey.answered),
        ]
    });
    rows.collect()
}
