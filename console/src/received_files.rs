//! What clients have sent: in memory alone, until their consultations are forgotten.

use std::collections::VecDeque;
use std::sync::Arc;

use vestibule_protocol::{FileKind, FileNumber};
use zeroize::Zeroizing;

/// All of them together, in bytes: twelve of the longest.
const KEPT_BYTES_MAX: usize = 125_829_120;

/// A file, which is wiped when nobody holds it any more.
#[derive(Clone)]
pub(crate) struct ReceivedFile {
    pub(crate) consultation: u64,
    pub(crate) file: FileNumber,
    pub(crate) kind: FileKind,
    pub(crate) content: Arc<Zeroizing<Vec<u8>>>,
}

/// Oldest first.
#[derive(Default)]
pub(crate) struct ReceivedFiles(VecDeque<ReceivedFile>);

impl ReceivedFiles {
    /// Keeps a file, and returns those that had to go for it.
    pub(crate) fn keep(&mut self, received: ReceivedFile) -> Vec<ReceivedFile> {
        self.0.push_back(received);
        let mut gone = Vec::new();
        while self.bytes() > KEPT_BYTES_MAX
            && let Some(oldest) = self.0.pop_front()
        {
            gone.push(oldest);
        }
        gone
    }

    pub(crate) fn find(&self, consultation: u64, file: FileNumber) -> Option<&ReceivedFile> {
        self.0.iter().find(|kept| kept.consultation == consultation && kept.file == file)
    }

    pub(crate) fn forget(&mut self, consultation: u64) {
        self.0.retain(|kept| kept.consultation != consultation);
    }

    fn bytes(&self) -> usize {
        self.0.iter().map(|kept| kept.content.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_go_for_the_newest_and_all_with_their_consultation() {
        let mut files = ReceivedFiles::default();
        let longest = vestibule_protocol::FILE_BYTES_MAX;
        let received = |consultation, size| ReceivedFile {
            consultation,
            file: FileNumber(1),
            kind: FileKind::Png,
            content: Arc::new(Zeroizing::new(vec![0; size])),
        };
        for consultation in 0..12 {
            assert!(files.keep(received(consultation, longest)).is_empty());
        }
        let gone = files.keep(received(12, 1));
        assert_eq!(gone.iter().map(|gone| gone.consultation).collect::<Vec<_>>(), [0]);
        assert!(files.find(0, FileNumber(1)).is_none());
        assert!(files.find(1, FileNumber(2)).is_none());
        assert!(files.find(1, FileNumber(1)).is_some());
        files.forget(1);
        assert!(files.find(1, FileNumber(1)).is_none());
        assert!(files.find(2, FileNumber(1)).is_some());
    }
}
