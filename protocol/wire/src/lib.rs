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
mod close;
mod epoch;
mod frame;
mod hash;
mod seat_frame;
mod sign_in;
mod time;
mod token;

pub use authority::{AuthorityKey, SIGNATURE_LEN};
pub use bytes::{Malformed, Reader, hex, hex_array};
pub use card::{CARD_BYTES_MAX, CardError, CardTexts, ServiceCard};
pub use certificate::{
    ALIAS_BYTES_MAX, Alias, CERTIFICATE_LEN, CertificateError, LanguageSet, Role,
    SHIFT_SECONDS_MAX, ShiftCertificate, UnsignedCertificate,
};
pub use close::Close;
pub use epoch::{Epoch, EpochStatement, STATEMENT_LEN, StatementError};
pub use frame::{
    CELL_LEN, ClientToRelay, ColleagueId, DeclineReason, OPENING_LEN, OfferId, Opening,
    RelayToClient, RelayToWorker, SeatKey, Wait, WithdrawReason, WorkerToRelay,
};
pub use hash::{hash, hkdf, hmac, label};
pub use seat_frame::{EndToRelay, RelayToEnd, RelayToSeat, Route, SeatToRelay, Side};
pub use sign_in::{Challenge, SignIn, SignInError, sign_in_mac};
pub use time::{CLOCK_TOLERANCE_SECONDS, Timestamp};
pub use token::{Expiry, LinkId, LinkName, TOKEN_LEN, Token, TokenError};

/// WebSocket subprotocol of this version (section 5).
pub const SUBPROTOCOL: &str = "vestibule.1";
