//! Cells: the only thing that crosses a relay once two ends are matched (section 9).

use chacha20poly1305::aead::{AeadInPlace, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Tag};
use vestibule_wire::{CELL_LEN, Malformed, OPENING_LEN, Reader};
use zeroize::{Zeroize, Zeroizing};

use crate::noise::noise_nonce;

/// One cell as it crosses the relay.
pub type Cell = [u8; CELL_LEN];

/// Cells 0 and 1 of each direction were the handshake.
pub const FIRST_DATA_SEQUENCE: u64 = 2;

const SEQUENCE_LEN: usize = 8;
const TAG_LEN: usize = 16;
const PLAIN_LEN: usize = CELL_LEN - SEQUENCE_LEN - TAG_LEN;
/// Bytes of a record that fit into one cell.
pub(crate) const DATA_LEN: usize = 980;
const FRAGMENT_LEN: usize = CELL_LEN - SEQUENCE_LEN;
/// Length of either handshake message: two cells without their sequence numbers.
pub(crate) const MESSAGE_LEN: usize = OPENING_LEN - 2 * SEQUENCE_LEN;

/// What is inside a cell.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) acknowledged: u64,
    pub(crate) selective: u64,
    pub(crate) record_type: u8,
    pub(crate) more: bool,
    pub(crate) data: Zeroizing<Vec<u8>>,
}

/// Seals a cell. The caller never uses a sequence number twice under one key.
pub(crate) fn seal(key: &[u8; 32], sequence: u64, content: &Content) -> Cell {
    let length = u16::try_from(content.data.len()).expect("callers cut records into cells");
    let mut cell = [0; CELL_LEN];
    let (head, sealed) = cell.split_at_mut(SEQUENCE_LEN);
    head.copy_from_slice(&sequence.to_be_bytes());
    let (plain, tag_out) = sealed.split_at_mut(PLAIN_LEN);
    let header = Zeroizing::new(
        [
            &content.acknowledged.to_be_bytes()[..],
            &content.selective.to_be_bytes(),
            &[content.record_type, u8::from(content.more)],
            &length.to_be_bytes(),
        ]
        .concat(),
    );
    for (target, source) in plain.iter_mut().zip(header.iter().chain(content.data.iter())) {
        *target = *source;
    }
    let tag = ChaCha20Poly1305::new(key.into())
        .encrypt_in_place_detached(&noise_nonce(sequence), &[], plain)
        .expect("a cell is far below the cipher's limit");
    tag_out.copy_from_slice(&tag);
    cell
}

/// The sequence number of a cell.
pub(crate) fn sequence(cell: &Cell) -> u64 {
    let (head, _) = cell.split_first_chunk::<SEQUENCE_LEN>().expect("a cell is longer than that");
    u64::from_be_bytes(*head)
}

/// Opens a cell; `None` when it was not sealed with this key.
pub(crate) fn open(key: &[u8; 32], cell: &Cell) -> Option<Result<Content, Malformed>> {
    let (_, sealed) = cell.split_at(SEQUENCE_LEN);
    let (ciphertext, tag) = sealed.split_at(PLAIN_LEN);
    let mut plain = Zeroizing::new([0; PLAIN_LEN]);
    plain.copy_from_slice(ciphertext);
    ChaCha20Poly1305::new(key.into())
        .decrypt_in_place_detached(
            &noise_nonce(sequence(cell)),
            &[],
            &mut *plain,
            Tag::from_slice(tag),
        )
        .ok()?;
    Some(read(&plain))
}

fn read(plain: &[u8; PLAIN_LEN]) -> Result<Content, Malformed> {
    let mut reader = Reader::new(plain);
    let acknowledged = reader.u64()?;
    let selective = reader.u64()?;
    let record_type = reader.u8()?;
    let more = match reader.u8()? {
        0 => false,
        1 => true,
        _ => return Err(Malformed),
    };
    let length = usize::from(reader.u16()?);
    let mut data: [u8; DATA_LEN] = reader.array()?;
    reader.finish()?;
    let (used, zeros) = data.split_at_checked(length).ok_or(Malformed)?;
    let full_if_more = !more || length == DATA_LEN;
    let empty_if_empty = (record_type == 0) == (length == 0) && (record_type != 0 || !more);
    let padded = zeros.iter().all(|byte| *byte == 0);
    let data_read = Zeroizing::new(used.to_vec());
    let content = Content { acknowledged, selective, record_type, more, data: data_read };
    data.zeroize();
    if full_if_more && empty_if_empty && padded { Ok(content) } else { Err(Malformed) }
}

/// Cuts a handshake message into cells 0 and 1.
pub(crate) fn cut(message: &[u8; MESSAGE_LEN]) -> [u8; OPENING_LEN] {
    let (first, second) = message.split_at(FRAGMENT_LEN);
    [&0_u64.to_be_bytes()[..], first, &1_u64.to_be_bytes(), second]
        .concat()
        .try_into()
        .expect("two cells are two fragments and two sequence numbers")
}

/// Joins cells 0 and 1 to a handshake message.
pub(crate) fn join(cells: &[u8; OPENING_LEN]) -> Option<[u8; MESSAGE_LEN]> {
    let mut reader = Reader::new(cells);
    let mut message = Vec::with_capacity(MESSAGE_LEN);
    for expected in [0, 1] {
        let sequence = reader.u64().ok()?;
        message.extend_from_slice(&reader.array::<FRAGMENT_LEN>().ok()?);
        if sequence != expected {
            return None;
        }
    }
    message.try_into().ok()
}
