//! The tables, in Markdown.

use std::fmt::Write;

use crate::SEED;
use crate::costs::{Costs, Delay};
use crate::learning::Estimate;
use crate::questions::{Answers, Case, Question, Window};
use crate::simulation::Way;

pub(crate) fn introduction() -> String {
    format!(
        "Seed of everything: {SEED}. Advantage: what the classifier gains over a coin, 0 nothing, 1 \
         everything; in brackets the 95 % interval.\n"
    )
}

pub(crate) fn of_questions(window: &Window, table: &[Answers]) -> String {
    let mut text = format!(
        "**Windows of {}, {} consultations**\n\n| cover |",
        if window.seconds < 60 {
            format!("{} seconds", window.seconds)
        } else {
            format!("{} minutes", window.seconds / 60)
        },
        window.consultations
    );
    for question in Question::ALL {
        let _ = write!(text, " {} |", name_of_question(question));
    }
    text.push_str(" how much was said (correlation) |\n|---|---|---|---|---|\n");
    for answers in table {
        let _ = write!(text, "| {} |", name_of_case(answers.case));
        for estimate in &answers.advantages {
            let _ = write!(text, " {} |", of_estimate(*estimate));
        }
        let amount = answers.amount.map_or_else(|| "–".to_owned(), of_estimate);
        let _ = writeln!(text, " {amount} |");
    }
    text
}

pub(crate) fn of_costs(costs: &[(Way, Costs)]) -> String {
    let mut text = "**Costs of an hour, at the client**\n\n\
        | cover | sends, MB | receives, MB | wake-ups | radio awake | text of one cell, s | longer text, s | \
        40,000 bytes, s | early renewals |\n|---|---|---|---|---|---|---|---|---|\n"
        .to_owned();
    for (way, costs) in costs {
        let _ = writeln!(
            text,
            "| {} | {:.2} | {:.2} | {:.0} | {:.0} % | {} | {} | {} | {:.1} |",
            name_of_way(*way),
            costs.sent_megabytes,
            costs.received_megabytes,
            costs.wake_ups,
            costs.radio_awake_part * 100.0,
            of_delay(costs.one_cell),
            of_delay(costs.more_cells),
            of_delay(costs.longest),
            costs.early_renewals,
        );
    }
    text
}

fn of_delay(delay: Delay) -> String {
    let digits = usize::from(delay.mean < 10.0);
    format!("{:.digits$} (p95 {:.digits$})", delay.mean, delay.p95)
}

fn of_estimate(estimate: Estimate) -> String {
    let Estimate { value, low, high } = estimate;
    // A negative zero is none.
    let [value, low, high] =
        [value, low, high].map(|number| (number * 100.0).round() / 100.0 + 0.0);
    format!("{value:.2} ({low:.2} to {high:.2})")
}

fn name_of_question(question: Question) -> &'static str {
    match question {
        Question::Active => "anything said, or idle",
        Question::ClientSpeaks => "client or worker speaks",
        Question::LongText => "chat, or chat with 40,000 bytes",
    }
}

fn name_of_case(case: Case) -> &'static str {
    match case {
        Case::Plain(way) => name_of_way(way),
        Case::SteadyWithRenewals => "steady, 2 s, renewals seen too",
        Case::Shuffled => "none, truths shuffled (control)",
    }
}

fn name_of_way(way: Way) -> &'static str {
    match way {
        Way::Uncovered => "none",
        Way::Sparing => "sparing",
        Way::ClientSparing => "client sparing, worker steady",
        Way::Steady => "steady, 2 s",
        Way::SteadySlow => "steady, 5 s",
    }
}
