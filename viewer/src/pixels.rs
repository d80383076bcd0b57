//! A picture of plain pixels, as it passes from the confined process to this one.

use std::io;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use zeroize::Zeroizing;

use crate::{PAGE_EDGE_PIXELS, PHOTOGRAPH_EDGE_PIXELS_MAX};

/// The longest edge of any picture, in pixels.
const EDGE_PIXELS_MAX: u16 = if PAGE_EDGE_PIXELS > PHOTOGRAPH_EDGE_PIXELS_MAX {
    PAGE_EDGE_PIXELS
} else {
    PHOTOGRAPH_EDGE_PIXELS_MAX
};

/// More than a PNG file has around its pixels, in bytes.
const ROOM_BYTES: usize = 16_384;

/// What is said of a picture before its pixels.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) width: u16,
    pub(crate) height: u16,
    /// Bytes a pixel: 3, or 4 where it may be transparent.
    channels: u8,
}

/// A picture: rows from the top, eight bits a channel.
pub(crate) struct Pixels {
    pub(crate) size: Size,
    pub(crate) bytes: Zeroizing<Vec<u8>>,
}

impl Size {
    /// How long it is when written.
    pub(crate) const BYTES_LEN: usize = 5;

    /// The size of a picture without transparency, if it is one that may be shown.
    pub(crate) fn opaque(width: u16, height: u16) -> Option<Self> {
        Self { width, height, channels: 3 }.checked()
    }

    /// The size of a picture with transparency, if it is one that may be shown.
    pub(crate) fn transparent(width: u16, height: u16) -> Option<Self> {
        Self { width, height, channels: 4 }.checked()
    }

    fn checked(self) -> Option<Self> {
        let edges = 1..=EDGE_PIXELS_MAX;
        let fits = edges.contains(&self.width) && edges.contains(&self.height);
        (fits && matches!(self.channels, 3 | 4)).then_some(self)
    }

    /// How many bytes its pixels are.
    pub(crate) fn pixels_len(self) -> usize {
        usize::from(self.width) * usize::from(self.height) * usize::from(self.channels)
    }

    pub(crate) fn to_bytes(self) -> [u8; Self::BYTES_LEN] {
        let [width, wider] = self.width.to_le_bytes();
        let [height, higher] = self.height.to_le_bytes();
        [self.channels, width, wider, height, higher]
    }

    /// Reads a size, if it is one that may be shown.
    pub(crate) fn of_bytes(bytes: [u8; Self::BYTES_LEN]) -> Option<Self> {
        let [channels, width, wider, height, higher] = bytes;
        let width = u16::from_le_bytes([width, wider]);
        let height = u16::from_le_bytes([height, higher]);
        Self { width, height, channels }.checked()
    }
}

impl Pixels {
    /// The picture as PNG, with nothing in it but pixels.
    ///
    /// # Errors
    /// When the encoder refuses, which it does for no size that may be shown.
    pub(crate) fn to_png(&self) -> io::Result<Zeroizing<Vec<u8>>> {
        let Size { width, height, channels } = self.size;
        let colours = match channels {
            4 => ExtendedColorType::Rgba8,
            _ => ExtendedColorType::Rgb8,
        };
        // Room for any picture, since one that grows leaves parts behind: pixels that do not shrink get longer
        // by some bytes a row and a block. What is kept is as long as it has to be.
        let room = self.bytes.len() + self.bytes.len() / 8 + ROOM_BYTES;
        let mut png = Zeroizing::new(Vec::with_capacity(room));
        PngEncoder::new_with_quality(&mut *png, CompressionType::Fast, FilterType::Adaptive)
            .write_image(&self.bytes, width.into(), height.into(), colours)
            .map_err(io::Error::other)?;
        Ok(Zeroizing::new(png.to_vec()))
    }
}
