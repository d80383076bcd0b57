//! What a client reads while it waits: cards of one language, signed by the authority (section 4).

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::card::signed_json;
use crate::{AuthorityKey, CardError, Language, Malformed, SIGNATURE_LEN, label};

/// Largest leaflets of one language, signature included, in bytes.
pub const LEAFLETS_BYTES_MAX: usize = 65_536;
/// Most cards among them.
pub const LEAFLETS_CARDS_MAX: usize = 64;
/// Longest title of a card, in bytes of UTF-8.
pub const CARD_TITLE_BYTES_MAX: usize = 480;
/// Longest body of a card, in bytes of UTF-8.
pub const CARD_BODY_BYTES_MAX: usize = 16_000;
const NAME_BYTES_MAX: usize = 40;
const VERSION: u8 = 1;

/// What a card is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardKind {
    /// Steps to be done or watched for.
    Checklist,
    /// Something to read.
    Leaflet,
    /// Where to go.
    Referral,
}

impl CardKind {
    /// Every kind with its byte and its name in files and on the desk.
    pub const ALL: [(Self, u8, &str); 3] = [
        (Self::Checklist, 1, "checklist"),
        (Self::Leaflet, 2, "leaflet"),
        (Self::Referral, 3, "referral"),
    ];

    /// Its byte in a record.
    pub fn byte(self) -> u8 {
        Self::ALL.iter().find(|(kind, ..)| *kind == self).map_or(0, |(_, byte, _)| *byte)
    }

    /// Its name in files and on the desk.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(kind, ..)| *kind == self).map_or("", |(.., name)| name)
    }

    /// Reads a record's byte.
    ///
    /// # Errors
    /// For a byte without a kind.
    pub fn from_byte(byte: u8) -> Result<Self, Malformed> {
        let known = Self::ALL.iter().find(|(_, number, _)| *number == byte);
        known.map(|(kind, ..)| *kind).ok_or(Malformed)
    }

    /// Reads a name.
    ///
    /// # Errors
    /// For a name without a kind.
    pub fn from_name(name: &str) -> Result<Self, Malformed> {
        let known = Self::ALL.iter().find(|(.., known)| *known == name);
        known.map(|(kind, ..)| *kind).ok_or(Malformed)
    }
}

/// Whether a card's title and body have lengths that a card may have.
pub fn card_fits(title: &str, body: &str) -> bool {
    (1..=CARD_TITLE_BYTES_MAX).contains(&title.len())
        && (1..=CARD_BODY_BYTES_MAX).contains(&body.len())
}

/// One card. Public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeafletCard {
    /// Tells it from the others.
    pub id: String,
    /// What it is for.
    pub kind: CardKind,
    /// Under which heading it stands.
    pub topic: String,
    /// Its title.
    pub title: String,
    /// Card text (section 10).
    pub body: String,
}

/// The cards of one language, in the order to show. Public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaflets {
    /// Format: 1.
    pub version: u8,
    /// When they were signed, in Unix seconds.
    pub issued: u32,
    /// What they are written in.
    pub language: Language,
    /// The cards.
    pub cards: Vec<LeafletCard>,
}

impl Leaflets {
    /// Label under which authorities sign leaflets.
    pub const LABEL: &[u8] = label!("service leaflets");

    /// Verifies `signature ‖ JSON`.
    ///
    /// # Errors
    /// When they are malformed or of another authority.
    pub fn verify(bytes: &[u8], authority: &AuthorityKey) -> Result<Self, CardError> {
        Self::from_json(signed_json(bytes, LEAFLETS_BYTES_MAX, Self::LABEL, authority)?)
    }

    /// Reads and checks the JSON, before it is signed or after its signature was checked.
    ///
    /// # Errors
    /// When it is malformed.
    pub fn from_json(json: &[u8]) -> Result<Self, CardError> {
        let leaflets: Self = serde_json::from_slice(json).map_err(|_| CardError::Malformed)?;
        let sized = json.len() <= LEAFLETS_BYTES_MAX.saturating_sub(SIGNATURE_LEN)
            && leaflets.cards.len() <= LEAFLETS_CARDS_MAX;
        let mut ids = HashSet::new();
        let all_fit = leaflets.cards.iter().all(|card| {
            is_name(&card.id)
                && is_name(&card.topic)
                && card_fits(&card.title, &card.body)
                && ids.insert(card.id.as_str())
        });
        if leaflets.version == VERSION && sized && all_fit {
            Ok(leaflets)
        } else {
            Err(CardError::Malformed)
        }
    }
}

/// Names that are the same in every language: of cards and of topics.
fn is_name(text: &str) -> bool {
    let plain = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
    (1..=NAME_BYTES_MAX).contains(&text.len()) && text.bytes().all(plain)
}
