//! A photo's bytes become an upright screen copy, a thumbnail and a blurred part, with time and place.
//!
//! Where in the flow: first thing after bytes arrive. What it must never do: decode before the limits
//! are set, or pass on the camera's metadata (the copies are re-encoded and carry none).

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder};
use jiff::civil::Date;
use reme_types::When;
use thiserror::Error;

use crate::photo_data::{PhotoNote, read_exif};

/// Most pixels a photo may have; today's phones reach about 50 million in ordinary mode.
pub(crate) const MAX_PIXELS: u64 = 100_000_000;
/// Most bytes the decoder may allocate: 512 MiB.
const MAX_ALLOC_BYTES: u64 = 512 * 1024 * 1024;
/// Longest side of the screen copy in px (`MediaRole::Screen`).
const SCREEN_SIDE_PX: u32 = 1600;
/// Longest side of the thumbnail in px (`MediaRole::Thumb`).
const THUMB_SIDE_PX: u32 = 320;
/// The blurred cue shows the middle of the picture, this share of each side.
const BLURRED_PART: f64 = 0.6;
/// Side of the blurred cue in px before blurring; small, so that the blur is cheap and cannot be undone.
const BLURRED_SIDE_PX: u32 = 480;
/// Blur radius for the cue, as a share of its longer side.
const BLUR_SHARE: f32 = 1.0 / 40.0;
/// JPEG quality of the copies, 1–100.
const JPEG_QUALITY: u8 = 85;

/// A photo, read and rendered.
#[derive(Debug, Clone, PartialEq)]
pub struct Photo {
    /// `image/jpeg`, `image/png` or `image/webp`.
    pub mime: &'static str,
    /// Width in px of the upright picture.
    pub width: u32,
    /// Height in px of the upright picture.
    pub height: u32,
    /// When it was taken, as the camera's clock said (local time).
    pub taken_at: Option<When>,
    /// Latitude and longitude in degrees (WGS 84).
    pub position: Option<(f64, f64)>,
    /// `MediaRole::Screen`: at most 1600 px, JPEG.
    pub screen_jpeg: Vec<u8>,
    /// `MediaRole::Thumb`: at most 320 px, JPEG.
    pub thumb_jpeg: Vec<u8>,
    /// `MediaRole::Blurred`: the blurred middle, JPEG; cue rung 4.
    pub blurred_jpeg: Vec<u8>,
    /// What was left out and why, such as a date in the future.
    pub notes: Vec<PhotoNote>,
}

/// Why a photo was not taken in. Nothing was changed in any of these cases.
#[derive(Debug, Error)]
pub enum PhotoError {
    /// No bytes.
    #[error("photo: the file is empty (0 bytes). Nothing was saved. Copy the photo again and choose it once more")]
    Empty,
    /// A known type that is not read.
    #[error("photo: this is a {found} file, which cannot be read. Nothing was saved. {advice}")]
    Unsupported {
        /// The type found by its first bytes.
        found: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// No type anybody knows.
    #[error("photo: this is not a photo file that can be recognised. Nothing was saved. Use a JPEG, PNG or WebP photo")]
    Unknown,
    /// More pixels than are safe to open.
    #[error(
        "photo: {width} × {height} pixels are more than the limit of 100 million. Nothing was saved. Save a smaller copy and add that"
    )]
    TooLarge {
        /// Width in px by the header.
        width: u32,
        /// Height in px by the header.
        height: u32,
    },
    /// The bytes end too early or contradict themselves.
    #[error("photo: the {found} file is damaged or cut off. Nothing was saved. Copy it again from the phone or camera")]
    Damaged {
        /// The type found.
        found: &'static str,
        /// What the decoder said.
        #[source]
        source: image::ImageError,
    },
    /// A copy could not be written.
    #[error("photo: a smaller copy could not be made. Nothing was saved. Try again, or save the photo as JPEG")]
    Encode(#[source] image::ImageError),
}

/// Reads a JPEG, PNG or WebP photo and renders its copies. `today` is the patient's date: a photo
/// dated after it keeps no date and gets a note.
///
/// # Errors
/// See [`PhotoError`]; sizes are refused from the header, before anything is decoded.
pub fn read_photo(bytes: &[u8], today: Date) -> Result<Photo, PhotoError> {
    let (format, found) = recognise(bytes)?;
    let upright = decode(bytes, format, found)?;
    let exif = read_exif(bytes, today);
    let screen = fit(&upright, SCREEN_SIDE_PX);
    Ok(Photo {
        mime: format.to_mime_type(),
        width: upright.width(),
        height: upright.height(),
        taken_at: exif.taken_at,
        position: exif.position,
        thumb_jpeg: jpeg(&fit(&screen, THUMB_SIDE_PX))?,
        blurred_jpeg: jpeg(&blurred_middle(&screen))?,
        screen_jpeg: jpeg(&screen)?,
        notes: exif.notes,
    })
}

/// Tells the type by the first bytes, never by the name.
fn recognise(bytes: &[u8]) -> Result<(ImageFormat, &'static str), PhotoError> {
    if bytes.is_empty() {
        return Err(PhotoError::Empty);
    }
    let unsupported = |found, advice| Err(PhotoError::Unsupported { found, advice });
    let brand = if bytes.len() >= 12 && &bytes[4..8] == b"ftyp" { &bytes[8..12] } else { &[] };
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Ok((ImageFormat::Jpeg, "JPEG")),
        [0x89, b'P', b'N', b'G', ..] => Ok((ImageFormat::Png, "PNG")),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok((ImageFormat::WebP, "WebP")),
        [b'G', b'I', b'F', b'8', ..] => unsupported("GIF", "Save one picture of it as JPEG or PNG and add that"),
        [b'%', b'P', b'D', b'F', ..] => unsupported("PDF", "Take a screenshot or a photo of the page and add that"),
        [b'B', b'M', ..] => unsupported("BMP", "Open it in a picture program, save it as PNG and add that"),
        [b'I', b'I', 0x2a, 0, ..] | [b'M', b'M', 0, 0x2a, ..] => {
            unsupported("TIFF or raw camera", "Save it as JPEG and add that")
        }
        _ if matches!(brand, b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"mif1" | b"msf1") => unsupported(
            "HEIC",
            "Save it as JPEG on the phone (Share, or camera setting \"Most compatible\") and add that",
        ),
        _ if matches!(brand, b"avif" | b"avis") => unsupported("AVIF", "Save it as JPEG and add that"),
        _ if !brand.is_empty() => unsupported("video", "Choose one picture of it, save it as JPEG and add that"),
        _ => Err(PhotoError::Unknown),
    }
}

fn decode(bytes: &[u8], format: ImageFormat, found: &'static str) -> Result<DynamicImage, PhotoError> {
    let damaged = |source| PhotoError::Damaged { found, source };
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_ALLOC_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    // Only the header has been read so far.
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS || decoder.total_bytes() > MAX_ALLOC_BYTES {
        return Err(PhotoError::TooLarge { width, height });
    }
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// Shrinks to `side` px on the longer side; never enlarges.
fn fit(picture: &DynamicImage, side: u32) -> DynamicImage {
    if picture.width().max(picture.height()) <= side {
        return picture.clone();
    }
    picture.thumbnail(side, side)
}

fn blurred_middle(picture: &DynamicImage) -> DynamicImage {
    let part = |whole: u32| ((f64::from(whole) * BLURRED_PART) as u32).max(1);
    let (width, height) = (part(picture.width()), part(picture.height()));
    let middle = picture.crop_imm((picture.width() - width) / 2, (picture.height() - height) / 2, width, height);
    let small = fit(&middle, BLURRED_SIDE_PX);
    let sigma = (small.width().max(small.height()) as f32 * BLUR_SHARE).max(1.0);
    small.fast_blur(sigma)
}

fn jpeg(picture: &DynamicImage) -> Result<Vec<u8>, PhotoError> {
    let mut out = Vec::new();
    // JPEG knows no transparency: lay the picture on white, or clear parts would turn black.
    let rgb = if picture.color().has_alpha() { on_white(picture) } else { picture.to_rgb8() };
    rgb.write_with_encoder(JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY)).map_err(PhotoError::Encode)?;
    Ok(out)
}

fn on_white(picture: &DynamicImage) -> image::RgbImage {
    let rgba = picture.to_rgba8();
    image::RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [r, g, b, a] = rgba.get_pixel(x, y).0;
        let blend = |c: u8| ((u16::from(c) * u16::from(a) + 255 * (255 - u16::from(a))) / 255) as u8;
        image::Rgb([blend(r), blend(g), blend(b)])
    })
}

#[cfg(test)]
#[path = "photo_tests.rs"]
mod tests;
