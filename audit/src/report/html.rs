//! The report as a page: to read, and to print on A4. It loads nothing and runs nothing.

use std::fmt::Write;

use super::document::{Document, Row};
use super::words::Words;

const STYLE: &str = include_str!("report.css");

pub(super) fn page(document: &Document, words: &Words) -> String {
    let language = words.language;
    let mut html = format!(
        "<!doctype html>\n<html lang=\"{}\" dir=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<header>\n<p class=\"kind\">{}</p>\n<h1>{}</h1>\n\
         <p>{}</p>\n</header>\n<main>\n<p class=\"summary {}\">{}</p>\n",
        language.code(),
        language.direction(),
        escaped(&document.title),
        escaped(&document.title),
        escaped(&document.subtitle),
        escaped(&document.written),
        if document.is_clean { "holds" } else { "finding" },
        escaped(&document.summary),
    );
    for paragraph in &document.paragraphs {
        let _ = writeln!(html, "<p>{}</p>", escaped(paragraph));
    }
    // What was found comes first.
    for class in ["finding", "unknown", "holds"] {
        for row in document.claims.iter().filter(|row| row.class == class) {
            html.push_str(&section(row, words));
        }
    }
    let [title, limits] = &document.limits;
    let _ = write!(
        html,
        "<section>\n<h2>{}</h2>\n<p>{}</p>\n<p>{}</p>\n</section>\n</main>\n</body>\n</html>\n",
        escaped(title),
        escaped(limits),
        escaped(&document.signature)
    );
    html
}

fn section(row: &Row, words: &Words) -> String {
    let named = |id: &str, text: &str| {
        format!("<p><b>{}:</b> {}</p>\n", escaped(&words.say(id, &[])), escaped(text))
    };
    let advice = match (&row.advice, row.class) {
        (Some(advice), "finding") => named("advice", advice),
        (Some(reason), _) => format!("<p>{}</p>\n", escaped(reason)),
        (None, _) => String::new(),
    };
    let evidence = if row.evidence.is_empty() {
        String::new()
    } else {
        let open = if row.class == "finding" { " open" } else { "" };
        format!(
            "<details{open}><summary>{}</summary>\n<pre lang=\"en\" dir=\"ltr\">{}</pre></details>\n",
            escaped(&words.say("evidence", &[])),
            escaped(&row.evidence.join("\n"))
        )
    };
    format!(
        "<section class=\"{}\">\n<h2>{}</h2>\n<p class=\"result\">{}</p>\n{}{advice}{evidence}</section>\n",
        row.class,
        escaped(&row.claim),
        escaped(&row.result),
        named("method", &row.method)
    )
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
