//! What can hold words, a secret or an identifier cannot be printed: the compiler refuses these tests
//! when a type learns how.

use std::fmt::{Debug, Display};

use static_assertions::assert_not_impl_any;
use vestibule_wire::{
    Alias, ColleagueId, Expiry, LinkId, LinkName, OfferId, Opening, PuzzleNonce, PuzzleSeed,
    Revocations, Route, SeatKey, ShiftCertificate, SignIn, Token, UnsignedRevocations,
};

use crate::{
    AnnouncementId, Authority, AwaitingAnswer, AwaitingFirstCell, Card, ColleagueChannel,
    ColleagueOpened, ColleagueRecord, DoorSecret, EpochKeys, FileOffer, FreshAnswer, FreshOpening,
    GreetedColleague, HandOver, HandOverId, HandOverSecret, Incoming, Link, Opened, Psk,
    ReceivedOpening, Record, SafetyPhrase, Session, ShiftKey, SurveyAnswer, Triage,
};

// Words, and what a client chose.
assert_not_impl_any!(Record: Debug, Display);
assert_not_impl_any!(Card: Debug, Display);
assert_not_impl_any!(Opened: Debug, Display);
assert_not_impl_any!(ColleagueRecord: Debug, Display);
assert_not_impl_any!(ColleagueOpened: Debug, Display);
assert_not_impl_any!(Triage: Debug, Display);
assert_not_impl_any!(SurveyAnswer: Debug, Display);
assert_not_impl_any!(FileOffer: Debug, Display);
assert_not_impl_any!(Incoming: Debug, Display);
// Secrets.
assert_not_impl_any!(Authority: Debug, Display);
assert_not_impl_any!(EpochKeys: Debug, Display);
assert_not_impl_any!(DoorSecret: Debug, Display);
assert_not_impl_any!(Psk: Debug, Display);
assert_not_impl_any!(ShiftKey: Debug, Display);
assert_not_impl_any!(Link: Debug, Display);
assert_not_impl_any!(AwaitingAnswer: Debug, Display);
assert_not_impl_any!(ReceivedOpening: Debug, Display);
assert_not_impl_any!(AwaitingFirstCell: Debug, Display);
assert_not_impl_any!(Session: Debug, Display);
assert_not_impl_any!(SafetyPhrase: Debug, Display);
assert_not_impl_any!(SeatKey: Debug, Display);
assert_not_impl_any!(HandOverSecret: Debug, Display);
assert_not_impl_any!(HandOver: Debug, Display);
assert_not_impl_any!(FreshOpening: Debug, Display);
assert_not_impl_any!(FreshAnswer: Debug, Display);
assert_not_impl_any!(GreetedColleague: Debug, Display);
assert_not_impl_any!(ColleagueChannel: Debug, Display);
// Identifiers, and ciphertext.
assert_not_impl_any!(LinkId: Debug, Display);
assert_not_impl_any!(Route: Debug, Display);
assert_not_impl_any!(ColleagueId: Debug, Display);
assert_not_impl_any!(HandOverId: Debug, Display);
assert_not_impl_any!(LinkName: Debug, Display);
assert_not_impl_any!(Expiry: Debug, Display);
assert_not_impl_any!(AnnouncementId: Debug, Display);
assert_not_impl_any!(PuzzleSeed: Debug, Display);
assert_not_impl_any!(PuzzleNonce: Debug, Display);
assert_not_impl_any!(Revocations: Debug, Display);
assert_not_impl_any!(UnsignedRevocations: Debug, Display);
assert_not_impl_any!(Token: Debug, Display);
assert_not_impl_any!(OfferId: Debug, Display);
assert_not_impl_any!(Opening: Debug, Display);
assert_not_impl_any!(SignIn: Debug, Display);
assert_not_impl_any!(ShiftCertificate: Debug, Display);
assert_not_impl_any!(Alias: Debug, Display);
