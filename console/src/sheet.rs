//! Links on paper: a page to print, with a QR code for each, twelve to a sheet of A4.

use std::fmt::Write;
use std::num::NonZero;
use std::thread;

use fast_qr::{ECL, Module, QRBuilder};
use vestibule_wire::Timestamp;
use zeroize::Zeroizing;

use crate::dates;
use crate::origin::Origin;
use crate::problem::Problem;
use crate::words::{language, words};

/// Modules around a code that stay white, so that cameras find it.
const QUIET_ZONE: usize = 4;
const CODES_PER_PAGE: usize = 12;
/// Bytes of a code's drawing, to begin with.
const CODE_BYTES: usize = 12_288;

const STYLE: &str = "\
@page{size:A4 portrait;margin:8mm}\
*{box-sizing:border-box}\
body{margin:0;font:9pt/1.3 sans-serif;color:#000;background:#fff}\
.note{margin:4mm;padding:3mm;border:.5mm solid #000;font-size:11pt}\
.page{display:grid;grid-template-columns:repeat(3,1fr);grid-auto-rows:69mm;break-after:page;\
max-width:194mm;margin:0 auto}\
.page:last-child{break-after:auto}\
.link{border:.2mm dashed #888;padding:2mm;text-align:center;break-inside:avoid;overflow:hidden}\
.link p{margin:0;overflow-wrap:anywhere}\
svg{display:block;width:50mm;height:50mm;margin:0 auto 1mm}\
path{fill:none;stroke:#000;stroke-width:1.02;shape-rendering:crispEdges}\
@media print{.note{display:none}}";

/// What a sheet's links are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Printed {
    /// Each opens once.
    OneTime,
    /// The same door, again and again.
    Door,
}

/// A QR code as the lines of an SVG path of width 1.
struct QrLines {
    /// Width and height, the quiet zone included.
    size: usize,
    /// The path's data.
    path: Zeroizing<String>,
}

/// Draws a QR code that paper and cheap cameras forgive.
fn qr_lines(text: &str) -> Result<QrLines, Problem> {
    let code =
        QRBuilder::new(text).ecl(ECL::M).build().map_err(|_| Problem::new("qr-too-long", &[]))?;
    let mut path = Zeroizing::new(String::with_capacity(CODE_BYTES));
    for (row, modules) in code.data.chunks(code.size).take(code.size).enumerate() {
        // Lines run through the middle of the modules: y is so many and a half.
        let _ = write!(path, "M{QUIET_ZONE} {}.5", row + QUIET_ZONE);
        for run in modules.chunk_by(|one, other| one.value() == other.value()) {
            let dark = run.first().is_some_and(|module| module.value() == Module::DARK);
            let _ = if dark {
                write!(path, "h{}", run.len())
            } else {
                write!(path, "m{} 0", run.len())
            };
        }
    }
    Ok(QrLines { size: code.size + 2 * QUIET_ZONE, path })
}

/// Draws the codes on all processors: a batch is two thousand.
fn all_qr_lines(texts: &[Zeroizing<String>]) -> Result<Vec<QrLines>, Problem> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let share = texts.len().div_ceil(threads).max(1);
    let draw = |texts: &[Zeroizing<String>]| {
        texts.iter().map(|text| qr_lines(text)).collect::<Result<Vec<QrLines>, Problem>>()
    };
    let shares = thread::scope(|scope| {
        let drawing: Vec<_> =
            texts.chunks(share).map(|texts| scope.spawn(move || draw(texts))).collect();
        let drawn = drawing.into_iter().map(|it| it.join().expect("drawing does not panic"));
        drawn.collect::<Result<Vec<Vec<QrLines>>, Problem>>()
    });
    Ok(shares?.into_iter().flatten().collect())
}

/// The page: it loads nothing and runs nothing.
///
/// # Errors
/// With a sentence, when an address is too long for a QR code.
pub fn page(
    origin: &Origin,
    addresses: &[Zeroizing<String>],
    printed: Printed,
    until: Timestamp,
) -> Result<Zeroizing<String>, Problem> {
    let language = language();
    let host = escaped(origin.as_str().split_once("://").map_or("", |(_, host)| host));
    let (title, use_note) = match printed {
        Printed::OneTime => (words("sheet-title", &[]), words("sheet-once", &[])),
        Printed::Door => (words("sheet-title-door", &[]), words("sheet-door", &[])),
    };
    let warning = match printed {
        Printed::OneTime => words("sheet-secret", &[]),
        Printed::Door => words("sheet-public", &[]),
    };
    let until = words("sheet-until", &[("moment", dates::moment(until).into())]);
    let mut page = Zeroizing::new(String::with_capacity(addresses.len() * CODE_BYTES + 4_096));
    let _ = write!(
        page,
        "<!doctype html>\n<html lang=\"{}\" dir=\"{}\">\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n<p class=\"note\">{}</p>\n",
        language.code(),
        language.direction(),
        escaped(&title),
        escaped(&warning),
    );
    for codes in all_qr_lines(addresses)?.chunks(CODES_PER_PAGE) {
        page.push_str("<div class=\"page\">\n");
        for code in codes {
            let _ = writeln!(
                page,
                "<div class=\"link\"><svg viewBox=\"0 0 {size} {size}\" role=\"img\" \
                 aria-label=\"QR\"><path d=\"{}\"/></svg><p dir=\"ltr\">{host}</p><p>{}</p>\
                 <p>{}</p></div>",
                *code.path,
                escaped(&use_note),
                escaped(&until),
                size = code.size,
            );
        }
        page.push_str("</div>\n");
    }
    Ok(page)
}

pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests;
