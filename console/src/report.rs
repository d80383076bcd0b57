//! What a coordinator reads: the sums of some periods, how exact they are, and the forms in which they
//! leave the program (docs/indicators.md).
//!
//! The model is pure; `fetch` alone knows a socket. What a relay publishes has its noise already, and
//! everything here only reads it: sums first, then what is below nought is shown as nought.

mod checks;
mod csv;
mod dhis2;
mod dhis2_map;
mod facts;
mod fetch;
mod figures;
mod html;
mod json;
mod names;
mod noise;
mod table;
mod texts;

use vestibule_wire::{AuthorityKey, CardTexts, Period, Timestamp};

use crate::dates::DAY_SECONDS;
use crate::pack::Pack;
use crate::problem::Problem;
use crate::words::Language;
use names::OwnNames;
use texts::Texts;

pub(crate) use dhis2_map::Dhis2Map;
pub(crate) use fetch::{NoReport, fetch};
pub(crate) use html::Page;

/// Longest time that one report is about, in days: more than five years.
const DAYS_MAX: u32 = 2_000;

/// The periods that a relay has published of one service, and what to call it.
pub(crate) struct Report {
    /// Which service.
    pub(crate) authority: AuthorityKey,
    /// What it is called.
    pub(crate) service: CardTexts,
    /// The periods that began at this moment or later,
    pub(crate) from: Timestamp,
    /// and before this one.
    pub(crate) until: Timestamp,
    /// By their beginning.
    pub(crate) periods: Vec<Period>,
}

/// Which periods: those that began in this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Question {
    from: Timestamp,
    until: Timestamp,
}

impl Question {
    /// From the first second of a day to the last of another one.
    pub(crate) fn days(from: Timestamp, to: Timestamp) -> Option<Self> {
        let until = to.plus_seconds(DAY_SECONDS);
        let days = until.0.saturating_sub(from.0) / DAY_SECONDS;
        (1..=DAYS_MAX).contains(&days).then_some(Self { from, until })
    }
}

/// In which form a report leaves the program.
pub(crate) enum Form {
    /// For a terminal.
    Table,
    /// Rows.
    Csv,
    /// For other programs.
    Json,
    /// A page.
    Html,
    /// For DHIS2.
    Dhis2(Option<Dhis2Map>),
}

/// Writes a report in a form and a language.
///
/// # Errors
/// With a sentence, when the form cannot hold it.
pub(crate) fn render(
    report: &Report,
    form: &Form,
    pack: &Pack,
    language: Language,
) -> Result<String, Problem> {
    let names = OwnNames::of(pack);
    let texts = || Texts::new(language, &names);
    Ok(match form {
        Form::Table => table::table(report, &texts()),
        Form::Csv => csv::csv(report, &names, language),
        Form::Json => json::json(report, &names, language),
        Form::Html => html::page(report, &texts()).html,
        Form::Dhis2(map) => dhis2::dhis2(report, map.as_ref())?,
    })
}

/// The rows of what a relay has published of a service, as `vestibule report --format csv` writes them: for
/// programs that have fetched it themselves.
pub fn rows(authority: AuthorityKey, periods: Vec<Period>) -> String {
    let service = CardTexts::for_all("");
    let (from, until) = (Timestamp(0), Timestamp(u32::MAX));
    let report = Report { authority, service, from, until, periods };
    csv::csv(&report, &OwnNames::default(), Language::English)
}

/// Writes the page of a report.
pub(crate) fn page(report: &Report, pack: &Pack, language: Language) -> Page {
    let names = OwnNames::of(pack);
    html::page(report, &Texts::new(language, &names))
}

#[cfg(test)]
mod document;
#[cfg(test)]
mod samples;
