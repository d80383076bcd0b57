//! Looking at a file from a test, and at what comes of it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use image::{ImageFormat, RgbaImage};
use libtest_mimic::Trial;
use tokio::runtime::Runtime;
use tokio::time::Instant;
use vestibule_viewer::{FileKind, Pictures, Seen, ViewProblem};

/// What a process may take to end, and a busy machine to notice, after the time for a file is up.
pub(crate) const DEADLINE: Duration = Duration::from_secs(vestibule_viewer::VIEW_SECONDS_MAX + 5);

pub(crate) fn trial(name: &str, test: fn()) -> Trial {
    Trial::test(name, move || {
        test();
        Ok(())
    })
}

pub(crate) fn this_program() -> PathBuf {
    std::env::current_exe().expect("a program has a path")
}

pub(crate) fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// Looks at a file, and holds the looking to its time.
pub(crate) fn view(kind: FileKind, bytes: &[u8]) -> Result<Pictures, ViewProblem> {
    view_by(&this_program(), kind, bytes)
}

pub(crate) fn view_by(
    program: &Path,
    kind: FileKind,
    bytes: &[u8],
) -> Result<Pictures, ViewProblem> {
    match seen(program, kind, bytes)? {
        Seen::Pictures(shown) => Ok(shown),
        Seen::Sound(_) => unreachable!("it has pictures, and no sound"),
    }
}

/// What comes of any file.
pub(crate) fn seen(program: &Path, kind: FileKind, bytes: &[u8]) -> Result<Seen, ViewProblem> {
    let began = Instant::now();
    let seen = runtime().block_on(vestibule_viewer::view(program, kind, bytes));
    assert!(began.elapsed() < DEADLINE, "{:?}", began.elapsed());
    seen
}

/// What is wrong with a file that must not be shown.
pub(crate) fn problem(kind: FileKind, bytes: &[u8]) -> ViewProblem {
    view(kind, bytes).err().expect("nothing can be shown")
}

/// The pictures, decoded again; each is held to have nothing but pixels.
pub(crate) fn decoded(shown: &Pictures) -> Vec<RgbaImage> {
    let decoded = shown.pngs.iter().map(|png| {
        assert_eq!(chunks(png), ["IHDR", "IDAT", "IEND"]);
        let image = image::load_from_memory_with_format(png, ImageFormat::Png);
        image.expect("the console encodes pictures").into_rgba8()
    });
    decoded.collect()
}

/// The names of a PNG's chunks, of those of one name that follow each other the first.
fn chunks(png: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = &png[8..];
    while let [a, b, c, d, tail @ ..] = rest {
        let len = usize::try_from(u32::from_be_bytes([*a, *b, *c, *d])).expect("a length");
        names.push(String::from_utf8_lossy(&tail[..4]).into_owned());
        rest = &tail[4 + len + 4..];
    }
    names.dedup();
    names
}

/// Whether a pixel has about this colour: red, green, blue.
pub(crate) fn is_about(picture: &RgbaImage, x: u32, y: u32, colour: [u8; 3]) -> bool {
    let [red, green, blue, opaque] = picture.get_pixel(x, y).0;
    opaque == 255 && [red, green, blue].iter().zip(colour).all(|(a, b)| a.abs_diff(b) < 24)
}
