//! A ladder as SVG: 1280 wide, text of 16, in whole numbers, so that it is the same on every machine. It says by dashes and
//! marks what it says by colour, so that it can be printed.

use std::fmt::Display;

use machine::Instant;

use super::layout::{Arrow, HEADING, Lane, Layout, ROW, Row, RowWhat};
use super::mermaid::name;
use super::{LadderOptions, Scale};
use crate::palette::{Look, Theme};
use crate::sheet::Sheet;
use crate::svg::Svg;

const WIDTH: i32 = 1280;
/// The width of a letter: six tenths of its height, a little more than most.
const LETTER: i32 = 9;
/// The same of what stands on paper, and of a name.
const PAPER: i32 = 10;
/// Where the times end, and the lanes begin and end.
const TIMES: i32 = 104;
const LEFT: i32 = 120;
const RIGHT: i32 = 1264;
/// From the top to the first row, and from the last to the bottom.
const TOP: i32 = 108;
const BOTTOM: i32 = 62;
/// From the top of a row to the baseline of its text.
const BASELINE: i32 = 12;
/// From the margins to the first and the last lane.
const INSET: i32 = 76;
/// More lanes than these are many.
const MANY: usize = 8;
/// An arrow that falls further has its text at its begin.
const STEEP: i32 = 2 * ROW;
/// Where the names of the lanes stand.
const NAMES: i32 = 94;

/// The ladder of a run as an SVG.
pub fn svg(sheet: &Sheet<'_>, options: &LadderOptions<'_>) -> String {
    let layout = Layout::new(sheet, options);
    let height = TOP + layout.height + BOTTOM;
    let title = sheet.title();
    let mut picture = Picture {
        svg: Svg::new(WIDTH, height, &title, &style(options.theme)),
        sheet,
        layout: &layout,
        theme: options.theme,
    };
    picture.svg.element("rect", &[("class", &"page"), ("width", &WIDTH), ("height", &height)]);
    picture.heading(options.scale, height);
    picture.bands();
    picture.lanes(height);
    // Text lies over all lines.
    for row in &layout.rows {
        picture.arrow(row);
    }
    for row in &layout.rows {
        picture.row(row);
    }
    picture.svg.finish()
}

fn style(theme: Theme) -> String {
    let [page, ink, soft, band, rule] = match theme {
        Theme::Light => ["#ffffff", "#16202b", "#4a5866", "#eef2f6", "#9aa7b4"],
        Theme::Dark => ["#12161b", "#eef2f6", "#b4c0cc", "#1d242c", "#5c6a78"],
    };
    format!(
        "
    text {{ font: 16px 'Liberation Sans', 'DejaVu Sans', Arial, Helvetica, sans-serif; fill: {ink}; }}
    .page {{ fill: {page}; }}
    .title {{ font-size: 22px; font-weight: bold; }}
    .soft {{ fill: {soft}; }}
    .time {{ fill: {soft}; font-variant-numeric: tabular-nums; text-anchor: end; }}
    .band {{ fill: {band}; }}
    .rule {{ stroke: {rule}; stroke-width: 1; }}
    .phase {{ font-weight: bold; }}
    .name {{ font-weight: bold; text-anchor: middle; }}
    .lane {{ stroke-width: 2.5; fill: none; }}
    .arrow {{ stroke: {ink}; stroke-width: 1.6; fill: none; }}
    .data {{ stroke-width: 4; }}
    .head {{ fill: {ink}; }}
    .said {{ stroke: {page}; stroke-width: 5px; paint-order: stroke; stroke-linejoin: round; }}
    .plate {{ fill: {page}; opacity: 0.8; }}
    .middle {{ text-anchor: middle; }}
    .end {{ text-anchor: end; }}
    .paper {{ font-family: 'Courier New', 'Liberation Mono', 'DejaVu Sans Mono', monospace; }}
    .typed {{ font-weight: bold; }}
    .event {{ font-style: italic; }}
  "
    )
}

struct Picture<'a> {
    svg: Svg,
    sheet: &'a Sheet<'a>,
    layout: &'a Layout,
    theme: Theme,
}

impl Picture<'_> {
    fn heading(&mut self, scale: Scale, height: i32) {
        let scenario = self.sheet.scenario;
        let text = |svg: &mut Svg, class: &str, y: i32, text: &str| {
            svg.content("text", &[("class", &class), ("x", &16), ("y", &y)], &cut(text, WIDTH - 32));
        };
        text(&mut self.svg, "title", 34, &self.sheet.title());
        let cites = if scenario.cites.is_empty() {
            String::new()
        } else {
            format!("{}; ", scenario.cites.join("; "))
        };
        let below = format!("{cites}net {}, seed {}", scenario.net.name, scenario.seed);
        text(&mut self.svg, "soft", 58, &self.sheet.without_passwords(&below));
        let scale = match scale {
            Scale::Order => "Time runs down, in seconds: one thing below the other, not to scale.",
            Scale::Time => "Time runs down, in seconds, to scale; long gaps are cut short.",
        };
        text(&mut self.svg, "soft", height - 32, scale);
        let arrows = "An arrow ends where its message arrives; data are thick; × has not arrived, or is on a dead line.";
        text(&mut self.svg, "soft", height - 12, arrows);
    }

    /// Every other phase has a ground of its own, and a line above it.
    fn bands(&mut self) {
        let headings = self.layout.rows.iter().filter(|row| matches!(row.what, RowWhat::Heading(_)));
        let mut tops: Vec<i32> = headings.map(|row| row.y - 2).collect();
        tops.push(self.layout.height + 6);
        for (number, two) in tops.windows(2).enumerate() {
            let (y, height) = (TOP + two[0], two[1] - two[0]);
            if number % 2 == 0 {
                let place: [(&str, &dyn Display); 5] =
                    [("class", &"band"), ("x", &8), ("y", &y), ("width", &(WIDTH - 16)), ("height", &height)];
                self.svg.element("rect", &place);
            }
            self.line("rule", [(8, y), (WIDTH - 8, y)]);
        }
    }

    fn lanes(&mut self, height: i32) {
        let widest =
            self.layout.lanes.iter().map(|lane| letters(&self.name(*lane)) + 3).max().unwrap_or_default();
        let is_narrow = self.layout.lanes.len() > 1 && self.x_of(1) - self.x_of(0) < widest * PAPER;
        for (place, lane) in self.layout.lanes.iter().enumerate() {
            let x = self.x_of(place);
            // Where there is no room beside each other, every other name stands higher.
            let y = if is_narrow && place % 2 == 1 { NAMES - 16 } else { NAMES };
            let (color, dashes, mark) = self.look(*lane);
            let bottom = height - BOTTOM + 12;
            self.svg.element(
                "line",
                &[
                    ("class", &"lane"),
                    ("x1", &x),
                    ("y1", &(NAMES + 12)),
                    ("x2", &x),
                    ("y2", &bottom),
                    ("stroke", &color),
                    ("stroke-dasharray", &if dashes.is_empty() { "none" } else { dashes }),
                ],
            );
            let name = format!("{mark}{}", self.name(*lane));
            self.svg.content(
                "text",
                &[
                    ("class", &"name"),
                    ("x", &x),
                    ("y", &y),
                    ("fill", &color),
                    ("style", &format!("fill:{color}")),
                ],
                &name,
            );
        }
    }

    /// The name of a lane; of an IMP among many its number.
    fn name(&self, lane: Lane) -> String {
        match lane {
            Lane::Imp(imp) if self.layout.lanes.len() > MANY => imp.to_string(),
            _ => name(self.sheet, lane),
        }
    }

    /// The colour, dashes and mark of a lane.
    fn look(&self, lane: Lane) -> (&'static str, &'static str, String) {
        match lane {
            Lane::Host(host) => {
                let place = self.sheet.hosts().iter().position(|other| *other == host);
                let look = Look::of(place.unwrap_or_default());
                (look.color(self.theme), look.dashes, format!("{} ", look.mark))
            }
            Lane::Imp(_) => {
                let color = match self.theme {
                    Theme::Light => "#6b7885",
                    Theme::Dark => "#8d9aa7",
                };
                (color, "1 5", String::new())
            }
        }
    }

    fn row(&mut self, Row { y, begin, at, what }: &Row) {
        let y = TOP + y;
        if let Some(at) = at {
            self.time(*at, y);
        }
        match what {
            RowWhat::Heading(title) => {
                let place: [(&str, &dyn Display); 3] =
                    [("class", &"phase said"), ("x", &16), ("y", &(y + HEADING - 9))];
                self.svg.content("text", &place, &cut(title, WIDTH - 32));
            }
            RowWhat::Gap(span) => self.text("soft said", LEFT, y + BASELINE, &format!("… {span} pass …")),
            RowWhat::Event(text) => self.text("event said", LEFT, y + BASELINE, &cut(text, RIGHT - LEFT)),
            RowWhat::Note { lane, text, is_typed } => {
                let x = self.x(*lane);
                let class = if *is_typed { "paper typed said" } else { "paper said" };
                // Where there is more room.
                if x > (LEFT + RIGHT) / 2 {
                    let text = cut(text, (x - LEFT) - 10);
                    let width = letters(&text) * PAPER;
                    self.plate(x - 10 - width, y, width);
                    self.text(&format!("{class} end"), x - 10, y + BASELINE, &text);
                } else {
                    let text = cut(text, (RIGHT - x) - 10);
                    self.plate(x + 10, y, letters(&text) * PAPER);
                    self.text(class, x + 10, y + BASELINE, &text);
                }
            }
            RowWhat::Arrow(arrow) => self.said(arrow, y, *begin),
        }
    }

    /// The line of a message.
    fn arrow(&mut self, Row { begin, what, .. }: &Row) {
        let RowWhat::Arrow(arrow) = what else { return };
        let (from, to) = (self.x(arrow.from), self.x(arrow.to));
        let begin = TOP + begin;
        let class = if arrow.is_data { "arrow data" } else { "arrow" };
        let way = if to > from { 1 } else { -1 };
        self.svg.begin("g", &[("id", &format_args!("r{}", arrow.record))]);
        self.svg.title(&arrow.full);
        match arrow.end {
            Some(end) => {
                let y = TOP + end;
                self.line(class, [(from, begin), (to - 8 * way, y)]);
                let (tail, half) = (to - 13 * way, if arrow.is_data { 7 } else { 5 });
                let points = format!("{to},{y} {tail},{} {tail},{}", y - half, y + half);
                self.svg.element("polygon", &[("class", &"head"), ("points", &points)]);
            }
            // One that has not arrived stops on its way.
            None => {
                let (x, y) = (from + (to - from) * 3 / 4, begin + ROW / 2);
                self.line(class, [(from, begin), (x, y)]);
                self.line(class, [(x - 6, y - 6), (x + 6, y + 6)]);
                self.line(class, [(x - 6, y + 6), (x + 6, y - 6)]);
            }
        }
        self.svg.end();
    }

    /// The text of a message: above the middle of its line, at the begin of one that falls far, or beside a short one.
    fn said(&mut self, arrow: &Arrow, y: i32, begin: i32) {
        let (from, to) = (self.x(arrow.from), self.x(arrow.to));
        let text = cut(&arrow.text, RIGHT - LEFT);
        let half = letters(&text) * LETTER / 2;
        let (room, is_steep) = ((to - from).abs(), arrow.end.is_some_and(|end| end - begin > STEEP));
        let middle = match is_steep && 2 * half < room {
            true if to > from => from + half + 12,
            true => from - half - 12,
            // Beside a line that it would cover.
            false if 2 * half > room + room / 4 && from.max(to) + 2 * half < RIGHT => {
                from.max(to) + half + 12
            }
            false if 2 * half > room + room / 4 && from.min(to) - 2 * half > LEFT => from.min(to) - half - 12,
            false => i32::midpoint(from, to),
        };
        let middle = middle.clamp((LEFT + half).min(RIGHT - half), (RIGHT - half).max(LEFT + half));
        self.plate(middle - half, y, 2 * half);
        self.text("said middle", middle, y + BASELINE, &text);
    }

    /// A ground for a text, so that lines that cross it do not strike it out. Letters are narrower than what is reckoned for
    /// them, as a rule.
    fn plate(&mut self, x: i32, y: i32, width: i32) {
        let (x, width) = (x + width / 16, width * 7 / 8);
        let place: [(&str, &dyn Display); 5] =
            [("class", &"plate"), ("x", &x), ("y", &(y - 1)), ("width", &width), ("height", &(ROW - 5))];
        self.svg.element("rect", &place);
    }

    fn time(&mut self, at: Instant, y: i32) {
        self.text("time", TIMES, y + BASELINE, &at.to_string());
    }

    fn text(&mut self, class: &str, x: i32, y: i32, text: &str) {
        self.svg.content("text", &[("class", &class), ("x", &x), ("y", &y)], text);
    }

    fn line(&mut self, class: &str, [(x1, y1), (x2, y2)]: [(i32, i32); 2]) {
        self.svg.element("line", &[("class", &class), ("x1", &x1), ("y1", &y1), ("x2", &x2), ("y2", &y2)]);
    }

    fn x(&self, lane: Lane) -> i32 {
        let place = self.layout.lanes.iter().position(|other| *other == lane);
        self.x_of(place.unwrap_or_default())
    }

    /// The lanes divide the width among them.
    fn x_of(&self, place: usize) -> i32 {
        let (first, last) = (LEFT + INSET, RIGHT - INSET);
        match self.layout.lanes.len() as i32 {
            0 | 1 => i32::midpoint(first, last),
            lanes => first + (last - first) * place as i32 / (lanes - 1),
        }
    }
}

fn letters(text: &str) -> i32 {
    i32::try_from(text.chars().count()).unwrap_or(i32::MAX / LETTER)
}

/// As much of a text as fits.
fn cut(text: &str, width: i32) -> String {
    let room = usize::try_from(width / LETTER).unwrap_or_default();
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(room.saturating_sub(1)).collect();
    short.push('…');
    short
}
