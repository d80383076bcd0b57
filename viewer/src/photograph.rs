//! Decoding photographs: upright, and no larger than a screen shows.

use std::io::Cursor;

use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use zeroize::Zeroizing;

use crate::ViewProblem;
use crate::pixels::{Pixels, Size};

/// The most pixels that a photograph may have: 64 megapixels.
pub const PIXELS_MAX: u64 = 64_000_000;
/// The longer edge of a shown photograph, in pixels. Smaller ones stay as they are.
pub const PHOTOGRAPH_EDGE_PIXELS_MAX: u16 = 2_000;

/// What a decoder may allocate. Eight bytes for each of the most pixels: four channels of sixteen bits.
const DECODER_BYTES_MAX: u64 = PIXELS_MAX * 8;

/// Decodes a photograph and turns it as its camera was held.
///
/// # Errors
/// When it is damaged, has too many pixels, or its decoder would need too much memory.
pub(crate) fn decode(bytes: &[u8], format: ImageFormat) -> Result<Pixels, ViewProblem> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(DECODER_BYTES_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|problem| told(&problem))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(ViewProblem::TooLarge);
    }
    // One that cannot be read is as good as none.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let photograph = DynamicImage::from_decoder(decoder).map_err(|problem| told(&problem))?;
    let mut small = scaled_down(photograph);
    // Turned last, when it is small.
    small.apply_orientation(orientation);
    pixels(small).ok_or(ViewProblem::Damaged)
}

fn told(problem: &ImageError) -> ViewProblem {
    match problem {
        ImageError::Limits(_) => ViewProblem::TooDemanding,
        ImageError::Decoding(_)
        | ImageError::Encoding(_)
        | ImageError::Parameter(_)
        | ImageError::Unsupported(_)
        | ImageError::IoError(_) => ViewProblem::Damaged,
    }
}

/// In two steps where much is to be left out: averages first, which need little time and no memory, and a
/// filter that keeps edges sharp for the rest.
fn scaled_down(photograph: DynamicImage) -> DynamicImage {
    let edge = u32::from(PHOTOGRAPH_EDGE_PIXELS_MAX);
    let longer = photograph.width().max(photograph.height());
    if longer <= edge {
        return photograph;
    }
    let averaged =
        if longer > 4 * edge { photograph.thumbnail(2 * edge, 2 * edge) } else { photograph };
    averaged.resize(edge, edge, FilterType::CatmullRom)
}

fn pixels(image: DynamicImage) -> Option<Pixels> {
    let width = u16::try_from(image.width()).ok()?;
    let height = u16::try_from(image.height()).ok()?;
    let (size, bytes) = if image.color().has_alpha() {
        (Size::transparent(width, height)?, image.into_rgba8().into_raw())
    } else {
        (Size::opaque(width, height)?, image.into_rgb8().into_raw())
    };
    Some(Pixels { size, bytes: Zeroizing::new(bytes) })
}
