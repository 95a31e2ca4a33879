//! Where the faces are: the tiny detector of face-api.js over the whole picture, and over overlapping parts of it, so that
//! people in a group are found too.

use image::{GenericImage, RgbImage};

use crate::{
    Region, VisionError,
    network::Network,
    picture::{Channels, Picture, planes},
};

/// Side of the detector's input, px, and of its grid of cells.
const SIDE: u32 = 416;
const CELLS: usize = 13;
/// Shapes a cell proposes, width and height in cells (face-api.js, `tinyFaceDetector/const.ts`).
const SHAPES: [(f32, f32); 5] = [
    (1.603_231, 2.094_468),
    (6.041_143, 7.080_126),
    (2.882_459, 3.518_061),
    (4.266_906, 5.178_857),
    (9.041_765, 10.663_08),
];
/// Least score in the whole picture and in a part, where there is less around it to go by.
const LEAST_SCORE: f32 = 0.5;
const LEAST_SCORE_IN_PART: f32 = 0.62;
/// Boxes that overlap more than this are one face.
const SAME_FACE: f32 = 0.3;
/// A picture with a side below this is looked at once only.
const PARTS_FROM_PX: u32 = 700;
/// A part's share of each side; four of them overlap by a fifth.
const PART: f32 = 0.6;

/// A face that was found and not measured yet.
#[derive(Debug, Clone, PartialEq)]
pub struct DetectedFace {
    /// Where.
    pub region: Region,
    /// How sure the detector is, 0..=1.
    pub score: f32,
}

pub(crate) fn detect(detector: &Network, picture: &Picture) -> Result<Vec<DetectedFace>, VisionError> {
    let (width, height) = picture.size();
    let mut found = look(detector, picture, LEAST_SCORE)?;
    if width.max(height) >= PARTS_FROM_PX {
        for (across, down) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
            let (w, h) = ((width as f32 * PART) as u32, (height as f32 * PART) as u32);
            let (left, top) = ((across * (width - w) as f32) as u32, (down * (height - h) as f32) as u32);
            let part = picture.part(left, top, w, h);
            for face in look(detector, &part, LEAST_SCORE_IN_PART)? {
                let r = face.region;
                // A face cut by the edge of the part is seen whole in another one, or in the whole picture.
                let inner = |low: f32, high: f32, at_start: bool, at_end: bool| {
                    (at_start || low > 0.02) && (at_end || high < 0.98)
                };
                let (at_left, at_top) = (left == 0, top == 0);
                if !inner(r.left, r.left + r.width, at_left, !at_left)
                    || !inner(r.top, r.top + r.height, at_top, !at_top)
                {
                    continue;
                }
                let x = left as f32 + r.left * w as f32;
                let y = top as f32 + r.top * h as f32;
                let (right, bottom) = (x + r.width * w as f32, y + r.height * h as f32);
                found.push(DetectedFace { region: Region::of_px(x, y, right, bottom, (width, height)), ..face });
            }
        }
    }
    Ok(best_of_each(found))
}

/// One run over a picture that is set into the upper left of a black square.
fn look(detector: &Network, picture: &Picture, least: f32) -> Result<Vec<DetectedFace>, VisionError> {
    let (width, height) = picture.size();
    let scale = SIDE as f32 / width.max(height) as f32;
    let (w, h) = ((width as f32 * scale).round() as u32, (height as f32 * scale).round() as u32);
    let mut square = RgbImage::new(SIDE, SIDE);
    square.copy_from(&picture.scaled(w.min(SIDE), h.min(SIDE)), 0, 0).expect("it fits: both sides are at most SIDE");
    let input = planes(&square, Channels::Rgb, [0.0; 3], [1.0; 3]);
    let shape = [1, SHAPES.len() * 5, CELLS, CELLS];
    let out = detector.run_one(&[1, 3, SIDE as usize, SIDE as usize], &input, &shape)?;
    let sigmoid = |x: f32| 1.0 / (1.0 + (-x).exp());
    let value = |channel: usize, row: usize, column: usize| out[(channel * CELLS + row) * CELLS + column];
    let mut found = Vec::new();
    for (row, column, kind) in (0..CELLS * CELLS * SHAPES.len()).map(|i| {
        let cell = i / SHAPES.len();
        (cell / CELLS, cell % CELLS, i % SHAPES.len())
    }) {
        let of = |k: usize| value(kind * 5 + k, row, column);
        let score = sigmoid(of(4));
        if score < least {
            continue;
        }
        let cell_px = SIDE as f32 / CELLS as f32;
        let (x, y) = ((column as f32 + sigmoid(of(0))) * cell_px, (row as f32 + sigmoid(of(1))) * cell_px);
        let (bw, bh) = (of(2).exp() * SHAPES[kind].0 * cell_px, of(3).exp() * SHAPES[kind].1 * cell_px);
        let region = Region::of_px(x - bw / 2.0, y - bh / 2.0, x + bw / 2.0, y + bh / 2.0, (w, h));
        if region.area() > 0.0 {
            found.push(DetectedFace { region, score });
        }
    }
    Ok(found)
}

/// Of boxes that show the same face, the one the detector is surest of.
fn best_of_each(mut found: Vec<DetectedFace>) -> Vec<DetectedFace> {
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut kept: Vec<DetectedFace> = Vec::new();
    for face in found {
        let same = |other: &DetectedFace| {
            let smaller = face.region.area().min(other.region.area());
            let overlap = face.region.overlap(&other.region);
            let both = overlap * (face.region.area() + other.region.area()) / (1.0 + overlap);
            overlap > SAME_FACE || both > 0.6 * smaller
        };
        if !kept.iter().any(same) {
            kept.push(face);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(left: f32, top: f32, side: f32, score: f32) -> DetectedFace {
        DetectedFace { region: Region { left, top, width: side, height: side }, score }
    }

    #[test]
    fn of_boxes_over_one_face_the_surest_stays_and_neighbours_are_two() {
        let found = vec![
            face(0.1, 0.1, 0.2, 0.7),
            face(0.11, 0.1, 0.2, 0.9),
            face(0.12, 0.13, 0.09, 0.8), // inside the first
            face(0.5, 0.1, 0.2, 0.6),
        ];
        let kept = best_of_each(found);
        assert_eq!(kept.iter().map(|f| f.score).collect::<Vec<_>>(), [0.9, 0.6]);
    }
}
