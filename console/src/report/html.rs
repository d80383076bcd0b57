//! The report as one page: to read, and to print on A4. It loads nothing and runs nothing, and the only
//! style that it may have is the one that it was written with.

mod exactness;
mod plot;
mod tables;
mod worker_report;

use std::fmt::Write;

use data_encoding::BASE64;
use sha2::{Digest, Sha256};

use super::Report;
use super::texts::Texts;
use crate::dates;
use crate::sheet::escaped;
use crate::words::Language;

const STYLE: &str = include_str!("html/report.css");

/// A whole page.
pub(crate) struct Page {
    /// The file.
    pub(crate) html: String,
    /// The policy under which it is to be shown (Content Security Policy 3).
    pub(crate) policy: String,
}

/// Writes the page.
pub(crate) fn page(report: &Report, texts: &Texts<'_>) -> Page {
    let language = texts.language;
    let service = texts.of_service(&report.service);
    let title = texts.with("title", &[("service", service.into())]);
    let dates = dates_text(report, texts);
    let style = format!("{STYLE}{}", page_header(language, &title, &dates));
    let policy = policy(&style);
    let mut html = format!(
        "<!doctype html>\n<html lang=\"{}\" dir=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{} · {}</title>\n<style>{style}</style>\n</head>\n<body>\n",
        language.code(),
        language.direction(),
        escaped(&title),
        escaped(&dates),
    );
    let _ = write!(
        html,
        "<header>\n<p class=\"kind\">{}</p>\n<h1>{}</h1>\n<p class=\"dates\">{}</p>\n\
         <p class=\"hint\">{}</p>\n</header>\n<main>\n",
        escaped(&texts.say("page-title")),
        escaped(service),
        escaped(&dates),
        escaped(&texts.say("print-hint")),
    );
    html.push_str(&exactness::section(report, texts));
    html.push_str(&tables::section(report, texts));
    html.push_str(&worker_report::section(report, texts));
    html.push_str("</main>\n</body>\n</html>\n");
    Page { html, policy }
}

/// The days that were asked for.
fn dates_text(report: &Report, texts: &Texts<'_>) -> String {
    let (from, to) = (dates::day_of(report.from), dates::day_before(report.until));
    texts.with("dates", &[("from", from.into()), ("to", to.into())])
}

/// What stands above each printed page: the service where lines begin, the time where they end.
fn page_header(language: Language, title: &str, dates: &str) -> String {
    let (begin, end) = match language {
        Language::English | Language::Russian | Language::Ukrainian => ("left", "right"),
        Language::Arabic => ("right", "left"),
    };
    format!(
        "@page{{@top-{begin}{{content:{}}}@top-{end}{{content:{}}}}}",
        css_string(title),
        css_string(dates)
    )
}

/// A string of a style sheet. Letters and digits stand for themselves, whatever else may not.
fn css_string(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        if character.is_alphanumeric() || character == ' ' {
            quoted.push(character);
        } else {
            let _ = write!(quoted, "\\{:x} ", u32::from(character));
        }
    }
    quoted.push('"');
    quoted
}

fn policy(style: &str) -> String {
    let hash = BASE64.encode(&Sha256::digest(style));
    format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'")
}

#[cfg(test)]
mod tests;
