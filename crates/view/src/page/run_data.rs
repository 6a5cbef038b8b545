//! What a page knows of one run.

use std::borrow::Cow;

use imp::Fault;
use imp1822::HostAddress;
use serde::Serialize;
use serde_json::{Value, json};
use trace::{Lens, What};

use super::messages::Moments;
use super::packets::Packets;
use super::strings::Strings;
use super::{bits, map_plan, messages, packets, tables, words};
use crate::comments::comments;
use crate::report;
use crate::sheet::Sheet;

/// A run that is shown.
pub struct PageRun<'a> {
    /// What it is called: the name of its scenario, with what was changed.
    pub label: &'a str,
    /// What happened.
    pub sheet: &'a Sheet<'a>,
    /// The text of its scenario.
    pub text: &'a str,
    /// What crossed the lines between the IMPs.
    pub packets: &'a Packets,
}

/// All that a page knows of a run. Texts are numbers of `strings`, hosts are places in `hosts`, and -1 is none.
#[derive(Serialize)]
pub(super) struct RunData<'a> {
    label: &'a str,
    title: Cow<'a, str>,
    heading: String,
    verdict: String,
    totals: String,
    end: u64,
    lenses: Vec<&'static str>,
    usual: Vec<&'static str>,
    hosts: Vec<(String, u8, u8)>,
    /// What goes on, by which runs are laid beside each other; the heading; the kind; the first record and the last.
    phases: Vec<(String, String, &'static str, u64, u64)>,
    moments: Moments,
    masked: Vec<u64>,
    journeys: Vec<[i64; 6]>,
    bits: Vec<Option<bits::Row>>,
    field_rows: Vec<Vec<usize>>,
    fields: Vec<i64>,
    explained: Vec<words::Explained>,
    glossary: Vec<[usize; 3]>,
    terms: Vec<Vec<usize>>,
    tables: Vec<tables::Change>,
    text: Vec<String>,
    comments: Vec<(u64, String)>,
    map: Value,
    packets: Vec<packets::Row>,
    left_out: usize,
    faults: Vec<Value>,
    strings: Vec<String>,
}

/// All of it.
pub(super) fn of<'a>(run: &PageRun<'a>) -> RunData<'a> {
    let PageRun { label, sheet, text, packets } = run;
    let scenario = sheet.scenario;
    let hide = |text: &str| sheet.without_passwords(text).into_owned();
    let mut strings = Strings::default();
    let mut hosts = sheet.hosts();
    let mut host_number = |host: HostAddress| {
        hosts.iter().position(|other| *other == host).unwrap_or_else(|| {
            hosts.push(host);
            hosts.len() - 1
        })
    };
    let moments = messages::moments(sheet, &mut strings, &mut host_number);
    let journeys = messages::journeys(sheet, &mut host_number);
    let tables = tables::to_json(sheet, &mut strings, &mut host_number);
    let packets_shown = packets.to_json(sheet, &mut strings);
    let explained = words::explanations(sheet, &mut strings, &mut host_number);
    let (glossary, terms) = words::terms(sheet, &mut strings);
    let (field_rows, fields) = words::fields(sheet, &mut strings);
    let names = sheet.names();
    let phases = sheet.phases.iter().enumerate().map(|(place, phase)| {
        let heading = sheet.heading(place).to_owned();
        (phase.kind.title(names), heading, phase.kind.word(), phase.first, phase.last)
    });
    let phases = phases.collect();
    let named = hosts.iter().map(|host| (names.host(*host), host.number(), host.imp())).collect();
    let last = sheet.moments.len() as u64;
    let remarks = comments(scenario, sheet.records());
    let remarks = remarks.iter().map(|remark| (remark.before.min(last), hide(&remark.text))).collect();
    let outcome = sheet.outcome;
    RunData {
        label,
        title: sheet.title(),
        heading: hide(report::heading(scenario).trim_end()),
        verdict: hide(&report::verdict(outcome, false)),
        totals: report::totals(outcome),
        end: outcome.end.as_micros(),
        lenses: Lens::ALL.iter().map(|lens| lens.name()).collect(),
        usual: Lens::USUAL.iter().map(|lens| lens.name()).collect(),
        hosts: named,
        phases,
        moments,
        masked: sheet.moments.iter().filter(|one| one.is_masked).map(|one| one.record).collect(),
        journeys,
        bits: bits::to_json(sheet),
        field_rows,
        fields,
        explained,
        glossary,
        terms,
        tables,
        text: text.lines().map(hide).collect(),
        comments: remarks,
        map: map_plan::to_json(&scenario.net, names, &hosts),
        packets: packets_shown,
        left_out: packets.left_out,
        faults: faults(sheet),
        strings: strings.into_all(),
    }
}

/// What breaks and heals, and in which record: `line` and its ends, or `imp` or `host` and its number; 1 if it works from then
/// on.
fn faults(sheet: &Sheet<'_>) -> Vec<Value> {
    let of_record = (0_u64..).zip(sheet.records()).filter_map(|(number, record)| {
        let What::Fault(fault) = &record.what else { return None };
        let works = u8::from(matches!(
            fault,
            Fault::LineHeals { .. }
                | Fault::ImpRestarts { .. }
                | Fault::CablePlugged { .. }
                | Fault::HostGoesOn { .. }
        ));
        match fault {
            Fault::LineFails { between: [from, to] } | Fault::LineHeals { between: [from, to] } => {
                Some(json!([number, works, "line", from, to]))
            }
            Fault::ImpCrashes { imp } | Fault::ImpRestarts { imp } => {
                Some(json!([number, works, "imp", imp, 0]))
            }
            Fault::CablePulled { host }
            | Fault::CablePlugged { host }
            | Fault::HostHangs { host }
            | Fault::HostGoesOn { host } => Some(json!([number, works, "host", host.number(), 0])),
            Fault::ImpGoesDown { .. } | Fault::LineErrs { .. } | Fault::Mishap { .. } => None,
        }
    });
    of_record.collect()
}
