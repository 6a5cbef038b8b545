//! A run at a terminal, step by step: where one is in it, and what a key does. What it looks like is in `drawing.rs`, and it shows
//! nothing that is not in the [`Sheet`].

mod drawing;
mod lanes;
mod panes;

use imp1822::HostAddress;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use trace::Lens;
use view::explain::Explainer;
use view::sheet::Sheet;

use crate::numbers;

/// How many steps a page has.
const PAGE: isize = 10;

/// The stepper.
pub(crate) struct Stepper<'a> {
    sheet: &'a Sheet<'a>,
    explainer: Explainer<'a>,
    /// The text of the scenario.
    text: &'a str,
    hosts: Vec<HostAddress>,
    sight: Sight,
    /// The records that are seen, by their numbers.
    seen: Vec<u64>,
    /// Which of them is the step at which one is.
    at: usize,
    /// The host whose tables are shown; nobody's but those of the hosts that the step is about.
    host: Option<usize>,
    pane: Pane,
    /// From which line on what is below is shown.
    scroll: u16,
    typing: Option<Typing>,
    last_search: String,
    /// What there is to say of the last key.
    told: String,
    helps: bool,
    has_color: bool,
}

/// What is seen of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sight {
    Hosts,
    Cables,
    All,
}

/// What is shown below the lanes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pane {
    Words,
    Bits,
    Tables,
    Scenario,
}

/// What is being typed.
#[derive(Debug)]
enum Typing {
    Search(String),
    Time(String),
}

/// Whether it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Goes {
    On,
    Ends,
}

impl Sight {
    const CABLES: [Lens; 8] = [
        Lens::Teletype,
        Lens::Host,
        Lens::Ftp,
        Lens::Ncp,
        Lens::Data,
        Lens::Trouble,
        Lens::Measured,
        Lens::Imp,
    ];

    fn lenses(self) -> &'static [Lens] {
        match self {
            Sight::Hosts => &Lens::USUAL,
            Sight::Cables => &Sight::CABLES,
            Sight::All => Lens::ALL,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Sight::Hosts => "hosts",
            Sight::Cables => "hosts and cables",
            Sight::All => "all",
        }
    }

    fn next(self) -> Self {
        match self {
            Sight::Hosts => Sight::Cables,
            Sight::Cables => Sight::All,
            Sight::All => Sight::Hosts,
        }
    }
}

impl Pane {
    fn next(self) -> Self {
        match self {
            Pane::Words => Pane::Bits,
            Pane::Bits => Pane::Tables,
            Pane::Tables => Pane::Scenario,
            Pane::Scenario => Pane::Words,
        }
    }
}

impl<'a> Stepper<'a> {
    /// At the first step of this run, whose scenario has this text.
    pub(crate) fn new(sheet: &'a Sheet<'a>, text: &'a str, has_color: bool) -> Self {
        let mut stepper = Stepper {
            sheet,
            explainer: Explainer::new(sheet),
            text,
            hosts: sheet.hosts(),
            sight: Sight::Hosts,
            seen: Vec::new(),
            at: 0,
            host: None,
            pane: Pane::Words,
            scroll: 0,
            typing: None,
            last_search: String::new(),
            told: String::new(),
            helps: false,
            has_color,
        };
        stepper.see(Sight::Hosts);
        stepper.told.clear();
        stepper
    }

    /// The record of the step at which one is; none in a run of which nothing is seen.
    fn record(&self) -> Option<u64> {
        self.seen.get(self.at).copied()
    }

    /// What a key does.
    pub(crate) fn key(&mut self, key: KeyEvent) -> Goes {
        self.told.clear();
        if key.modifiers.contains(KeyModifiers::CONTROL) && matches!(key.code, KeyCode::Char('c' | 'd')) {
            return Goes::Ends;
        }
        if self.typing.is_some() {
            self.typed(key.code);
            return Goes::On;
        }
        if std::mem::take(&mut self.helps) {
            return Goes::On;
        }
        match key.code {
            KeyCode::Char('q') | KeyCode::Esc => return Goes::Ends,
            KeyCode::Right | KeyCode::Char(' ' | 'n' | 'l') => self.step(1),
            KeyCode::Left | KeyCode::Char('p' | 'h') => self.step(-1),
            KeyCode::PageDown => self.step(PAGE),
            KeyCode::PageUp => self.step(-PAGE),
            KeyCode::Home => self.step(isize::MIN),
            KeyCode::End => self.step(isize::MAX),
            KeyCode::Char(']') => self.go_to_phase(true),
            KeyCode::Char('[') => self.go_to_phase(false),
            KeyCode::Char('c') => self.go_to_cause(),
            KeyCode::Char('a') => self.go_to_answer(),
            KeyCode::Char('/') => self.typing = Some(Typing::Search(String::new())),
            KeyCode::Char('t') => self.typing = Some(Typing::Time(String::new())),
            KeyCode::Char('s') => self.see(self.sight.next()),
            KeyCode::Tab => (self.pane, self.scroll) = (self.pane.next(), 0),
            KeyCode::Down | KeyCode::Char('j') => self.scroll = self.scroll.saturating_add(1),
            KeyCode::Up | KeyCode::Char('k') => self.scroll = self.scroll.saturating_sub(1),
            KeyCode::Char('?') => self.helps = true,
            KeyCode::Char('0') => self.host = None,
            KeyCode::Char(digit @ '1'..='9') => {
                let number = digit as usize - '1' as usize;
                match self.hosts.get(number) {
                    Some(_) => self.host = Some(number),
                    None => self.told = format!("there are {} hosts", self.hosts.len()),
                }
            }
            _ => self.told = "? lists the keys".to_owned(),
        }
        Goes::On
    }

    /// Goes on or back by so many steps, as far as there are any.
    fn step(&mut self, by: isize) {
        let last = self.seen.len().saturating_sub(1);
        let to = self.at.saturating_add_signed(by).min(last);
        if to == self.at && by != 0 {
            self.told = if by > 0 { "this is the last step" } else { "this is the first step" }.to_owned();
        }
        (self.at, self.scroll) = (to, 0);
    }

    /// Sees more or less, and stays where it is, or at the next step that is seen.
    fn see(&mut self, sight: Sight) {
        let record = self.record().unwrap_or_default();
        let seen = self.sheet.moments.iter().filter(|moment| moment.is_seen(sight.lenses()));
        self.seen = seen.map(|moment| moment.record).collect();
        self.sight = sight;
        let behind = self.seen.partition_point(|other| *other < record);
        self.at = behind.min(self.seen.len().saturating_sub(1));
        self.told = format!("seen: {}", sight.words());
    }

    /// Goes to a record, and sees more if it is not seen. Whether there is such a record.
    fn go_to(&mut self, record: u64) -> bool {
        if self.seen.binary_search(&record).is_err() {
            let moment = usize::try_from(record).ok().and_then(|record| self.sheet.moments.get(record));
            let wider = [Sight::Cables, Sight::All].into_iter();
            let sight = wider.into_iter().find(|sight| moment.is_some_and(|one| one.is_seen(sight.lenses())));
            let Some(sight) = sight else { return false };
            self.see(sight);
        }
        let Ok(place) = self.seen.binary_search(&record) else { return false };
        (self.at, self.scroll) = (place, 0);
        true
    }

    fn go_to_phase(&mut self, goes_on: bool) {
        let Some(record) = self.record() else { return };
        let phase = |record: u64| self.sheet.moments[record as usize].phase;
        let own = phase(record);
        let found = if goes_on {
            self.seen[self.at..].iter().position(|other| phase(*other) != own).map(|after| self.at + after)
        } else {
            // To the beginning of this one, then to that of the one before.
            let begin = |at: usize| {
                let before = self.seen[..at].iter().rposition(|other| phase(*other) != phase(self.seen[at]));
                before.map_or(0, |before| before + 1)
            };
            let own = begin(self.at);
            if own < self.at { Some(own) } else { self.at.checked_sub(1).map(begin) }
        };
        match found {
            Some(place) => (self.at, self.scroll) = (place, 0),
            None => {
                let which = if goes_on { "last" } else { "first" };
                self.told = format!("this is the {which} phase");
            }
        }
    }

    fn go_to_cause(&mut self) {
        let Some(record) = self.record() else { return };
        let cause = self.sheet.moments[record as usize].cause;
        if !cause.is_some_and(|cause| self.go_to(cause)) {
            self.told = "no message brought this about: a person did, a clock, or the scenario".to_owned();
        }
    }

    fn go_to_answer(&mut self) {
        let Some(record) = self.record() else { return };
        if !self.sheet.answer_to(record).is_some_and(|answer| self.go_to(answer)) {
            self.told = "nothing answers it".to_owned();
        }
    }

    /// A key while something is typed.
    fn typed(&mut self, code: KeyCode) {
        let Some(typing) = &mut self.typing else { return };
        let (Typing::Search(text) | Typing::Time(text)) = typing;
        match code {
            KeyCode::Esc => self.typing = None,
            KeyCode::Backspace if text.pop().is_none() => self.typing = None,
            KeyCode::Char(character) => text.push(character),
            KeyCode::Enter => match self.typing.take() {
                Some(Typing::Search(text)) => {
                    let text = if text.is_empty() { self.last_search.clone() } else { text };
                    self.search(text);
                }
                Some(Typing::Time(text)) => self.go_to_time(&text),
                None => {}
            },
            _ => {}
        }
    }

    fn search(&mut self, text: String) {
        if text.is_empty() {
            return;
        }
        if !self.find(&text) {
            self.told = format!("no other step that is seen says {text:?}");
        }
        self.last_search = text;
    }

    /// Goes to the next step that says this, in either case, and from the end on to the first. Whether there is one.
    pub(crate) fn find(&mut self, text: &str) -> bool {
        let wanted = text.to_lowercase();
        let says = |record: &u64| {
            let said = self.sheet.moments[*record as usize].said.iter();
            let mut said = said.map(|said| format!("{} {} {}", said.who, said.what, said.meaning));
            said.any(|said| said.to_lowercase().contains(&wanted))
        };
        let behind = (self.at + 1).min(self.seen.len());
        let (before, after) = self.seen.split_at(behind);
        let place = after.iter().position(says).map(|place| behind + place);
        let place = place.or_else(|| before.iter().position(says));
        if let Some(place) = place {
            (self.at, self.scroll) = (place, 0);
        }
        place.is_some()
    }

    fn go_to_time(&mut self, text: &str) {
        let Ok(at) = numbers::time(text) else {
            self.told = format!("{text:?} is no time: write seconds, like 0.613");
            return;
        };
        let place = self.seen.partition_point(|record| self.sheet.moments[*record as usize].at < at);
        (self.at, self.scroll) = (place.min(self.seen.len().saturating_sub(1)), 0);
    }
}

#[cfg(test)]
mod tests;
