//! The keys that a finished handshake leaves (section 7).

use vestibule_wire::{hkdf, label};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::noise::Handshake;

/// Which end of a consultation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The person seeking help.
    Client,
    /// The person answering.
    Worker,
}

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
}
