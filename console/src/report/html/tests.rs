use clap::ValueEnum;
use vestibule_wire::{CardTexts, Cell};

use super::super::facts;
use super::super::names::OwnNames;
use super::super::samples;
use super::*;

fn html(language: Language) -> String {
    let own = OwnNames::default();
    let report = samples::report(vec![samples::full(0), samples::full(1)]);
    page(&report, &Texts::new(language, &own)).html
}

#[test]
fn it_loads_nothing_and_runs_nothing() {
    for language in Language::value_variants() {
        let html = html(*language);
        for part in [
            "<script", "<link", "<img", "<iframe", "src=", "href=", "url(", "@import", "//",
            "style=\"", "onclick=", "onload=", "onerror=",
        ] {
            assert!(!html.contains(part), "{part}");
        }
        assert_eq!(html.matches("<style>").count(), 1);
    }
}

#[test]
fn its_style_is_the_only_one_that_it_may_have() {
    let own = OwnNames::default();
    let report = samples::report(vec![samples::full(0)]);
    let Page { html, policy } = page(&report, &Texts::new(Language::English, &own));
    let (_, rest) = html.split_once("<style>").unwrap();
    let (style, _) = rest.split_once("</style>").unwrap();
    let hash = BASE64.encode(&Sha256::digest(style));
    assert!(policy.contains(&format!("style-src 'sha256-{hash}'")));
    assert!(html.contains(&format!("content=\"{policy}\"")));
}

#[test]
fn it_says_its_language_and_direction() {
    assert!(html(Language::Ukrainian).contains("<html lang=\"uk\" dir=\"ltr\">"));
    let arabic = html(Language::Arabic);
    assert!(arabic.contains("<html lang=\"ar\" dir=\"rtl\">"));
    assert!(arabic.contains("@page{@top-right{content:\"تقرير"));
}

#[test]
fn every_label_has_a_name_in_each_language() {
    let own = OwnNames::default();
    let report = samples::report(vec![samples::full(0)]);
    for language in Language::value_variants() {
        let texts = Texts::new(*language, &own);
        let html = page(&report, &texts).html;
        for table in facts::tables() {
            assert!(html.contains(&format!("<h3>{}</h3>", escaped(&texts.table(table)))));
            for cell in facts::shown_cells(&report, table, &texts) {
                let label = escaped(&texts.label(cell));
                assert!(html.contains(&format!("<th scope=\"row\">{label}</th>")), "{label}");
            }
        }
        for missing in ["label-", "table-", "field-", "box-", "fact-", "unit-", "counted-"] {
            assert!(!html.contains(&format!(">{missing}")), "{missing}");
        }
    }
}

#[test]
fn the_numbers_stand_in_it() {
    let html = html(Language::English);
    // 60 + 1 in each of two weeks, and the error of four draws.
    assert!(html.contains("<td class=\"total\">122</td><td class=\"error\">±11</td>"));
    assert!(
        html.contains("<dd>by a one-time link:\u{A0}122\u{A0}· by the open address:\u{A0}62</dd>")
    );
    assert_eq!(html.matches("<li>").count(), 12);
}

/// `REPORT_PAGES=folder cargo test -p vestibule-console report::html` writes them, to be looked at.
#[test]
fn pages_can_be_looked_at() {
    let Some(folder) = std::env::var_os("REPORT_PAGES") else { return };
    let pack = crate::pack::Pack::starter();
    let own = OwnNames::of(&pack);
    let report = samples::month();
    for language in Language::value_variants() {
        let page = page(&report, &Texts::new(*language, &own));
        let file = std::path::Path::new(&folder).join(format!("{}.html", language.code()));
        std::fs::write(file, page.html).unwrap();
    }
}

#[test]
fn bars_run_as_lines_do() {
    let mut period = samples::period(0, &[(250_000, 1)]);
    period.sums[Cell::of("request", "one_time").index()] = 50;
    let figure = samples::report(vec![period]).figure(Cell::of("request", "one_time"));
    let scale = plot::Scale::of(std::slice::from_ref(&figure));
    assert_eq!(scale.end, 100);
    let forth = plot::bar(&figure, scale, false);
    assert!(forth.contains("x=\"0.0\" y=\"3\" width=\"120.0\""), "{forth}");
    // 50 - 7.9792 and 50 + 7.9792 of 100 on 240.
    assert!(forth.contains("M100.8 8H139.2M100.8 4.5V11.5M139.2 4.5V11.5"), "{forth}");
    let back = plot::bar(&figure, scale, true);
    assert!(back.contains("x=\"120.0\" y=\"3\" width=\"120.0\""), "{back}");
    assert!(back.contains("M139.2 8H100.8"), "{back}");
}

#[test]
fn a_name_cannot_leave_its_place() {
    let own = OwnNames::default();
    let mut report = samples::report(vec![samples::full(0)]);
    report.service = CardTexts::for_all("\"}</style><b>&\\ x");
    let html = page(&report, &Texts::new(Language::English, &own)).html;
    assert!(!html.contains("<b>"));
    assert_eq!(html.matches("</style>").count(), 1);
    assert!(html.contains("<h1>&quot;}&lt;/style&gt;&lt;b&gt;&amp;\\ x</h1>"));
    assert!(
        html.contains(
            "content:\"Report\\3a  \\22 \\7d \\3c \\2f style\\3e \\3c b\\3e \\26 \\5c  x\""
        )
    );
}
