//! What the stepper looks like: the lanes above, words or bits or tables below, and tables beside them where there is room.

use imp::visible::visible;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span as Text};
use ratatui::widgets::{Block, Borders, Clear, Paragraph, Wrap};
use trace::Lens;

use super::lanes::{Lanes, cut};
use super::{Pane, Stepper, Typing};
use crate::commands::step_args::KEYS;

/// Where there is this much room, tables stand beside the lanes.
const WIDE: u16 = 120;
const TABLES: u16 = 56;
/// Phases alternate if not more than so many steps lie between two of one of them: then each has its heading where it begins.
const NEAR: usize = 8;

/// What can be typed, in one line.
const LINE: &str =
    " < > step   c cause   a answer   / search   [ ] phase   Tab below   s seen   ? keys   q end";

/// Colours of hosts that every terminal has.
const COLORS: [Color; 6] =
    [Color::Blue, Color::Yellow, Color::Green, Color::Magenta, Color::Cyan, Color::Red];

impl Stepper<'_> {
    /// Draws all of it over the whole screen.
    pub(crate) fn draw(&mut self, frame: &mut Frame<'_>) {
        let parts = [
            Constraint::Length(1),
            Constraint::Length(1),
            Constraint::Percentage(55),
            Constraint::Min(0),
            Constraint::Length(1),
        ];
        let [title, names, middle, below, keys] = Layout::vertical(parts).areas(frame.area());
        let Some(record) = self.record() else {
            frame.render_widget(
                Paragraph::new("Nothing of this run is seen through these lenses: s shows more."),
                middle,
            );
            return frame.render_widget(Paragraph::new(LINE), keys);
        };
        let is_wide = frame.area().width >= WIDE;
        let beside = if is_wide { TABLES } else { 0 };
        let [lanes, tables] =
            Layout::horizontal([Constraint::Min(0), Constraint::Length(beside)]).areas(middle);
        let [names, _] = Layout::horizontal([Constraint::Min(0), Constraint::Length(beside)]).areas(names);
        self.draw_title(frame, title, record);
        self.draw_lanes(frame, names, lanes);
        if is_wide {
            let block = Block::new().borders(Borders::LEFT).title(" tables at this moment ");
            let text = Paragraph::new(self.tables(record)).wrap(Wrap { trim: false }).block(block);
            frame.render_widget(text, tables);
        }
        self.draw_below(frame, below, record);
        let line = match &self.typing {
            Some(Typing::Search(text)) => format!(" /{text}_   Enter: the next step that says it; Esc: no"),
            Some(Typing::Time(text)) => format!(" t {text}_   seconds, then Enter; Esc: no"),
            None if self.told.is_empty() => LINE.to_owned(),
            None => format!(" {}", self.told),
        };
        frame.render_widget(Paragraph::new(line).style(Modifier::REVERSED), keys);
        if self.helps {
            draw_help(frame);
        }
    }

    fn draw_title(&self, frame: &mut Frame<'_>, area: Rect, record: u64) {
        let moment = &self.sheet.moments[record as usize];
        let number = match self.sheet.number(record) {
            Some(number) => format!("record {number}"),
            None => "a packet".to_owned(),
        };
        let place = format!(
            "{} s   step {} of {} ({})   {number} ",
            moment.at,
            self.at + 1,
            self.seen.len(),
            self.sight.words()
        );
        let room = usize::from(area.width).saturating_sub(place.chars().count() + 2);
        let title = cut(&visible(&self.sheet.title()), room);
        let line = format!(" {title:<room$} {place}");
        frame.render_widget(Paragraph::new(line).style(Modifier::BOLD), area);
    }

    /// The steps around the one at which one is, below the names of the hosts.
    fn draw_lanes(&self, frame: &mut Frame<'_>, names: Rect, area: Rect) {
        let lanes = Lanes::new(&self.hosts, usize::from(area.width));
        for (column, name, host) in lanes.names(self.sheet.names()) {
            let (column, length) = (column as u16, name.chars().count() as u16);
            let place = Rect { x: names.x + column, width: length, ..names }.intersection(names);
            let style = Style::new().add_modifier(Modifier::BOLD).patch(self.ink(host));
            frame.render_widget(Paragraph::new(Line::styled(visible(&name).into_owned(), style)), place);
        }
        let height = usize::from(area.height);
        // A little more than half of what is seen lies before it; headings take room, too.
        let (mut rows, mut own) = (Vec::new(), 0);
        let begin = self.at.saturating_sub(height);
        for place in begin..(self.at + height).min(self.seen.len()) {
            let record = self.seen[place];
            let moment = &self.sheet.moments[record as usize];
            // What an IMP says of a message, and packets, come in the midst of what goes on.
            let is_of_hosts = moment.is_seen(&Lens::USUAL);
            let near = &self.seen[place.saturating_sub(NEAR).max(begin)..place];
            let goes_on = near.iter().any(|other| self.sheet.moments[*other as usize].phase == moment.phase);
            if place == begin || (is_of_hosts && !goes_on) {
                let title = self.sheet.heading(moment.phase).to_owned();
                let style = Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED);
                rows.push(Line::styled(title, style));
            }
            if place == self.at {
                own = rows.len();
            }
            let said = moment.said.iter().filter(|said| self.sight.lenses().contains(&said.lens));
            let said: Vec<String> = said.map(|said| words(said.lens, &said.who, &said.what)).collect();
            let row = lanes.row(self.sheet, moment, &visible(&said.join(" · ")));
            let style =
                if place == self.at { Style::new().add_modifier(Modifier::REVERSED) } else { Style::new() };
            rows.push(Line::from(Text::styled(row, style)));
        }
        let skipped = (own + 1).saturating_sub(height * 3 / 5).min(rows.len().saturating_sub(height));
        frame.render_widget(Paragraph::new(rows.split_off(skipped)), area);
    }

    fn draw_below(&mut self, frame: &mut Frame<'_>, area: Rect, record: u64) {
        let (title, lines, from) = match self.pane {
            Pane::Words => (" what it means ", self.words(record), 0),
            Pane::Bits => (" its bits ", self.bits(record), 0),
            Pane::Tables => (" tables at this moment ", self.tables(record), 0),
            Pane::Scenario => {
                let (lines, own) = self.scenario(record);
                let from = own.saturating_sub(usize::from(area.height) / 2);
                (" the scenario ", lines, from)
            }
        };
        let from = u16::try_from(from).unwrap_or(u16::MAX);
        let block = Block::new().borders(Borders::TOP).title(title);
        let room = area.height.saturating_sub(1);
        // As far as there is something to be seen.
        let all = rows_of(&lines, area.width);
        self.scroll = self.scroll.min(all.saturating_sub(from).saturating_sub(room));
        let text = Paragraph::new(lines).wrap(Wrap { trim: false });
        frame.render_widget(text.scroll((from.saturating_add(self.scroll), 0)).block(block), area);
    }

    fn ink(&self, host: usize) -> Style {
        if self.has_color { Style::new().fg(COLORS[host % COLORS.len()]) } else { Style::new() }
    }
}

/// How many rows these lines take at most: words that do not fit begin a new one, and leave some room behind them.
fn rows_of(lines: &[Line<'_>], width: u16) -> u16 {
    let room = usize::from(width).max(8) * 4 / 5;
    let rows = lines.iter().map(|line| line.width().div_ceil(room).max(1)).sum::<usize>();
    u16::try_from(rows).unwrap_or(u16::MAX)
}

/// What a row says: of a host that does something also what.
fn words(lens: Lens, who: &str, what: &str) -> String {
    match lens {
        Lens::Teletype | Lens::Host => {
            let verb = who.rsplit(' ').next().unwrap_or_default();
            format!("{verb} {what}").trim_end().to_owned()
        }
        Lens::Trouble | Lens::Measured => format!("{who}: {}", what.lines().next().unwrap_or_default()),
        _ => what.to_owned(),
    }
}

fn draw_help(frame: &mut Frame<'_>) {
    let width = KEYS.lines().map(|line| line.chars().count()).max().unwrap_or_default() as u16 + 4;
    let height = KEYS.lines().count() as u16 + 2;
    let area = frame.area();
    let (width, height) = (width.min(area.width), height.min(area.height));
    let place = Rect { x: (area.width - width) / 2, y: (area.height - height) / 2, width, height };
    frame.render_widget(Clear, place);
    frame.render_widget(Paragraph::new(KEYS).block(Block::bordered()), place);
}
