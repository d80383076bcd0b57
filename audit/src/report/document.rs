//! What a person reads, in one language, before it becomes HTML or Markdown.

use fluent_bundle::FluentValue;
use time::OffsetDateTime;
use time::macros::format_description;

use super::words::Words;
use super::{Exit, Report};
use crate::claims::{Claim, Severity, Verdict};

/// A report's text.
pub(super) struct Document {
    pub(super) title: String,
    pub(super) subtitle: String,
    pub(super) written: String,
    pub(super) summary: String,
    /// Whether the summary is a good one.
    pub(super) is_clean: bool,
    pub(super) paragraphs: Vec<String>,
    pub(super) claims: Vec<Row>,
    /// Title and text.
    pub(super) limits: [String; 2],
    pub(super) signature: String,
}

/// One claim's text.
pub(super) struct Row {
    pub(super) claim: String,
    pub(super) result: String,
    /// `holds`, `finding` or `unknown`, for how it looks.
    pub(super) class: &'static str,
    pub(super) method: String,
    /// What to do, or why it was not checked.
    pub(super) advice: Option<String>,
    pub(super) evidence: Vec<String>,
}

impl Document {
    pub(super) fn of(report: &Report, words: &Words) -> Self {
        let say = |id: &str| words.say(id, &[]);
        let count = |is: fn(&Verdict) -> bool| {
            let number = report.claims.iter().filter(|claim| is(&claim.verdict)).count();
            FluentValue::from(number.to_string())
        };
        let counts = [
            ("holds", count(|it| matches!(it, Verdict::Holds))),
            ("findings", count(|it| matches!(it, Verdict::Finding { .. }))),
            ("unknown", count(|it| matches!(it, Verdict::NotChecked { .. }))),
        ];
        let number = |number: usize| FluentValue::from(number.to_string());
        let planted = [
            ("blocks", number(report.planted.blocks)),
            ("tokens", number(report.planted.tokens)),
            ("routes", number(report.planted.routes)),
            ("addresses", number(report.planted.addresses)),
        ];
        let view = if report.process.is_some() { "inside" } else { "outside" };
        let written = [("date", date(report.written).into()), ("version", report.kit.into())];
        Self {
            title: say("title"),
            subtitle: words.say("subtitle", &[("relay", report.relay.as_str().into())]),
            written: words.say("written", &written),
            summary: summary(&report.claims, words),
            is_clean: Exit::of(&report.claims) == Exit::Clean,
            paragraphs: vec![
                words.say("counts", &counts),
                say(view),
                words.say("planted", &planted),
            ],
            claims: report.claims.iter().map(|claim| Row::of(claim, words)).collect(),
            limits: [say("limits-title"), say("limits")],
            signature: say("signature"),
        }
    }
}

impl Row {
    fn of(claim: &Claim, words: &Words) -> Self {
        let text = |head: &str| words.say(&format!("{head}-{}", claim.id), &[]);
        let (result, class, advice) = match claim.verdict {
            Verdict::Holds => (words.say("holds", &[]), "holds", None),
            Verdict::Finding { severity } => {
                let severity = words.severity(severity);
                let result = words.say("finding", &[("severity", severity.into())]);
                (result, "finding", Some(text("a")))
            }
            Verdict::NotChecked { reason } => {
                (words.say("not-checked", &[]), "unknown", Some(words.reason(reason)))
            }
        };
        let evidence = claim.evidence.clone();
        Self { claim: text("c"), result, class, method: text("m"), advice, evidence }
    }
}

fn summary(claims: &[Claim], words: &Words) -> String {
    match Exit::of(claims) {
        Exit::Clean => words.say("summary-clean", &[]),
        Exit::CouldNotBeHeld => words.say("summary-not-held", &[]),
        Exit::Found(severity @ (Severity::Low | Severity::Medium | Severity::High)) => {
            let severity = words.severity(severity);
            words.say("summary-found", &[("severity", severity.into())])
        }
    }
}

fn date(seconds: u32) -> String {
    let format = format_description!("[year]-[month]-[day] [hour]:[minute]");
    let moment = OffsetDateTime::from_unix_timestamp(i64::from(seconds));
    moment.ok().and_then(|moment| moment.format(format).ok()).unwrap_or_default()
}
