//! Plots of what was measured, as SVG: nothing but lines, marks and text at whole coordinates, so that a plot is the
//! same on every machine. It has a background of its own and can be read in light and dark surroundings.

use trace::figures::{Figures, Lines, RoundTrip, Throughput};
use trace::{Names, ratio};

use crate::svg::Svg;

/// The size of a panel, and of the space in it around its axes.
const WIDTH: u64 = 760;
const HEIGHT: u64 = 420;
const LEFT: u64 = 80;
const RIGHT: u64 = 190;
const TOP: u64 = 50;
const BOTTOM: u64 = 60;

/// The height of a line of the legend.
const KEY: u64 = 22;

/// The height of the bar of a line.
const BAR: u64 = 24;

/// Colours that can be told apart, and read on white and on near black. They repeat after the last.
const COLORS: [&str; 8] =
    ["#2f7ed8", "#e07b00", "#2a9d4a", "#c2409b", "#0f9bb0", "#a8703a", "#7a6ae0", "#d43d3d"];

const STYLE: &str = "
svg { color-scheme: light dark }
.page { fill: #ffffff } text { fill: #222222; font: 13px sans-serif } .axis { stroke: #222222 }
.grid { stroke: #dddddd } .title { font-size: 15px; font-weight: bold }
@media (prefers-color-scheme: dark) {
.page { fill: #16181d } text { fill: #e4e4e4 } .axis { stroke: #e4e4e4 } .grid { stroke: #3a3d44 }
}
";

/// A plot with one panel for each of these, one below the other. `None` if nothing was measured.
pub fn svg(title: &str, measured: &[Figures], names: &Names) -> Option<String> {
    let panels: Vec<Panel<'_>> = measured
        .iter()
        .filter_map(|one| match one {
            Figures::RoundTrip(figures) => Some(round_trip(figures, names)),
            Figures::Throughput(figures) => Some(throughput(figures, names)),
            Figures::Lines(figures) => Some(Panel::Bars(figures)),
            // A row of counts is no curve.
            Figures::Traffic(_) => None,
        })
        .collect();
    let height: u64 = panels.iter().map(Panel::height).sum();
    if panels.is_empty() {
        return None;
    }
    let mut svg = Svg::new(WIDTH as i32, height as i32, title, STYLE);
    svg.element("rect", &[("class", &"page"), ("width", &WIDTH), ("height", &height)]);
    let mut top = 0;
    for panel in &panels {
        svg.begin("g", &[("transform", &format_args!("translate(0 {top})"))]);
        panel.draw(&mut svg, names);
        svg.end();
        top += panel.height();
    }
    Some(svg.finish())
}

/// One picture of a plot.
enum Panel<'a> {
    /// Lines of points over axes.
    Curves(Axes<'a>, Vec<Series>),
    /// How busy lines were.
    Bars(&'a Lines),
}

impl Panel<'_> {
    fn height(&self) -> u64 {
        match self {
            Panel::Curves(_, all) => HEIGHT.max(TOP + KEY * (all.len() as u64 + 2)),
            Panel::Bars(figures) => {
                TOP + BAR * figures.rows.iter().take(figures.busiest).count() as u64 + BOTTOM
            }
        }
    }

    fn draw(&self, svg: &mut Svg, names: &Names) {
        match self {
            Panel::Curves(axes, all) => curves(svg, axes, all, self.height()),
            Panel::Bars(figures) => bars(svg, figures, names, self.height()),
        }
    }
}

/// A line of points with the same mark.
#[derive(Debug, Default)]
struct Series {
    label: String,
    points: Vec<Point>,
}

/// A point, in the units of the axes, and the ends of the whisker through it.
#[derive(Debug, Clone, Copy)]
struct Point {
    x: u64,
    y: u64,
    whisker: Option<(u64, u64)>,
}

/// What stands at the axes. The unit of the vertical one is a thousand of what points are given in.
struct Axes<'a> {
    title: String,
    x: &'a str,
    y: &'a str,
    legend: &'a str,
}

fn round_trip(figures: &RoundTrip, names: &Names) -> Panel<'static> {
    let mut all: Vec<Series> = Vec::new();
    for row in &figures.rows {
        if let Some(spread) = row.spread {
            let whisker = Some((spread.least.as_micros(), spread.greatest.as_micros()));
            let point = Point { x: row.hops as u64, y: spread.mean.as_micros(), whisker };
            add(&mut all, format!("{} bits", row.bits), point);
        }
    }
    let axes = Axes {
        title: format!("Round trip from {}: mean, least and greatest", names.host(figures.from)),
        x: "lines between the IMPs (hops)",
        y: "milliseconds",
        legend: "data bits of a message",
    };
    panel(axes, all)
}

fn throughput(figures: &Throughput, names: &Names) -> Panel<'static> {
    let one_place = figures.rows.windows(2).all(|pair| pair[0].to == pair[1].to);
    let mut all: Vec<Series> = Vec::new();
    for row in &figures.rows {
        let y = figures.rate(row);
        let (x, label) = if one_place {
            (row.links.into(), format!("{} bits", row.bits))
        } else {
            let plural = if row.links == 1 { "" } else { "s" };
            (row.hops as u64, format!("{} bits, {} link{plural}", row.bits, row.links))
        };
        add(&mut all, label, Point { x, y, whisker: None });
    }
    let from = names.host(figures.from);
    let title = match figures.rows.first().filter(|_| one_place) {
        Some(row) => format!("Throughput from {from} to {}", names.host(row.to)),
        None => format!("Throughput from {from}"),
    };
    let x = if one_place { "links" } else { "lines between the IMPs (hops)" };
    panel(Axes { title, x, y: "kilobits of data a second", legend: "data bits of a message" }, all)
}

fn add(all: &mut Vec<Series>, label: String, point: Point) {
    match all.iter_mut().find(|series| series.label == label) {
        Some(series) => series.points.push(point),
        None => all.push(Series { label, points: vec![point] }),
    }
}

fn panel(axes: Axes<'_>, mut all: Vec<Series>) -> Panel<'_> {
    all.iter_mut().for_each(|series| series.points.sort_by_key(|point| point.x));
    Panel::Curves(axes, all)
}

/// Axes, series and a legend.
fn curves(svg: &mut Svg, axes: &Axes<'_>, all: &[Series], height: u64) {
    let points = || all.iter().flat_map(|series| &series.points);
    let most_x = points().map(|point| point.x).max().unwrap_or(0).max(1);
    let most_y = points().map(|point| point.whisker.map_or(point.y, |(_, top)| top)).max().unwrap_or(0);
    let (step_x, step_y) = (step(most_x, 12), step(most_y, 6).max(10));
    let (most_x, most_y) = (most_x.next_multiple_of(step_x), most_y.max(1).next_multiple_of(step_y));
    let (right, bottom) = (WIDTH - RIGHT, height - BOTTOM);
    let across = |x: u64| LEFT + x * (right - LEFT) / most_x;
    let up = |y: u64| bottom - y * (bottom - TOP) / most_y;

    title(svg, &axes.title);
    for y in (0..=most_y).step_by(step_y as usize) {
        let at = up(y);
        let class = if y == 0 { "axis" } else { "grid" };
        svg.element("path", &[("class", &class), ("d", &format_args!("M{LEFT} {at}H{right}"))]);
        label(svg, LEFT - 8, at + 4, "end", &thousands(y, step_y));
    }
    for x in (0..=most_x).step_by(step_x as usize) {
        let at = across(x);
        svg.element("path", &[("class", &"axis"), ("d", &format_args!("M{at} {bottom}v5"))]);
        label(svg, at, bottom + 20, "middle", &x.to_string());
    }
    svg.element("path", &[("class", &"axis"), ("d", &format_args!("M{LEFT} {TOP}V{bottom}"))]);
    label(svg, (LEFT + right) / 2, height - 18, "middle", axes.x);
    let turned = format!("translate(20 {}) rotate(-90)", (TOP + bottom) / 2);
    svg.content("text", &[("transform", &turned), ("text-anchor", &"middle")], axes.y);
    label(svg, right + 20, TOP + 4, "start", axes.legend);

    for (index, series) in all.iter().enumerate() {
        let color = COLORS[index % COLORS.len()];
        let dot = |svg: &mut Svg, x, y| svg.element("path", &[("fill", &color), ("d", &mark(index, x, y))]);
        svg.begin("g", &[("stroke", &color), ("stroke-width", &2), ("fill", &"none")]);
        let corners = series.points.iter().map(|point| format!("{} {}", across(point.x), up(point.y)));
        let corners: Vec<String> = corners.collect();
        svg.element("path", &[("d", &format_args!("M{}", corners.join("L")))]);
        for Point { x, y, whisker } in &series.points {
            let x = across(*x);
            if let Some((low, high)) = whisker {
                let whisker = format!("M{x} {}V{}", up(*low), up(*high));
                svg.element("path", &[("stroke-width", &1), ("d", &whisker)]);
            }
            dot(svg, x, up(*y));
        }
        let (x, y) = (right + 30, TOP + KEY * (index as u64 + 1) + 4);
        svg.element("path", &[("d", &format_args!("M{} {y}h24", x - 12))]);
        dot(svg, x, y);
        svg.end();
        label(svg, x + 20, y + 4, "start", &series.label);
    }
}

/// Bars that show how busy lines were.
fn bars(svg: &mut Svg, figures: &Lines, names: &Names, height: u64) {
    let (left, right, bottom) = (LEFT + 110, WIDTH - 100, height - BOTTOM);
    title(svg, &format!("The busiest lines, in {}", figures.span));
    for percent in (0..=100).step_by(20) {
        let at = left + percent * (right - left) / 100;
        let class = if percent == 0 { "axis" } else { "grid" };
        svg.element("path", &[("class", &class), ("d", &format_args!("M{at} {TOP}V{bottom}"))]);
        label(svg, at, bottom + 20, "middle", &percent.to_string());
    }
    label(svg, (left + right) / 2, height - 18, "middle", "busy, in per cent");
    let span = figures.span.as_micros().max(1);
    for (row, y) in figures.rows.iter().take(figures.busiest).zip((TOP..).step_by(BAR as usize)) {
        let busy = row.busy.as_micros().min(span);
        let length = (u128::from(busy) * u128::from(right - left) / u128::from(span)) as u64;
        let (middle, high) = (y + BAR / 2 + 4, BAR - 8);
        label(svg, left - 8, middle, "end", &format!("{} to {}", names.imp(row.from), names.imp(row.to)));
        svg.element(
            "rect",
            &[("x", &left), ("y", &(y + 4)), ("width", &length), ("height", &high), ("fill", &COLORS[0])],
        );
        label(svg, left + length + 6, middle, "start", &figures.busy(row));
    }
}

fn title(svg: &mut Svg, title: &str) {
    svg.content("text", &[("class", &"title"), ("x", &LEFT), ("y", &26)], title);
}

fn label(svg: &mut Svg, x: u64, y: u64, anchor: &str, text: &str) {
    svg.content("text", &[("x", &x), ("y", &y), ("text-anchor", &anchor)], text);
}

/// The mark of a series around a point: a circle, a square, a diamond or a triangle.
fn mark(series: usize, x: u64, y: u64) -> String {
    match series % 4 {
        0 => format!("M{} {y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z", x - 4),
        1 => format!("M{} {}h8v8h-8Z", x - 4, y - 4),
        2 => format!("M{x} {}l5 5l-5 5l-5 -5Z", y - 5),
        _ => format!("M{x} {}l5 9h-10Z", y - 5),
    }
}

/// The distance of ticks, so that at most `ticks` of them follow the first: 1, 2 or 5 and noughts.
fn step(most: u64, ticks: u64) -> u64 {
    let mut decade = 1;
    loop {
        for digit in [1, 2, 5] {
            if most <= digit * decade * ticks {
                return digit * decade;
            }
        }
        decade *= 10;
    }
}

/// A number in thousands, with the decimals that ticks at this distance need.
fn thousands(number: u64, step: u64) -> String {
    let decimals = match step {
        1000.. => 0,
        100..1000 => 1,
        0..100 => 2,
    };
    ratio(number, 1_000, decimals)
}

#[cfg(test)]
mod tests;
