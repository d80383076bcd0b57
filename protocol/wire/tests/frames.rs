//! Every row of the frame table, read from the golden frames and written again.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that panics has failed, which is what it is for"
)]

use proptest::prelude::*;
use serde_json::Value;
use vestibule_wire::{
    AuthorityKey, CELL_LEN, CELLS, ClientToRelay, EndToRelay, EpochStatement, IndicatorsToRelay,
    LinkId, Malformed, PuzzleBits, PuzzleNonce, PuzzleSeed, RelayToClient, RelayToEnd,
    RelayToIndicators, RelayToSeat, RelayToWorker, SLIP_COUNT_MAX, SLIP_LEN, SeatToRelay,
    TABLE_LABELS_MAX, Table, Timestamp, WorkerToRelay, solves,
};

/// Reads and writes a message of one direction.
type Rewrite = fn(&[u8]) -> Result<Vec<u8>, Malformed>;

const CLIENT_TO_RELAY: Rewrite = |bytes| ClientToRelay::decode(bytes).map(|frame| frame.encode());
const RELAY_TO_CLIENT: Rewrite = |bytes| RelayToClient::decode(bytes).map(|frame| frame.encode());
const WORKER_TO_RELAY: Rewrite = |bytes| WorkerToRelay::decode(bytes).map(|frame| frame.encode());
const RELAY_TO_WORKER: Rewrite = |bytes| RelayToWorker::decode(bytes).map(|frame| frame.encode());
const SEAT_TO_RELAY: Rewrite = |bytes| SeatToRelay::decode(bytes).map(|frame| frame.encode());
const RELAY_TO_SEAT: Rewrite = |bytes| RelayToSeat::decode(bytes).map(|frame| frame.encode());

const END_TO_RELAY: Rewrite = |bytes| EndToRelay::decode(bytes).map(|frame| frame.encode());
const RELAY_TO_END: Rewrite = |bytes| RelayToEnd::decode(bytes).map(|frame| frame.encode());

const INDICATORS_TO_RELAY: Rewrite =
    |bytes| IndicatorsToRelay::decode(bytes).map(|frame| frame.encode());
const RELAY_TO_INDICATORS: Rewrite =
    |bytes| RelayToIndicators::decode(bytes).map(|frame| frame.encode());

const DIRECTIONS: [Rewrite; 10] = [
    CLIENT_TO_RELAY,
    RELAY_TO_CLIENT,
    WORKER_TO_RELAY,
    RELAY_TO_WORKER,
    SEAT_TO_RELAY,
    RELAY_TO_SEAT,
    END_TO_RELAY,
    RELAY_TO_END,
    INDICATORS_TO_RELAY,
    RELAY_TO_INDICATORS,
];

/// The sign-in is the same on two sockets.
const ON_TWO_SOCKETS: [&str; 3] = ["challenge", "sign_in", "signed_in"];

const TABLE: [(&str, Rewrite); 39] = [
    ("relay_time", RELAY_TO_CLIENT),
    ("open", CLIENT_TO_RELAY),
    ("waiting_now", RELAY_TO_CLIENT),
    ("waiting_soon", RELAY_TO_CLIENT),
    ("waiting_long", RELAY_TO_CLIENT),
    ("waiting_nobody", RELAY_TO_CLIENT),
    ("waiting_held", RELAY_TO_CLIENT),
    ("matched", RELAY_TO_CLIENT),
    ("puzzle", RELAY_TO_CLIENT),
    ("solution", CLIENT_TO_RELAY),
    ("challenge", RELAY_TO_WORKER),
    ("sign_in", WORKER_TO_RELAY),
    ("signed_in", RELAY_TO_WORKER),
    ("epoch_statement", WORKER_TO_RELAY),
    ("offer", RELAY_TO_WORKER),
    ("withdrawn", RELAY_TO_WORKER),
    ("accept", WORKER_TO_RELAY),
    ("granted", RELAY_TO_WORKER),
    ("decline", WORKER_TO_RELAY),
    ("revoke", WORKER_TO_RELAY),
    ("revocations", RELAY_TO_WORKER),
    ("deferred", RELAY_TO_WORKER),
    ("take_seat", SEAT_TO_RELAY),
    ("seated", RELAY_TO_SEAT),
    ("rejoin_client", END_TO_RELAY),
    ("rejoin_worker", END_TO_RELAY),
    ("alone", RELAY_TO_END),
    ("joined", RELAY_TO_END),
    ("colleague", RELAY_TO_WORKER),
    ("colleague_left", RELAY_TO_WORKER),
    ("whisper", WORKER_TO_RELAY),
    ("whispered", RELAY_TO_WORKER),
    ("hand_in", INDICATORS_TO_RELAY),
    ("counted", RELAY_TO_INDICATORS),
    ("report_request", INDICATORS_TO_RELAY),
    ("period", RELAY_TO_INDICATORS),
    ("challenge", RELAY_TO_INDICATORS),
    ("sign_in", INDICATORS_TO_RELAY),
    ("signed_in", RELAY_TO_INDICATORS),
];

fn golden(name: &str) -> Vec<u8> {
    let frames: Value =
        serde_json::from_str(include_str!("../../tests/golden/frames.json")).unwrap();
    data_encoding::HEXLOWER.decode(frames[name].as_str().unwrap().as_bytes()).unwrap()
}

#[test]
fn every_frame_is_read_and_written_in_its_direction_alone() {
    for (name, rewrite) in TABLE {
        let bytes = golden(name);
        assert!(bytes.len() != CELL_LEN, "{name} could be taken for a cell");
        assert_eq!(rewrite(&bytes).as_ref(), Ok(&bytes), "{name}");
        let understood = DIRECTIONS.iter().filter(|rewrite| rewrite(&bytes).is_ok()).count();
        let directions = if ON_TWO_SOCKETS.contains(&name) { 2 } else { 1 };
        assert_eq!(understood, directions, "{name} is understood in another direction too");
    }
}

#[test]
fn a_frame_of_another_length_is_refused() {
    for (name, rewrite) in TABLE {
        let bytes = golden(name);
        for length in 0..bytes.len() {
            assert!(rewrite(&bytes[..length]).is_err(), "{name} cut to {length} bytes");
        }
        assert!(rewrite(&[&bytes[..], &[0]].concat()).is_err(), "{name} with a byte more");
    }
}

#[test]
fn no_frame_is_longer_than_its_direction_says() {
    let longest = |direction: Rewrite| {
        let frames = TABLE.iter().filter(|(_, rewrite)| std::ptr::fn_addr_eq(*rewrite, direction));
        frames.map(|(name, _)| golden(name).len()).max()
    };
    assert_eq!(longest(CLIENT_TO_RELAY), Some(ClientToRelay::LEN_MAX));
    assert_eq!(longest(WORKER_TO_RELAY), Some(WorkerToRelay::LEN_MAX));
    assert_eq!(longest(RELAY_TO_WORKER), Some(RelayToWorker::LEN_MAX));
    assert_eq!(longest(SEAT_TO_RELAY), Some(SeatToRelay::LEN_MAX));
    assert_eq!(longest(END_TO_RELAY), Some(EndToRelay::LEN_MAX));
    assert_eq!(longest(INDICATORS_TO_RELAY), Some(IndicatorsToRelay::LEN_MAX));
}

/// Where a slip's parts stand in `hand_in`.
const SLIP_TABLE_AT: usize = 1 + 32 + 2 + 1 + 16;
const SLIP_COUNTS_AT: usize = SLIP_TABLE_AT + 1;

#[test]
fn a_slip_has_one_size_whatever_it_counts() {
    let slip = golden("hand_in");
    assert_eq!(slip.len(), 1 + SLIP_LEN);
    assert_eq!(SLIP_COUNTS_AT + 2 * TABLE_LABELS_MAX + 64, slip.len());
}

#[test]
fn a_slip_is_of_a_table_that_consoles_count_and_of_no_other() {
    let mut slip = golden("hand_in");
    slip[SLIP_COUNTS_AT..SLIP_COUNTS_AT + 2 * TABLE_LABELS_MAX].fill(0);
    for number in 0..=u8::MAX {
        slip[SLIP_TABLE_AT] = number;
        let handed_in = Table::numbered(number).filter(|table| number >= 10 && !table.is_empty());
        assert_eq!(INDICATORS_TO_RELAY(&slip).is_ok(), handed_in.is_some(), "table {number}");
    }
}

#[test]
fn a_slip_with_a_count_beyond_its_table_or_beyond_what_may_be_counted_is_refused() {
    let mut slip = golden("hand_in");
    let table = Table::numbered(slip[SLIP_TABLE_AT]).unwrap();
    for place in 0..TABLE_LABELS_MAX {
        let at = SLIP_COUNTS_AT + 2 * place;
        let before = [slip[at], slip[at + 1]];
        for (count, fits) in [(0, true), (1, place < table.len())] {
            slip[at..at + 2].copy_from_slice(&u16::to_be_bytes(count));
            assert_eq!(INDICATORS_TO_RELAY(&slip).is_ok(), fits, "label {place}, count {count}");
        }
        slip[at..at + 2].copy_from_slice(&SLIP_COUNT_MAX.to_be_bytes());
        assert_eq!(INDICATORS_TO_RELAY(&slip).is_ok(), place < table.len(), "label {place}");
        slip[at..at + 2].copy_from_slice(&(SLIP_COUNT_MAX + 1).to_be_bytes());
        assert!(INDICATORS_TO_RELAY(&slip).is_err(), "label {place}");
        slip[at..at + 2].copy_from_slice(&before);
    }
}

#[test]
fn a_slip_is_believed_as_it_was_signed_and_not_otherwise() {
    let (frame, statement) = (golden("hand_in"), golden("epoch_statement"));
    let bytes = statement[1..].first_chunk().unwrap();
    let authority = AuthorityKey::from_bytes(*frame[1..].first_chunk().unwrap());
    let statement = EpochStatement::verify(bytes, &authority, Timestamp(1_795_000_000)).unwrap();
    let is_believed = |frame: &[u8]| match IndicatorsToRelay::decode(frame) {
        Ok(IndicatorsToRelay::HandIn(slip, signature)) => slip.is_signed_by(&statement, &signature),
        _ => false,
    };
    assert!(is_believed(&frame));
    for place in 0..frame.len() {
        let mut damaged = frame.clone();
        damaged[place] ^= 1;
        assert!(!is_believed(&damaged), "byte {place}");
    }
}

#[test]
fn a_period_has_all_cells_and_negative_sums() {
    let bytes = golden("period");
    let Ok(RelayToIndicators::Period(period)) = RelayToIndicators::decode(&bytes) else {
        panic!("not a period");
    };
    assert_eq!(bytes.len(), 1 + 12 + 24 + 4 * CELLS);
    assert!(period.sums.iter().any(|sum| *sum < 0));
}

#[test]
fn a_puzzle_of_no_or_too_many_bits_is_refused() {
    let mut puzzle = golden("puzzle");
    for (bits, allowed) in [(0, false), (1, true), (18, true), (19, false), (255, false)] {
        *puzzle.last_mut().unwrap() = bits;
        assert_eq!(RELAY_TO_CLIENT(&puzzle).is_ok(), allowed, "{bits} bits");
    }
}

#[test]
fn a_puzzle_is_solved_by_a_hash_that_begins_with_enough_zeros_and_by_no_other() {
    let (seed, link) = (PuzzleSeed([1; 16]), LinkId([2; 16]));
    for number in 0..2_000_u64 {
        let nonce = number.to_be_bytes();
        let message = [b"vestibule/1 puzzle\0", &seed.0[..], &link.0, &nonce].concat();
        let digest = vestibule_wire::hash(&[&message]);
        let zeros: u32 = digest
            .iter()
            .try_fold(0, |zeros, byte| match byte {
                0 => Ok(zeros + 8),
                _ => Err(zeros + byte.leading_zeros()),
            })
            .unwrap_or_else(|zeros| zeros);
        for bits in 1..=18 {
            let bits = PuzzleBits::new(bits).unwrap();
            let solved = solves(&seed, &link, bits, &PuzzleNonce(nonce));
            assert_eq!(solved, zeros >= u32::from(bits.count()), "nonce {number}");
        }
    }
}

proptest! {
    #[test]
    fn no_message_makes_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..4500)) {
        for rewrite in DIRECTIONS {
            if let Ok(written) = rewrite(&bytes) {
                prop_assert_eq!(&written, &bytes);
            }
        }
    }
}
