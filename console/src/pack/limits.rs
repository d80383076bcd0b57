//! How much a pack may hold, beside the protocol's own limits of cards and leaflets.

/// Largest file, in bytes.
pub(super) const FILE_BYTES_MAX: u64 = 65_536;
/// Most files of a pack.
pub(super) const FILES_MAX: usize = 600;
/// Longest id, in characters.
pub(super) const ID_LEN_MAX: usize = 40;
/// Longest version and name of a reviewer, in characters.
pub(super) const LINE_CHARACTERS_MAX: usize = 100;
/// Longest name of a label that the service has added, in characters.
pub(super) const LABEL_CHARACTERS_MAX: usize = 60;
/// Longest text of the service card, in characters.
pub(super) const CARD_TEXT_CHARACTERS_MAX: usize = 1_000;
/// Longest reply, in bytes, before its placeholders are filled.
pub(super) const REPLY_BYTES_MAX: usize = 4_000;
/// Most replies.
pub(super) const REPLIES_MAX: usize = 200;
/// Most referrals.
pub(super) const REFERRALS_MAX: usize = 200;
/// Most emergency scripts.
pub(super) const SCRIPTS_MAX: usize = 24;
