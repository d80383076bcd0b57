//! The keys that a finished handshake leaves (section 7).

use vestibule_wire::{Malformed, Route, Side, hkdf, label};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::cell::{self, Cell, Content};
use crate::noise::Handshake;
use crate::session::Seal;

/// Everything that outlives a handshake.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct ConsultationKeys {
    pub(crate) client: [u8; 32],
    pub(crate) worker: [u8; 32],
    pub(crate) export: [u8; 32],
}

impl ConsultationKeys {
    pub(crate) fn derive(handshake: Handshake) -> Self {
        let (hash, root) = handshake.split();
        Self {
            client: hkdf(&hash, &*root, &[label!("client cells")]),
            worker: hkdf(&hash, &*root, &[label!("worker cells")]),
            export: hkdf(&hash, &*root, &[label!("export")]),
        }
    }

    /// Where both ends rejoin.
    pub(crate) fn route(&self) -> Route {
        Route(hkdf(&[], &self.export, &[label!("route")]))
    }

    fn of(&self, side: Side) -> &[u8; 32] {
        match side {
            Side::Client => &self.client,
            Side::Worker => &self.worker,
        }
    }
}

impl Seal for ConsultationKeys {
    type Cell = Box<Cell>;

    fn seal(&self, from: Side, sequence: u64, content: &Content) -> Box<Cell> {
        Box::new(cell::seal(self.of(from), sequence, content))
    }

    fn open(&self, from: Side, cell: &Box<Cell>) -> Option<Result<Content, Malformed>> {
        cell::open(self.of(from), cell)
    }

    fn sequence(cell: &Box<Cell>) -> u64 {
        cell::sequence(cell)
    }
}
