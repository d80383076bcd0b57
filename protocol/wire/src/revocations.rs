//! What a service no longer believes, signed by its authority (section 2).

use thiserror::Error;

use crate::{AuthorityKey, LinkId, Malformed, Reader, SIGNATURE_LEN, hash, label};

/// Length of a list of revocations in bytes.
pub const REVOCATIONS_LEN: usize = 4_425;
/// Most shift keys in one list.
pub const REVOKED_KEYS_MAX: usize = 512;
/// Most doors in one list.
pub const REVOKED_DOORS_MAX: usize = 16;
const SIGNED_LEN: usize = REVOCATIONS_LEN - SIGNATURE_LEN;
const KEY_MARK_LEN: usize = 8;
const DOOR_LEN: usize = 16;
const VERSION: u8 = 1;

/// What stands in a list for a shift's public key.
type KeyMark = [u8; KEY_MARK_LEN];

fn mark(shift_public: &[u8; 32]) -> KeyMark {
    let digest = hash(&[label!("revoked key"), &[0], shift_public]);
    *digest.first_chunk().expect("a hash is longer than a mark")
}

/// Why a list of revocations was refused, or could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RevocationsError {
    /// Not a list of revocations.
    #[error("the revocations have the wrong form")]
    Malformed,
    /// Signed by somebody else, or altered.
    #[error("the revocations are not of this service")]
    WrongAuthority,
    /// More keys or doors than a list holds.
    #[error("a list holds at most 512 revoked keys and 16 revoked doors")]
    TooMany,
}

impl From<Malformed> for RevocationsError {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

/// What an authority signs.
#[derive(Clone, PartialEq, Eq)]
pub struct UnsignedRevocations {
    /// Grows with every list; a higher one replaces a lower one.
    pub number: u32,
    /// Links and statements of a lower generation are refused.
    pub lowest_generation: u8,
    /// X25519 public keys of shifts that are over before their time.
    pub keys: Vec<[u8; 32]>,
    /// Doors that are shut.
    pub doors: Vec<LinkId>,
}

impl UnsignedRevocations {
    /// Label under which authorities sign revocations.
    pub const LABEL: &[u8] = label!("revocations");

    /// The bytes that the authority signs, and that precede its signature.
    ///
    /// # Errors
    /// [`TooMany`](RevocationsError::TooMany).
    pub fn signed_bytes(&self) -> Result<Box<[u8; SIGNED_LEN]>, RevocationsError> {
        let marks: Vec<KeyMark> = self.keys.iter().map(mark).collect();
        let doors: Vec<[u8; DOOR_LEN]> = self.doors.iter().map(|door| door.0).collect();
        let (key_count, marks) = list::<_, REVOKED_KEYS_MAX>(marks)?;
        let (door_count, doors) = list::<_, REVOKED_DOORS_MAX>(doors)?;
        let door_count = u8::try_from(door_count).map_err(|_| RevocationsError::TooMany)?;
        let bytes = [
            &[VERSION][..],
            &self.number.to_be_bytes(),
            &[self.lowest_generation],
            &key_count.to_be_bytes(),
            marks.as_flattened(),
            &[door_count],
            doors.as_flattened(),
        ]
        .concat();
        bytes.into_boxed_slice().try_into().map_err(|_| RevocationsError::Malformed)
    }
}

/// The entries in their order, each once, and as many zeros as fill their places.
fn list<T: Copy + Ord + Default, const PLACES: usize>(
    mut entries: Vec<T>,
) -> Result<(u16, Vec<T>), RevocationsError> {
    entries.sort_unstable();
    entries.dedup();
    if entries.len() > PLACES {
        return Err(RevocationsError::TooMany);
    }
    let count = u16::try_from(entries.len()).map_err(|_| RevocationsError::TooMany)?;
    entries.resize(PLACES, T::default());
    Ok((count, entries))
}

/// A list whose signature and form were checked.
#[derive(Clone)]
pub struct Revocations {
    number: u32,
    lowest_generation: u8,
    keys: Vec<KeyMark>,
    doors: Vec<[u8; DOOR_LEN]>,
    bytes: Box<[u8; REVOCATIONS_LEN]>,
}

impl Revocations {
    /// Verifies a list of 4,425 bytes.
    ///
    /// # Errors
    /// When it is malformed or of another authority.
    pub fn verify(
        bytes: &[u8; REVOCATIONS_LEN],
        authority: &AuthorityKey,
    ) -> Result<Self, RevocationsError> {
        let (signed, signature) =
            bytes.split_last_chunk::<SIGNATURE_LEN>().ok_or(RevocationsError::Malformed)?;
        if !authority.verifies(UnsignedRevocations::LABEL, signed, signature) {
            return Err(RevocationsError::WrongAuthority);
        }
        let mut reader = Reader::new(signed);
        if reader.u8()? != VERSION {
            return Err(RevocationsError::Malformed);
        }
        let (number, lowest_generation) = (reader.u32()?, reader.u8()?);
        let key_count = reader.u16()?;
        let keys = read_list::<KEY_MARK_LEN>(&mut reader, key_count, REVOKED_KEYS_MAX)?;
        let door_count = u16::from(reader.u8()?);
        let doors = read_list::<DOOR_LEN>(&mut reader, door_count, REVOKED_DOORS_MAX)?;
        reader.finish()?;
        Ok(Self { number, lowest_generation, keys, doors, bytes: Box::new(*bytes) })
    }

    /// Which list this is; of two, the higher counts.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Links and statements of a lower generation are refused.
    pub fn lowest_generation(&self) -> u8 {
        self.lowest_generation
    }

    /// Whether the worker with this shift key has been sent off.
    pub fn revokes_key(&self, shift_public: &[u8; 32]) -> bool {
        self.keys.binary_search(&mark(shift_public)).is_ok()
    }

    /// Whether this door is shut.
    pub fn revokes_door(&self, door: &LinkId) -> bool {
        self.doors.binary_search(&door.0).is_ok()
    }

    /// The 4,425 bytes, to be passed on.
    pub fn as_bytes(&self) -> &[u8; REVOCATIONS_LEN] {
        &self.bytes
    }
}

/// Takes `places` entries off a reader, of which `count` are used, in their order, each once.
fn read_list<const N: usize>(
    reader: &mut Reader<'_>,
    count: u16,
    places: usize,
) -> Result<Vec<[u8; N]>, Malformed> {
    let mut entries =
        (0..places).map(|_| reader.array()).collect::<Result<Vec<[u8; N]>, Malformed>>()?;
    let unused = entries.get(usize::from(count)..).ok_or(Malformed)?;
    if unused.as_flattened().iter().any(|byte| *byte != 0) {
        return Err(Malformed);
    }
    entries.truncate(usize::from(count));
    if entries.is_sorted_by(|former, next| former < next) { Ok(entries) } else { Err(Malformed) }
}
