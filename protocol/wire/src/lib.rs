//! The part of the Vestibule protocol that a relay can see.
//!
//! Everything here is public by design: frames, tokens, certificates, the worker's sign-in.
//! A relay links this crate and not `vestibule-protocol`, so it has no Noise implementation and
//! no way to hold a key of a consultation. No I/O, no clock, no random numbers of its own.
//!
//! The specification is `docs/protocol.md`; section numbers in this crate refer to it.
#![deny(clippy::indexing_slicing, clippy::as_conversions, clippy::arithmetic_side_effects)]

mod authority;
mod bytes;
mod card;
mod certificate;
mod client_frame;
mod close;
mod duty_frame;
mod epoch;
mod frame;
mod hash;
mod indicator;
mod indicator_frame;
mod language;
mod leaflets;
mod link_name;
mod puzzle;
mod revocations;
mod seat_frame;
mod sign_in;
mod slip;
mod time;
mod token;

pub use authority::{AuthorityKey, SIGNATURE_LEN};
pub use bytes::{Malformed, Reader, hex, hex_array};
pub use card::{CARD_BYTES_MAX, CARD_SUBJECTS, CardError, ServiceCard, is_exit_address};
pub use certificate::{
    ALIAS_BYTES_MAX, Alias, CERTIFICATE_LEN, CertificateError, Role, SHIFT_SECONDS_MAX,
    ShiftCertificate, UnsignedCertificate,
};
pub use client_frame::{ClientToRelay, RelayToClient, Wait};
pub use close::Close;
pub use duty_frame::{DeclineReason, RelayToWorker, WithdrawReason, WorkerToRelay};
pub use epoch::{Epoch, EpochStatement, STATEMENT_LEN, StatementError};
pub use frame::{CELL_LEN, ColleagueId, OPENING_LEN, OfferId, Opening, SeatKey};
pub use hash::{hash, hkdf, hmac, label};
pub use indicator::{
    CATALOGUE, CELLS, Cell, CountedBy, LABELS_PER_CONSULTATION_MAX, OWN_LABEL_PREFIX, Sums,
    TABLE_LABELS_MAX, Table, Unit,
};
pub use indicator_frame::{IndicatorsToRelay, NOISES_MAX, Noise, Period, RelayToIndicators};
pub use language::{CardTexts, Direction, Language, LanguageSet};
pub use leaflets::{
    CARD_BODY_BYTES_MAX, CARD_TITLE_BYTES_MAX, CardKind, LEAFLETS_BYTES_MAX, LEAFLETS_CARDS_MAX,
    LeafletCard, Leaflets, card_fits,
};
pub use link_name::{Expiry, LinkId, LinkKind, LinkName};
pub use puzzle::{PuzzleBits, PuzzleNonce, PuzzleSeed, solves};
pub use revocations::{
    REVOCATIONS_LEN, REVOKED_DOORS_MAX, REVOKED_KEYS_MAX, Revocations, RevocationsError,
    UnsignedRevocations,
};
pub use seat_frame::{EndToRelay, RelayToEnd, RelayToSeat, Route, SeatToRelay, Side};
pub use sign_in::{Challenge, SignIn, SignInError, sign_in_mac};
pub use slip::{SLIP_COUNT_MAX, SLIP_LEN, Slip};
pub use time::{CLOCK_TOLERANCE_SECONDS, Timestamp};
pub use token::{TOKEN_LEN, Token, TokenError};

/// WebSocket subprotocol of this version (section 5).
pub const SUBPROTOCOL: &str = "vestibule.1";
