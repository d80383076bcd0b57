//! Since when this worker has had a way to each colleague, by whatever node (section 11).

use std::collections::HashMap;

use vestibule_protocol::Era;

use super::ColleagueKey;
use crate::random;

/// Colleagues whose eras are kept. Each shift of each worker is one.
const ERAS_MAX: usize = 1_024;

#[derive(Default)]
pub(crate) struct Eras {
    own: HashMap<ColleagueKey, Era>,
}

impl Eras {
    /// The present era, which begins now if there is none.
    pub(crate) fn own(&mut self, colleague: ColleagueKey) -> Era {
        if self.own.len() >= ERAS_MAX && !self.own.contains_key(&colleague) {
            // Whoever is one too many has each way for itself.
            return Era(random::number());
        }
        *self.own.entry(colleague).or_insert_with(|| Era(random::number()))
    }

    /// The last way to this colleague is over.
    pub(crate) fn end(&mut self, colleague: ColleagueKey) {
        self.own.remove(&colleague);
    }
}
