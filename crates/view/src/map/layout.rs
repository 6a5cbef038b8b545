//! The layout of a map: where each IMP stands.

use imp::{Net, Place};

use super::geometry::{Area, Point, alike, cross};

/// Boxes are at least this far apart.
const GAP: i32 = 24;
/// A line passes the boxes of other IMPs at least at this distance.
const PASSING: i32 = 6;
/// The length of a degree of longitude in thousandths of one of latitude: cos 38 degrees, in the middle of the United
/// States.
const COSINE: i64 = 788;
/// The width that is left of a long empty stretch: enough for a box to stand clear of the break.
const BREAK: i64 = 180;
/// Boxes that are further apart than this do not change places.
const MAX_EXCHANGE: i64 = 420;
/// Each box looks for a better place at most this many times.
const MAX_ROUNDS: usize = 40;
/// How much work all rounds together may be: a round takes as long as the cube of the number of boxes.
const EFFORT: usize = 900_000;

/// How the IMPs are arranged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arrangement {
    /// About where they stood.
    Map,
    /// On a circle.
    Circle,
}

/// Where everything stands on a map.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) arrangement: Arrangement,
    /// One for each IMP, in the order of the net.
    pub(crate) areas: Vec<Area>,
    /// How large it is. All areas lie between the upper left corner, which is 0, 0, and here.
    pub(crate) size: Point,
    /// How far from the left long empty stretches are left out.
    pub(crate) breaks: Vec<i32>,
}

impl Layout {
    /// Finds a place for each IMP of the net, whose box has this size.
    pub(crate) fn new(net: &Net, sizes: &[Point]) -> Self {
        Layout::with_care(net, sizes, Care { orders: 4, rounds: MAX_ROUNDS, sparseness: 10, least: 560 })
    }

    /// The same in a tenth of the time, for a small picture beside others: some boxes stand further from where they could, and
    /// all of them closer together.
    pub(crate) fn sketch(net: &Net, sizes: &[Point]) -> Self {
        Layout::with_care(net, sizes, Care { orders: 1, rounds: 2, sparseness: 4, least: 360 })
    }

    fn with_care(net: &Net, sizes: &[Point], care: Care) -> Self {
        let places: Option<Vec<Place>> = net.imps.iter().map(|imp| imp.place).collect();
        let (arrangement, areas, breaks) = match places {
            Some(places) => {
                let (areas, breaks) = map(net, &places, sizes, care);
                (Arrangement::Map, areas, breaks)
            }
            None => (Arrangement::Circle, circle(sizes), Vec::new()),
        };
        let left = areas.iter().map(|area| area.corner.x).min().unwrap_or(0);
        let top = areas.iter().map(|area| area.corner.y).min().unwrap_or(0);
        let areas: Vec<Area> =
            areas.into_iter().map(|area| area.moved(Point { x: -left, y: -top })).collect();
        let right = areas.iter().map(|area| area.corner.x + area.size.x).max().unwrap_or(0);
        let bottom = areas.iter().map(|area| area.corner.y + area.size.y).max().unwrap_or(0);
        let breaks = breaks.into_iter().map(|x| x - left).collect();
        Layout { arrangement, areas, size: Point { x: right, y: bottom }, breaks }
    }
}

/// How much is tried to find good places.
#[derive(Debug, Clone, Copy)]
struct Care {
    /// In how many orders the boxes look for better places.
    orders: usize,
    /// How often each does, at most.
    rounds: usize,
    /// The area of the map, in areas of all boxes together.
    sparseness: i64,
    /// The least width of the map.
    least: i32,
}

/// In the order of the net, clockwise from the top.
fn circle(sizes: &[Point]) -> Vec<Area> {
    let number = i64::try_from(sizes.len()).unwrap_or(i64::MAX).max(1);
    let wide = sizes.iter().map(|size| i64::from(size.x)).max().unwrap_or(0);
    let high = sizes.iter().map(|size| i64::from(size.y)).max().unwrap_or(0);
    // Boxes whose middles are a diagonal apart do not touch.
    let diagonal = (wide * wide + high * high).isqrt() + i64::from(GAP);
    let radius = (number * diagonal / 5).max(140);
    let spot = |(index, size): (usize, &Point)| {
        let turn = i64::try_from(index).unwrap_or(0) * 360_000 / number;
        // At most 64 boxes, each narrower than 500: this fits.
        let x = (radius * sine(turn) / 1_000_000) as i32;
        let y = (-radius * sine(turn + 90_000) / 1_000_000) as i32;
        Area::around(Point { x, y }, *size)
    };
    sizes.iter().enumerate().map(spot).collect()
}

/// A millionfold sine of an angle in thousandths of a degree, good to two parts in a thousand: Bhaskara's formula.
fn sine(angle: i64) -> i64 {
    let angle = angle.rem_euclid(360_000);
    let (half, sign) = if angle < 180_000 { (angle, 1) } else { (angle - 180_000, -1) };
    let product = half * (180_000 - half);
    sign * 4 * product * 1_000 / ((40_500_000_000 - product) / 1_000)
}

/// About where they stood, drawn apart where they are crowded.
fn map(net: &Net, places: &[Place], sizes: &[Point], care: Care) -> (Vec<Area>, Vec<i32>) {
    let x: Vec<i64> = places.iter().map(|place| i64::from(place.longitude()) * COSINE / 1_000).collect();
    let y: Vec<i64> = places.iter().map(|place| -i64::from(place.latitude())).collect();
    let boxes: i64 = sizes.iter().map(|size| i64::from(size.x + GAP) * i64::from(size.y + GAP)).sum();
    // As wide as three to two, for it is a wide country.
    let wide = ((boxes * care.sparseness * 3 / 2 / 4).isqrt() as i32).max(care.least);
    let (xs, breaks) = spread(&x, wide);
    let (ys, _) = spread(&y, wide * 2 / 3);
    let homes: Vec<Point> = xs.into_iter().zip(ys).map(|(x, y)| Point { x, y }).collect();
    let ends = |number: u8| net.imps.iter().position(|imp| imp.number == number);
    let lines = net.lines.iter().filter_map(|line| Some([ends(line.between[0])?, ends(line.between[1])?]));
    let (spots, fences) = (homes.clone(), breaks.clone());
    let mut placement = Placement { homes, fences, sizes: sizes.to_vec(), lines: lines.collect(), spots };
    placement.push_apart();
    let begun = placement.spots.clone();
    // What a box finds depends on which boxes have moved before: four orders are tried, and the best result is taken.
    let keys: [fn(Point) -> i32; 4] = [|at| at.x, |at| -at.x, |at| at.y, |at| -at.y];
    let ends = keys.into_iter().take(care.orders).map(|key| {
        let mut order: Vec<usize> = (0..begun.len()).collect();
        order.sort_by_key(|index| key(begun[*index]));
        placement.spots.clone_from(&begun);
        placement.improve(&order, care.rounds);
        placement.settle();
        let cost: i64 = order.iter().map(|index| placement.cost(*index, i64::MAX)).sum();
        (cost, placement.areas())
    });
    let best = ends.min_by_key(|(cost, _)| *cost);
    (best.map(|(_, areas)| areas).unwrap_or_default(), breaks)
}

/// Maps coordinates to 0 up to `extent`, wider where they are crowded: half by where they are, half by how many come
/// before. An empty gap that is wider than a quarter of all the rest is shortened to that. Returns the mapped
/// coordinates, and where gaps were shortened.
fn spread(values: &[i64], extent: i32) -> (Vec<i32>, Vec<i32>) {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let gaps: Vec<i64> = sorted.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let whole: i64 = gaps.iter().sum();
    let short: Vec<i64> =
        gaps.iter().map(|gap| if gaps.len() > 4 { (*gap).min((whole - gap) / 4) } else { *gap }).collect();
    let total = short.iter().sum::<i64>().max(1);
    let steps = i64::try_from(gaps.len()).unwrap_or(0).max(1);
    let extent = i64::from(extent);
    let mut along = vec![0_i64];
    let (mut passed, mut broken) = (0, 0);
    for ((step, gap), whole) in (1..).zip(&short).zip(&gaps) {
        passed += gap;
        broken += if gap < whole { BREAK } else { 0 };
        along.push((extent * passed / total + extent * step / steps) / 2 + broken);
    }
    let breaks = gaps.iter().zip(&short).enumerate().filter(|(_, (gap, short))| gap > short);
    let breaks = breaks.map(|(index, _)| ((along[index] + along[index + 1]) / 2) as i32).collect();
    let spot = |value: &i64| along[sorted.partition_point(|other| other < value)] as i32;
    (values.iter().map(spot).collect(), breaks)
}

/// Boxes that are moved to better places.
struct Placement {
    /// Where each IMP stood.
    homes: Vec<Point>,
    /// No box may cross these: how far from the left long empty stretches are left out.
    fences: Vec<i32>,
    /// How large each box is.
    sizes: Vec<Point>,
    /// The boxes at the ends of each line.
    lines: Vec<[usize; 2]>,
    /// The middle of each box now.
    spots: Vec<Point>,
}

impl Placement {
    fn areas(&self) -> Vec<Area> {
        self.spots.iter().zip(&self.sizes).map(|(spot, size)| Area::around(*spot, *size)).collect()
    }

    fn area(&self, index: usize) -> Area {
        Area::around(self.spots[index], self.sizes[index])
    }

    /// Moves boxes that overlap away from each other, half of the way each, until hardly any do.
    fn push_apart(&mut self) {
        for _ in 0..MAX_ROUNDS {
            let mut moved = false;
            for one in 0..self.spots.len() {
                for other in one + 1..self.spots.len() {
                    let depth = self.area(one).depth(self.area(other), GAP);
                    if depth == 0 {
                        continue;
                    }
                    moved = true;
                    let half = depth / 2 + 1;
                    let (a, b) = (self.spots[one], self.spots[other]);
                    // Sideways, or up and down, whichever is the shorter way out.
                    let room =
                        |size: fn(&Point) -> i32| (size(&self.sizes[one]) + size(&self.sizes[other])) / 2;
                    if room(|size| size.x) - (a.x - b.x).abs() <= room(|size| size.y) - (a.y - b.y).abs() {
                        let push = if a.x <= b.x { half } else { -half };
                        self.spots[one].x -= push;
                        self.spots[other].x += push;
                    } else {
                        let push = if a.y <= b.y { half } else { -half };
                        self.spots[one].y -= push;
                        self.spots[other].y += push;
                    }
                }
            }
            if !moved {
                break;
            }
        }
    }

    /// Moves each box that overlaps one before it to the nearest place where it does not.
    fn settle(&mut self) {
        const STEP: i32 = 10;
        for index in 0..self.spots.len() {
            let here = self.spots[index];
            let size = self.sizes[index];
            let settled: Vec<Area> = (0..index).map(|other| self.area(other)).collect();
            let free = |spot: &Point| {
                let area = Area::around(*spot, size);
                !settled.iter().any(|other| area.overlaps(*other, GAP))
            };
            // Far enough out there is always room.
            let mut rings = (0..).map(|ring| square(here, ring * STEP, STEP));
            let found =
                rings.find_map(|ring| ring.into_iter().filter(&free).min_by_key(|spot| spot.apart(here)));
            self.spots[index] = found.unwrap_or(here);
        }
    }

    /// Moves each box in turn, in this order, to the best of the places around it and around its home, until no move
    /// lowers a cost.
    fn improve(&mut self, order: &[usize], most: usize) {
        let rounds = (EFFORT / order.len().pow(3).max(1)).clamp(3, MAX_ROUNDS).min(most);
        for _ in 0..rounds {
            let mut moved = self.exchange();
            for &index in order {
                let here = self.spots[index];
                let mut best = (self.cost(index, i64::MAX), here);
                for spot in
                    around(here, &[4, 12, 30, 70]).chain(around(self.homes[index], &[60, 120, 180, 240]))
                {
                    self.spots[index] = spot;
                    let cost = self.cost(index, best.0);
                    if cost < best.0 {
                        best = (cost, spot);
                    }
                }
                self.spots[index] = best.1;
                moved |= best.1 != here;
            }
            if !moved {
                break;
            }
        }
    }

    /// Lets two boxes change places if that lowers their cost together. Returns whether any did.
    fn exchange(&mut self) -> bool {
        let mut moved = false;
        // The costs as long as no box has moved.
        let mut costs = vec![None; self.spots.len()];
        for one in 0..self.spots.len() {
            for other in one + 1..self.spots.len() {
                if self.spots[one].apart(self.spots[other]) > MAX_EXCHANGE * MAX_EXCHANGE {
                    continue;
                }
                let mut now = |index: usize| *costs[index].get_or_insert_with(|| self.cost(index, i64::MAX));
                let before = now(one) + now(other);
                self.spots.swap(one, other);
                let first = self.cost(one, before);
                if first < before && first + self.cost(other, before - first) < before {
                    moved = true;
                    costs.fill(None);
                } else {
                    self.spots.swap(one, other);
                }
            }
        }
        moved
    }

    /// The cost of where a box stands. A cost above `limit` is not computed to its end.
    fn cost(&self, index: usize, limit: i64) -> i64 {
        const OVERLAP: i64 = 20_000;
        const BEHIND: i64 = 20_000;
        const CROSSING: i64 = 8_000;
        const HOME: i64 = 20;
        const ALIKE: i64 = 6_000;
        let area = self.area(index);
        let (spot, home) = (self.spots[index], self.homes[index]);
        let mut cost = spot.apart(home) / HOME;
        for fence in &self.fences {
            let beyond = if home.x < *fence {
                area.corner.x + area.size.x + PASSING - fence
            } else {
                fence + PASSING - area.corner.x
            };
            cost += i64::from(beyond.max(0)) * 1_000;
        }
        // What takes least time to know comes first: it may be above the limit.
        for line in self.lines.iter().filter(|line| line.contains(&index)) {
            let [from, to] = line.map(|end| self.spots[end]);
            cost += from.apart(to).isqrt();
        }
        for other in (0..self.spots.len()).filter(|other| *other != index) {
            match area.depth(self.area(other), GAP) {
                0 => {}
                depth => cost += OVERLAP + i64::from(depth) * 100,
            }
        }
        for (number, line) in self.lines.iter().enumerate() {
            if cost > limit {
                break;
            }
            let [from, to] = line.map(|end| self.spots[end]);
            if !line.contains(&index) {
                if area.on_the_way(from, to, PASSING) {
                    cost += BEHIND;
                }
                continue;
            }
            for other in (0..self.spots.len()).filter(|other| !line.contains(other)) {
                if self.area(other).on_the_way(from, to, PASSING) {
                    cost += BEHIND;
                }
            }
            if cost > limit {
                break;
            }
            for (second, against) in self.lines.iter().enumerate() {
                let ends = against.map(|end| self.spots[end]);
                if cross([from, to], ends) {
                    cost += CROSSING;
                }
                let shared = line.iter().find(|end| against.contains(end)).filter(|_| second != number);
                if let Some(shared) = shared {
                    let far =
                        |line: &[usize; 2]| self.spots[if line[0] == *shared { line[1] } else { line[0] }];
                    if alike(self.spots[*shared], far(line), far(against)) {
                        cost += ALIKE;
                    }
                }
            }
        }
        cost
    }
}

/// The point itself, and eight around it at each distance.
fn around(middle: Point, distances: &[i32]) -> impl Iterator<Item = Point> {
    let directions = [(-1, -1), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1)];
    let rings = distances.iter().flat_map(move |distance| {
        directions.map(|(x, y)| Point { x: middle.x + x * distance, y: middle.y + y * distance })
    });
    std::iter::once(middle).chain(rings)
}

/// Points on the edge of a square around a middle, each `step` from the next.
fn square(middle: Point, half: i32, step: i32) -> Vec<Point> {
    let along = || (-half..=half).step_by(step.unsigned_abs() as usize);
    let level = along().flat_map(|x| [Point { x, y: -half }, Point { x, y: half }]);
    let upright = along().flat_map(|y| [Point { x: -half, y }, Point { x: half, y }]);
    level.chain(upright).map(|Point { x, y }| Point { x: middle.x + x, y: middle.y + y }).collect()
}
