//! A process that was taken over may answer anything.

use crate::answer::{read_pages, read_picture, write_pages, write_picture};
use crate::pixels::{Pixels, Size};

fn read(bytes: &[u8]) -> Option<(u32, usize, bool)> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let mut from = bytes;
        let pages = read_pages(&mut from).await.ok()?;
        let mut pictures = 0;
        loop {
            match read_picture(&mut from).await {
                Ok(Some(_)) => pictures += 1,
                Ok(None) => return Some((pages, pictures, true)),
                Err(_) => return Some((pages, pictures, false)),
            }
        }
    })
}

fn answer() -> Vec<u8> {
    let mut bytes = Vec::new();
    write_pages(&mut bytes, 7).unwrap();
    for edge in [2, 3] {
        let size = Size::opaque(edge, 1).unwrap();
        let picture = Pixels { size, bytes: vec![9; size.pixels_len()].into() };
        write_picture(&mut bytes, &picture).unwrap();
    }
    bytes
}

#[test]
fn what_is_written_is_read() {
    assert_eq!(read(&answer()), Some((7, 2, true)));
}

#[test]
fn of_an_answer_that_ends_too_early_whole_pictures_are_kept() {
    let bytes = answer();
    let first = 4 + 5 + 6;
    for len in 0..bytes.len() {
        let expected = match len {
            ..4 => None,
            4 => Some((7, 0, true)),
            _ if len < first => Some((7, 0, false)),
            _ => Some((7, 1, len == first)),
        };
        assert_eq!(read(&bytes[..len]), expected, "{len}");
    }
}

#[test]
fn no_other_sizes_are_believed() {
    for (channels, width, height) in [
        (3, 0, 1),
        (3, 1, 0),
        (3, 2_001, 1),
        (3, 1, 2_001),
        (2, 1, 1),
        (5, 1, 1),
        (4, 65_535, 65_535),
    ] {
        let [w, wider] = u16::to_le_bytes(width);
        let [h, higher] = u16::to_le_bytes(height);
        assert!(Size::of_bytes([channels, w, wider, h, higher]).is_none());
    }
    assert!(Size::of_bytes([4, 208, 7, 208, 7]).is_some(), "2,000 by 2,000");
    assert_eq!(read(&[0, 0, 0, 0]), None, "a file without pages");
}

#[test]
fn pictures_that_do_not_shrink_have_room() {
    let size = Size::transparent(2_000, 400).unwrap();
    let mut state = 1_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    let bytes: Vec<u8> = (0..size.pixels_len()).map(|_| noise()).collect();
    let png = Pixels { size, bytes: bytes.into() }.to_png().unwrap();
    assert!(png.len() < size.pixels_len() + size.pixels_len() / 8);
}
