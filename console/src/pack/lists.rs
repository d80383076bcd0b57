//! `replies.toml` and `referrals.toml`: lists in one language.

use serde::Deserialize;
use toml::Spanned;
use vestibule_wire::{CARD_BODY_BYTES_MAX, CARD_TITLE_BYTES_MAX, CardKind};

use super::card_file::{Card, topic};
use super::limits::REPLY_BYTES_MAX;
use super::toml_file::SourceText;
use super::{PackProblem, characters, labels, markup};
use crate::words::words;

/// What the desk fills in when a worker inserts a reply.
pub(super) const PLACEHOLDERS: [&str; 5] = ["{alias}", "{role}", "{service}", "{hours}", "{time}"];

/// A reply in one language.
pub(super) struct ReplyText {
    pub(super) id: String,
    pub(super) emergency: bool,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) line: usize,
}

/// A referral in one language.
pub(super) struct ReferralText {
    pub(super) id: String,
    pub(super) card: Card,
    pub(super) line: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RepliesFile {
    #[serde(default)]
    reply: Vec<ReplyEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReplyEntry {
    id: Spanned<String>,
    #[serde(default)]
    emergency: bool,
    title: Spanned<String>,
    text: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReferralsFile {
    #[serde(default)]
    referral: Vec<ReferralEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReferralEntry {
    id: Spanned<String>,
    topic: Spanned<String>,
    indicator: Option<Spanned<i64>>,
    title: Spanned<String>,
    text: Spanned<String>,
}

/// Reads `replies.toml`.
pub(super) fn replies(file: SourceText<'_>) -> Result<Vec<ReplyText>, PackProblem> {
    let said: RepliesFile = file.parse()?;
    let reply = |entry: &ReplyEntry| {
        check_placeholders(file, &entry.text)?;
        Ok(ReplyText {
            id: characters::id(file, &entry.id)?,
            emergency: entry.emergency,
            title: characters::line_of_bytes(file, &entry.title, CARD_TITLE_BYTES_MAX)?,
            text: characters::lines_of_bytes(file, &entry.text, REPLY_BYTES_MAX)?,
            line: file.line_of(&entry.id),
        })
    };
    said.reply.iter().map(reply).collect()
}

/// Reads `referrals.toml`.
pub(super) fn referrals(file: SourceText<'_>) -> Result<Vec<ReferralText>, PackProblem> {
    let said: ReferralsFile = file.parse()?;
    let referral = |entry: &ReferralEntry| {
        let text = characters::lines_of_bytes(file, &entry.text, CARD_BODY_BYTES_MAX)?;
        let body = markup::card_text(&text)
            .map_err(|wrong| file.problem_at_part(&entry.text, wrong.text, wrong.reason))?;
        Ok(ReferralText {
            id: characters::id(file, &entry.id)?,
            card: Card {
                kind: CardKind::Referral,
                topic: topic(file, &entry.topic)?,
                indicator: labels::indicator(file, entry.indicator.as_ref())?,
                title: characters::line_of_bytes(file, &entry.title, CARD_TITLE_BYTES_MAX)?,
                body,
            },
            line: file.line_of(&entry.id),
        })
    };
    said.referral.iter().map(referral).collect()
}

/// A misspelt placeholder would be sent to a client as it stands.
fn check_placeholders(file: SourceText<'_>, value: &Spanned<String>) -> Result<(), PackProblem> {
    let mut rest = value.get_ref().as_str();
    while let Some(place) = rest.find(['{', '}']) {
        let found = rest.get(place..).unwrap_or_default();
        let known = PLACEHOLDERS.iter().find(|known| found.starts_with(**known));
        let Some(known) = known else {
            let end = found.find(['}', ' ', '\n']).map_or(found.len(), |end| end + 1);
            let wrong = found.get(..end).unwrap_or(found).trim_end();
            let known = PLACEHOLDERS.join(" ");
            let reason =
                words("pack-placeholder", &[("text", wrong.into()), ("known", known.into())]);
            return Err(file.problem_at_part(value, wrong, reason));
        };
        rest = found.get(known.len()..).unwrap_or_default();
    }
    Ok(())
}
