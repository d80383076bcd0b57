//! Painting the pages of a document.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use zeroize::Zeroizing;

use crate::ViewProblem;
use crate::pixels::{Pixels, Size};

/// The most pages that are shown of a document.
pub const PAGES_MAX: usize = 20;
/// The longer edge of a shown page, in pixels: an A4 page at some 137 pixels an inch.
pub const PAGE_EDGE_PIXELS: u16 = 1_600;

/// An opened document.
pub(crate) struct Document(Pdf);

impl Document {
    /// Opens it.
    ///
    /// # Errors
    /// When it is damaged, has no page, or needs a password.
    pub(crate) fn open(bytes: Vec<u8>) -> Result<Self, ViewProblem> {
        let pdf = Pdf::new(bytes).map_err(|problem| match problem {
            LoadPdfError::Decryption(_) => ViewProblem::Locked,
            LoadPdfError::Invalid => ViewProblem::Damaged,
        })?;
        if pdf.pages().is_empty() { Err(ViewProblem::Damaged) } else { Ok(Self(pdf)) }
    }

    /// How many pages it has.
    pub(crate) fn pages_in_all(&self) -> u32 {
        u32::try_from(self.0.pages().len()).unwrap_or(u32::MAX)
    }

    /// Paints the first [`PAGES_MAX`] pages, one after the other as they are asked for. Standard fonts
    /// are in the program; what else a document relies on but does not bring is left out.
    pub(crate) fn paint(&self) -> impl Iterator<Item = Result<Pixels, ViewProblem>> {
        let cache = RenderCache::new();
        let interpreting = InterpreterSettings::default();
        let pages = self.0.pages().iter().take(PAGES_MAX);
        pages.map(move |page| {
            let (scale, size) = scale(page).ok_or(ViewProblem::Damaged)?;
            let painted = render(page, &cache, &interpreting, &RenderSettings::default(), &scale);
            // On white, nothing is transparent.
            let bytes = painted.data().iter().flat_map(|pixel| [pixel.r, pixel.g, pixel.b]);
            Ok(Pixels { size, bytes: Zeroizing::new(bytes.collect()) })
        })
    }
}

/// How a page is scaled so that its longer edge has its length, and what size that gives.
fn scale(page: &Page<'_>) -> Option<(PixmapSettings, Size)> {
    let (width, height) = page.render_dimensions();
    let longer = width.max(height);
    if !(width.is_finite() && height.is_finite() && width > 0.0 && height > 0.0) {
        return None;
    }
    let pixels = |edge: f32| (edge / longer * f32::from(PAGE_EDGE_PIXELS)).round().max(1.0);
    // The renderer cuts off what is not a whole pixel, which a division may have made of one.
    let scale = |edge: f32| (pixels(edge) + 0.25) / edge;
    let settings =
        PixmapSettings { x_scale: scale(width), y_scale: scale(height), bg_color: WHITE };
    let whole = |edge: f32| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most 1,600"
        )]
        let whole = (edge * scale(edge)) as u16;
        whole
    };
    Some((settings, Size::opaque(whole(width), whole(height))?))
}
