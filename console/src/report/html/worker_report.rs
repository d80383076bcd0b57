//! The monthly report of a worker: what counters know is filled in, the rest is room for the office's
//! own words. Those are written by hand, or in a copy of the printed page: they never reach a relay.

use std::fmt::Write;

use vestibule_wire::Table;

use super::super::Report;
use super::super::checks;
use super::super::facts;
use super::super::texts::Texts;
use super::dates_text;
use crate::sheet::escaped;

const NO_BREAK_SPACE: char = '\u{A0}';

/// One field: the tables that fill it, and the boxes to write in with their lines.
struct Field {
    number: usize,
    tables: &'static [&'static str],
    boxes: &'static [(&'static str, usize)],
}

const FIELDS: [Field; 12] = [
    field(1, &[], &[("box-alias", 1), ("box-supervisor", 1)]),
    field(2, &["staffed"], &[("box-shifts", 3), ("box-platforms", 2)]),
    field(
        3,
        &["request", "request_end", "consultation", "visit", "channel", "not_counselling"],
        &[],
    ),
    field(4, &["contact", "age", "gender"], &[]),
    field(5, &["need", "substance", "result"], &[]),
    field(6, &["adviser", "hand_over"], &[]),
    field(7, &["referral", "material", "kit"], &[("box-completed", 2)]),
    field(8, &["emergency"], &[("box-action", 3)]),
    field(9, &["helped", "respected", "would_return"], &[("box-complaints", 2)]),
    field(10, &["signal"], &[("box-heard", 3)]),
    field(11, &[], &[("box-trouble", 4), ("box-wellbeing", 3)]),
    field(12, &[], &[("box-plan", 4)]),
];

const fn field(
    number: usize,
    tables: &'static [&'static str],
    boxes: &'static [(&'static str, usize)],
) -> Field {
    Field { number, tables, boxes }
}

pub(super) fn section(report: &Report, texts: &Texts<'_>) -> String {
    let mut html = format!(
        "<section class=\"worker\">\n<h2>{}</h2>\n<p>{}</p>\n<ol>\n",
        escaped(&texts.say("worker-title")),
        escaped(&texts.say("worker-hint")),
    );
    for field in &FIELDS {
        let _ = writeln!(
            html,
            "<li>\n<h3>{}</h3>",
            escaped(&texts.say(&format!("field-{}", field.number)))
        );
        html.push_str(&known(report, field, texts));
        for (id, lines) in field.boxes {
            let _ = writeln!(
                html,
                "<div class=\"box\"><p>{}</p>{}</div>",
                escaped(&texts.say(id)),
                "<div class=\"rule\"></div>".repeat(*lines)
            );
        }
        html.push_str("</li>\n");
    }
    html.push_str("</ol>\n</section>\n");
    html
}

/// What counters know of a field.
fn known(report: &Report, field: &Field, texts: &Texts<'_>) -> String {
    let mut lines: Vec<(String, String)> = Vec::new();
    if field.number == 1 {
        let service = texts.of_service(&report.service).to_owned();
        lines.push((texts.say("box-period"), dates_text(report, texts)));
        lines.push((texts.say("box-organisation"), service));
    }
    for name in field.tables {
        let table = Table::named(name).expect("a constant of the catalogue");
        lines.push((texts.table(table), totals(report, table, texts)));
    }
    if lines.is_empty() {
        return String::new();
    }
    let mut html = String::from("<dl>\n");
    for (name, said) in lines {
        let (name, said) = (escaped(&name), escaped(&said));
        let _ = writeln!(html, "<div><dt>{name}</dt><dd>{said}</dd></div>");
    }
    html.push_str("</dl>\n");
    if field.number == 3
        && let Some(percent) = checks::answered_percent(report)
    {
        let said = texts.with("answered-share", &[("percent", percent.to_string().into())]);
        let _ = writeln!(html, "<p>{}</p>", escaped(&said));
    }
    html
}

/// The labels of a table that count, and how many others there are.
fn totals(report: &Report, table: &Table, texts: &Texts<'_>) -> String {
    let mut parts = Vec::new();
    let mut small = 0;
    for cell in facts::shown_cells(report, table, texts) {
        let figure = report.figure(cell);
        if figure.is_under_5() {
            small += 1;
        } else {
            // A number is never alone at the beginning of a line.
            let number = Texts::number(figure.value());
            parts.push(format!("{}:{NO_BREAK_SPACE}{number}", texts.label(cell)));
        }
    }
    if parts.is_empty() && small > 0 {
        return texts.say("all-under-5");
    }
    if small > 0 {
        parts.push(texts.with("others-under-5", &[("count", Texts::count(small))]));
    }
    if parts.is_empty() {
        texts.say("nothing-named")
    } else {
        parts.join(&format!("{NO_BREAK_SPACE}· "))
    }
}
