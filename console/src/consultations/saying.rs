//! What a worker says to a client.

use vestibule_protocol::{Card, Link, Record};

use crate::messages::Words;

/// Something for the client.
pub(crate) enum Saying {
    /// Words.
    Text(Words),
    /// A card of the pack, by its name there.
    Card { name: String, card: Box<Card> },
    /// A way to come back.
    ReturnLink(Box<Link>),
    /// Shall this be the end?
    EndProposal,
}

impl Saying {
    pub(super) fn record(&self) -> Record {
        match self {
            Self::Text(text) => Record::text(&text.0),
            Self::Card { card, .. } => Record::Card(card.clone()),
            Self::ReturnLink(link) => Record::ReturnLink(link.clone()),
            Self::EndProposal => Record::EndProposal,
        }
    }

    /// What another worker says in this one's place, if it can be said in words.
    pub(super) fn into_text(self) -> Option<Words> {
        match self {
            Self::Text(text) => Some(text),
            Self::Card { card, .. } => Some(words_of(&card)),
            Self::ReturnLink(_) | Self::EndProposal => None,
        }
    }
}

/// A card as words.
pub(super) fn words_of(card: &Card) -> Words {
    Words::new(&zeroize::Zeroizing::new(format!("{}\n\n{}", card.title, card.body)))
}
