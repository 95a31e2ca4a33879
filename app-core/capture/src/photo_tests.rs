use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, RgbaImage};
use jiff::civil::date;

use super::{PhotoError, read_photo};
use crate::photo_data::parse_exif_time;

const TODAY: jiff::civil::Date = date(2026, 5, 14);

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, format).expect("encodes");
    out.into_inner()
}

/// Left half black, right half white.
fn halves(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, _| Rgb(if x < width / 2 { [0; 3] } else { [255; 3] })).into()
}

/// One IFD0 with orientation and date, and a GPS IFD, as a big-endian TIFF block.
fn exif_block(orientation: u8, time: &str, seconds: u32) -> Vec<u8> {
    let mut out = b"MM\0\x2a\0\0\0\x08".to_vec();
    let mut time = time.as_bytes().to_vec();
    time.push(0);
    let (time_at, gps_at) = (8 + 2 + 3 * 12 + 4, 8 + 2 + 3 * 12 + 4 + 20);
    let entry = |out: &mut Vec<u8>, tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        out.extend(tag.to_be_bytes());
        out.extend(kind.to_be_bytes());
        out.extend(count.to_be_bytes());
        out.extend(value);
    };
    out.extend(3u16.to_be_bytes());
    entry(&mut out, 0x0112, 3, 1, [0, orientation, 0, 0]);
    entry(&mut out, 0x0132, 2, time.len() as u32, (time_at as u32).to_be_bytes());
    entry(&mut out, 0x8825, 4, 1, (gps_at as u32).to_be_bytes());
    out.extend([0; 4]);
    time.resize(20, 0);
    out.extend(time);
    let numbers_at = gps_at as u32 + 2 + 4 * 12 + 4;
    out.extend(4u16.to_be_bytes());
    entry(&mut out, 1, 2, 2, *b"S\0\0\0");
    entry(&mut out, 2, 5, 3, numbers_at.to_be_bytes());
    entry(&mut out, 3, 2, 2, *b"E\0\0\0");
    entry(&mut out, 4, 5, 3, (numbers_at + 24).to_be_bytes());
    out.extend([0; 4]);
    for number in [33u32, 30, seconds, 151, 15, 0] {
        out.extend(number.to_be_bytes());
        out.extend(1u32.to_be_bytes());
    }
    out
}

fn jpeg_with_exif(picture: &DynamicImage, block: &[u8]) -> Vec<u8> {
    let plain = encoded(picture, ImageFormat::Jpeg);
    let mut out = plain[..2].to_vec();
    out.extend([0xff, 0xe1]);
    out.extend(((block.len() + 8) as u16).to_be_bytes());
    out.extend(b"Exif\0\0");
    out.extend(block);
    out.extend(&plain[2..]);
    out
}

#[test]
fn each_format_gives_three_copies_within_their_sizes() {
    for (format, mime) in
        [(ImageFormat::Jpeg, "image/jpeg"), (ImageFormat::Png, "image/png"), (ImageFormat::WebP, "image/webp")]
    {
        let photo = read_photo(&encoded(&halves(2000, 1000), format), TODAY).expect(mime);
        assert_eq!((photo.mime, photo.width, photo.height), (mime, 2000, 1000));
        let size = |bytes: &[u8]| {
            let picture = image::load_from_memory_with_format(bytes, ImageFormat::Jpeg).expect("a jpeg");
            (picture.width(), picture.height())
        };
        assert_eq!(size(&photo.screen_jpeg), (1600, 800));
        assert_eq!(size(&photo.thumb_jpeg), (320, 160));
        assert_eq!(size(&photo.blurred_jpeg), (480, 240));
    }
}

#[test]
fn the_blurred_copy_has_lost_its_edges() {
    let photo = read_photo(&encoded(&halves(800, 800), ImageFormat::Png), TODAY).expect("a photo");
    let blurred = image::load_from_memory(&photo.blurred_jpeg).expect("a jpeg").to_luma8();
    let middle = blurred.width() / 2;
    let step = blurred.get_pixel(middle + 2, 100).0[0].abs_diff(blurred.get_pixel(middle - 2, 100).0[0]);
    assert!(step < 60, "an edge of 255 became a step of {step}");
}

#[test]
fn a_turned_photo_comes_upright_with_time_and_position() {
    let bytes = jpeg_with_exif(&halves(64, 32), &exif_block(6, "2025:08:03 16:20:00", 36));
    let photo = read_photo(&bytes, TODAY).expect("a photo");
    assert_eq!((photo.width, photo.height), (32, 64));
    assert_eq!(photo.taken_at.map(|t| t.to_string()).as_deref(), Some("2025-08-03T16:20"));
    let (latitude, longitude) = photo.position.expect("a position");
    assert!((latitude + 33.51).abs() < 1e-9 && (longitude - 151.25).abs() < 1e-9, "{latitude} {longitude}");
    assert_eq!(crate::photo_origin(&bytes, TODAY), (photo.taken_at, photo.position), "the same without decoding");
    assert_eq!(photo.notes, []);
    // Orientation 6 turns the picture clockwise: what was left is on top.
    let screen = image::load_from_memory(&photo.screen_jpeg).expect("a jpeg").to_luma8();
    assert!(screen.get_pixel(16, 5).0[0] < 50 && screen.get_pixel(16, 60).0[0] > 200);
}

#[test]
fn absurd_dates_are_left_out_and_noted() {
    for time in ["2099:01:01 10:00:00", "2024:13:01 10:00:00", "0000:05:01 10:00:00", "2026:05:15 00:00:00"] {
        let photo = read_photo(&jpeg_with_exif(&halves(16, 16), &exif_block(1, time, 0)), TODAY).expect("a photo");
        assert_eq!(photo.taken_at, None, "{time}");
        assert!(photo.notes.len() == 1 && photo.notes[0].to_string().starts_with("taken_at:"), "{:?}", photo.notes);
        assert_eq!(crate::photo_time(&jpeg_with_exif(&halves(16, 16), &exif_block(1, time, 0)), TODAY), None);
    }
    assert!(parse_exif_time("2026:05:14 23:59:00", TODAY).is_ok(), "today is no future");
}

#[test]
fn a_picture_of_200_megapixels_is_refused_from_its_header() {
    // IHDR says 20000 × 10000; no pixel data follows, so only the header can have been looked at.
    let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bomb.extend(20_000u32.to_be_bytes());
    bomb.extend(10_000u32.to_be_bytes());
    bomb.extend([8, 2, 0, 0, 0]);
    bomb.extend(crc32(&bomb[12..]).to_be_bytes());
    bomb.extend(b"\0\0\0\0IDAT");
    bomb.extend(crc32(b"IDAT").to_be_bytes());
    let error = read_photo(&bomb, TODAY).expect_err("too large");
    assert!(matches!(error, PhotoError::TooLarge { width: 20_000, height: 10_000 }), "{error:?}");
}

/// CRC-32 as PNG wants it (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { 0xedb8_8320 ^ (c >> 1) } else { c >> 1 })
    })
}

#[test]
fn what_is_no_photo_is_named_with_what_to_do() {
    let cases: [(&[u8], &str); 6] = [
        (b"", "0 bytes"),
        (b"GIF89a\x01\0", "GIF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "Save it as JPEG"),
        (b"%PDF-1.7", "PDF"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", "video"),
        (b"hello", "JPEG, PNG or WebP"),
    ];
    for (bytes, says) in cases {
        let error = read_photo(bytes, TODAY).expect_err(says).to_string();
        assert!(error.contains(says) && error.starts_with("photo:") && error.contains("Nothing was saved"), "{error}");
    }
}

#[test]
fn a_cut_off_file_is_called_damaged() {
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let whole = encoded(&halves(300, 300), format);
        let error = read_photo(&whole[..whole.len() / 2], TODAY).expect_err("cut off");
        assert!(matches!(error, PhotoError::Damaged { .. }), "{error:?}");
    }
    let error = read_photo(&[0xff, 0xd8, 0xff, 0xe0], TODAY).expect_err("only a start");
    assert!(matches!(error, PhotoError::Damaged { found: "JPEG", .. }), "{error:?}");
}

#[test]
fn clear_parts_become_white_not_black() {
    let clear = DynamicImage::from(RgbaImage::new(40, 40));
    let photo = read_photo(&encoded(&clear, ImageFormat::Png), TODAY).expect("a photo");
    let thumb = image::load_from_memory(&photo.thumb_jpeg).expect("a jpeg").to_luma8();
    assert!(thumb.get_pixel(20, 20).0[0] > 250);
}
