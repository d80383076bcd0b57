//! Photographs come out upright, in their colours, and no larger than they should.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder, Rgb, RgbImage};
use libtest_mimic::Trial;
use vestibule_viewer::{FileKind, PHOTOGRAPH_EDGE_PIXELS_MAX};

use crate::view::{decoded, is_about, trial, view};

const RED: [u8; 3] = [255, 0, 0];
const GREEN: [u8; 3] = [0, 255, 0];
const BLUE: [u8; 3] = [0, 0, 255];
const WHITE: [u8; 3] = [255, 255, 255];

/// Upper left, upper right, lower left and lower right of a picture that was stored as red, green, blue and
/// white, for each value of the orientation tag (Exif 2.32, 4.6.4 A).
const UPRIGHT: [[[u8; 3]; 4]; 8] = [
    [RED, GREEN, BLUE, WHITE],
    [GREEN, RED, WHITE, BLUE],
    [WHITE, BLUE, GREEN, RED],
    [BLUE, WHITE, RED, GREEN],
    [RED, BLUE, GREEN, WHITE],
    [BLUE, RED, WHITE, GREEN],
    [WHITE, GREEN, BLUE, RED],
    [GREEN, WHITE, RED, BLUE],
];

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("each_kind_of_photograph_is_turned_upright", each_kind_is_turned_upright),
        trial("photographs_of_other_encoders_are_shown", others_are_shown),
        trial("transparency_stays", transparency_stays),
        trial("a_large_photograph_is_scaled_down", large_ones_are_scaled_down),
        trial("a_line_of_pixels_stays_one", a_line_stays_one),
    ]
}

fn each_kind_is_turned_upright() {
    for kind in [FileKind::Jpeg, FileKind::Png, FileKind::WebP] {
        for (orientation, quarters) in (1..).zip(UPRIGHT) {
            let photograph = encoded(kind, &four_colours(64, 32), Some(orientation));
            let size = if orientation < 5 { (64, 32) } else { (32, 64) };
            assert_quarters(kind, &photograph, size, quarters);
        }
        let without = encoded(kind, &four_colours(64, 32), None);
        assert_quarters(kind, &without, (64, 32), UPRIGHT[0]);
    }
}

fn others_are_shown() {
    let progressive = include_bytes!("fixtures/progressive.jpg");
    assert_quarters(FileKind::Jpeg, progressive, (32, 64), UPRIGHT[5]);
    let lossy = include_bytes!("fixtures/lossy.webp");
    assert_quarters(FileKind::WebP, lossy, (32, 64), UPRIGHT[5]);
}

fn assert_quarters(kind: FileKind, photograph: &[u8], size: (u32, u32), quarters: [[u8; 3]; 4]) {
    let shown = view(kind, photograph).expect("a photograph");
    assert_eq!(shown.pages_in_all, 1);
    let [picture] = decoded(&shown).try_into().expect("one picture");
    assert_eq!(picture.dimensions(), size);
    let (near, far) = (|edge: u32| edge / 4, |edge: u32| edge * 3 / 4);
    let (width, height) = size;
    let places = [
        (near(width), near(height)),
        (far(width), near(height)),
        (near(width), far(height)),
        (far(width), far(height)),
    ];
    for ((x, y), colour) in places.into_iter().zip(quarters) {
        assert!(is_about(&picture, x, y, colour), "{kind} at {x}, {y}: not {colour:?}");
    }
}

fn transparency_stays() {
    let mut png = Vec::new();
    let pixels = [255, 0, 0, 255, 0, 255, 0, 0];
    PngEncoder::new(&mut png).write_image(&pixels, 2, 1, ExtendedColorType::Rgba8).expect("a PNG");
    let [picture] =
        decoded(&view(FileKind::Png, &png).expect("a picture")).try_into().expect("one");
    assert_eq!(picture.as_raw(), &pixels);
}

fn large_ones_are_scaled_down() {
    let most = u32::from(PHOTOGRAPH_EDGE_PIXELS_MAX);
    // A little too large, and so large that it is averaged first.
    for factor in [2, 5] {
        let large = four_colours(factor * most, factor * most / 2);
        let photograph = encoded(FileKind::Jpeg, &large, Some(6));
        assert_quarters(FileKind::Jpeg, &photograph, (most / 2, most), UPRIGHT[5]);
    }
}

fn a_line_stays_one() {
    let line = encoded(FileKind::Png, &four_colours(60_000, 2), None);
    let [picture] =
        decoded(&view(FileKind::Png, &line).expect("a picture")).try_into().expect("one");
    assert_eq!(picture.dimensions(), (u32::from(PHOTOGRAPH_EDGE_PIXELS_MAX), 1));
}

/// A picture of four quarters: red, green, blue and white.
pub(crate) fn four_colours(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let quarter = usize::from(x >= width / 2) + 2 * usize::from(y >= height / 2);
        Rgb(UPRIGHT[0][quarter])
    })
}

/// The picture as a file of its kind, with how the camera was held.
pub(crate) fn encoded(kind: FileKind, picture: &RgbImage, orientation: Option<u8>) -> Vec<u8> {
    let mut bytes = Vec::new();
    match kind {
        FileKind::Jpeg => {
            written(JpegEncoder::new_with_quality(&mut bytes, 90), picture, orientation);
        }
        FileKind::Png => written(PngEncoder::new(&mut bytes), picture, orientation),
        FileKind::WebP => written(WebPEncoder::new_lossless(&mut bytes), picture, orientation),
        FileKind::Pdf | FileKind::Voice => unreachable!("it is no photograph"),
    }
    bytes
}

fn written(mut encoder: impl ImageEncoder, picture: &RgbImage, orientation: Option<u8>) {
    if let Some(orientation) = orientation {
        encoder.set_exif_metadata(exif(orientation)).expect("each of them can");
    }
    let (width, height) = picture.dimensions();
    let colours = ExtendedColorType::Rgb8;
    encoder.write_image(picture.as_raw(), width, height, colours).expect("a small picture");
}

/// A TIFF header, and one tag of one short number: 0x0112, orientation.
fn exif(orientation: u8) -> Vec<u8> {
    let header = [b'I', b'I', 42, 0, 8, 0, 0, 0, 1, 0];
    let tag = [0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0];
    [&header[..], &tag, &[0; 4]].concat()
}
