//! What can hold words, a secret or an identifier cannot be printed: the compiler refuses these tests
//! when a type learns how.

use std::fmt::{Debug, Display};

use static_assertions::assert_not_impl_any;
use vestibule_wire::{
    Alias, LinkId, LinkName, OfferId, Opening, SeatKey, ShiftCertificate, SignIn, Token,
};

use crate::{
    Authority, AwaitingAnswer, AwaitingFirstCell, EpochKeys, Link, Psk, Received, ReceivedOpening,
    Record, Session, ShiftKey, Triage,
};

// Words, and what a client chose.
assert_not_impl_any!(Record: Debug, Display);
assert_not_impl_any!(Received: Debug, Display);
assert_not_impl_any!(Triage: Debug, Display);
// Secrets.
assert_not_impl_any!(Authority: Debug, Display);
assert_not_impl_any!(EpochKeys: Debug, Display);
assert_not_impl_any!(Psk: Debug, Display);
assert_not_impl_any!(ShiftKey: Debug, Display);
assert_not_impl_any!(Link: Debug, Display);
assert_not_impl_any!(AwaitingAnswer: Debug, Display);
assert_not_impl_any!(ReceivedOpening: Debug, Display);
assert_not_impl_any!(AwaitingFirstCell: Debug, Display);
assert_not_impl_any!(Session: Debug, Display);
assert_not_impl_any!(SeatKey: Debug, Display);
// Identifiers, and ciphertext.
assert_not_impl_any!(LinkId: Debug, Display);
assert_not_impl_any!(LinkName: Debug, Display);
assert_not_impl_any!(Token: Debug, Display);
assert_not_impl_any!(OfferId: Debug, Display);
assert_not_impl_any!(Opening: Debug, Display);
assert_not_impl_any!(SignIn: Debug, Display);
assert_not_impl_any!(ShiftCertificate: Debug, Display);
assert_not_impl_any!(Alias: Debug, Display);
