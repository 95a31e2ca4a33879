//! From a map of probabilities to the boxes of lines (differentiable binarisation, Liao et al. 2020, its box-forming part):
//! connected parts, the narrowest rectangle around each, grown to the full height of the writing.

use crate::picture::Point;

/// A pixel above this belongs to a line (PaddleOCR's `thresh`).
const IN_LINE: f32 = 0.3;
/// A box with a mean probability below this is none (`box_thresh`).
const LEAST_MEAN: f32 = 0.6;
/// How far a box grows: area by circumference times this (`unclip_ratio`); the map shows lines thinner than they are.
const GROWTH: f32 = 1.5;
/// Least height of a box before it grows, px of the map.
const LEAST_SIDE: f32 = 3.0;

/// A line's box, with its corners from the upper left clockwise.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LineBox {
    pub(crate) corners: [Point; 4],
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) score: f32,
}

impl LineBox {
    pub(crate) fn scaled(&self, across: f32, down: f32) -> Self {
        let corners = self.corners.map(|(x, y)| (x * across, y * down));
        Self::of(corners, self.score)
    }

    /// Left, top, right, bottom.
    pub(crate) fn bounds(&self) -> [f32; 4] {
        let of = |pick: fn(&Point) -> f32| {
            let values = self.corners.iter().map(pick);
            (values.clone().fold(f32::MAX, f32::min), values.fold(f32::MIN, f32::max))
        };
        let ((left, right), (top, bottom)) = (of(|p| p.0), of(|p| p.1));
        [left, top, right, bottom]
    }

    fn of(corners: [Point; 4], score: f32) -> Self {
        let side = |a: Point, b: Point| (a.0 - b.0).hypot(a.1 - b.1);
        Self { corners, width: side(corners[0], corners[1]), height: side(corners[0], corners[3]), score }
    }
}

/// Boxes of a map of `width` × `height`, the surest first.
pub(crate) fn boxes(map: &[f32], width: usize, height: usize) -> Vec<LineBox> {
    let mut seen = vec![false; map.len()];
    let mut found = Vec::new();
    for start in 0..map.len() {
        if seen[start] || map[start] <= IN_LINE {
            continue;
        }
        let part = connected(map, width, height, start, &mut seen);
        let mean = part.iter().map(|at| map[*at]).sum::<f32>() / part.len() as f32;
        if mean < LEAST_MEAN || part.len() < 4 {
            continue;
        }
        let hull = hull(outline(&part, width));
        let Some(rectangle) = narrowest(&hull) else { continue };
        if rectangle.width.min(rectangle.height) < LEAST_SIDE {
            continue;
        }
        let rectangle = rectangle.grown();
        found.push(LineBox::of(rectangle.corners(), mean));
    }
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    found
}

/// The pixels that hang together with `start`, its diagonal neighbours too.
fn connected(map: &[f32], width: usize, height: usize, start: usize, seen: &mut [bool]) -> Vec<usize> {
    let (mut part, mut open) = (Vec::new(), vec![start]);
    seen[start] = true;
    while let Some(at) = open.pop() {
        part.push(at);
        let (x, y) = (at % width, at / width);
        for ny in y.saturating_sub(1)..=(y + 1).min(height - 1) {
            for nx in x.saturating_sub(1)..=(x + 1).min(width - 1) {
                let next = ny * width + nx;
                if !seen[next] && map[next] > IN_LINE {
                    seen[next] = true;
                    open.push(next);
                }
            }
        }
    }
    part
}

/// The outermost pixels of every row, as their corners.
fn outline(part: &[usize], width: usize) -> Vec<Point> {
    let mut rows: std::collections::BTreeMap<usize, (usize, usize)> = std::collections::BTreeMap::new();
    for at in part {
        let (x, y) = (at % width, at / width);
        let row = rows.entry(y).or_insert((x, x));
        *row = (row.0.min(x), row.1.max(x));
    }
    let corners = |(y, (left, right)): (&usize, &(usize, usize))| {
        let (y, left, right) = (*y as f32, *left as f32, *right as f32 + 1.0);
        [(left, y), (left, y + 1.0), (right, y), (right, y + 1.0)]
    };
    rows.iter().flat_map(corners).collect()
}

/// Convex hull, counter-clockwise in a plane whose y points up (Andrew's monotone chain, 1979).
fn hull(mut points: Vec<Point>) -> Vec<Point> {
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    points.dedup();
    let turn = |o: Point, a: Point, b: Point| (a.0 - o.0) * (b.1 - o.1) - (a.1 - o.1) * (b.0 - o.0);
    let chain = |points: &mut dyn Iterator<Item = Point>| {
        let mut chain: Vec<Point> = Vec::new();
        for point in points {
            while chain.len() >= 2 && turn(chain[chain.len() - 2], chain[chain.len() - 1], point) <= 0.0 {
                chain.pop();
            }
            chain.push(point);
        }
        chain.pop();
        chain
    };
    let mut all = chain(&mut points.iter().copied());
    all.extend(chain(&mut points.iter().rev().copied()));
    all
}

/// A rectangle that may be tilted: its middle, the direction of its reading side, its sides.
struct Rectangle {
    middle: Point,
    along: Point,
    width: f32,
    height: f32,
}

impl Rectangle {
    fn grown(self) -> Self {
        let by = self.width * self.height * GROWTH / (2.0 * (self.width + self.height)).max(1e-6);
        Self { width: self.width + 2.0 * by, height: self.height + 2.0 * by, ..self }
    }

    /// From the upper left clockwise.
    fn corners(&self) -> [Point; 4] {
        let (cos, sin) = self.along;
        let at = |x: f32, y: f32| (self.middle.0 + x * cos - y * sin, self.middle.1 + x * sin + y * cos);
        let (w, h) = (self.width / 2.0, self.height / 2.0);
        [at(-w, -h), at(w, -h), at(w, h), at(-w, h)]
    }
}

/// The rectangle of least area around a hull; one of its sides lies on a side of the hull (Freeman & Shapira 1975).
fn narrowest(hull: &[Point]) -> Option<Rectangle> {
    let mut best: Option<(f32, Rectangle)> = None;
    for (i, a) in hull.iter().enumerate() {
        let b = hull[(i + 1) % hull.len()];
        let length = (b.0 - a.0).hypot(b.1 - a.1);
        if length < 1e-6 {
            continue;
        }
        let (cos, sin) = ((b.0 - a.0) / length, (b.1 - a.1) / length);
        let (mut low, mut high) = ((f32::MAX, f32::MAX), (f32::MIN, f32::MIN));
        for p in hull {
            let (u, v) = (p.0 * cos + p.1 * sin, p.1 * cos - p.0 * sin);
            low = (low.0.min(u), low.1.min(v));
            high = (high.0.max(u), high.1.max(v));
        }
        let (w, h) = (high.0 - low.0, high.1 - low.1);
        if best.as_ref().is_none_or(|(area, _)| w * h < *area) {
            let (u, v) = ((low.0 + high.0) / 2.0, (low.1 + high.1) / 2.0);
            let middle = (u * cos - v * sin, u * sin + v * cos);
            best = Some((w * h, Rectangle { middle, along: (cos, sin), width: w, height: h }));
        }
    }
    best.map(|(_, rectangle)| level(rectangle))
}

/// Turns the sides' names so that the reading side points right and is within 45 degrees of level.
fn level(rectangle: Rectangle) -> Rectangle {
    let Rectangle { middle, along: (mut cos, mut sin), mut width, mut height } = rectangle;
    for _ in 0..4 {
        if cos >= sin.abs() - 1e-4 && cos > 0.0 {
            break;
        }
        (cos, sin) = (sin, -cos);
        (width, height) = (height, width);
    }
    Rectangle { middle, along: (cos, sin), width, height }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(width: usize, height: usize, inside: impl Fn(f32, f32) -> bool) -> Vec<f32> {
        let at = |i: usize| if inside((i % width) as f32 + 0.5, (i / width) as f32 + 0.5) { 0.9 } else { 0.05 };
        (0..width * height).map(at).collect()
    }

    #[test]
    fn a_level_bar_grows_to_its_full_height() {
        let found = boxes(&map(100, 40, |x, y| (20.0..80.0).contains(&x) && (15.0..25.0).contains(&y)), 100, 40);
        assert_eq!(found.len(), 1);
        // 60 × 10 px: area 600, circumference 140, so each side moves by 6.4 px.
        let [left, top, right, bottom] = found[0].bounds();
        for (is, should) in [(left, 13.6), (top, 8.6), (right, 86.4), (bottom, 31.4)] {
            assert!((is - should).abs() < 0.1, "{is} {should}");
        }
        assert!((found[0].score - 0.9).abs() < 1e-4);
    }

    #[test]
    fn a_tilted_bar_is_followed_and_a_column_stays_a_column() {
        let (sin, cos) = 20.0_f32.to_radians().sin_cos();
        let bar = map(200, 120, |x, y| {
            let (u, v) = ((x - 100.0) * cos + (y - 60.0) * sin, (y - 60.0) * cos - (x - 100.0) * sin);
            u.abs() < 60.0 && v.abs() < 6.0
        });
        let found = boxes(&bar, 200, 120);
        let [a, b, ..] = found[0].corners;
        let tilt = (b.1 - a.1).atan2(b.0 - a.0).to_degrees();
        assert!((tilt - 20.0).abs() < 2.5 && found[0].width > 4.0 * found[0].height, "{tilt} {found:?}");
        let column = boxes(&map(60, 200, |x, y| (x - 30.0).abs() < 6.0 && (y - 100.0).abs() < 70.0), 60, 200);
        assert!(column[0].height > 4.0 * column[0].width, "{column:?}");
    }

    #[test]
    fn specks_and_what_is_hardly_likely_are_left_out() {
        assert!(boxes(&map(50, 50, |x, y| x < 2.0 && y < 2.0), 50, 50).is_empty());
        let faint: Vec<f32> = map(50, 50, |x, y| x > 10.0 && y > 10.0).iter().map(|p| p * 0.5).collect();
        assert!(boxes(&faint, 50, 50).is_empty());
    }
}
