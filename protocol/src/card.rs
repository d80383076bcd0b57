//! What a worker gives a client to keep (section 10).

use vestibule_wire::{CardKind, Malformed, Reader, card_fits};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A checklist, a leaflet or a referral. What somebody was given tells of them: it cannot be printed,
/// and is wiped on drop.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Card {
    /// What it is for.
    #[zeroize(skip)]
    pub kind: CardKind,
    /// 1 to 480 bytes of UTF-8.
    pub title: String,
    /// Card text: 1 to 16,000 bytes of UTF-8.
    pub body: String,
}

impl Card {
    /// `kind 1 ‖ title_length 2 ‖ title ‖ body`.
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, Malformed> {
        if !card_fits(&self.title, &self.body) {
            return Err(Malformed);
        }
        let title_length = u16::try_from(self.title.len()).map_err(|_| Malformed)?;
        Ok([
            &[self.kind.byte()],
            &title_length.to_be_bytes()[..],
            self.title.as_bytes(),
            self.body.as_bytes(),
        ]
        .concat())
    }

    /// Reads what [`to_bytes`](Self::to_bytes) writes.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        let kind = CardKind::from_byte(reader.u8()?)?;
        let title_length = usize::from(reader.u16()?);
        let (title, body) = reader.rest().split_at_checked(title_length).ok_or(Malformed)?;
        let text = |bytes| std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| Malformed);
        Ok(Self { kind, title: text(title)?, body: text(body)? })
    }
}
