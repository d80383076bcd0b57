//! The colleagues whom a desk has met since the program began, and how each can be reached: `ways` are those
//! of one colleague, by whatever nodes.

mod ways;

use vestibule_wire::{Alias, Role, UnsignedCertificate};

use crate::channels::{Came, ColleagueKey, Letter, Tag, WayName};
use crate::messages::ColleagueView;
use crate::nodes::NodeNumber;
pub(crate) use ways::{Certificates, Found};
use ways::{Left, Ways};

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
    ways: Ways,
}

/// What goes by which way now.
pub(crate) struct Dispatch {
    pub(crate) node: NodeNumber,
    pub(crate) way: WayName,
    pub(crate) letters: Vec<Letter>,
}

/// What the loss of ways has led to.
#[derive(Default)]
pub(crate) struct Losses {
    /// There is no way to these any more.
    pub(crate) left: Vec<(u64, ColleagueKey)>,
    /// What goes by another way.
    pub(crate) again: Vec<Dispatch>,
}

impl KnownColleagues {
    pub(crate) fn new() -> Self {
        Self { known: Vec::new() }
    }

    /// Notes a way to a colleague, and returns the colleague's number. `None` when too many are
    /// known.
    pub(crate) fn came(&mut self, node: NodeNumber, came: Came) -> Option<(u64, Found)> {
        let Came { key, content, way } = came;
        let place = self.known.iter().position(|known| known.key == key);
        if place.is_none() && self.known.len() >= KNOWN_MAX {
            return None;
        }
        let place = place.unwrap_or_else(|| {
            let id = u64::try_from(self.known.len()).unwrap_or(u64::MAX).saturating_add(1);
            let (alias, role) = (content.alias.clone(), content.role);
            let (view, ways) = (view(id, &content), Ways::default());
            self.known.push(Known { key, alias, role, view, ways });
            self.known.len() - 1
        });
        let known = self.known.get_mut(place)?;
        let found = known.ways.found(node, way);
        known.view.on_duty = true;
        Some((known.view.id, found))
    }

    /// A way to a colleague is over.
    pub(crate) fn left(&mut self, key: ColleagueKey, way: WayName) -> Losses {
        let known = self.known.iter_mut().filter(|known| known.key == key);
        losses(known, |ways| ways.lose(|_, name| name == way))
    }

    /// Every way by this node is over.
    pub(crate) fn lost_node(&mut self, node: NodeNumber) -> Losses {
        losses(self.known.iter_mut(), |ways| ways.lose(|at, _| at == node))
    }

    /// Every way is over.
    pub(crate) fn all_left(&mut self) -> Losses {
        losses(self.known.iter_mut(), |ways| ways.lose(|_, _| true))
    }

    /// Whether something that a colleague said is to be taken: it comes by a way that stands, and has not
    /// come by another. Returns the colleague's number.
    pub(crate) fn takes(&mut self, key: ColleagueKey, way: WayName, letter: Tag) -> Option<u64> {
        let known = self.known.iter_mut().find(|known| known.key == key)?;
        known.ways.takes(way, letter).then_some(known.view.id)
    }

    /// A letter has arrived. Returns the colleague's number, once.
    pub(crate) fn arrived(&mut self, key: ColleagueKey, letter: Tag) -> Option<u64> {
        let known = self.known.iter_mut().find(|known| known.key == key)?;
        known.ways.arrived(letter).then_some(known.view.id)
    }

    /// By which way letters go to a colleague now; they are kept until they have arrived. `None` when
    /// there is no way.
    pub(crate) fn send(&mut self, number: u64, letters: Vec<Letter>) -> Option<Dispatch> {
        let known = self.known.iter_mut().find(|known| known.view.id == number)?;
        known.ways.send(letters)
    }

    /// Letters that did not go after all are not said again.
    pub(crate) fn take_back(&mut self, number: u64, letters: &[Tag]) {
        if let Some(known) = self.known.iter_mut().find(|known| known.view.id == number) {
            known.ways.take_back(letters);
        }
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
        let on_duty = self.known.iter().filter(|known| known.view.on_duty);
        on_duty.map(|known| known.view.id).collect()
    }

    /// What they are called.
    pub(crate) fn aliases(&self) -> impl Iterator<Item = &Alias> {
        let on_duty = self.known.iter().filter(|known| known.view.on_duty);
        on_duty.map(|known| &known.alias)
    }

    /// The certificates of a colleague and of this worker, as each knows the other, while there is a way.
    pub(crate) fn certificates(&self, number: u64) -> Option<Certificates> {
        self.known.iter().find(|known| known.view.id == number)?.ways.certificates()
    }

    pub(crate) fn views(&self) -> Vec<&ColleagueView> {
        self.known.iter().map(|known| &known.view).collect()
    }
}

fn losses<'a>(
    known: impl Iterator<Item = &'a mut Known>,
    mut lose: impl FnMut(&mut Ways) -> Left,
) -> Losses {
    let mut losses = Losses::default();
    for known in known {
        match lose(&mut known.ways) {
            Left::Nothing => {}
            Left::Last => {
                known.view.on_duty = false;
                losses.left.push((known.view.id, known.key));
            }
            Left::Again(dispatch) => losses.again.push(dispatch),
        }
    }
    losses
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
