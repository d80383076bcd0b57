//! What coordinators tell everybody on duty, until it is dismissed or withdrawn: in memory alone.

use std::collections::VecDeque;

use vestibule_protocol::AnnouncementId;
use vestibule_wire::Timestamp;

use crate::messages::{AnnouncementView, Words};

/// Standing announcements of one coordinator.
const OWN_MAX: usize = 16;
/// Those that others made; the oldest make way.
const THEIRS_MAX: usize = 64;
/// Names of announcements that are over. What was withdrawn is said again to who comes, and what was
/// dismissed does not come back.
const OVER_MAX: usize = 256;

/// The announcements that a desk shows, its own among them.
#[derive(Default)]
pub(crate) struct Announcements {
    standing: Vec<Standing>,
    /// Of this worker's own.
    withdrawn: VecDeque<AnnouncementId>,
    /// Of others', with their numbers.
    over: VecDeque<(u64, AnnouncementId)>,
    last_id: u64,
}

struct Standing {
    name: AnnouncementId,
    view: AnnouncementView,
}

impl Announcements {
    /// Adds one of this worker's. `false` when there are too many.
    pub(crate) fn add_own(&mut self, name: AnnouncementId, text: Words, at: Timestamp) -> bool {
        let has_room = self.own().count() < OWN_MAX;
        if has_room {
            self.add(name, None, text, at);
        }
        has_room
    }

    /// Adds a colleague's. `false` when it is known, or was dismissed.
    pub(crate) fn add_theirs(
        &mut self,
        colleague: u64,
        name: AnnouncementId,
        text: Words,
        at: Timestamp,
    ) -> bool {
        let from = Some(colleague);
        let known = self.standing.iter().any(|known| known.is(from, name));
        if known || self.over.contains(&(colleague, name)) {
            return false;
        }
        if self.standing.iter().filter(|standing| standing.view.from.is_some()).count()
            >= THEIRS_MAX
            && let Some(oldest) = self.standing.iter().position(|old| old.view.from.is_some())
        {
            self.standing.remove(oldest);
        }
        self.add(name, from, text, at);
        true
    }

    /// Takes back one of this worker's. Returns its name, by which others know it.
    pub(crate) fn withdraw(&mut self, id: u64) -> Option<AnnouncementId> {
        let own = |standing: &Standing| standing.view.id == id && standing.view.from.is_none();
        let place = self.standing.iter().position(own)?;
        let name = self.standing.remove(place).name;
        remember(&mut self.withdrawn, name);
        Some(name)
    }

    /// A colleague has taken one back. Whether it was shown.
    pub(crate) fn withdrawn(&mut self, colleague: u64, name: AnnouncementId) -> bool {
        remember(&mut self.over, (colleague, name));
        let before = self.standing.len();
        self.standing.retain(|standing| !standing.is(Some(colleague), name));
        self.standing.len() < before
    }

    /// This worker has read a colleague's. Whether it was shown.
    pub(crate) fn dismiss(&mut self, id: u64) -> bool {
        let found = self.standing.iter().find(|standing| standing.view.id == id);
        let found = found.and_then(|standing| Some((standing.view.from?, standing.name)));
        found.is_some_and(|(colleague, name)| self.withdrawn(colleague, name))
    }

    /// Nothing that this colleague announced is to be believed any more. Whether some of it was shown.
    pub(crate) fn distrust(&mut self, colleague: u64) -> bool {
        let before = self.standing.len();
        self.standing.retain(|standing| standing.view.from != Some(colleague));
        self.standing.len() < before
    }

    /// Wipes all of them. Whether there were any.
    pub(crate) fn forget_all(&mut self) -> bool {
        let had = !self.standing.is_empty();
        let last_id = self.last_id;
        *self = Self { last_id, ..Self::default() };
        had
    }

    /// This worker's that stand.
    pub(crate) fn own(&self) -> impl Iterator<Item = (AnnouncementId, &Words)> {
        let own = self.standing.iter().filter(|standing| standing.view.from.is_none());
        own.map(|standing| (standing.name, &standing.view.text))
    }

    /// This worker's that were withdrawn.
    pub(crate) fn own_withdrawn(&self) -> impl Iterator<Item = AnnouncementId> {
        self.withdrawn.iter().copied()
    }

    pub(crate) fn views(&self) -> Vec<&AnnouncementView> {
        self.standing.iter().map(|standing| &standing.view).collect()
    }

    fn add(&mut self, name: AnnouncementId, from: Option<u64>, text: Words, at: Timestamp) {
        self.last_id += 1;
        let view = AnnouncementView { id: self.last_id, from, text, at: at.0 };
        self.standing.push(Standing { name, view });
    }
}

impl Standing {
    fn is(&self, from: Option<u64>, name: AnnouncementId) -> bool {
        self.name == name && self.view.from == from
    }
}

fn remember<T: PartialEq>(names: &mut VecDeque<T>, name: T) {
    if names.contains(&name) {
        return;
    }
    if names.len() >= OVER_MAX {
        names.pop_front();
    }
    names.push_back(name);
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Timestamp = Timestamp(7);

    fn id(byte: u8) -> AnnouncementId {
        AnnouncementId([byte; 8])
    }

    fn text() -> Words {
        Words::new("x")
    }

    fn shown(announcements: &Announcements) -> Vec<(u64, Option<u64>)> {
        announcements.views().iter().map(|view| (view.id, view.from)).collect()
    }

    #[test]
    fn what_was_dismissed_or_withdrawn_does_not_come_back() {
        let mut announcements = Announcements::default();
        assert!(announcements.add_theirs(1, id(1), text(), AT));
        assert!(!announcements.add_theirs(1, id(1), text(), AT), "said again on a new way");
        assert!(announcements.add_theirs(2, id(1), text(), AT), "another colleague's");
        assert!(announcements.dismiss(1) && !announcements.dismiss(1));
        assert!(!announcements.add_theirs(1, id(1), text(), AT));
        assert!(announcements.withdrawn(2, id(1)));
        assert!(!announcements.add_theirs(2, id(1), text(), AT));
        assert!(shown(&announcements).is_empty());
    }

    #[test]
    fn only_own_ones_are_withdrawn_and_only_others_dismissed() {
        let mut announcements = Announcements::default();
        assert!(announcements.add_own(id(1), text(), AT));
        assert!(announcements.add_theirs(1, id(2), text(), AT));
        assert!(announcements.withdraw(2).is_none() && !announcements.dismiss(1));
        assert!(!announcements.withdrawn(1, id(1)), "a colleague takes back its own alone");
        assert_eq!(shown(&announcements), [(1, None), (2, Some(1))]);
        assert!(announcements.withdraw(1) == Some(id(1)));
        assert!(announcements.own_withdrawn().collect::<Vec<_>>() == [id(1)]);
        assert!(announcements.distrust(1) && announcements.views().is_empty());
    }

    #[test]
    fn memory_is_bounded() {
        let mut announcements = Announcements::default();
        for number in 0..=u8::try_from(THEIRS_MAX).unwrap() {
            let fits = usize::from(number) < OWN_MAX;
            assert_eq!(announcements.add_own(id(number), text(), AT), fits);
            assert!(announcements.add_theirs(1, id(number), text(), AT));
        }
        assert_eq!(announcements.views().len(), OWN_MAX + THEIRS_MAX);
        for number in 0..=u16::try_from(OVER_MAX).unwrap() {
            let [high, low] = number.to_be_bytes();
            announcements.withdrawn(1, AnnouncementId([high, low, 9, 9, 9, 9, 9, 9]));
        }
        assert_eq!(announcements.over.len(), OVER_MAX);
    }
}
