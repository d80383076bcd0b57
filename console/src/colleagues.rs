//! The colleagues whom a desk has met since the program began, and how each can be reached.

use vestibule_wire::{Alias, Role, UnsignedCertificate};

use crate::channels::{Came, ColleagueKey, WayToColleague};
use crate::messages::ColleagueView;

/// Colleagues that are remembered by number. Each shift of each worker is one.
const KNOWN_MAX: usize = 1_024;

/// In the order in which they came. Numbers are never given twice.
pub(crate) struct KnownColleagues {
    known: Vec<Known>,
}

struct Known {
    key: ColleagueKey,
    alias: Alias,
    role: Role,
    view: ColleagueView,
    way: Option<WayToColleague>,
}

impl KnownColleagues {
    pub(crate) fn new() -> Self {
        Self { known: Vec::new() }
    }

    /// Notes the way to a colleague, and returns the colleague's number. `None` when too many are
    /// known.
    pub(crate) fn came(&mut self, came: Came) -> Option<u64> {
        let Came { key, content, way } = came;
        let place = self.known.iter().position(|known| known.key == key);
        if place.is_none() && self.known.len() >= KNOWN_MAX {
            return None;
        }
        let place = place.unwrap_or_else(|| {
            let id = u64::try_from(self.known.len()).unwrap_or(u64::MAX).saturating_add(1);
            let (alias, role) = (content.alias.clone(), content.role);
            self.known.push(Known { key, alias, role, view: view(id, &content), way: None });
            self.known.len() - 1
        });
        let known = self.known.get_mut(place)?;
        known.view.on_duty = true;
        known.way = Some(way);
        Some(known.view.id)
    }

    /// The way to a colleague is over. Returns the colleague's number.
    pub(crate) fn left(&mut self, key: ColleagueKey) -> Option<u64> {
        let known = self.known.iter_mut().find(|known| known.key == key)?;
        known.leave().then_some(known.view.id)
    }

    /// Every way is over. Returns the numbers of the colleagues that were on duty.
    pub(crate) fn all_left(&mut self) -> Vec<u64> {
        let known = self.known.iter_mut();
        known.filter_map(|known| known.leave().then_some(known.view.id)).collect()
    }

    /// A colleague's number.
    pub(crate) fn number(&self, key: ColleagueKey) -> Option<u64> {
        self.known.iter().find(|known| known.key == key).map(|known| known.view.id)
    }

    /// The numbers of those whose key is such.
    pub(crate) fn numbers_where(&self, is_such: impl Fn(&ColleagueKey) -> bool) -> Vec<u64> {
        let such = self.known.iter().filter(|known| is_such(&known.key));
        such.map(|known| known.view.id).collect()
    }

    /// Whether this is a colleague's number.
    pub(crate) fn is_known(&self, number: u64) -> bool {
        self.known.iter().any(|known| known.view.id == number)
    }

    /// What a colleague does.
    pub(crate) fn role(&self, number: u64) -> Option<Role> {
        self.known.iter().find(|known| known.view.id == number).map(|known| known.role)
    }

    /// Whether the service has certified this colleague as a coordinator.
    pub(crate) fn is_coordinator(&self, number: u64) -> bool {
        let mut known = self.known.iter();
        known.any(|known| known.view.id == number && known.role == Role::Coordinator)
    }

    /// The numbers of the colleagues to whom there is a way.
    pub(crate) fn on_duty(&self) -> Vec<u64> {
        let on_duty = self.known.iter().filter(|known| known.way.is_some());
        on_duty.map(|known| known.view.id).collect()
    }

    /// What they are called.
    pub(crate) fn aliases(&self) -> impl Iterator<Item = &Alias> {
        let on_duty = self.known.iter().filter(|known| known.way.is_some());
        on_duty.map(|known| &known.alias)
    }

    /// The way to a colleague, while it is on duty.
    pub(crate) fn way(&self, number: u64) -> Option<&WayToColleague> {
        self.known.iter().find(|known| known.view.id == number)?.way.as_ref()
    }

    pub(crate) fn views(&self) -> Vec<&ColleagueView> {
        self.known.iter().map(|known| &known.view).collect()
    }
}

impl Known {
    /// Whether it was on duty.
    fn leave(&mut self) -> bool {
        self.view.on_duty = false;
        self.way.take().is_some()
    }
}

fn view(id: u64, content: &UnsignedCertificate) -> ColleagueView {
    ColleagueView {
        id,
        alias: content.alias.as_str().to_owned(),
        role: content.role.name(),
        languages: content.languages.codes(),
        on_duty: true,
    }
}
