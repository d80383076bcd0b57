//! What a client reads about a service before pressing Start (section 4).

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{AuthorityKey, CardTexts, SIGNATURE_LEN, label};

/// Largest service card, signature included, in bytes.
pub const CARD_BYTES_MAX: usize = 16_384;
const TEXT_CHARACTERS_MAX: usize = 1_000;
const EXIT_BYTES_MAX: usize = 255;
const VERSION: u8 = 1;
/// What a card may name as subjects (section 7); rather not saying is always offered, and last.
pub const CARD_SUBJECTS: [&str; 9] = [
    "danger",
    "safer_use",
    "wounds",
    "tests",
    "treatment",
    "feelings",
    "law",
    "somebody_close",
    "other",
];

/// A service as it presents itself to clients. Public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceCard {
    /// Format: 1.
    pub version: u8,
    /// When it was signed, in Unix seconds.
    pub issued: u32,
    /// The service's name.
    pub name: CardTexts,
    /// Who answers here, and what they can help with.
    pub about: CardTexts,
    /// When somebody is on duty.
    pub hours: CardTexts,
    /// What to do when nobody can wait.
    pub emergency: CardTexts,
    /// The subjects that clients choose from, in the order to show; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subjects: Option<Vec<String>>,
    /// The site that takes the page's place at a quick exit; the page has one of its own when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit: Option<String>,
}

/// Why a service card was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CardError {
    /// Too long, not JSON, or a text missing, empty or too long.
    #[error("the service card has the wrong form")]
    Malformed,
    /// Signed by somebody else, or altered.
    #[error("the service card is not of this service")]
    WrongAuthority,
}

/// Whether a quick exit may lead to this address: `https`, a name (no number, no port, nobody's
/// account) and perhaps a path, of at most 255 bytes.
pub fn is_exit_address(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://") else { return false };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let labels: Vec<&str> = host.split('.').collect();
    let is_name = |label: &&str| label.starts_with(|first: char| first.is_ascii_lowercase());
    text.len() <= EXIT_BYTES_MAX
        && labels.len() > 1
        && labels.iter().all(|label| is_label(label))
        && labels.last().is_some_and(is_name)
        && path.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_label(label: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !label.is_empty()
        && label.bytes().all(known)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// The JSON of `signature ‖ JSON`, if it is of this authority.
pub(crate) fn signed_json<'a>(
    bytes: &'a [u8],
    bytes_max: usize,
    label: &[u8],
    authority: &AuthorityKey,
) -> Result<&'a [u8], CardError> {
    if bytes.len() > bytes_max {
        return Err(CardError::Malformed);
    }
    let (signature, json) =
        bytes.split_first_chunk::<SIGNATURE_LEN>().ok_or(CardError::Malformed)?;
    if authority.verifies(label, json, signature) {
        Ok(json)
    } else {
        Err(CardError::WrongAuthority)
    }
}

impl ServiceCard {
    /// Label under which authorities sign cards.
    pub const LABEL: &[u8] = label!("service card");

    /// Verifies `signature ‖ JSON`.
    ///
    /// # Errors
    /// When it is malformed or of another authority.
    pub fn verify(bytes: &[u8], authority: &AuthorityKey) -> Result<Self, CardError> {
        Self::from_json(signed_json(bytes, CARD_BYTES_MAX, Self::LABEL, authority)?)
    }

    /// Reads and checks the JSON of a card, before it is signed or after its signature was checked.
    ///
    /// # Errors
    /// When it is malformed.
    pub fn from_json(json: &[u8]) -> Result<Self, CardError> {
        let card: Self = serde_json::from_slice(json).map_err(|_| CardError::Malformed)?;
        let texts = [&card.name, &card.about, &card.hours, &card.emergency];
        let fits = |text: &str| (1..=TEXT_CHARACTERS_MAX).contains(&text.chars().count());
        let all_fit = texts.iter().all(|texts| texts.all().all(fits));
        let exit_leads_away = card.exit.as_deref().is_none_or(is_exit_address);
        if card.version == VERSION && all_fit && card.subjects_are_known() && exit_leads_away {
            Ok(card)
        } else {
            Err(CardError::Malformed)
        }
    }

    /// Each of them once.
    fn subjects_are_known(&self) -> bool {
        let Some(subjects) = &self.subjects else { return true };
        let known = |name: &String| CARD_SUBJECTS.contains(&name.as_str());
        let distinct: HashSet<&String> = subjects.iter().collect();
        !subjects.is_empty() && subjects.iter().all(known) && distinct.len() == subjects.len()
    }
}
