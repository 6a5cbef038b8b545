//! A run told step by step: under the headings of its phases, with what its author says about it, and of each step what it is,
//! why it is now, what both sides believe then, where that is written, and of its message the bits.

mod bits;
mod terms;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use imp::visible::visible;
use imp1822::{HostAddress, Signal};
use trace::{Comment, Ink, Lens, Paper, What};

use crate::comments::{comments_alone, is_unseen};
use crate::explain::{Explainer, Explanation, Source};
use crate::sheet::{Moment, PHASE_WORDS, Said, Sheet};
use terms::Terms;

/// How much is said of each step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// What it is, why now, what both sides believe then, and the documents.
    Story,
    /// The same, with the rows of the registry of clauses that say so.
    Protocol,
    /// The same, with the fields of its message, and these in hexadecimal.
    Bits,
}

/// The names of the levels.
pub const LEVELS: [(&str, Level); 3] =
    [("story", Level::Story), ("protocol", Level::Protocol), ("bits", Level::Bits)];

/// There is no level of that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("nothing can be explained as `{0}`")]
pub struct NoSuchLevel(pub String);

impl FromStr for Level {
    type Err = NoSuchLevel;

    fn from_str(name: &str) -> Result<Self, NoSuchLevel> {
        let found = LEVELS.iter().find(|(other, _)| *other == name);
        found.map(|(_, level)| *level).ok_or_else(|| NoSuchLevel(name.to_owned()))
    }
}

/// There are no phases of that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there are no phases called `{0}`")]
pub struct NoSuchPhase(pub String);

/// The name of a kind of phases, as [`Telling::folded`] takes it.
///
/// # Errors
/// If there is none.
pub fn phase_word(name: &str) -> Result<&'static str, NoSuchPhase> {
    PHASE_WORDS.iter().copied().find(|word| *word == name).ok_or_else(|| NoSuchPhase(name.to_owned()))
}

/// Nothing that is told says this text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no step of what is shown says `{0}`")]
pub struct NotSaid(pub String);

/// How a run is told.
#[derive(Debug, Clone, Copy)]
pub struct Telling<'a> {
    /// How much is said of each step.
    pub level: Level,
    /// The steps that are told: those of which these lenses show something.
    pub lenses: &'a [Lens],
    /// What it is printed on. Text goes on below itself, also on paper without an end.
    pub paper: Paper,
    /// Whether each step says when it was.
    pub times: bool,
    /// What the first step says that is told.
    pub from: Option<&'a str>,
    /// The phases of which only the heading is told, by their words.
    pub folded: &'a [&'static str],
}

/// On paper without an end, text is broken at this column.
const WIDTH: usize = 100;

/// The width of the column of times.
const TIME_WIDTH: usize = 11;

/// A phase whose next step is so near is not over.
const SOON: usize = 8;

/// The kinds of phases that are explained once, by the words by which they can be asked for.
const AS_ABOVE: [&str; 3] = ["icp", "login", "close"];

/// Tells a run.
///
/// # Errors
/// Nothing that is told says the text to begin with.
pub fn tell(sheet: &Sheet<'_>, telling: Telling<'_>) -> Result<String, NotSaid> {
    let width = telling.paper.width.unwrap_or(WIDTH);
    let telling = Telling { paper: Paper { width: Some(width), ..telling.paper }, ..telling };
    let explainer = Explainer::new(sheet);
    let mut teller = Teller {
        sheet,
        explainer,
        telling,
        text: String::new(),
        begun: Vec::new(),
        hosts: Vec::new(),
        terms: Terms::default(),
        last: Explanation::default(),
        explained: BTreeMap::new(),
        going_on: Vec::new(),
        referred: BTreeSet::new(),
    };
    teller.tell()?;
    Ok(teller.text)
}

/// The phases that go on together from the first of these steps on, by the order in which they are told: its own, and each of
/// which a step comes before one of those has its next.
fn stretch(told: &[&Moment]) -> Vec<usize> {
    let phases: Vec<usize> = told.iter().map(|moment| moment.phase).take(2 * SOON).collect();
    let mut together = vec![phases[0]];
    for (at, phase) in phases.iter().enumerate().take(SOON) {
        let mut soon = phases[at..].iter().take(SOON);
        if !together.contains(phase) && soon.any(|later| together.contains(later)) {
            together.push(*phase);
        }
    }
    together
}

/// Tells a run, from the first step to the last.
struct Teller<'a> {
    sheet: &'a Sheet<'a>,
    explainer: Explainer<'a>,
    telling: Telling<'a>,
    text: String,
    /// The phases whose headings have been told.
    begun: Vec<usize>,
    /// The hosts that have been introduced.
    hosts: Vec<HostAddress>,
    terms: Terms,
    /// What was said of the last step that was told.
    last: Explanation,
    /// What has been explained where a user reaches a server, logs in and out, by kinds of phases, lenses and first words; and in
    /// which phase.
    explained: BTreeMap<(&'static str, Lens, String), usize>,
    /// The phases under whose headings the steps stand now: several, if the steps of one come between those of another.
    going_on: Vec<usize>,
    /// Those of them of which it was said that all is as above.
    referred: BTreeSet<usize>,
}

impl<'a> Teller<'a> {
    fn tell(&mut self) -> Result<(), NotSaid> {
        let sheet = self.sheet;
        let told: Vec<&Moment> = sheet.moments.iter().filter(|moment| self.is_told(moment)).collect();
        let first = match self.telling.from {
            None => 0,
            Some(from) => {
                let says = |moment: &&Moment| self.heads(moment).iter().any(|(_, head)| head.contains(from));
                told.iter().position(says).ok_or_else(|| NotSaid(from.to_owned()))?
            }
        };
        let comments = comments_alone(sheet.scenario, sheet.records());
        let mut comments = comments.iter().peekable();
        let begins = told.get(first).map_or(0, |moment| moment.record);
        // What is said of the whole stands above all; what is said of what is left out does not.
        while let Some(comment) = comments.next_if(|comment| first > 0 && comment.before < begins) {
            if comment.before == 0 {
                self.comment(comment);
            }
        }
        if first > 0 {
            let plural = if first == 1 { "step" } else { "steps" };
            self.line(&format!("\n({first} {plural} before are left out)"), Some(Ink::Time));
        }
        let mut folded: Option<(usize, &Moment)> = None;
        for (place, moment) in told.iter().enumerate().skip(first) {
            let is_folded = self.telling.folded.contains(&sheet.phases[moment.phase].kind.word());
            let is_headed = self.going_on.contains(&moment.phase);
            if !is_folded || !is_headed {
                self.end_fold(&mut folded);
            }
            while let Some(comment) = comments.next_if(|comment| comment.before <= moment.record) {
                // The author's words stay: they are few, and say why there is anything to see.
                self.comment(comment);
            }
            if !is_headed {
                self.headings(stretch(&told[place..]));
            }
            if is_folded {
                let steps = folded.map_or(0, |(steps, _)| steps) + 1;
                folded = Some((steps, moment));
            } else {
                self.step(moment);
            }
        }
        self.end_fold(&mut folded);
        comments.for_each(|comment| self.comment(comment));
        Ok(())
    }

    /// Whether a moment is told: one that the lenses show, or what an operator does, which nothing else shows.
    fn is_told(&self, moment: &Moment) -> bool {
        moment.is_seen(self.telling.lenses)
            || (self.telling.lenses.contains(&Lens::Host) && self.operator(moment).is_some())
    }

    /// What an operator does in this moment, as the scenario has it, and in which line; nothing, if messages tell it.
    fn operator(&self, moment: &Moment) -> Option<(usize, &'a str)> {
        let record = usize::try_from(moment.record).ok()?;
        let What::Step { line, .. } = &self.sheet.records().get(record)?.what else { return None };
        let step = self.sheet.scenario.steps.iter().find(|step| step.line == *line)?;
        let source = self.explainer.quotable(*line)?;
        is_unseen(step).then_some((*line, source))
    }

    /// Subject and text of each thing that is told of a moment.
    fn heads(&self, moment: &Moment) -> Vec<(String, String)> {
        if let Some((line, source)) = self.operator(moment) {
            return vec![("operator".to_owned(), format!("{source}  (line {line} of the scenario)"))];
        }
        let seen = moment.said.iter().filter(|said| self.telling.lenses.contains(&said.lens));
        seen.map(|said| (said.who.clone(), said.what.clone())).collect()
    }

    fn step(&mut self, moment: &Moment) {
        let is_operator = self.operator(moment).is_some();
        let explanation = self.explainer.explain(moment.record);
        let above = if is_operator || explanation.has_waited { None } else { self.is_told_above(moment) };
        if above.is_none() || !self.referred.contains(&moment.phase) {
            self.text.push('\n');
        }
        // What happens at a host that has nothing to do with a phase is in none.
        let is_of_it = moment.host.is_none_or(|host| self.sheet.phases[moment.phase].kind.may_be_about(host));
        let mark = if is_of_it { self.mark(moment.phase) } else { String::new() };
        let at = if self.telling.times { format!("{:>TIME_WIDTH$}  ", moment.at) } else { String::new() };
        for (index, (who, what)) in self.heads(moment).into_iter().enumerate() {
            let when = if index == 0 { at.clone() } else { " ".repeat(at.len()) };
            let mut rows = what.lines();
            let first = rows.next().unwrap_or_default();
            let ((time, plain), (host, _)) =
                (self.telling.paper.ink(Ink::Time), self.telling.paper.ink(Ink::Host));
            let head =
                format!("{time}{when}{mark}{plain}{host}{}{plain}  {}\n", visible(&who), visible(first));
            self.text.push_str(&self.telling.paper.fill(&head, 2));
            for row in rows {
                self.prose("", row, at.len() + 2);
            }
        }
        if is_operator {
            return self.after(moment, &explanation, at.len());
        }
        if let Some(above) = above {
            if self.referred.insert(moment.phase) {
                let like = format!("(As above, under \u{201c}{}\u{201d}.)", self.sheet.heading(above));
                self.prose("", &like, at.len());
            }
            self.last = Explanation::default();
            return self.first_met(moment, &explanation, at.len());
        }
        if explanation == self.last && explanation.after.is_empty() {
            return self.prose("", "The same again.", at.len());
        }
        self.explanation(moment, &explanation, at.len());
        self.last = explanation;
    }

    /// The phase in which all that a moment says was explained, if it is another one: a second user reaches a server as the
    /// first did. What else one wants to know is told at the other levels.
    fn is_told_above(&mut self, moment: &Moment) -> Option<usize> {
        let word = self.sheet.phases[moment.phase].kind.word();
        if self.telling.level != Level::Story || !AS_ABOVE.contains(&word) {
            return None;
        }
        let seen = moment.said.iter().filter(|said| self.telling.lenses.contains(&said.lens));
        let (mut above, mut is_new) = (None, false);
        for said in seen {
            let first = said.what.split(' ').next().unwrap_or_default().to_owned();
            let is_plain = !matches!(said.lens, Lens::Trouble | Lens::Teletype | Lens::Host);
            match self.explained.entry((word, said.lens, first)) {
                Entry::Occupied(known) if is_plain && *known.get() != moment.phase => {
                    above = Some(*known.get());
                }
                Entry::Occupied(_) => is_new = true,
                Entry::Vacant(place) => {
                    place.insert(moment.phase);
                    is_new = true;
                }
            }
        }
        above.filter(|_| !is_new)
    }

    fn explanation(&mut self, moment: &Moment, explanation: &Explanation, indent: usize) {
        // Of a moment of which the lenses show a part, that part is explained.
        let shown =
            |index: usize| moment.said.get(index).is_none_or(|said| self.telling.lenses.contains(&said.lens));
        let said: Vec<&String> = explanation
            .said
            .iter()
            .enumerate()
            .filter(|(index, _)| shown(*index))
            .map(|(_, said)| said)
            .collect();
        for said in said {
            self.prose("", said, indent);
        }
        if !explanation.why.is_empty() {
            self.prose("Why now: ", &explanation.why, indent);
        }
        self.after(moment, explanation, indent);
        self.sources(explanation, indent);
        self.first_met(moment, explanation, indent);
        if self.telling.level == Level::Bits {
            self.bits(moment, indent);
        }
    }

    /// Who and what is met here for the first time: hosts, and words that nobody knows from TCP/IP.
    fn first_met(&mut self, moment: &Moment, explanation: &Explanation, indent: usize) {
        let mut text = String::new();
        for (who, what) in self.heads(moment) {
            text.push_str(&format!("{who} {what} "));
        }
        text.push_str(&explanation.said.join(" "));
        text.push_str(&explanation.why);
        let mut hosts: Vec<HostAddress> = moment.hosts().collect();
        hosts.retain(|host| !self.hosts.contains(host));
        hosts.dedup();
        for host in hosts {
            self.hosts.push(host);
            let site = self.sheet.scenario.net.hosts.iter().find(|site| site.address == host);
            let system = site.map(|site| format!("; its system: {}", site.system)).unwrap_or_default();
            let name = self.sheet.names().host(host);
            let place = format!("host {} of IMP {}, address {host}{system}.", host.host(), host.imp());
            self.prose(&format!("{name}: "), &place, indent);
            text.push_str(&place);
        }
        for entry in self.terms.first_met(&text) {
            let says = format!("{} [{}]", entry.says, entry.source);
            self.prose(&format!("{}: ", entry.name), &says, indent);
        }
    }

    /// What is believed then.
    fn after(&mut self, moment: &Moment, explanation: &Explanation, indent: usize) {
        let names = self.sheet.names();
        // The arithmetic of each message of text would drown the rest; where it is what is said, it belongs to the story.
        let is_of_counts =
            |said: &Said| ["ALL ", "GVB ", "RET "].iter().any(|name| said.what.starts_with(name));
        let has_counts = self.telling.level > Level::Story || moment.said.iter().any(is_of_counts);
        for belief in explanation.after.iter().filter(|belief| has_counts || !belief.is_count) {
            let later = self.sheet.moments.get(belief.since as usize).filter(|later| later.at > moment.at);
            let when = later.map_or_else(|| "then".to_owned(), |later| format!("from {} on", later.at));
            self.prose(&format!("{} {when}: ", names.host(belief.host)), &belief.what, indent);
        }
    }

    fn sources(&mut self, explanation: &Explanation, indent: usize) {
        if self.telling.level == Level::Story {
            let mut places: Vec<&str> = Vec::new();
            for Source { at, .. } in &explanation.sources {
                // A section is not told beside its page.
                let has_page = |other: &Source| {
                    let mut parts = other.at.split("; ");
                    parts.any(|part| part.strip_prefix(at).is_some_and(|page| page.starts_with(", p")))
                };
                if !places.contains(at) && !explanation.sources.iter().any(has_page) {
                    places.push(at);
                }
            }
            if !places.is_empty() {
                let places = format!("[{}]", places.join("; "));
                self.ink(&places, indent, 1, Ink::Time);
            }
            return;
        }
        for source in &explanation.sources {
            let line = match source.clause {
                Some((name, says)) => format!("[{}; {name}] {says}", source.at),
                None => format!("[{}]", source.at),
            };
            self.ink(&line, indent, 2, Ink::Time);
        }
    }

    /// The fields of a message, and its bits.
    fn bits(&mut self, moment: &Moment, indent: usize) {
        let fields = crate::fields::of_record(self.sheet, moment.record);
        if fields.is_empty() {
            return;
        }
        let message = match &self.sheet.records()[moment.record as usize].what {
            What::Sent { signal: Signal::Message(bits), .. }
            | What::Received { signal: Signal::Message(bits), .. } => Some(bits),
            _ => None,
        };
        for (line, hang) in bits::lines(&fields, message.filter(|_| !moment.is_masked)) {
            self.ink(&line, indent, hang, Ink::Meaning);
        }
    }

    /// The headings of phases that go on together: each has a letter then, which its steps have, too.
    fn headings(&mut self, mut phases: Vec<usize>) {
        // Those that go on stand first.
        phases
            .sort_by_key(|phase| self.going_on.iter().position(|other| other == phase).unwrap_or(usize::MAX));
        self.going_on.clone_from(&phases);
        self.referred.clear();
        self.text.push('\n');
        for phase in phases {
            let (mark, title) = (self.mark(phase), self.sheet.heading(phase));
            let again = if self.begun.contains(&phase) { ", continued" } else { "" };
            self.begun.push(phase);
            self.line(&format!("=== {mark}{title}{again} ==="), Some(Ink::Host));
        }
    }

    /// What tells the steps of a phase from those of others that go on together with it.
    fn mark(&self, phase: usize) -> String {
        let place = self.going_on.iter().position(|other| *other == phase);
        let letter = place.filter(|_| self.going_on.len() > 1).and_then(|place| ('a'..='z').nth(place));
        letter.map_or_else(String::new, |letter| format!("{letter}: "))
    }

    /// Says how much was folded, if anything was.
    fn end_fold(&mut self, folded: &mut Option<(usize, &Moment)>) {
        if let Some((steps, last)) = folded.take() {
            let plural = if steps == 1 { "step" } else { "steps" };
            let until = if self.telling.times { format!(", up to {}", last.at) } else { String::new() };
            self.line(&format!("({steps} {plural} folded{until})"), Some(Ink::Time));
        }
    }

    fn comment(&mut self, comment: &Comment) {
        let text = self.sheet.without_passwords(&comment.text).into_owned();
        Comment { text, ..*comment }.lay_out(self.telling.paper, &mut self.text);
    }

    /// A paragraph behind a label.
    fn prose(&mut self, label: &str, text: &str, indent: usize) {
        let (begins, ends) = self.telling.paper.ink(Ink::Meaning);
        let (begins, ends) = if label.is_empty() { ("", "") } else { (begins, ends) };
        let line = format!("{:indent$}{begins}{label}{ends}{}\n", "", visible(text));
        self.text.push_str(&self.telling.paper.fill(&line, if label.is_empty() { 0 } else { 2 }));
    }

    /// A line that goes on below itself, in an ink.
    fn ink(&mut self, line: &str, indent: usize, hang: usize, ink: Ink) {
        let line = format!("{:indent$}{}", "", visible(line));
        let (begins, ends) = self.telling.paper.ink(ink);
        for piece in self.telling.paper.fill(&line, hang).lines() {
            self.text.push_str(begins);
            self.text.push_str(piece);
            self.text.push_str(ends);
            self.text.push('\n');
        }
    }

    /// A line of its own.
    fn line(&mut self, line: &str, ink: Option<Ink>) {
        let (begins, ends) = ink.map_or(("", ""), |ink| self.telling.paper.ink(ink));
        for piece in self.telling.paper.fill(line, 4).lines() {
            if !piece.is_empty() {
                self.text.push_str(begins);
                self.text.push_str(piece);
                self.text.push_str(ends);
            }
            self.text.push('\n');
        }
    }
}
