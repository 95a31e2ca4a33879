//! What the 68 points of a face say: where the eyes and the mouth are, how far the head is turned, how to set it upright.
//!
//! The points stand in the order of the iBUG 300-W annotation: 17 of the jaw, 5 + 5 of the brows, 9 of the nose, 6 + 6 of the
//! eyes, 20 of the mouth.

use crate::picture::Point;

/// Distance from the eyes to the mouth as a share of the upright square (face-api.js, `FaceLandmarks.alignDlib`).
const EYES_TO_MOUTH: f32 = 0.45;
/// Where the middle of eyes and mouth stands in the upright square, from its top (same source).
const MIDDLE_FROM_TOP: f32 = 0.43;

/// The few measures that are needed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shape {
    left_eye: Point,
    right_eye: Point,
    mouth: Point,
    /// Distance between the eyes, px.
    pub(crate) eye_distance: f32,
    /// 0.5 when the nose stands in the middle between the outer corners of the eyes, 0 in profile.
    pub(crate) centring: f32,
}

impl Shape {
    /// From 68 points.
    pub(crate) fn of(points: &[Point]) -> Self {
        let mean = |range: std::ops::Range<usize>| {
            let part = &points[range];
            let sum = part.iter().fold((0.0, 0.0), |s, p| (s.0 + p.0, s.1 + p.1));
            (sum.0 / part.len() as f32, sum.1 / part.len() as f32)
        };
        let (left_eye, right_eye, mouth) = (mean(36..42), mean(42..48), mean(48..68));
        let across = (right_eye.0 - left_eye.0, right_eye.1 - left_eye.1);
        let eye_distance = across.0.hypot(across.1);
        // How far along the line between the outer corners of the eyes the tip of the nose stands.
        let (outer_left, outer_right, tip) = (points[36], points[45], points[30]);
        let line = (outer_right.0 - outer_left.0, outer_right.1 - outer_left.1);
        let length = (line.0 * line.0 + line.1 * line.1).max(1e-6);
        let along = ((tip.0 - outer_left.0) * line.0 + (tip.1 - outer_left.1) * line.1) / length;
        Self { left_eye, right_eye, mouth, eye_distance, centring: along.min(1.0 - along) }
    }

    /// Whether eyes and mouth stand to each other as in a face; a lamp or a pattern that the detector took for one has not.
    pub(crate) fn is_face(&self) -> bool {
        let eyes = ((self.left_eye.0 + self.right_eye.0) / 2.0, (self.left_eye.1 + self.right_eye.1) / 2.0);
        let down = (self.mouth.0 - eyes.0, self.mouth.1 - eyes.1);
        let across = (self.right_eye.0 - self.left_eye.0, self.right_eye.1 - self.left_eye.1);
        let length = down.0.hypot(down.1);
        let slant = (down.0 * across.0 + down.1 * across.1) / (length * self.eye_distance).max(1e-6);
        let upside = across.0 * down.1 - across.1 * down.0 > 0.0;
        upside && slant.abs() < 0.5 && (0.6..2.2).contains(&(length / self.eye_distance.max(1e-6)))
    }

    /// The corners of the square that shows the face upright: eyes level, as large and as high as the identity network saw
    /// faces in training.
    pub(crate) fn upright(&self) -> [Point; 4] {
        let far = |p: Point| (p.0 - self.mouth.0).hypot(p.1 - self.mouth.1);
        let side = (far(self.left_eye) + far(self.right_eye)) / 2.0 / EYES_TO_MOUTH;
        let middle = (
            (self.left_eye.0 + self.right_eye.0 + self.mouth.0) / 3.0,
            (self.left_eye.1 + self.right_eye.1 + self.mouth.1) / 3.0,
        );
        let length = self.eye_distance.max(1e-6);
        let (cos, sin) = ((self.right_eye.0 - self.left_eye.0) / length, (self.right_eye.1 - self.left_eye.1) / length);
        let corner = |x: f32, y: f32| (middle.0 + x * cos - y * sin, middle.1 + x * sin + y * cos);
        let (left, top) = (-0.5 * side, -MIDDLE_FROM_TOP * side);
        [corner(left, top), corner(left + side, top), corner(left + side, top + side), corner(left, top + side)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Points of a drawn face: eyes at ±20 px, the mouth 45 px below, turned by `degrees`, the nose moved by `nose`.
    fn drawn(degrees: f32, nose: f32) -> Vec<Point> {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let at = |x: f32, y: f32| (100.0 + x * cos - y * sin, 100.0 + x * sin + y * cos);
        (0..68)
            .map(|i| match i {
                36 => at(-30.0, 0.0),
                39 => at(-10.0, 0.0),
                37 | 38 | 40 | 41 => at(-20.0, 0.0),
                42 => at(10.0, 0.0),
                45 => at(30.0, 0.0),
                43 | 44 | 46 | 47 => at(20.0, 0.0),
                30 => at(nose, 25.0),
                48.. => at(0.0, 45.0),
                _ => at(0.0, 0.0),
            })
            .collect()
    }

    #[test]
    fn a_tilted_face_is_set_upright() {
        for degrees in [-30.0, 0.0, 25.0] {
            let shape = Shape::of(&drawn(degrees, 0.0));
            assert!((shape.eye_distance - 40.0).abs() < 0.1 && (shape.centring - 0.5).abs() < 0.01, "{shape:?}");
            let [upper_left, upper_right, ..] = shape.upright();
            let slope = (upper_right.1 - upper_left.1).atan2(upper_right.0 - upper_left.0).to_degrees();
            assert!((slope - degrees).abs() < 0.1, "{slope}");
            assert!(shape.is_face());
        }
    }

    #[test]
    fn a_profile_and_what_is_no_face_are_told() {
        assert!(Shape::of(&drawn(0.0, 28.0)).centring < 0.1);
        assert!(!Shape::of(&drawn(180.0, 0.0).into_iter().map(|(x, y)| (200.0 - x, y)).collect::<Vec<_>>()).is_face());
        assert!(!Shape::of(&[(5.0, 5.0); 68]).is_face());
    }
}
