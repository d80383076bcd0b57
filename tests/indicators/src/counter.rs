//! `/ws/indicators` as its peers use it: a slip is handed in, a coordinator reads the sums.

use rand::Rng as _;
use vestibule_protocol::EpochKeys;
use vestibule_tests::service::{Shift, rng};
use vestibule_tests::socket::{Next, Socket, Way};
use vestibule_wire::{
    AuthorityKey, Close, IndicatorsToRelay, Period, RelayToIndicators, SignIn, Slip, Table,
    Timestamp,
};

/// The relay may hear of the epoch, which comes on another socket, after so many slips.
const READY_TRIES_MAX: usize = 100;

/// What came of handing a slip in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The relay has counted it.
    Counted,
    /// It does not know the epoch yet.
    NotReady,
    /// It was not reached, or went away.
    Nothing,
}

/// Hands in counts of one table, by the place of their labels; returns when the relay has counted them.
pub async fn hand_in(
    way: &Way,
    authority: AuthorityKey,
    keys: &EpochKeys,
    table: &'static Table,
    counts: &[u16],
) {
    let slip = signed_slip(authority, keys, table, counts);
    for _ in 0..READY_TRIES_MAX {
        match try_to_hand_in(way, &slip).await {
            Answer::Counted => return,
            Answer::NotReady => {}
            Answer::Nothing => panic!("the line broke"),
        }
    }
    panic!("the relay hears of the epoch")
}

/// A slip as it is sent, and sent again where no answer was heard.
pub fn signed_slip(
    authority: AuthorityKey,
    keys: &EpochKeys,
    table: &'static Table,
    counts: &[u16],
) -> Vec<u8> {
    let mut id = [0; 16];
    rng().fill_bytes(&mut id);
    let slip = Slip::new(authority, (keys.epoch(), keys.generation()), id, table, counts);
    let signature = keys.sign_slip(&slip);
    IndicatorsToRelay::HandIn(Box::new(slip), Box::new(signature)).encode()
}

/// Hands a slip in once.
pub async fn try_to_hand_in(way: &Way, slip: &[u8]) -> Answer {
    let Ok(mut socket) = Socket::try_connect(way, "/ws/indicators").await else {
        return Answer::Nothing;
    };
    let Next::Message(_challenge) = socket.next().await else { return Answer::Nothing };
    socket.send(slip).await;
    match socket.next().await {
        Next::Message(answer) => {
            let counted = RelayToIndicators::decode(&answer);
            assert!(matches!(counted, Ok(RelayToIndicators::Counted)), "the slip is counted");
            // The relay that stops may end before it has said goodbye.
            let _goodbye = socket.next().await;
            Answer::Counted
        }
        Next::Closed(Close::NotReady) => Answer::NotReady,
        Next::Closed(Close::GoingAway) | Next::Broken => Answer::Nothing,
        Next::Closed(close) => panic!("closed: {}", close.name()),
    }
}

/// What the relay publishes to a coordinator of the periods that began in this time.
pub async fn published(
    way: &Way,
    authority: AuthorityKey,
    coordinator: &Shift,
    (from, until): (Timestamp, Timestamp),
) -> Vec<Period> {
    let mut socket = Socket::connect(way, "/ws/indicators").await;
    let challenge = RelayToIndicators::decode(&socket.message().await);
    let Ok(RelayToIndicators::Challenge { ephemeral, .. }) = challenge else {
        panic!("the relay challenges first")
    };
    let Shift { key, certificate } = coordinator;
    let mac = key.sign_in_mac(&ephemeral, &way.origin, &authority, certificate).unwrap();
    let sign_in = SignIn { authority, certificate: *certificate, mac };
    socket.send(&IndicatorsToRelay::SignIn(Box::new(sign_in)).encode()).await;
    let signed_in = RelayToIndicators::decode(&socket.message().await);
    assert!(matches!(signed_in, Ok(RelayToIndicators::SignedIn)), "a coordinator is let in");
    socket.send(&IndicatorsToRelay::ReportRequest { from, until }.encode()).await;
    let mut periods = Vec::new();
    loop {
        match socket.next().await {
            Next::Message(frame) => match RelayToIndicators::decode(&frame) {
                Ok(RelayToIndicators::Period(period)) => periods.push(*period),
                Ok(_) | Err(_) => panic!("nothing but periods is asked for"),
            },
            Next::Closed(Close::Done) => return periods,
            Next::Closed(_) | Next::Broken => panic!("the relay closes when it has told all"),
        }
    }
}
