//! What a colleague has to be told for certain about a hand-over, though the way to it may break: it is
//! said again, all of it, on every new way, until it has arrived.

use std::time::Duration;

use tokio::time::Instant;
use vestibule_protocol::{ColleagueRecord, HandOverId};

use crate::channels::{Letter, Tag};

/// A colleague that cannot be told for so long is not told any more.
const ERRAND_DEADLINE: Duration = Duration::from_mins(10);
/// Errands at once; the oldest is given up first.
const ERRANDS_MAX: usize = 64;

pub(crate) struct Errands {
    errands: Vec<Errand>,
}

struct Errand {
    id: HandOverId,
    /// The colleague's number.
    colleague: u64,
    records: Vec<ColleagueRecord>,
    /// Of the last letter. Letters arrive in order, so with it all have.
    last: Option<Tag>,
    expires_at: Instant,
}

impl Errands {
    pub(crate) fn new() -> Self {
        Self { errands: Vec::new() }
    }

    /// Notes what a colleague has to be told of a hand-over. It takes the place of what it had to be
    /// told of it before.
    pub(crate) fn add(
        &mut self,
        colleague: u64,
        id: HandOverId,
        records: Vec<ColleagueRecord>,
        now: Instant,
    ) {
        self.errands.retain(|errand| errand.id != id);
        if self.errands.len() >= ERRANDS_MAX {
            self.errands.remove(0);
        }
        let expires_at = now + ERRAND_DEADLINE;
        self.errands.push(Errand { id, colleague, records, last: None, expires_at });
    }

    /// The letters for a colleague to whom there is a new way, or about a hand-over alone.
    pub(crate) fn letters(
        &mut self,
        colleague: u64,
        only: Option<HandOverId>,
        mut next_tag: impl FnMut() -> Tag,
    ) -> Vec<Letter> {
        let mut letters = Vec::new();
        for errand in self.errands.iter_mut().filter(|errand| errand.colleague == colleague) {
            if only.is_some_and(|only| only != errand.id) {
                continue;
            }
            for record in &errand.records {
                let tag = next_tag();
                letters.push(Letter { tag, record: record.clone() });
                errand.last = Some(tag);
            }
        }
        letters
    }

    /// A letter has arrived.
    pub(crate) fn arrived(&mut self, tag: Tag) {
        self.errands.retain(|errand| errand.last != Some(tag));
    }

    /// Gives up what could not be said in time.
    pub(crate) fn expire(&mut self, now: Instant) {
        self.errands.retain(|errand| now < errand.expires_at);
    }

    /// When the next is given up.
    pub(crate) fn expires_at(&self) -> Option<Instant> {
        self.errands.iter().map(|errand| errand.expires_at).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: HandOverId = HandOverId([1; 8]);

    fn undelivered(text: &str) -> ColleagueRecord {
        ColleagueRecord::HandOverUndelivered(ID, text.to_owned())
    }

    fn tags() -> impl FnMut() -> Tag {
        let mut last = 0;
        move || {
            last += 1;
            Tag(last)
        }
    }

    #[test]
    fn all_of_it_is_said_again_until_the_last_has_arrived() {
        let mut next_tag = tags();
        let mut errands = Errands::new();
        let over = ColleagueRecord::HandOverOver(ID);
        errands.add(1, ID, vec![undelivered("a"), over], Instant::now());
        assert!(errands.letters(2, None, &mut next_tag).is_empty(), "not to another colleague");
        assert_eq!(errands.letters(1, None, &mut next_tag).len(), 2);
        errands.arrived(Tag(1));
        let again = errands.letters(1, None, &mut next_tag);
        assert!(again[0].record == undelivered("a"));
        errands.arrived(Tag(2));
        assert_eq!(errands.letters(1, None, &mut next_tag).len(), 2, "of the way before");
        errands.arrived(Tag(6));
        assert!(errands.letters(1, None, &mut next_tag).is_empty());
    }

    #[test]
    fn memory_is_bounded_in_number_and_time() {
        let now = Instant::now();
        let mut errands = Errands::new();
        for number in 0..=u8::try_from(ERRANDS_MAX).unwrap() {
            let id = HandOverId([number; 8]);
            errands.add(1, id, vec![ColleagueRecord::HandOverOver(id)], now);
        }
        assert_eq!(errands.errands.len(), ERRANDS_MAX);
        assert_eq!(errands.expires_at(), Some(now + ERRAND_DEADLINE));
        errands.expire(now + ERRAND_DEADLINE);
        assert!(errands.errands.is_empty());
    }
}
