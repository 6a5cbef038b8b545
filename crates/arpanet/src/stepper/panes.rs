//! What stands below the lanes and beside them: words, bits, tables, the scenario.

use imp1822::HostAddress;
use ncp::{Gender, Status};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span as Text};
use view::fields::{self, Field};

use super::Stepper;

impl Stepper<'_> {
    /// What a step is, why now, what is believed afterwards, and where that is written.
    pub(super) fn words(&self, record: u64) -> Vec<Line<'static>> {
        let explanation = self.explainer.explain(record);
        let mut lines: Vec<Line<'static>> = Vec::new();
        let moment = &self.sheet.moments[record as usize];
        for (number, said) in moment.said.iter().enumerate() {
            lines.push(bold(&format!("{}  {}", said.who, said.what)));
            if let Some(words) = explanation.said.get(number) {
                lines.push(Line::raw(words.clone()));
            }
        }
        lines.extend(explanation.said.iter().skip(moment.said.len()).map(|words| Line::raw(words.clone())));
        if !explanation.why.is_empty() {
            lines.push(labelled("Why now: ", &explanation.why));
        }
        for belief in &explanation.after {
            let name = self.sheet.names().host(belief.host);
            lines.push(labelled(&format!("{name} afterwards: "), &belief.what));
        }
        for source in &explanation.sources {
            let text = match source.clause {
                Some((name, says)) => format!("{} ({name}): {says}", source.at),
                None => source.at.to_owned(),
            };
            lines.push(labelled("See ", &text));
        }
        lines
    }

    /// The fields of a message, one below the other.
    pub(super) fn bits(&self, record: u64) -> Vec<Line<'static>> {
        let fields = fields::of_record(self.sheet, record);
        if fields.is_empty() {
            return vec![Line::raw("Neither does a message cross a host's cable here, nor a packet a line.")];
        }
        let mut lines = vec![bold("   bits            field, what it holds, and what that means")];
        add_fields(&fields, 0, &mut lines);
        lines
    }

    /// The tables of the hosts that a step is about, or of the one that was chosen.
    pub(super) fn tables(&self, record: u64) -> Vec<Line<'static>> {
        let moment = &self.sheet.moments[record as usize];
        let hosts: Vec<HostAddress> = match self.host.and_then(|place| self.hosts.get(place)) {
            Some(host) => vec![*host],
            None => {
                let mut hosts: Vec<HostAddress> = moment.hosts().collect();
                hosts.sort_by_key(|host| self.hosts.iter().position(|other| other == host));
                hosts.dedup();
                if hosts.is_empty() { self.hosts.clone() } else { hosts }
            }
        };
        let mut lines = Vec::new();
        for host in hosts {
            self.table(host, record, &mut lines);
        }
        lines
    }

    fn table(&self, host: HostAddress, record: u64, lines: &mut Vec<Line<'static>>) {
        let names = self.sheet.names();
        let name = names.host(host);
        let Some(table) = self.sheet.table(host, record) else {
            return lines.push(bold(&format!("{name}: nothing yet")));
        };
        if !table.is_up {
            return lines.push(bold(&format!("{name}: down")));
        }
        lines.push(bold(&name));
        for status in &table.connections {
            lines.extend(connection(status, &|host| names.host(host)));
        }
        for request in &table.requests {
            let from = names.host(request.foreign.host);
            lines.push(Line::raw(format!(
                "  {} is asked for by {from} {}",
                request.local, request.foreign.socket
            )));
        }
        let is_idle = |base: u32| {
            let block = base..base + host::Lease::BLOCK;
            !table.connections.iter().any(|status| block.contains(&status.local.number()))
        };
        for base in table.set_aside.iter().filter(|base| is_idle(base.number())) {
            lines.push(Line::raw(format!("  {base} and seven more are set aside")));
        }
        for program in &table.programs {
            lines.push(Line::raw(format!("  {}", program.title)));
            lines.extend(program.rows.iter().map(|(name, value)| labelled(&format!("    {name}: "), value)));
        }
    }

    /// The scenario, and in which of its lines the line is that is carried out.
    pub(super) fn scenario(&self, record: u64) -> (Vec<Line<'static>>, usize) {
        let own = self.sheet.moments[record as usize].line;
        let lines = self.text.lines().zip(1..).map(|(line, number)| {
            let is_own = own == Some(number);
            let line = self.sheet.without_passwords(line);
            let text = format!("{}{number:>4}  {line}", if is_own { '>' } else { ' ' });
            Line::styled(text, if is_own { Style::new().add_modifier(Modifier::BOLD) } else { Style::new() })
        });
        (lines.collect(), own.unwrap_or_default())
    }
}

/// A connection in two lines, narrower than NETSTAT has it.
fn connection(status: &Status, name: &dyn Fn(HostAddress) -> String) -> Vec<Line<'static>> {
    let (arrow, may) = match status.local.gender() {
        Gender::Send => ("->", "may send"),
        Gender::Receive => ("<-", "may be sent"),
    };
    let far = match status.foreign {
        Some(foreign) => format!("{arrow} {} {}", name(foreign.host), foreign.socket),
        None => String::new(),
    };
    let first = format!("  {} {far}  {}", status.local, status.state);
    let Some(link) = status.link else { return vec![Line::raw(first)] };
    let size = status.size.map_or(0, |size| size.bits());
    let mut second = format!(
        "      link {link}, bytes of {size}, {may} {} messages, {} bits",
        status.allocation.messages, status.allocation.bits
    );
    if status.unread > 0 {
        second.push_str(&format!(", {} bits unread", status.unread));
    }
    if status.unsent > 0 {
        second.push_str(&format!(", {} bits not there yet", status.unsent));
    }
    if status.in_transit {
        second.push_str(", awaits an RFNM");
    }
    vec![Line::raw(first), Line::raw(second)]
}

fn add_fields(fields: &[Field], depth: usize, lines: &mut Vec<Line<'static>>) {
    for field in fields {
        let mut spans = vec![
            Text::styled(format!("{:>10}", field.place()), Style::new().add_modifier(Modifier::DIM)),
            Text::raw(format!("  {:depth$}", "", depth = 2 * depth)),
            Text::styled(format!("{}  ", field.name), Style::new().add_modifier(Modifier::BOLD)),
            Text::raw(field.value.clone()),
        ];
        if !field.meaning.is_empty() {
            spans.push(Text::raw(format!("  {}", field.meaning)));
        }
        if !field.source.is_empty() {
            spans.push(Text::styled(
                format!("  [{}]", field.source),
                Style::new().add_modifier(Modifier::DIM),
            ));
        }
        lines.push(Line::from(spans));
        add_fields(&field.parts, depth + 1, lines);
    }
}

fn bold(text: &str) -> Line<'static> {
    Line::styled(text.to_owned(), Style::new().add_modifier(Modifier::BOLD))
}

fn labelled(label: &str, text: &str) -> Line<'static> {
    Line::from(vec![
        Text::styled(label.to_owned(), Style::new().add_modifier(Modifier::BOLD)),
        Text::raw(text.to_owned()),
    ])
}
