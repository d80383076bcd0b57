//! The one buffer of each thread through which everything passes.

use std::cell::RefCell;

/// Most that a peer may have sent ahead: what hyper read with the request's head.
const UNREAD_LEN_MAX: usize = 8_192;
/// Read at once from a matched peer: a burst of 63 cells.
pub(super) const CELL_READ_LEN: usize = 65_536;

/// The buffers that every connection of a thread shares, one at a time.
pub(crate) struct Scratch {
    /// What was read.
    pub(crate) input: Input,
    /// What is to be written.
    pub(crate) output: Vec<u8>,
}

thread_local! {
    /// Empty between two uses.
    pub(crate) static SCRATCH: RefCell<Scratch> =
        RefCell::new(Scratch { input: Input::new(), output: Vec::new() });
}

/// Room for what a peer sent earlier, followed by room for what it sends now.
pub(crate) struct Input(Vec<u8>);

impl Input {
    pub(super) fn new() -> Self {
        Self(vec![0; UNREAD_LEN_MAX + CELL_READ_LEN])
    }

    pub(super) fn fresh(&mut self, len: usize) -> &mut [u8] {
        self.0.get_mut(UNREAD_LEN_MAX..UNREAD_LEN_MAX + len).unwrap_or_default()
    }

    /// Puts earlier bytes in front of the fresh ones.
    pub(super) fn received(&mut self, earlier: &[u8], fresh_len: usize) -> Option<&mut [u8]> {
        let start = UNREAD_LEN_MAX.checked_sub(earlier.len())?;
        let bytes = self.0.get_mut(start..UNREAD_LEN_MAX + fresh_len)?;
        bytes.get_mut(..earlier.len())?.copy_from_slice(earlier);
        Some(bytes)
    }
}

#[cfg(test)]
impl Input {
    /// Whether nothing was left by the last use.
    pub(crate) fn is_wiped(&self) -> bool {
        self.0.iter().all(|byte| *byte == 0)
    }
}
