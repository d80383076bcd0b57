//! Files of card text: `+++`, TOML, `+++`, then the text.

use serde::Deserialize;
use toml::Spanned;
use vestibule_protocol::Subject;
use vestibule_wire::{CARD_BODY_BYTES_MAX, CARD_TITLE_BYTES_MAX, CardKind};

use super::labels::{self, Indicator};
use super::toml_file::SourceText;
use super::{PackProblem, characters, markup};
use crate::words::words;

const FENCE: &str = "+++";

/// What a card's file or a referral says in one language.
pub(super) struct Card {
    pub(super) kind: CardKind,
    pub(super) topic: &'static str,
    pub(super) indicator: Option<Indicator>,
    pub(super) title: String,
    pub(super) body: String,
}

/// What an emergency script's file says in one language.
pub(super) struct Steps {
    pub(super) title: String,
    pub(super) body: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CardFront {
    kind: Spanned<String>,
    topic: Spanned<String>,
    indicator: Option<Spanned<i64>>,
    title: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScriptFront {
    title: Spanned<String>,
}

/// Reads a checklist, a leaflet or a referral.
pub(super) fn card(file: SourceText<'_>) -> Result<Card, PackProblem> {
    let (front, body) = parts(file)?;
    let said: CardFront = front.parse()?;
    let kind = CardKind::from_name(said.kind.get_ref());
    let kind = kind.map_err(|_| front.problem_in(&said.kind, words("pack-kind", &[])))?;
    Ok(Card {
        kind,
        topic: topic(front, &said.topic)?,
        indicator: labels::indicator(front, said.indicator.as_ref())?,
        title: characters::line_of_bytes(front, &said.title, CARD_TITLE_BYTES_MAX)?,
        body: text(body)?,
    })
}

/// Reads an emergency script.
pub(super) fn script(file: SourceText<'_>) -> Result<Steps, PackProblem> {
    let (front, body) = parts(file)?;
    let said: ScriptFront = front.parse()?;
    Ok(Steps {
        title: characters::line_of_bytes(front, &said.title, CARD_TITLE_BYTES_MAX)?,
        body: text(body)?,
    })
}

/// A topic is one of the subjects that clients choose from: both pages name those in every language.
pub(super) fn topic(
    file: SourceText<'_>,
    value: &Spanned<String>,
) -> Result<&'static str, PackProblem> {
    match Subject::from_name(value.get_ref()) {
        Ok(subject) if subject != Subject::NotSaid => Ok(subject.name()),
        Ok(_) | Err(_) => {
            let known: Vec<&str> = topics().map(Subject::name).collect();
            let known = known.join(", ");
            let reason = words("pack-topic", &[("known", known.into())]);
            Err(file.problem_in(value, reason))
        }
    }
}

/// Every topic, in the order in which cards stand.
pub(super) fn topics() -> impl Iterator<Item = Subject> {
    Subject::ALL.iter().copied().filter(|subject| *subject != Subject::NotSaid)
}

/// The front matter and the text below it.
fn parts(file: SourceText<'_>) -> Result<(SourceText<'_>, SourceText<'_>), PackProblem> {
    let no_front = || file.problem(words("pack-no-front", &[]));
    let mut begins = None;
    let mut place = 0;
    for (number, line) in file.text.split_inclusive('\n').enumerate() {
        let after = place + line.len();
        if line.trim_end() == FENCE {
            if let Some(front_begins) = begins {
                let front = file.text.get(front_begins..place).ok_or_else(no_front)?;
                let body = file.text.get(after..).ok_or_else(no_front)?;
                return Ok((
                    SourceText { text: front, first_line: file.first_line + 1, ..file },
                    SourceText { text: body, first_line: file.first_line + number + 1, ..file },
                ));
            }
            begins = Some(after);
        } else if number == 0 {
            return Err(no_front());
        }
        place = after;
    }
    Err(no_front())
}

fn text(body: SourceText<'_>) -> Result<String, PackProblem> {
    let text = markup::card_text(body.text).map_err(|wrong| PackProblem {
        file: body.path.to_owned(),
        line: body.first_line + wrong.line,
        reason: wrong.reason,
    })?;
    if text.is_empty() {
        return Err(body.problem(words("pack-empty", &[])));
    }
    if text.len() > CARD_BODY_BYTES_MAX {
        return Err(body.problem(characters::too_long(text.len(), CARD_BODY_BYTES_MAX)));
    }
    Ok(text)
}
