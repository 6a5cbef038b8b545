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
const TIMES: i32 = 112;
const LEFT: i32 = 124;
const RIGHT: i32 = 1264;
/// From the top to the first row, and from the last to the bottom.
const TOP: i32 = 108;
const BOTTOM: i32 = 62;
/// From the top of a row to the baseline of its text.
const BASELINE: i32 = 12;
/// From the margins to the first and the last lane.
const INSET: i32 = 76;
/// From a lane to the words that stand beside it.
const BESIDE: i32 = 10;
/// How far the arrow of what a host sends to itself leaves its lane.
const LOOP: i32 = 36;
/// More lanes than these are many.
const MANY: usize = 8;
/// Data are never cut to fewer letters.
const SHORTEST: i32 = 30;
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
    // Text lies over all lines, and what says that a message is lost over both.
    for row in &layout.rows {
        picture.arrow(row);
    }
    let mut phases = 0;
    for row in &layout.rows {
        if matches!(row.what, RowWhat::Heading(_)) {
            if phases > 0 {
                picture.svg.end();
            }
            picture.svg.begin("g", &[("class", &if has_band(phases) { "on" } else { "off" })]);
            phases += 1;
        }
        picture.row(row);
    }
    if phases > 0 {
        picture.svg.end();
    }
    for row in &layout.rows {
        picture.cross(row);
    }
    picture.svg.finish()
}

/// Whether the phase of this number has a ground of its own.
fn has_band(phase: usize) -> bool {
    phase.is_multiple_of(2)
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
    .on .said {{ stroke: {band}; }}
    .on .plate {{ fill: {band}; }}
    .middle {{ text-anchor: middle; }}
    .end {{ text-anchor: end; }}
    .paper {{ font-family: 'Courier New', 'Liberation Mono', 'DejaVu Sans Mono', monospace; white-space: pre; }}
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
            svg.content("text", &[("class", &class), ("x", &16), ("y", &y)], &cut(text, WIDTH - 32, LETTER));
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
            if has_band(number) {
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
                self.svg.content("text", &place, &cut(title, WIDTH - 32, LETTER));
            }
            RowWhat::Gap(span) => self.text("soft said", LEFT, y + BASELINE, &format!("… {span} later …")),
            RowWhat::Event(text) => {
                self.text("event said", LEFT, y + BASELINE, &cut(text, RIGHT - LEFT, LETTER));
            }
            RowWhat::Table(text) => self.paper("paper said", LEFT, y, &cut(text, RIGHT - LEFT, PAPER)),
            RowWhat::Note { lane, text, is_typed } => self.note(*lane, text, *is_typed, y),
            RowWhat::Arrow(arrow) => self.said(arrow, y, *begin),
        }
    }

    /// What happens at a lane: a dot, and words at the side where there is more room. Where both sides have too little, they
    /// stand across the lane.
    fn note(&mut self, lane: Lane, text: &str, is_typed: bool, y: i32) {
        let x = self.x(lane);
        let text = cut(text, RIGHT - LEFT, PAPER);
        let width = letters(&text) * PAPER;
        let class = if is_typed { "paper typed said" } else { "paper said" };
        let (color, ..) = self.look(lane);
        let dot: [(&str, &dyn Display); 4] =
            [("cx", &x), ("cy", &(y + BASELINE - 5)), ("r", &4), ("fill", &color)];
        self.svg.element("circle", &dot);
        let left = x - BESIDE - width;
        if x > i32::midpoint(LEFT, RIGHT) && left >= LEFT {
            self.plate(left, y, width);
            self.paper(&format!("{class} end"), x - BESIDE, y, &text);
        } else {
            let left = (x + BESIDE).min(RIGHT - width).max(LEFT);
            self.plate(left, y, width);
            self.paper(class, left, y, &text);
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
            Some(end) if from == to => {
                let y = TOP + end.max(begin - TOP + ROW / 2);
                let (out, back) = (from + LOOP * self.outward(from), from + 8 * self.outward(from));
                let way = format!("M{from} {begin} H{out} V{y} H{back}");
                self.svg.element("path", &[("class", &class), ("d", &way)]);
                self.head(from, y, -self.outward(from), arrow.is_data);
            }
            Some(end) => {
                let y = TOP + end;
                self.line(class, [(from, begin), (to - 8 * way, y)]);
                self.head(to, y, way, arrow.is_data);
            }
            None => self.line(class, [(from, begin), self.lost_at(arrow, begin)]),
        }
        self.svg.end();
    }

    /// The head of an arrow that points this way.
    fn head(&mut self, x: i32, y: i32, way: i32, is_data: bool) {
        let (tail, half) = (x - 13 * way, if is_data { 7 } else { 5 });
        let points = format!("{x},{y} {tail},{} {tail},{}", y - half, y + half);
        self.svg.element("polygon", &[("class", &"head"), ("points", &points)]);
    }

    /// On which side of its lane a host's arrow to itself lies: right or left.
    fn outward(&self, x: i32) -> i32 {
        if x > i32::midpoint(LEFT, RIGHT) { -1 } else { 1 }
    }

    /// Where a message that has not arrived stops on its way.
    fn lost_at(&self, arrow: &Arrow, begin: i32) -> (i32, i32) {
        let (from, to) = (self.x(arrow.from), self.x(arrow.to));
        let way = if from == to { LOOP * self.outward(from) } else { (to - from) * 3 / 4 };
        // It does not fall: its cross stands between two rows of text.
        (from + way, begin + 2)
    }

    /// The cross of a message that has not arrived.
    fn cross(&mut self, Row { begin, what, .. }: &Row) {
        let RowWhat::Arrow(arrow @ Arrow { end: None, is_data, .. }) = what else { return };
        let class = if *is_data { "arrow data" } else { "arrow" };
        let (x, y) = self.lost_at(arrow, TOP + begin);
        self.line(class, [(x - 6, y - 6), (x + 6, y + 6)]);
        self.line(class, [(x - 6, y + 6), (x + 6, y - 6)]);
    }

    /// The text of a message: above the middle of its line, at the begin of one that falls far, or beside a short one.
    fn said(&mut self, arrow: &Arrow, y: i32, begin: i32) {
        let (from, to) = (self.x(arrow.from), self.x(arrow.to));
        let room = (to - from).abs();
        // Of data, what fits between the lanes is enough.
        let most =
            if arrow.is_data && from != to { (room - BESIDE).max(SHORTEST * LETTER) } else { RIGHT - LEFT };
        let text = cut(&arrow.text, most, LETTER);
        let half = letters(&text) * LETTER / 2;
        let is_steep = arrow.end.is_some_and(|end| end - begin > STEEP);
        let middle = match is_steep && 2 * half < room {
            _ if from == to => from + (LOOP + BESIDE + half) * self.outward(from),
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

    /// Text as it stands on paper, each blank included.
    fn paper(&mut self, class: &str, x: i32, y: i32, text: &str) {
        let place: [(&str, &dyn Display); 4] =
            [("class", &class), ("x", &x), ("y", &(y + BASELINE)), ("xml:space", &"preserve")];
        self.svg.content("text", &place, text);
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

/// As much of a text as fits, in letters of this width.
fn cut(text: &str, width: i32, letter: i32) -> String {
    let room = usize::try_from(width / letter).unwrap_or_default();
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(room.saturating_sub(1)).collect();
    short.push('…');
    short
}
