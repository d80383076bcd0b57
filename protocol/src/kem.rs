//! ML-KEM-768 (FIPS 203), mixed into the handshake as psk2 (section 7).

use ml_kem::kem::{Decapsulate, KeyExport};
use ml_kem::{B32, DecapsulationKey, EncapsulationKey, MlKem768, Seed};
use vestibule_wire::{hash, label};
use zeroize::Zeroizing;

/// Length of an encapsulation key in bytes.
pub(crate) const EK_LEN: usize = 1_184;
/// Length of a ciphertext in bytes.
pub(crate) const CT_LEN: usize = 1_088;

/// The client's ephemeral key. `ml-kem` wipes it on drop.
pub(crate) struct KemKey(Box<DecapsulationKey<MlKem768>>);

impl KemKey {
    pub(crate) fn from_random(random: &[u8; 64]) -> Self {
        Self(Box::new(DecapsulationKey::from_seed(Seed::from(*random))))
    }

    pub(crate) fn encapsulation_key(&self) -> [u8; EK_LEN] {
        self.0.encapsulation_key().to_bytes().into()
    }

    /// The psk2 of an answer.
    pub(crate) fn psk2(&self, ciphertext: &[u8; CT_LEN]) -> Zeroizing<[u8; 32]> {
        let shared = Zeroizing::new(self.0.decapsulate(&(*ciphertext).into()));
        psk2(&shared, &self.encapsulation_key(), ciphertext)
    }
}

/// The worker's half: a ciphertext and its psk2, or `None` for a key that FIPS 203 refuses.
pub(crate) fn encapsulate(
    encapsulation_key: &[u8; EK_LEN],
    random: &[u8; 32],
) -> Option<([u8; CT_LEN], Zeroizing<[u8; 32]>)> {
    let key = EncapsulationKey::<MlKem768>::new(&(*encapsulation_key).into()).ok()?;
    let (ciphertext, shared) = key.encapsulate_deterministic(&B32::from(*random));
    let (ciphertext, shared) = (ciphertext.into(), Zeroizing::new(shared));
    let psk2 = psk2(&shared, encapsulation_key, &ciphertext);
    Some((ciphertext, psk2))
}

fn psk2(shared: &[u8], ek: &[u8; EK_LEN], ct: &[u8; CT_LEN]) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(hash(&[label!("kem"), &[0], shared, ek, ct]))
}
