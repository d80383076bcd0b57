//! The ways to one colleague, by whatever nodes (section 11). Together they are one way that breaks when the
//! last of them is over: what is said goes by the oldest, and what had not arrived by a way that is over goes
//! again by another, under the same numbers, so that it is taken once.

use std::collections::VecDeque;

use vestibule_wire::CERTIFICATE_LEN;

use super::Dispatch;
use crate::channels::{Letter, Tag, WayName, WayToColleague};
use crate::nodes::NodeNumber;

/// Numbers of letters that are remembered: more than can be on their way at once.
const TAKEN_MAX: usize = 256;

/// None, or all of one era of the colleague's.
#[derive(Default)]
pub(super) struct Ways {
    /// The oldest first.
    standing: Vec<Standing>,
    /// Letters that have not arrived, in order.
    underway: VecDeque<Letter>,
    taken: VecDeque<Tag>,
}

struct Standing {
    node: NodeNumber,
    way: WayToColleague,
}

/// What a new way is beside those that were there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// The only one.
    First,
    /// Another one to where there was one.
    Another,
    /// The first of a new era: the colleague has lost every way before it, noticed here or not.
    FirstAgain,
}

/// What the loss of a way has left.
pub(super) enum Left {
    /// As much as before.
    Nothing,
    /// Another way, by which this goes again.
    Again(Dispatch),
    /// No way.
    Last,
}

/// Of a colleague and of this worker.
pub(crate) struct Certificates {
    pub(crate) theirs: [u8; CERTIFICATE_LEN],
    /// By which the colleague knows this worker.
    pub(crate) own: [u8; CERTIFICATE_LEN],
}

impl Ways {
    pub(super) fn found(&mut self, node: NodeNumber, way: WayToColleague) -> Found {
        let before = self.standing.first().map(|standing| standing.way.era);
        let found = match before {
            None => Found::First,
            Some(era) if era == way.era => Found::Another,
            Some(_) => Found::FirstAgain,
        };
        if found != Found::Another {
            self.end();
        }
        self.standing.push(Standing { node, way });
        found
    }

    /// Such ways are over.
    pub(super) fn lose(&mut self, mut is_such: impl FnMut(NodeNumber, WayName) -> bool) -> Left {
        let before = self.standing.first().map(|standing| standing.way.name);
        self.standing.retain(|standing| !is_such(standing.node, standing.way.name));
        let after = self.standing.first().map(|standing| standing.way.name);
        match (before, after) {
            (Some(_), None) => {
                self.end();
                Left::Last
            }
            (Some(before), Some(after)) if before != after => {
                let letters = self.underway.iter().cloned().collect();
                self.dispatch(letters).map_or(Left::Nothing, Left::Again)
            }
            _ => Left::Nothing,
        }
    }

    pub(super) fn takes(&mut self, way: WayName, letter: Tag) -> bool {
        let stands = self.standing.iter().any(|standing| standing.way.name == way);
        if !stands || self.taken.contains(&letter) {
            return false;
        }
        if self.taken.len() >= TAKEN_MAX {
            self.taken.pop_front();
        }
        self.taken.push_back(letter);
        true
    }

    pub(super) fn arrived(&mut self, letter: Tag) -> bool {
        let place = self.underway.iter().position(|underway| underway.tag == letter);
        place.is_some_and(|place| self.underway.remove(place).is_some())
    }

    pub(super) fn send(&mut self, letters: Vec<Letter>) -> Option<Dispatch> {
        let dispatch = self.dispatch(letters)?;
        self.underway.extend(dispatch.letters.iter().cloned());
        Some(dispatch)
    }

    /// They did not go after all.
    pub(super) fn take_back(&mut self, letters: &[Tag]) {
        self.underway.retain(|underway| !letters.contains(&underway.tag));
    }

    pub(super) fn certificates(&self) -> Option<Certificates> {
        let WayToColleague { certificate, own_certificate, .. } = &self.standing.first()?.way;
        Some(Certificates { theirs: *certificate, own: *own_certificate })
    }

    fn dispatch(&self, letters: Vec<Letter>) -> Option<Dispatch> {
        let Standing { node, way } = self.standing.first()?;
        Some(Dispatch { node: *node, way: way.name, letters })
    }

    fn end(&mut self) {
        self.standing.clear();
        self.underway.clear();
        self.taken.clear();
    }
}

#[cfg(test)]
mod tests;
