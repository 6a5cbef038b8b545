//! What a page knows of one run.

use imp::Fault;
use imp1822::HostAddress;
use serde_json::{Value, json};
use trace::{Lens, What};

use super::scenario_text::Passwords;
use super::strings::Strings;
use super::{PageRun, bits, map_plan, messages, tables, words};
use crate::comments::comments;
use crate::report;
use crate::sheet::Sheet;

/// All of it. Texts are numbers of `strings`, hosts are places in `hosts`, and -1 is none.
pub(super) fn of(run: &PageRun<'_>) -> Value {
    let PageRun { label, sheet, text, packets } = run;
    let scenario = sheet.scenario;
    let passwords = Passwords::of(scenario);
    let hide = |text: &str| passwords.hide(text);
    let mut strings = Strings::default();
    let mut hosts = sheet.hosts();
    let mut host_number = |host: HostAddress| {
        hosts.iter().position(|other| *other == host).unwrap_or_else(|| {
            hosts.push(host);
            hosts.len() - 1
        })
    };
    let moments = messages::moments(sheet, &mut strings, &mut host_number, &hide);
    let journeys = messages::journeys(sheet, &mut host_number);
    let tables = tables::to_json(sheet, &mut strings, &mut host_number);
    let packets_shown = packets.to_json(sheet, &mut strings);
    let explained = words::explanations(sheet, &mut strings);
    let fields = words::fields(sheet, &mut strings);
    let names = sheet.names();
    let phases: Vec<Value> = sheet
        .phases
        .iter()
        .map(|phase| json!([phase.kind.title(names), phase.kind.word(), phase.first, phase.last]))
        .collect();
    let named: Vec<Value> =
        hosts.iter().map(|host| json!([names.host(*host), host.number(), host.imp()])).collect();
    let remarks: Vec<Value> = comments(scenario, sheet.records())
        .iter()
        .map(|comment| json!([comment.before.min(sheet.moments.len() as u64), hide(&comment.text)]))
        .collect();
    let outcome = sheet.outcome;
    json!({
        "label": label,
        "title": scenario.title,
        "heading": report::heading(scenario).trim_end(),
        "verdict": report::verdict(outcome, false),
        "totals": report::totals(outcome),
        "end": outcome.end.as_micros(),
        "lenses": Lens::ALL.iter().map(|lens| lens.name()).collect::<Vec<_>>(),
        "usual": Lens::USUAL.iter().map(|lens| lens.name()).collect::<Vec<_>>(),
        "hosts": named,
        "phases": phases,
        "moments": moments,
        "masked": sheet.moments.iter().filter(|one| one.is_masked).map(|one| one.record).collect::<Vec<_>>(),
        "journeys": journeys,
        "bits": bits::to_json(sheet),
        "fields": fields,
        "explained": explained,
        "tables": tables,
        "text": text.lines().map(hide).collect::<Vec<_>>(),
        "comments": remarks,
        "map": map_plan::to_json(&scenario.net, names, &hosts),
        "packets": packets_shown,
        "left_out": packets.left_out,
        "faults": faults(sheet),
        "strings": strings.into_all(),
    })
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
