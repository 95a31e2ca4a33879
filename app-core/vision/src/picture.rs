//! A picture in memory: upright, of bounded size, and cut into the form a network takes.
//!
//! What it must never do: decode before the limits are set, or hold on to the photo's metadata.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageReader, Limits, RgbImage, imageops::FilterType};

use crate::VisionError;

/// Most bytes the decoder may allocate: 512 MiB, as in `reme-capture`.
const MAX_ALLOC_BYTES: u64 = 512 * 1024 * 1024;
/// Longest side kept, px: fine print on a photographed page is still some 12 px high, and a look stays under a second or two.
const MAX_SIDE_PX: u32 = 1600;

/// A point in pixels; (0, 0) is the upper left corner of the first pixel.
pub(crate) type Point = (f32, f32);

/// Order of the colour channels a network was trained with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channels {
    Rgb,
    Bgr,
}

/// An upright picture of at most 1600 px.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub(crate) rgb: RgbImage,
}

impl Picture {
    /// Reads a JPEG, PNG or WebP file, turns it upright as its EXIF block says, and shrinks it to at most 1600 px.
    ///
    /// # Errors
    /// [`VisionError::Unreadable`].
    pub fn read(bytes: &[u8]) -> Result<Self, VisionError> {
        let unreadable = |error: image::ImageError| VisionError::Unreadable(error.to_string());
        let mut limits = Limits::default();
        limits.max_alloc = Some(MAX_ALLOC_BYTES);
        let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
        let mut reader = reader.map_err(|error| VisionError::Unreadable(error.to_string()))?;
        reader.limits(limits);
        let mut decoder = reader.into_decoder().map_err(unreadable)?;
        if decoder.total_bytes() > MAX_ALLOC_BYTES {
            return Err(VisionError::Unreadable("it has too many pixels".into()));
        }
        let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
        let mut picture = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
        if picture.width().max(picture.height()) > MAX_SIDE_PX {
            picture = picture.thumbnail(MAX_SIDE_PX, MAX_SIDE_PX);
        }
        picture.apply_orientation(orientation);
        Ok(Self { rgb: picture.to_rgb8() })
    }

    /// A picture that is in memory already.
    pub fn of(rgb: RgbImage) -> Self {
        if rgb.width().max(rgb.height()) <= MAX_SIDE_PX {
            return Self { rgb };
        }
        Self { rgb: DynamicImage::ImageRgb8(rgb).thumbnail(MAX_SIDE_PX, MAX_SIDE_PX).to_rgb8() }
    }

    /// Width and height in px.
    pub fn size(&self) -> (u32, u32) {
        self.rgb.dimensions()
    }

    /// Red, green and blue, a byte each, row by row from the top.
    pub fn rgb(&self) -> &[u8] {
        self.rgb.as_raw()
    }

    /// Scaled to exactly this size.
    pub(crate) fn scaled(&self, width: u32, height: u32) -> RgbImage {
        if self.size() == (width, height) {
            return self.rgb.clone();
        }
        image::imageops::resize(&self.rgb, width.max(1), height.max(1), FilterType::Triangle)
    }

    /// The part between these pixel edges; what lies outside the picture is cut off.
    pub(crate) fn part(&self, left: u32, top: u32, width: u32, height: u32) -> Self {
        let (left, top) = (left.min(self.rgb.width() - 1), top.min(self.rgb.height() - 1));
        let (width, height) = (width.min(self.rgb.width() - left), height.min(self.rgb.height() - top));
        Self { rgb: image::imageops::crop_imm(&self.rgb, left, top, width.max(1), height.max(1)).to_image() }
    }

    /// What lies within four corners (upper left, upper right, lower right, lower left), stretched to a rectangle. Outside the
    /// picture its nearest edge goes on.
    pub(crate) fn stretched(&self, corners: [Point; 4], width: u32, height: u32) -> RgbImage {
        let map = perspective(corners, width as f32, height as f32);
        let side = |a: Point, b: Point| (a.0 - b.0).hypot(a.1 - b.1);
        let shrink = (side(corners[0], corners[1]) / width as f32).max(side(corners[0], corners[3]) / height as f32);
        // Sampling more finely than the target where the source is larger keeps thin strokes.
        let steps = (shrink.ceil() as u32).clamp(1, 4);
        let share = 1.0 / steps as f32;
        RgbImage::from_fn(width, height, |x, y| {
            let mut sum = [0.0; 3];
            for (i, j) in (0..steps).flat_map(|i| (0..steps).map(move |j| (i, j))) {
                let at = (x as f32 + (i as f32 + 0.5) * share, y as f32 + (j as f32 + 0.5) * share);
                let (from_x, from_y) = map.apply(at);
                let colour = self.at(from_x, from_y);
                (0..3).for_each(|c| sum[c] += colour[c]);
            }
            image::Rgb(sum.map(|s| (s / (steps * steps) as f32).round().clamp(0.0, 255.0) as u8))
        })
    }

    /// The colour at a point, between pixels by their weight.
    fn at(&self, x: f32, y: f32) -> [f32; 3] {
        let (w, h) = self.size();
        let (x, y) = ((x - 0.5).clamp(0.0, (w - 1) as f32), (y - 0.5).clamp(0.0, (h - 1) as f32));
        let (left, top) = (x.floor() as u32, y.floor() as u32);
        let (right, bottom) = ((left + 1).min(w - 1), (top + 1).min(h - 1));
        let (fx, fy) = (x - left as f32, y - top as f32);
        let px = |x, y| self.rgb.get_pixel(x, y).0;
        let (a, b, c, d) = (px(left, top), px(right, top), px(left, bottom), px(right, bottom));
        std::array::from_fn(|i| {
            let upper = f32::from(a[i]) * (1.0 - fx) + f32::from(b[i]) * fx;
            let lower = f32::from(c[i]) * (1.0 - fx) + f32::from(d[i]) * fx;
            upper * (1.0 - fy) + lower * fy
        })
    }
}

/// `[1, 3, height, width]`: each channel as `(value − mean) / scale`.
pub(crate) fn planes(rgb: &RgbImage, order: Channels, mean: [f32; 3], scale: [f32; 3]) -> Vec<f32> {
    let mut out = Vec::with_capacity(rgb.as_raw().len());
    for plane in 0..3 {
        let from = if order == Channels::Rgb { plane } else { 2 - plane };
        out.extend(rgb.pixels().map(|px| (f32::from(px.0[from]) - mean[plane]) / scale[plane]));
    }
    out
}

/// Brightness of every pixel, 0..=255 (ITU-R BT.601).
pub(crate) fn grey(rgb: &RgbImage) -> Vec<f32> {
    let weigh =
        |px: &image::Rgb<u8>| 0.299 * f32::from(px.0[0]) + 0.587 * f32::from(px.0[1]) + 0.114 * f32::from(px.0[2]);
    rgb.pixels().map(weigh).collect()
}

/// A projective map of the plane, row by row; the last number is 1.
struct Perspective([f32; 9]);

impl Perspective {
    fn apply(&self, (x, y): Point) -> Point {
        let m = &self.0;
        let w = m[6] * x + m[7] * y + m[8];
        ((m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w)
    }
}

/// The map from a rectangle onto four corners (Heckbert 1989, "Fundamentals of texture mapping", §2.2.3).
fn perspective(c: [Point; 4], width: f32, height: f32) -> Perspective {
    let (sx, sy) = (c[0].0 - c[1].0 + c[2].0 - c[3].0, c[0].1 - c[1].1 + c[2].1 - c[3].1);
    let (dx1, dy1) = (c[1].0 - c[2].0, c[1].1 - c[2].1);
    let (dx2, dy2) = (c[3].0 - c[2].0, c[3].1 - c[2].1);
    let under = dx1 * dy2 - dx2 * dy1;
    let (g, h) =
        if under.abs() < 1e-6 { (0.0, 0.0) } else { ((sx * dy2 - dx2 * sy) / under, (dx1 * sy - sx * dy1) / under) };
    let (w, t) = (width.max(1.0), height.max(1.0));
    Perspective([
        (c[1].0 - c[0].0 + g * c[1].0) / w,
        (c[3].0 - c[0].0 + h * c[3].0) / t,
        c[0].0,
        (c[1].1 - c[0].1 + g * c[1].1) / w,
        (c[3].1 - c[0].1 + h * c[3].1) / t,
        c[0].1,
        g / w,
        h / t,
        1.0,
    ])
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::{Channels, Picture, perspective, planes};

    #[test]
    fn the_corners_of_the_rectangle_go_to_the_four_corners() {
        let corners = [(10.0, 12.0), (90.0, 5.0), (100.0, 60.0), (4.0, 50.0)];
        let map = perspective(corners, 40.0, 20.0);
        for (from, to) in [((0.0, 0.0), 0), ((40.0, 0.0), 1), ((40.0, 20.0), 2), ((0.0, 20.0), 3)] {
            let at = map.apply(from);
            assert!((at.0 - corners[to].0).abs() < 1e-2 && (at.1 - corners[to].1).abs() < 1e-2, "{at:?}");
        }
    }

    #[test]
    fn a_straight_cut_is_the_part_itself() {
        let rgb = RgbImage::from_fn(30, 20, |x, y| Rgb([x as u8 * 8, y as u8 * 8, 7]));
        let picture = Picture::of(rgb);
        let corners = [(5.0, 4.0), (15.0, 4.0), (15.0, 12.0), (5.0, 12.0)];
        assert_eq!(picture.stretched(corners, 10, 8), picture.part(5, 4, 10, 8).rgb);
    }

    #[test]
    fn planes_stand_one_after_another_in_the_order_asked_for() {
        let rgb = RgbImage::from_pixel(1, 2, Rgb([10, 20, 30]));
        assert_eq!(planes(&rgb, Channels::Bgr, [0.0; 3], [10.0; 3]), [3.0, 3.0, 2.0, 2.0, 1.0, 1.0]);
        assert_eq!(planes(&rgb, Channels::Rgb, [10.0; 3], [1.0; 3]), [0.0, 0.0, 10.0, 10.0, 20.0, 20.0]);
    }

    #[test]
    fn a_large_picture_is_made_smaller_and_bytes_that_are_none_are_refused() {
        assert_eq!(Picture::of(RgbImage::new(4000, 1000)).size(), (1600, 400));
        assert!(Picture::read(b"no picture").is_err());
    }
}
