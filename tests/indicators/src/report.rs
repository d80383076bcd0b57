//! The tables, in Markdown.

use std::fmt::Write;

use crate::attack::{Attacker, Results};
use crate::errors::{Errors, WEEKS_PER_MONTH};
use crate::month::compare::Compared;
use crate::noise::Noise;
use crate::question::{DEFAULT_EPSILON, Question, told};
use crate::statistics::{Verdicts, misfit_of_deviations};
use crate::year::{WEEKS, Year};

/// Consultations a month, of which a label has some.
const MONTHS: [i64; 3] = [30, 100, 1_000];

/// What months showed: the head of the table.
pub const MONTHS_HEAD: &str = "**A simulated month: what was published beside what happened**\n\n\
    | counting | consultations | requests | published sums | of which above nought in truth | that differ from the truth | fit of the errors to the law |\n\
    |---|---|---|---|---|---|---|\n";

/// One month.
pub fn of_month(name: &str, compared: &Compared) -> String {
    let Compared { consultations, requests, sums, counted, different, misfit, .. } = compared;
    let fit = misfit.map_or_else(|| "–".to_owned(), |(one, many)| format!("{one:+.1}, {many:+.1}"));
    format!(
        "| {name} | {consultations} | {requests} | {sums} | {counted} | {different} | {fit} |\n"
    )
}

/// How far numbers are off.
pub fn of_errors(errors: &Errors) -> String {
    let (one, many) = errors.count();
    let (misfit_one, misfit_many) = errors.misfits();
    let mut text = format!(
        "**Errors of one label's number, in consultations, measured on {one} and {many} sums**\n\n\
         | a label with | published | mean error | stated | 19 of 20 are within | mean error, in % | with up to 3 labels each: mean error | stated | within |\n\
         |---|---|---|---|---|---|---|---|---|\n"
    );
    for truth in MONTHS {
        for (period, batches) in [("weekly, 4 weeks added up", WEEKS_PER_MONTH), ("monthly", 1)] {
            let one = errors.spread(false, truth, batches);
            let many = errors.spread(true, truth, batches);
            let _ = writeln!(
                text,
                "| {truth} a month | {period} | {:.1} | {:.1} | {:.0} | {:.1} | {:.1} | {:.1} | {:.0} |",
                one.mean,
                one.stated,
                one.p95,
                one.mean * 100.0 / truth as f64,
                many.mean,
                many.stated,
                many.p95,
            );
        }
    }
    let _ = writeln!(
        text,
        "\nFit of the errors to the stated law: {misfit_one:+.1} for tables of one label, \
         {misfit_many:+.1} for the others (normal deviates of chi-square; beyond +4 would be a misfit)."
    );
    text
}

/// What the attackers gained.
pub fn of_attackers(noisy: &Results, exact: &Results) -> String {
    let mut text =
        "**Advantage of each attacker for each table at the default budget, with the interval \
        in which it is in 19 of 20 measurements, and what is computed**\n\n| question | trials |"
            .to_owned();
    for attacker in Attacker::ALL {
        let _ = write!(text, " {} |", name_of(attacker));
        if attacker.is_promised() {
            text.push_str(" computed |");
        }
    }
    text.push_str("\n|---|---|---|---|---|---|---|---|---|\n");
    for question in told() {
        let trials = noisy.of(Attacker::FileCopies, &question).count();
        let _ = write!(text, "| {} | {trials} |", question.name);
        for attacker in Attacker::ALL {
            let _ = write!(text, " {} |", of_verdicts(&noisy.of(attacker, &question)));
            if attacker.is_promised() {
                let _ = write!(text, " {:.3} |", question.advantage(attacker.draws()));
            }
        }
        text.push('\n');
    }
    text.push_str("| fit of all these to what is computed | |");
    for attacker in Attacker::ALL {
        if attacker.is_promised() {
            let _ = write!(text, " {:+.1} | |", fit(noisy, attacker));
        } else {
            text.push_str(" |");
        }
    }
    let least = Attacker::ALL.iter().flat_map(|attacker| {
        told().into_iter().map(|question| exact.of(*attacker, &question).advantage())
    });
    let least = least.fold(1.0, f64::min);
    let _ = writeln!(
        text,
        "\n\nThe fit is a normal deviate of chi-square; beyond +4 would be a misfit. Without noise each of \
         these advantages is at least {least:.2}.\n"
    );
    text
}

/// How badly what an attacker gained fits what is computed, as a normal deviate.
pub fn fit(results: &Results, attacker: Attacker) -> f64 {
    let deviation = |question: &Question| {
        let computed = question.advantage(attacker.draws());
        results.of(attacker, question).deviation(computed)
    };
    misfit_of_deviations(&told().iter().map(deviation).collect::<Vec<_>>())
}

/// What those gain who read what is published: the one who pads counts.
pub fn of_padding(with: &Verdicts, without: &Verdicts) -> String {
    let head = "**Advantage of those who read what is published**\n\n\
        | attacker | trials | default budget | without noise |\n|---|---|---|---|\n";
    format!("{head}{}", row("pads a label to 4 and looks for \"under 5\"", with, without))
}

/// The one who has all tables of a year.
pub fn of_year(year: &Year, exact: &Year) -> String {
    let mut text = String::new();
    for ((question, with), (_, without)) in year.one_week.iter().zip(&exact.one_week) {
        let name = format!("has all tables of {WEEKS} weeks · {}", question.name);
        text.push_str(&row(&name, with, without));
    }
    let outside = format!("the same, about somebody who came in all {WEEKS} weeks (outside)");
    text.push_str(&row(&outside, &year.every_week, &exact.every_week));
    let two_draws = Noise::of(1.0 / DEFAULT_EPSILON, 2).advantage_of_one();
    let _ = writeln!(
        text,
        "| the best that two draws allow where the answers differ in one label, computed | | {two_draws:.3} | |"
    );
    text
}

fn row(name: &str, with: &Verdicts, without: &Verdicts) -> String {
    let (trials, without) = (with.count(), without.advantage());
    format!("| {name} | {trials} | {} | {without:.2} |\n", of_verdicts(with))
}

/// An advantage with its interval.
fn of_verdicts(verdicts: &Verdicts) -> String {
    let (from, to) = verdicts.interval();
    // A negative zero is none.
    let [advantage, from, to] =
        [verdicts.advantage(), from, to].map(|it| (it * 1_000.0).round() / 1_000.0 + 0.0);
    format!("{advantage:.3} ({from:.3} to {to:.3})")
}

fn name_of(attacker: Attacker) -> &'static str {
    match attacker {
        Attacker::FileCopies => "copies of the file",
        Attacker::MemoryImage => "a memory image",
        Attacker::MemoryImageBefore => "an image before, and the file",
        Attacker::TwoMemoryImages => "two images (outside)",
    }
}
