//! The tables with their plots.

use std::fmt::Write;

use vestibule_wire::Table;

use super::super::Report;
use super::super::facts;
use super::super::figures::Figure;
use super::super::texts::Texts;
use super::plot::{self, Scale};
use crate::sheet::escaped;
use crate::words::Language;

pub(super) fn section(report: &Report, texts: &Texts<'_>) -> String {
    let mut html = format!(
        "<section>\n<h2>{}</h2>\n<div class=\"tables\">\n",
        escaped(&texts.say("tables-title"))
    );
    for table in facts::tables() {
        html.push_str(&one(report, table, texts));
    }
    html.push_str("</div>\n</section>\n");
    html
}

fn one(report: &Report, table: &Table, texts: &Texts<'_>) -> String {
    let about = texts.say(&format!("table-{}-about", table.name));
    let mut html = format!(
        "<section class=\"table\">\n<h3>{}</h3>\n<p class=\"about-table\">{} {}.</p>\n",
        escaped(&texts.table(table)),
        escaped(&about),
        escaped(&capitalised(&facts::counted(table, texts))),
    );
    let cells = facts::shown_cells(report, table, texts);
    if cells.is_empty() {
        let _ = writeln!(html, "<p>{}</p>\n</section>", escaped(&texts.say("nothing-named")));
        return html;
    }
    let figures: Vec<Figure> = cells.iter().map(|cell| report.figure(*cell)).collect();
    let scale = Scale::of(&figures);
    let _ = writeln!(
        html,
        "<table>\n<thead><tr><th scope=\"col\">{}</th><td></td><th scope=\"col\">{}</th>\
         <th scope=\"col\">{}</th></tr></thead>\n<tbody>",
        escaped(&texts.say("column-label")),
        escaped(&texts.say("column-total")),
        escaped(&texts.say("column-error")),
    );
    for (cell, figure) in cells.into_iter().zip(&figures) {
        let _ = writeln!(
            html,
            "<tr><th scope=\"row\">{}</th><td class=\"plot\">{}</td>\
             <td class=\"total{}\">{}</td><td class=\"error\">{}</td></tr>",
            escaped(&texts.label(cell)),
            plot::bar(figure, scale, texts.language == Language::Arabic),
            if figure.is_under_5() { " small" } else { "" },
            escaped(&facts::total_text(figure, texts)),
            escaped(&facts::error_of(figure)),
        );
    }
    let _ = writeln!(
        html,
        "</tbody>\n<tfoot aria-hidden=\"true\"><tr><td></td><td><div class=\"axis\">\
         <span>0</span><span>{}</span><span>{}</span></div></td><td></td><td></td></tr></tfoot>\n\
         </table>\n</section>",
        Texts::number(scale.end / 2),
        Texts::number(scale.end),
    );
    html
}

/// With a capital where a sentence begins, in languages that have them.
fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().collect::<String>());
    first.unwrap_or_default() + characters.as_str()
}
