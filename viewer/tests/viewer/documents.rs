//! Documents come out page by page.

use image::RgbaImage;
use libtest_mimic::Trial;
use vestibule_viewer::{FileKind, PAGE_EDGE_PIXELS, PAGES_MAX, ViewProblem};

use crate::view::{decoded, is_about, problem, trial, view};

pub(crate) const PAGE: &[u8] = include_bytes!("fixtures/page.pdf");

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("text_pictures_and_drawings_are_where_they_belong", all_is_in_its_place),
        trial("of_many_pages_the_first_are_shown", first_pages_are_shown),
        trial("a_document_with_a_password_says_so", a_password_is_said),
    ]
}

/// The page is 400 by 300 points, so that four pixels are one point; its zero is at the lower left.
fn all_is_in_its_place() {
    let shown = view(FileKind::Pdf, PAGE).expect("a document");
    let [page] = decoded(&shown).try_into().expect("one page");
    assert_eq!(page.dimensions(), (u32::from(PAGE_EDGE_PIXELS), 1_200));
    let at = |x: u32, y: u32, colour| is_about(&page, 4 * x, 4 * (300 - y), colour);
    assert!(at(70, 70, [255, 0, 0]), "a rectangle");
    assert!(at(22, 22, [255, 0, 0]) && at(18, 18, [255; 3]), "its corner");
    assert!(at(200, 60, [0, 128, 0]) && at(155, 100, [255; 3]), "a triangle");
    assert!(at(330, 70, [0, 0, 255]) && at(282, 118, [0, 0, 255]), "an embedded photograph");
    // Four letters of a standard font that the document does not bring, 120 points high.
    let ink = dark_share(&page, (80, 160), (1_300, 520));
    assert!((0.15..0.6).contains(&ink), "{ink}");
    assert!(dark_share(&page, (80, 0), (1_300, 120)) < 0.001, "nothing above the text");
}

#[expect(clippy::cast_precision_loss, reason = "some hundred thousand pixels")]
fn dark_share(page: &RgbaImage, from: (u32, u32), to: (u32, u32)) -> f64 {
    let places = || (from.0..to.0).flat_map(|x| (from.1..to.1).map(move |y| (x, y)));
    let dark = places().filter(|(x, y)| is_about(page, *x, *y, [0; 3])).count();
    dark as f64 / places().count() as f64
}

/// Each page is filled with a grey of ten times its number.
fn first_pages_are_shown() {
    let shown = view(FileKind::Pdf, include_bytes!("fixtures/pages-25.pdf")).expect("a document");
    assert_eq!(shown.pages_in_all, 25);
    assert_eq!(shown.pngs.len(), PAGES_MAX);
    for (page, grey) in decoded(&shown).iter().zip((0..).step_by(10)) {
        assert_eq!(page.dimensions(), (1_200, 1_600));
        let found = page.get_pixel(600, 800).0;
        assert!(found[0].abs_diff(grey) < 3, "{found:?}, and not {grey}");
    }
}

fn a_password_is_said() {
    let locked = include_bytes!("fixtures/locked.pdf");
    assert_eq!(problem(FileKind::Pdf, locked), ViewProblem::Locked);
}
