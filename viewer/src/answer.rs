//! What the confined process writes of a file with pictures: how many pages there are (u32), then pictures, each its size (channels
//! u8, width u16, height u16) and its pixels; all numbers little-endian. It ends where the process does.
//!
//! Of a voice note it writes plain samples, as many as there must be.
//!
//! Whoever reads it keeps what came whole: a process that ends too early has shown some pages.

use std::io::{self, Write};

use tokio::io::{AsyncRead, AsyncReadExt};
use zeroize::Zeroizing;

use crate::pixels::{Pixels, Size};

pub(crate) fn write_pages<W: Write>(out: &mut W, pages_in_all: u32) -> io::Result<()> {
    out.write_all(&pages_in_all.to_le_bytes())
}

pub(crate) fn write_picture<W: Write>(out: &mut W, picture: &Pixels) -> io::Result<()> {
    out.write_all(&picture.size.to_bytes())?;
    out.write_all(&picture.bytes)?;
    out.flush()
}

/// How many pages there are.
///
/// # Errors
/// When the process ended before, and when it says that there are none.
pub(crate) async fn read_pages<R: AsyncRead + Unpin>(from: &mut R) -> io::Result<u32> {
    match from.read_u32_le().await? {
        0 => Err(io::ErrorKind::InvalidData.into()),
        pages => Ok(pages),
    }
}

/// The next picture, or nothing where the answer ends.
///
/// # Errors
/// When it ends in between, and for a size that no picture may have.
pub(crate) async fn read_picture<R: AsyncRead + Unpin>(from: &mut R) -> io::Result<Option<Pixels>> {
    let mut size = [0; Size::BYTES_LEN];
    if from.read(&mut size[..1]).await? == 0 {
        return Ok(None);
    }
    from.read_exact(&mut size[1..]).await?;
    let size = Size::of_bytes(size).ok_or(io::ErrorKind::InvalidData)?;
    let mut bytes = Zeroizing::new(vec![0; size.pixels_len()]);
    from.read_exact(&mut bytes).await?;
    Ok(Some(Pixels { size, bytes }))
}
