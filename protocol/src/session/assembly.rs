//! Cells to records (section 9).

use zeroize::{Zeroize, Zeroizing};

use crate::SessionError;
use crate::cell::Content;
use crate::record::{Body, RECORD_BYTES_MAX};

/// A record whose cells have not all come.
#[derive(Clone, Default, PartialEq, Eq)]
#[cfg_attr(test, derive(Hash))]
pub(crate) struct Assembly(Body);

impl Assembly {
    /// Takes the next cell in order; returns the record that it completes.
    pub(crate) fn take(&mut self, content: &Content) -> Result<Option<Body>, SessionError> {
        if content.record_type == 0 {
            return Ok(None);
        }
        let Self(begun) = self;
        let continues = begun.bytes.is_empty() || content.record_type == begun.record_type;
        let length = begun.bytes.len().saturating_add(content.data.len());
        if !continues || length > RECORD_BYTES_MAX {
            return Err(SessionError::Misbehaved);
        }
        begun.record_type = content.record_type;
        append_wiping(&mut begun.bytes, &content.data);
        Ok(if content.more { None } else { Some(std::mem::take(begun)) })
    }
}

/// Appends without leaving an unwiped copy where the buffer grew.
fn append_wiping(buffer: &mut Zeroizing<Vec<u8>>, more: &[u8]) {
    let needed = buffer.len().saturating_add(more.len());
    if needed > buffer.capacity() {
        let mut larger = Vec::with_capacity(needed.max(buffer.capacity().saturating_mul(2)));
        larger.extend_from_slice(buffer);
        buffer.zeroize();
        **buffer = larger;
    }
    buffer.extend_from_slice(more);
}
