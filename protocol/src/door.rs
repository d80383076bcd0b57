//! What opens a service's doors (section 3).

use vestibule_wire::{LinkName, hkdf, label};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::Psk;

/// The door secret `D`: the same for all doors of a service, in every worker's file. It does not
/// change with the epochs, since whoever has seen a door's poster knows its psk anyway.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct DoorSecret([u8; 32]);

impl DoorSecret {
    /// Of a service, from its first epoch root.
    pub(crate) fn derive(first_root: &[u8; 32]) -> Self {
        Self(hkdf(&[], first_root, &[label!("door secret")]))
    }

    /// From the 32 bytes of [`as_bytes`](Self::as_bytes).
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(*bytes)
    }

    /// The secret, for the worker's encrypted file.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A door's psk.
    pub fn psk(&self, name: &LinkName) -> Psk {
        Psk::new(hkdf(&[], &self.0, &[label!("door psk"), &name.to_bytes()]))
    }
}
