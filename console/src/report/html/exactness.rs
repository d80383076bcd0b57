//! What the numbers are, and how exact.

use std::fmt::Write;

use super::super::Report;
use super::super::facts;
use super::super::noise::Budget;
use super::super::texts::Texts;
use crate::sheet::escaped;

pub(super) fn section(report: &Report, texts: &Texts<'_>) -> String {
    let mut html =
        format!("<section class=\"about\">\n<h2>{}</h2>\n", escaped(&texts.say("about-title")));
    let mut said = facts::about(report, texts);
    if !Budget::of(&report.periods).per_table.is_empty() {
        said.push(texts.say("about-plots"));
    }
    for said in said {
        let _ = writeln!(html, "<p>{}</p>", escaped(&said));
    }
    html.push_str("<dl>\n");
    for (name, said) in facts::facts(report, texts) {
        let _ = writeln!(html, "<div><dt>{}</dt><dd>{}</dd></div>", escaped(&name), escaped(&said));
    }
    html.push_str("</dl>\n</section>\n");
    html
}
