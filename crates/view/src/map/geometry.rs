//! Points, areas and lines of a map, in whole units.

/// A place, or a size. Down is positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) x: i32,
    pub(crate) y: i32,
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Area {
    /// The upper left corner.
    pub(crate) corner: Point,
    pub(crate) size: Point,
}

impl Point {
    /// The square of how far two points are apart.
    pub(crate) fn apart(self, other: Point) -> i64 {
        let (x, y) = (i64::from(self.x - other.x), i64::from(self.y - other.y));
        x * x + y * y
    }
}

impl Area {
    /// The area of that size around its middle.
    pub(crate) fn around(middle: Point, size: Point) -> Self {
        Area { corner: Point { x: middle.x - size.x / 2, y: middle.y - size.y / 2 }, size }
    }

    pub(crate) fn middle(self) -> Point {
        Point { x: self.corner.x + self.size.x / 2, y: self.corner.y + self.size.y / 2 }
    }

    pub(crate) fn moved(self, by: Point) -> Self {
        Area { corner: Point { x: self.corner.x + by.x, y: self.corner.y + by.y }, ..self }
    }

    /// Whether two areas are not at least `gap` apart.
    pub(crate) fn overlaps(self, other: Area, gap: i32) -> bool {
        self.depth(other, gap) > 0
    }

    /// How far one of them would have to be moved until they are `gap` apart; zero if they are.
    pub(crate) fn depth(self, other: Area, gap: i32) -> i32 {
        let along = |a: i32, wide: i32, b: i32, broad: i32| (a + wide).min(b + broad) - a.max(b) + gap;
        let x = along(self.corner.x, self.size.x, other.corner.x, other.size.x);
        let y = along(self.corner.y, self.size.y, other.corner.y, other.size.y);
        x.min(y).max(0)
    }

    /// Whether the straight way between two points leads through the area or comes nearer than `gap` to it.
    pub(crate) fn on_the_way(self, from: Point, to: Point, gap: i32) -> bool {
        let (left, top) = (self.corner.x - gap, self.corner.y - gap);
        let (right, bottom) = (self.corner.x + self.size.x + gap, self.corner.y + self.size.y + gap);
        if from.x.max(to.x) < left
            || from.x.min(to.x) > right
            || from.y.max(to.y) < top
            || from.y.min(to.y) > bottom
        {
            return false;
        }
        // The way's line misses the area if all corners lie on one side of it.
        let sides = [(left, top), (right, top), (left, bottom), (right, bottom)];
        let sides = sides.map(|(x, y)| side(from, to, Point { x, y }).signum());
        sides.iter().any(|side| *side != sides[0]) || sides[0] == 0
    }
}

/// More than zero if the point lies to the right of the way; less than zero if to the left.
pub(crate) fn side(from: Point, to: Point, point: Point) -> i64 {
    let wide = |a: i32, b: i32| i64::from(a - b);
    wide(to.x, from.x) * wide(point.y, from.y) - wide(to.y, from.y) * wide(point.x, from.x)
}

/// Whether two straight ways cross each other between their ends.
pub(crate) fn cross([a, b]: [Point; 2], [c, d]: [Point; 2]) -> bool {
    // Most are far from each other.
    let is_beyond = |a: i32, b: i32, c: i32, d: i32| a.max(b) < c.min(d) || c.max(d) < a.min(b);
    if is_beyond(a.x, b.x, c.x, d.x) || is_beyond(a.y, b.y, c.y, d.y) {
        return false;
    }
    let apart = |one: i64, other: i64| one.signum() * other.signum() < 0;
    apart(side(a, b, c), side(a, b, d)) && apart(side(c, d, a), side(c, d, b))
}

/// Whether two ways from one point run so close to each other that they look like one.
pub(crate) fn alike(start: Point, one: Point, other: Point) -> bool {
    let (x1, y1) = (i64::from(one.x - start.x), i64::from(one.y - start.y));
    let (x2, y2) = (i64::from(other.x - start.x), i64::from(other.y - start.y));
    let (along, across) = (x1 * x2 + y1 * y2, x1 * y2 - y1 * x2);
    // Less than about ten degrees.
    along > 0 && across.abs() * 6 < along
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(x: i32, y: i32) -> Point {
        Point { x, y }
    }

    #[test]
    fn areas_overlap_until_they_are_moved_apart() {
        let one = Area::around(at(50, 50), at(20, 10));
        let other = Area::around(at(65, 53), at(20, 10));
        assert_eq!(one.depth(other, 0), 5, "sideways is the shorter way out");
        assert_eq!(one.depth(other.moved(at(5, 0)), 0), 0, "they touch");
        assert_eq!(one.depth(other.moved(at(5, 0)), 3), 3, "they are to be 3 apart");
        assert_eq!(one.middle(), at(50, 50));
    }

    #[test]
    fn a_way_leads_through_an_area_or_past_it() {
        let area = Area::around(at(50, 50), at(20, 10));
        assert!(area.on_the_way(at(0, 0), at(100, 100), 0));
        assert!(area.on_the_way(at(0, 52), at(100, 52), 0), "level");
        assert!(!area.on_the_way(at(0, 0), at(30, 30), 0), "ends before");
        assert!(!area.on_the_way(at(0, 60), at(100, 60), 0), "below");
        assert!(area.on_the_way(at(0, 60), at(100, 60), 5), "but not by much");
        assert!(!area.on_the_way(at(30, 0), at(100, 60), 0), "around a corner");
    }

    #[test]
    fn ways_cross_between_their_ends_only() {
        assert!(cross([at(0, 0), at(10, 10)], [at(0, 10), at(10, 0)]));
        assert!(!cross([at(0, 0), at(10, 10)], [at(10, 10), at(10, 0)]), "they meet");
        assert!(!cross([at(0, 0), at(4, 4)], [at(0, 10), at(10, 0)]), "too short");
    }

    #[test]
    fn ways_in_nearly_one_direction_look_alike() {
        assert!(alike(at(0, 0), at(100, 0), at(50, 5)));
        assert!(!alike(at(0, 0), at(100, 0), at(50, 25)));
        assert!(!alike(at(0, 0), at(100, 0), at(-50, 0)), "there and back");
    }
}
