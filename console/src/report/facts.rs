//! How exact a report is, in sentences: on paper and on the terminal they are the same.

use vestibule_wire::{CATALOGUE, Cell, Period, Table};

use super::Report;
use super::checks::{self, Check};
use super::figures::{Figure, completeness, real};
use super::noise::{self, Budget, CellNoise};
use super::texts::Texts;
use crate::dates;

/// A name, and what is to be said under it.
pub(crate) type Fact = (String, String);

/// What the numbers are.
pub(crate) fn about(report: &Report, texts: &Texts<'_>) -> Vec<String> {
    let budget = Budget::of(&report.periods);
    let noisy = !budget.per_table.is_empty();
    let mut said = vec![texts.say("about-what")];
    if noisy {
        said.push(texts.say("about-noise"));
    }
    if budget.some_exact {
        said.push(texts.say(if noisy { "about-some-exact" } else { "about-exact" }));
    }
    said
}

/// How exact and how complete they are, and what the noise protects.
pub(crate) fn facts(report: &Report, texts: &Texts<'_>) -> Vec<Fact> {
    let (from, to) = report.span();
    let periods = texts.with(
        "fact-periods-text",
        &[
            ("count", Texts::count(report.periods.len())),
            ("from", dates::day_of(from).into()),
            ("to", dates::day_before(to).into()),
        ],
    );
    let covered = completeness(&report.periods);
    let complete = if covered >= 1.0 {
        texts.say("fact-complete-whole")
    } else {
        texts.with("fact-complete-text", &[("percent", texts.percent(covered).into())])
    };
    let mut facts = vec![
        (texts.say("fact-periods"), periods),
        (texts.say("fact-complete"), complete),
        (texts.say("fact-error"), error_text(&report.periods, texts)),
    ];
    facts.extend(budget_facts(&report.periods, texts));
    facts.extend(checks(report, texts).map(|said| (texts.say("fact-checks"), said)));
    facts
}

fn error_text(periods: &[Period], texts: &Texts<'_>) -> String {
    let of = |name| {
        let table = Table::named(name).expect("a constant of the catalogue");
        CellNoise::of_cells(periods, table, 1)
    };
    let plus_minus = |noise: &CellNoise| format!("±{}", Texts::error(noise.expected_error()));
    let (one, many) = (of("request"), of("need"));
    if one.expected_error() == 0.0 {
        return texts.say("fact-error-none");
    }
    texts.with(
        "fact-error-text",
        &[
            ("one", plus_minus(&one).into()),
            ("onemean", Texts::error(one.mean_error()).into()),
            ("many", plus_minus(&many).into()),
            ("manymean", Texts::error(many.mean_error()).into()),
        ],
    )
}

/// At the budget that protects least.
fn budget_facts(periods: &[Period], texts: &Texts<'_>) -> Vec<Fact> {
    let Some(epsilon) = Budget::of(periods).largest() else { return Vec::new() };
    let percent = |part: f64| format!("{:.0}", part * 100.0);
    let one = texts.with(
        "fact-budget-text",
        &[
            ("epsilon", texts.decimal(epsilon).into()),
            ("percent", percent(noise::right_guesses_one_table(epsilon)).into()),
        ],
    );
    let all = texts.with(
        "fact-all-text",
        &[
            ("epsilon", texts.decimal(noise::total_budget(epsilon)).into()),
            ("tables", noise::tables_touched().count().to_string().into()),
            ("percent", percent(noise::right_guesses_all_tables(epsilon)).into()),
        ],
    );
    vec![(texts.say("fact-budget"), one), (texts.say("fact-all"), all)]
}

/// Which totals do not agree; that they do when all of them do.
fn checks(report: &Report, texts: &Texts<'_>) -> impl Iterator<Item = String> {
    let fails = Check::ALL.into_iter().filter(|check| !check.holds(report)).map(|check| {
        let (smaller, larger) = check.figures(report);
        texts.with(
            &format!("check-{}", check.name()),
            &[
                ("smaller", Texts::number(smaller.value()).into()),
                ("larger", Texts::number(larger.value()).into()),
            ],
        )
    });
    let fails: Vec<String> = fails.collect();
    let hold = fails.is_empty().then(|| texts.say("check-hold"));
    fails.into_iter().chain(hold)
}

/// The cells of a table that readers are shown. Labels that nobody has named are there only if noise is
/// not the likely reason for their numbers.
pub(crate) fn shown_cells(report: &Report, table: &Table, texts: &Texts<'_>) -> Vec<Cell> {
    let counts = |cell: &Cell| {
        let figure = report.figure(*cell);
        let beyond_noise = real(figure.value()) > checks::ERRORS * figure.expected_error;
        !figure.is_under_5() && beyond_noise
    };
    table.cells().filter(|cell| texts.is_named(*cell) || counts(cell)).collect()
}

/// What is counted in a table, and by whom.
pub(crate) fn counted(table: &Table, texts: &Texts<'_>) -> String {
    let unit = texts.say(&format!("unit-{}", super::json::unit_name(table.unit)));
    let who = texts.say(&format!("counted-by-{}", super::json::counted_by_name(table.counted_by)));
    texts.with("counted", &[("unit", unit.into()), ("who", who.into())])
}

/// A total as readers are shown it.
pub(crate) fn total_text(figure: &Figure, texts: &Texts<'_>) -> String {
    if figure.is_under_5() { texts.say("under-5") } else { Texts::number(figure.value()) }
}

/// Its expected error; nothing for exact counts.
pub(crate) fn error_of(figure: &Figure) -> String {
    if figure.is_exact() {
        String::new()
    } else {
        format!("±{}", Texts::error(figure.expected_error))
    }
}

/// All tables, in the order of the catalogue.
pub(crate) fn tables() -> impl Iterator<Item = &'static Table> {
    static TABLES: [Table; CATALOGUE.len()] = CATALOGUE;
    TABLES.iter()
}
