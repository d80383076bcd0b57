//! Files that were made to take all memory or time there is.

use std::fmt::Write as _;
use std::io::{self, Read, Write};
use std::process::{Command, Stdio};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use libtest_mimic::Trial;
use vestibule_viewer::{FileKind, MEMORY_BYTES_MAX};

use crate::measure::{self, Measured};
use crate::photographs::{encoded, four_colours};
use crate::view::{this_program, trial};

/// What this side may take besides, in KiB: the program, its tables, and one picture.
const OWN_KIB_MAX: u64 = 96 * 1_024;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("photographs_that_say_they_are_huge_are_refused", huge_photographs),
        trial("what_unpacks_to_more_than_memory_is_refused", packed_bombs),
        trial("documents_without_an_end_are_refused", endless_documents),
        trial("documents_that_take_long_are_cut", slow_documents),
    ]
}

/// Looks at the file from a process of its own, so that what it takes can be measured.
fn outcome(kind: FileKind, file: &[u8]) -> String {
    let mut looking = Command::new(this_program())
        .args([measure::COMMAND, kind.name()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("this program starts");
    looking.stdin.take().expect("a pipe").write_all(file).expect("it reads all");
    let said = looking.wait_with_output().expect("our child").stdout;
    let measured = Measured::of_line(&String::from_utf8(said).expect("words"));
    let own = measured.own_kib - u64::try_from(file.len()).expect("a length") / 1_024;
    assert!(own < OWN_KIB_MAX, "{own} KiB here");
    assert!(measured.child_kib * 1_024 < MEMORY_BYTES_MAX, "{} KiB there", measured.child_kib);
    measured.outcome
}

fn huge_photographs() {
    let mut png = encoded(FileKind::Png, &four_colours(64, 32), None);
    png[16..24].copy_from_slice(&[0, 0, 195, 80, 0, 0, 195, 80]);
    let sum = crc(&png[12..29]).to_be_bytes();
    png[29..33].copy_from_slice(&sum);
    assert_eq!(outcome(FileKind::Png, &png), "TooLarge", "50,000 by 50,000");

    let mut jpeg = encoded(FileKind::Jpeg, &four_colours(64, 32), None);
    let frame = jpeg.windows(2).position(|two| two == [0xff, 0xc0]).expect("a frame's header");
    jpeg[frame + 5..frame + 9].copy_from_slice(&[255, 220, 255, 220]);
    assert_eq!(outcome(FileKind::Jpeg, &jpeg), "TooLarge", "65,500 by 65,500");

    let mut webp = encoded(FileKind::WebP, &four_colours(64, 32), None);
    let frame = webp.windows(4).position(|four| four == b"VP8L").expect("a frame's header");
    webp[frame + 9..frame + 13].copy_from_slice(&[254, 191, 255, 15]);
    assert_eq!(outcome(FileKind::WebP, &webp), "TooLarge", "16,383 by 16,383");
}

/// The checksum of a PNG's chunk (ISO/IEC 15948, annex D).
fn crc(bytes: &[u8]) -> u32 {
    let sum = bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg())
        })
    });
    !sum
}

fn packed_bombs() {
    // More than there is memory, in some megabytes; and the same once more packed, in some kilobytes.
    let packed = zeros_packed(MEMORY_BYTES_MAX + MEMORY_BYTES_MAX / 4);
    let page = page_with(&stream("/Filter /FlateDecode", &packed));
    assert_ends(&outcome(FileKind::Pdf, &page));
    let again = zlib(&packed);
    assert!(again.len() < 100_000);
    let page = page_with(&stream("/Filter [/FlateDecode /FlateDecode]", &again));
    assert_ends(&outcome(FileKind::Pdf, &page));

    // One pixel, and more than memory behind it.
    let mut png = encoded(FileKind::Png, &four_colours(1, 1), None);
    let data = png.windows(4).position(|four| four == b"IDAT").expect("pixels");
    png.truncate(data - 4);
    png.extend(u32::try_from(packed.len()).expect("some megabytes").to_be_bytes());
    let start = png.len();
    png.extend(b"IDAT");
    png.extend(&packed);
    let sum = crc(&png[start..]);
    png.extend(sum.to_be_bytes());
    png.extend(b"\0\0\0\0IEND\xae\x42\x60\x82");
    assert_ends(&outcome(FileKind::Png, &png));
}

/// It is shown, or refused by a limit or as damaged: never by the sandbox, and never not at all.
fn assert_ends(outcome: &str) {
    let ends =
        ["Damaged", "TooLarge", "TooDemanding"].contains(&outcome) || outcome.contains("-of-");
    assert!(ends, "{outcome}");
}

fn zeros_packed(len: u64) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    io::copy(&mut io::repeat(0).take(len), &mut packed).expect("memory");
    packed.finish().expect("memory")
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).expect("memory");
    packed.finish().expect("memory")
}

fn endless_documents() {
    let nested = [b"[".repeat(4_000_000), b"]".repeat(4_000_000)].concat();
    let dictionaries = [b"<</A".repeat(1_000_000), b">>".repeat(1_000_000)].concat();
    let kids = |kids: &str| {
        let pages = format!("<</Type /Pages /Count 4000000000 /Kids [{kids}]>>");
        pdf(&[b"<</Type /Catalog /Pages 2 0 R>>".to_vec(), pages.into_bytes()])
    };
    let form =
        "/Type /XObject /Subtype /Form /BBox [0 0 99 99] /Resources <</XObject <</F 4 0 R>>>>";
    let mut previous = page_with(&stream("", b""));
    let end = previous.windows(7).rposition(|seven| seven == b"trailer").expect("a trailer");
    let table = previous.windows(5).rposition(|five| five == b"xref\n").expect("a table");
    previous.truncate(end);
    previous.extend(format!("trailer <</Root 1 0 R /Size 5 /Prev {table}>>\n").into_bytes());
    previous.extend(format!("startxref\n{table}\n%%EOF").into_bytes());
    for (name, file) in [
        ("pages that are their own parents", kids(&"2 0 R ".repeat(1_000))),
        ("a million pages that are no pages", kids(&"1 0 R ".repeat(1_000_000))),
        ("a table that follows itself", previous),
        ("arrays in arrays", page_with(&nested)),
        ("arrays in arrays, as content", page_with(&stream("", &nested))),
        ("dictionaries in dictionaries", page_with(&dictionaries)),
        ("a length that is its own", page_with(b"<</Length 4 0 R>>\nstream\nx\nendstream")),
        ("a reference to itself", page_with(b"4 0 R")),
        ("a form in itself", page_with(&stream(form, b"/F Do /F Do"))),
        ("states in states", page_with(&stream("", &b"q ".repeat(4_000_000)))),
        ("groups of clips", page_with(&stream("", &b"0 0 9 9 re W n ".repeat(500_000)))),
    ] {
        let outcome = outcome(FileKind::Pdf, &file);
        let ends = ["Damaged", "TooDemanding"].contains(&outcome.as_str());
        assert!(ends || outcome.contains("-of-"), "{name}: {outcome}");
    }
    for size in ["0 0 0 0", "0 0 1e30 1", "0 0 1e-30 1", "0 0 -5 -5", "0 0 99999999 0.00001"] {
        assert_ends(&outcome(FileKind::Pdf, &sized(size, &stream("", b""))));
    }
}

fn slow_documents() {
    let pattern = "/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] \
                   /XStep 0.00001 /YStep 0.00001 /Resources <<>>";
    let tiles =
        [stream("", b"/Pattern cs /P scn 0 0 99 99 re f"), stream(pattern, b"0 0 1 1 re f")];
    let strokes = "0 0 m 99 99 l 0 99 99 0 50 50 c S ".repeat(300_000);
    let mut dashes = String::from("[0.000001 0.000001] 0 d ");
    for place in 0..1_000 {
        write!(dashes, "{place} 0 m 0 1e9 l S ").expect("a text");
    }
    for (name, file) in [
        ("tiles without number", document("0 0 99 99", &tiles)),
        ("strokes without number", page_with(&stream("", strokes.as_bytes()))),
        ("dashes without number", page_with(&stream("", dashes.as_bytes()))),
    ] {
        let outcome = outcome(FileKind::Pdf, &file);
        assert!(outcome == "TooDemanding" || outcome.starts_with("1-of-1-"), "{name}: {outcome}");
    }
}

fn stream(entries: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!("<</Length {} {entries}>>\nstream\n", bytes.len());
    [head.as_bytes(), bytes, b"\nendstream"].concat()
}

fn page_with(content: &[u8]) -> Vec<u8> {
    sized("0 0 99 99", content)
}

fn sized(size: &str, content: &[u8]) -> Vec<u8> {
    document(size, &[content.to_vec()])
}

/// A document of one page, whose content is object 4 and whose pattern, if any, is object 5.
fn document(size: &str, objects: &[Vec<u8>]) -> Vec<u8> {
    let resources = "/Resources <</XObject <</F 4 0 R>> /Pattern <</P 5 0 R>>>>";
    let page =
        format!("<</Type /Page /Parent 2 0 R /MediaBox [{size}] {resources} /Contents 4 0 R>>");
    let mut all = vec![
        b"<</Type /Catalog /Pages 2 0 R>>".to_vec(),
        b"<</Type /Pages /Count 1 /Kids [3 0 R]>>".to_vec(),
        page.into_bytes(),
    ];
    all.extend_from_slice(objects);
    pdf(&all)
}

/// A document of these objects, numbered from 1, which is the catalogue.
fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in (1..).zip(objects) {
        writeln!(table, "{:010} 00000 n ", file.len()).expect("a text");
        file.extend(format!("{number} 0 obj\n").into_bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let start = file.len();
    file.extend(table.into_bytes());
    let size = objects.len() + 1;
    let trailer = format!("trailer <</Root 1 0 R /Size {size}>>\nstartxref\n{start}\n%%EOF");
    file.extend(trailer.into_bytes());
    file
}
