//! The board of the control center: what it shows, as a function of what the center knows.

use std::collections::BTreeMap;

use imp::visible::visible;
use imp1822::HostAddress;
use machine::{Instant, Span};
use ncc::{Center, HOSTS, ImpState, ImpView, LineState, LineView, Subject, Traffic};
use ncc_log::time_of_day;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span as Text};
use ratatui::widgets::{Block, Borders, Paragraph};

/// What the board shows.
pub(crate) struct BoardView<'a> {
    /// What is known.
    pub(crate) center: &'a Center,
    /// What IMPs are called.
    pub(crate) names: &'a BTreeMap<u8, String>,
    /// The time on the host's clock.
    pub(crate) now: Instant,
    /// The time of day at which that was zero.
    pub(crate) began: Span,
    /// How the IMP of this host is.
    pub(crate) imp: &'a str,
    /// From which row on IMPs and lines are shown.
    pub(crate) from: usize,
    /// Whether there may be colours.
    pub(crate) color: bool,
    /// Whether what flashes is lit just now.
    pub(crate) lit: bool,
}

/// What can be typed.
const KEYS: &str = " a acknowledge   A all of them   up down PgUp PgDn other rows   q end";

/// At least this many lines of the log are shown where there is room.
const LOG: u16 = 6;

impl BoardView<'_> {
    /// How many rows there are of IMPs and lines.
    pub(crate) fn rows(&self) -> usize {
        self.center.imps().count().max(self.center.lines().count())
    }

    /// Draws the board over the whole screen. Where there is little room, the log and then the rows are cut.
    pub(crate) fn draw(&self, frame: &mut Frame<'_>) {
        // What the rows do not need is for the log.
        let wanted = u16::try_from(self.rows()).unwrap_or(u16::MAX).saturating_add(2).max(6);
        let most = frame.area().height.saturating_sub(3 + LOG + 2);
        let rows = Constraint::Length(wanted.min(most.max(4)));
        let parts =
            [Constraint::Length(1), Constraint::Length(1), rows, Constraint::Min(0), Constraint::Length(1)];
        let [title, alarm, middle, log, keys] = Layout::vertical(parts).areas(frame.area());
        let [imps, lines] =
            Layout::horizontal([Constraint::Percentage(50), Constraint::Percentage(50)]).areas(middle);
        let time = time_of_day(self.now, self.began);
        let heading = format!(" NETWORK CONTROL CENTER   {time} UTC   its IMP {}", self.imp);
        frame.render_widget(Paragraph::new(heading).style(Modifier::BOLD), title);
        frame.render_widget(Paragraph::new(self.alarm()), alarm);
        let shown = |all: Vec<Line<'static>>| all.into_iter().skip(self.from).collect::<Vec<_>>();
        let name = name_width(imps.width);
        let title = format!(" IMP {:<name$} {:<14} hosts   b/s", "site", "");
        let rows = self.center.imps().map(|imp| self.imp_row(&imp, name));
        boxed(frame, imps, title, shown(rows.collect()));
        let title = format!(" {:<6}{:<17} {:>7} {:>6} ", "line", "b/s", "to plus", "minus");
        boxed(frame, lines, title, shown(self.center.lines().map(|line| self.line_row(&line)).collect()));
        let room = usize::from(log.height.saturating_sub(2));
        let history = self.center.history();
        let latest = history.len().saturating_sub(room);
        let entries = history
            .skip(latest)
            .map(|entry| Line::from(format!("{}  {}", time_of_day(entry.at, self.began), entry.change)));
        boxed(frame, log, " log ".to_owned(), entries.collect());
        frame.render_widget(Paragraph::new(KEYS), keys);
    }

    /// The alarm that is to be acknowledged.
    fn alarm(&self) -> Line<'static> {
        let Some((subject, entry)) = self.center.alarm_shown() else {
            return Line::from(" no alarm");
        };
        let text = format!(
            " ALARM of {}: {}  {}",
            self.center.alarms(),
            time_of_day(entry.at, self.began),
            entry.change
        );
        Line::styled(text, self.flash(subject))
    }

    fn imp_row(&self, imp: &ImpView<'_>, width: usize) -> Line<'static> {
        let name = self.names.get(&imp.number).map(|name| visible(name).into_owned()).unwrap_or_default();
        let name: String = name.chars().take(width).collect();
        let subject = Subject::Imp(imp.number);
        let mut row = vec![
            Text::raw(format!(" {:>2} {name:<width$} ", imp.number)),
            Text::styled(
                format!("{:<15}", imp.state.to_string()),
                self.flash(subject).patch(self.ink(imp_ink(imp.state))),
            ),
            Text::raw(" "),
        ];
        let mut sent = None;
        for address in (0..HOSTS as u8).filter_map(|host| HostAddress::new(host, imp.number)) {
            let up = imp.trouble.is_some_and(|report| report.anomalies.host_is_up(address.host().into()));
            let letter = match (up, imp.state) {
                (false, _) => "-".to_owned(),
                (true, ImpState::Up) => address.host().to_string(),
                // It was when its IMP fell silent.
                (true, _) => "?".to_owned(),
            };
            row.push(Text::styled(letter, self.flash(Subject::Host(address))));
            if imp.state == ImpState::Up
                && let Some(traffic) = self.center.sent_by(address)
            {
                sent = Some(sent.unwrap_or(0) + traffic.bits_per_second);
            }
        }
        row.push(Text::raw(format!(" {:>6}", sent.map_or_else(String::new, number))));
        Line::from(row)
    }

    fn line_row(&self, line: &LineView) -> Line<'static> {
        let rate = |traffic: Option<Traffic>| traffic.map_or_else(String::new, rate);
        Line::from(vec![
            Text::raw(format!(" {:<6}", line.id.to_string())),
            Text::styled(
                format!("{:<18}", line.state.to_string()),
                self.flash(Subject::Line(line.id)).patch(self.ink(line_ink(line.state))),
            ),
            Text::raw(format!(" {:>6} {:>6}", rate(line.to_plus), rate(line.to_minus))),
        ])
    }

    /// How something is shown that may have an alarm which nobody has acknowledged.
    fn flash(&self, subject: Subject) -> Style {
        match (self.center.flashes(subject), self.lit) {
            (true, true) => Style::new().add_modifier(Modifier::REVERSED),
            (true, false) => Style::new().add_modifier(Modifier::BOLD),
            (false, _) => Style::new(),
        }
    }

    fn ink(&self, color: Color) -> Style {
        if self.color { Style::new().fg(color) } else { Style::new() }
    }
}

fn imp_ink(state: ImpState) -> Color {
    match state {
        ImpState::Up => Color::Green,
        ImpState::Down => Color::Red,
        ImpState::Unknown | ImpState::Missing | ImpState::CutOff => Color::Yellow,
    }
}

fn line_ink(state: LineState) -> Color {
    match state {
        LineState::Up => Color::Green,
        LineState::Down => Color::Red,
        LineState::Unknown
        | LineState::DownToMinus
        | LineState::DownToPlus
        | LineState::LoopedAtMinus
        | LineState::LoopedAtPlus
        | LineState::Looped => Color::Yellow,
    }
}

/// How many letters of its name an IMP's row has room for, beside all that must not be cut.
fn name_width(row: u16) -> usize {
    usize::from(row).saturating_sub(32).clamp(8, 16)
}

/// Rows in a box; the last says how many there are below it.
fn boxed(frame: &mut Frame<'_>, area: Rect, title: String, mut rows: Vec<Line<'static>>) {
    let room = usize::from(area.height.saturating_sub(2));
    if rows.len() > room && room > 0 {
        let below = rows.len() - (room - 1);
        rows.truncate(room - 1);
        rows.push(Line::from(format!(" {below} more")));
    }
    let block = Block::new().borders(Borders::TOP | Borders::BOTTOM).title(title);
    frame.render_widget(Paragraph::new(rows).block(block), area);
}

fn rate(Traffic { bits_per_second, at_least, .. }: Traffic) -> String {
    format!("{}{}", if at_least { ">" } else { "" }, number(bits_per_second))
}

/// A number in at most six characters.
fn number(number: u64) -> String {
    match number {
        0..100_000 => number.to_string(),
        100_000..100_000_000 => format!("{}k", number / 1000),
        _ => format!("{}M", (number / 1_000_000).min(9999)),
    }
}

#[cfg(test)]
mod tests {
    use imp1822::HostAddress;
    use machine::Machine;
    use ncc::{Anomalies, Heard, LineEnd, Report, STATISTICS, ThroughputReport, TroubleReport};
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use super::*;

    /// A center that has heard of IMPs 2, 3 and 5: the line between 2 and 5 is dead.
    fn center() -> Center {
        let mut center = Center::default();
        for (seconds, imp, neighbours) in [(1, 2, [3, 0]), (2, 3, [2, 5]), (3, 5, [0, 3]), (53, 3, [2, 5])] {
            let mut trouble = TroubleReport::empty();
            for (line, neighbour) in trouble.lines.iter_mut().zip(neighbours).filter(|(_, far)| *far != 0) {
                *line = LineEnd::alive(neighbour);
            }
            trouble.anomalies = Anomalies(if imp == 5 { 0o100000 } else { 0o40000 });
            let mut counted = ThroughputReport::default();
            counted.lines[0].words = 2500;
            let from = HostAddress::new(STATISTICS, imp).expect("it fits");
            for report in [Report::Trouble(trouble), Report::Throughput(counted)] {
                center.handle(Instant::from_micros(seconds * 1_000_000), Heard { from, report: Ok(report) });
            }
        }
        center
    }

    fn screen(center: &Center, width: u16, height: u16, view: impl Fn(&mut BoardView<'_>)) -> Vec<String> {
        let names = BTreeMap::from([(2, "SRI".to_owned()), (5, "BBN\x1b[2J".to_owned())]);
        let mut board = BoardView {
            center,
            names: &names,
            now: Instant::from_micros(60_000_000),
            began: Span::from_secs(14 * 3600),
            imp: "is ready",
            from: 0,
            color: false,
            lit: true,
        };
        view(&mut board);
        let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("it is only memory");
        terminal.draw(|frame| board.draw(frame)).expect("so is what is drawn");
        let buffer = terminal.backend().buffer();
        (0..height).map(|y| (0..width).map(|x| buffer[(x, y)].symbol()).collect::<String>()).collect()
    }

    #[test]
    fn eighty_columns_and_24_lines_hold_imps_lines_hosts_traffic_log_and_keys() {
        let rows = screen(&center(), 80, 24, |_| ());
        let all = rows.join("\n");
        for shown in [
            "NETWORK CONTROL CENTER   14:01:00 UTC   its IMP is ready",
            " 2 SRI      UP              -1--",
            " 2-3   UP                           784",
            "14:00:02  LINE 2-3 UP",
            "14:00:01  HOST 1 AT IMP 2 UP",
            "q end",
        ] {
            assert!(all.contains(shown), "{shown:?} in\n{all}");
        }
        assert!(!all.contains('\x1b'), "a name commands no terminal");
    }

    #[test]
    fn no_figure_is_cut_and_a_wide_screen_has_room_for_names() {
        let mut center = center();
        let mut counted = ThroughputReport::default();
        counted.hosts[1].words_from_host = 0o77777;
        let from = HostAddress::new(STATISTICS, 3).expect("it fits");
        let report = Ok(Report::Throughput(counted));
        center.handle(Instant::from_micros(58_000_000), Heard { from, report });
        // 32767 words in five seconds.
        for (width, site) in [(80, "LONGNAME"), (120, "LONGNAME-OF-SITE")] {
            let names = BTreeMap::from([(3, "LONGNAME-OF-SITE-3".to_owned())]);
            let rows = screen(&center, width, 24, |board| board.names = Box::leak(Box::new(names.clone())));
            let row = rows.iter().find(|row| row.contains(" 3 LONG")).expect("IMP 3 has a row");
            assert!(row.contains(&format!(" 3 {site} UP              -1--   104k ")), "{row}");
        }
    }

    #[test]
    fn what_has_changed_flashes_until_it_is_acknowledged() {
        let mut center = center();
        while center.acknowledge().is_some() {}
        assert!(screen(&center, 80, 24, |_| ()).join("\n").contains("no alarm"));
        let mut trouble = TroubleReport::empty();
        trouble.lines[0] = LineEnd::alive(3);
        let from = HostAddress::new(STATISTICS, 2).expect("it fits");
        center.handle(Instant::from_micros(54_000_000), Heard { from, report: Ok(Report::Trouble(trouble)) });
        let alarm = "ALARM of 1: 14:00:54  HOST 1 AT IMP 2 DOWN";
        assert!(screen(&center, 80, 24, |_| ()).join("\n").contains(alarm));
    }

    #[test]
    fn it_is_drawn_at_any_size_and_from_any_row() {
        let center = Center::new((1..40).map(|imp| [imp, imp + 1]));
        for (width, height) in [(1, 1), (10, 3), (40, 8), (80, 24), (200, 60)] {
            for from in [0, 5, 1000] {
                screen(&center, width, height, |board| board.from = from);
            }
        }
        let all = screen(&center, 80, 24, |_| ()).join("\n");
        assert!(all.contains("more"), "what is not shown is told:\n{all}");
    }

    #[test]
    fn numbers_never_need_more_than_their_column() {
        for value in [0, 99_999, 100_000, 99_999_999, 100_000_000, u64::MAX] {
            assert!(number(value).len() <= 6, "{value}");
        }
    }

    #[test]
    fn without_colours_there_are_none() {
        let center = center();
        let names = BTreeMap::new();
        let colours = |color| {
            let board = BoardView {
                center: &center,
                names: &names,
                now: Instant::START,
                began: Span::ZERO,
                imp: "",
                from: 0,
                color,
                lit: false,
            };
            let mut terminal = Terminal::new(TestBackend::new(80, 24)).expect("it is only memory");
            terminal.draw(|frame| board.draw(frame)).expect("so is what is drawn");
            terminal.backend().buffer().content().iter().filter(|cell| cell.fg != Color::Reset).count()
        };
        assert_eq!(colours(false), 0);
        assert!(colours(true) > 0);
    }
}
