//! Records in order, acknowledged, and nothing else.

use proptest::prelude::*;

use super::world::World;
use crate::cell::{self, Content, DATA_LEN};
use crate::{Record, SessionError, TEXT_BYTES_MAX};

fn text(words: &str) -> Record {
    Record::Text(words.to_owned())
}

#[test]
fn words_of_any_length_arrive_once_and_whole() {
    let (mut client, mut worker) = World::new().converse();
    for length in [1, DATA_LEN, DATA_LEN + 1, 3 * DATA_LEN, TEXT_BYTES_MAX] {
        let said = text(&"x".repeat(length));
        let sealed = client.seal(&said).unwrap();
        assert_eq!(sealed.cells.len(), length.div_ceil(DATA_LEN));
        let arrived: Vec<Record> =
            sealed.cells.iter().filter_map(|cell| worker.open(cell).unwrap().record).collect();
        assert!(arrived == [said]);
        let acknowledged = client.open(&worker.seal_empty().unwrap()).unwrap().acknowledged;
        assert_eq!(acknowledged, sealed.last_sequence + 1);
    }
}

#[test]
fn a_short_and_a_long_word_are_one_cell_each() {
    let (mut client, _) = World::new().converse();
    assert_eq!(client.seal(&text("да")).unwrap().cells.len(), 1);
    assert_eq!(client.seal(&text(&"x".repeat(900))).unwrap().cells.len(), 1);
}

#[test]
fn a_record_that_is_empty_or_too_long_is_not_sent() {
    let (mut client, mut worker) = World::new().converse();
    for words in [String::new(), "x".repeat(TEXT_BYTES_MAX + 1)] {
        assert_eq!(client.seal(&text(&words)).err(), Some(SessionError::RecordSize));
    }
    let cell = client.seal(&text("still works")).unwrap().cells[0];
    assert!(worker.open(&cell).unwrap().record.is_some());
}

#[test]
fn a_duplicate_is_dropped_and_a_gap_ends() {
    let (mut client, mut worker) = World::new().converse();
    let first = client.seal(&text("one")).unwrap().cells[0];
    let _lost = client.seal(&text("two")).unwrap();
    let third = client.seal(&text("three")).unwrap().cells[0];
    assert!(worker.open(&first).unwrap().record.is_some());
    assert!(worker.open(&first).unwrap().record.is_none());
    assert_eq!(worker.open(&third).err(), Some(SessionError::Gap));
}

#[test]
fn a_cell_changed_in_any_byte_does_not_open() {
    let (mut client, _) = World::new().converse();
    let sealed = client.seal(&text("hello")).unwrap().cells[0];
    for position in 0..sealed.len() {
        let (_, mut worker) = World::new().converse();
        let mut changed = sealed;
        changed[position] ^= 1;
        let opened = worker.open(&changed);
        // A changed sequence number may read as an old one, which is dropped unread.
        let nothing = opened.as_ref().map_or(true, |received| received.record.is_none());
        assert!(nothing, "byte {position} was changed and the record believed");
        if position >= 8 {
            assert_eq!(opened.err(), Some(SessionError::Unsealed), "byte {position}");
        }
    }
}

#[test]
fn an_end_does_not_open_its_own_cells() {
    let (mut client, _) = World::new().converse();
    let own = client.seal(&text("hello")).unwrap().cells[0];
    let mut reflected = own;
    reflected[7] = 2;
    assert_eq!(client.open(&own).err(), Some(SessionError::Unsealed));
    assert_eq!(client.open(&reflected).err(), Some(SessionError::Unsealed));
}

#[test]
fn after_close_nothing_is_said() {
    let (mut client, mut worker) = World::new().converse();
    let close = client.seal(&Record::Close).unwrap().cells[0];
    assert_eq!(client.seal(&text("late")).err(), Some(SessionError::Closed));
    assert!(worker.open(&close).unwrap().record == Some(Record::Close));
    assert_eq!(worker.seal(&text("late")).err(), Some(SessionError::Closed));
    assert!(worker.seal_empty().is_ok(), "the close itself is acknowledged");
}

/// What the worker makes of a cell that opens but was put together by somebody else's rules.
fn crafted(content: &Content) -> Option<SessionError> {
    let (client, mut worker) = World::new().converse();
    let sealed = cell::seal(&client.keys.client, 3, content);
    worker.open(&sealed).err()
}

#[test]
fn a_cell_that_breaks_the_rules_ends_the_consultation() {
    let full = || vec![b'x'; DATA_LEN].into();
    let cases = [
        Content { acknowledged: 99, ..Content::default() },
        Content { acknowledged: 1, ..Content::default() },
        Content { acknowledged: 2, record_type: 9, data: vec![1].into(), ..Content::default() },
        Content { acknowledged: 2, record_type: 1, data: vec![0xff].into(), ..Content::default() },
        Content { acknowledged: 2, record_type: 1, ..Content::default() },
        Content { acknowledged: 2, record_type: 2, data: vec![7].into(), ..Content::default() },
        Content { acknowledged: 2, record_type: 0, data: vec![7].into(), ..Content::default() },
        Content { acknowledged: 2, record_type: 0, more: true, data: full() },
        Content { acknowledged: 2, record_type: 1, more: true, data: vec![b'x'].into() },
    ];
    for (index, content) in cases.iter().enumerate() {
        assert_eq!(crafted(content), Some(SessionError::Misbehaved), "case {index}");
    }
    let fine = Content { acknowledged: 2, record_type: 1, more: true, data: full() };
    assert_eq!(crafted(&fine), None);
}

#[test]
fn a_record_without_end_is_cut_at_its_limit() {
    let (client, mut worker) = World::new().converse();
    let content =
        Content { acknowledged: 2, record_type: 1, more: true, data: vec![b'x'; DATA_LEN].into() };
    let ended = (3..200).find_map(|sequence| {
        worker.open(&cell::seal(&client.keys.client, sequence, &content)).err()
    });
    assert_eq!(ended, Some(SessionError::Misbehaved));
}

proptest! {
    #[test]
    fn no_cell_makes_an_end_panic(bytes in prop::collection::vec(any::<u8>(), 1024)) {
        let (_, mut worker) = World::new().converse();
        let opened = worker.open(&bytes.try_into().unwrap());
        prop_assert!(opened.map_or(true, |received| received.record.is_none()));
    }

    #[test]
    fn words_in_both_directions_keep_their_order(
        turns in prop::collection::vec((any::<bool>(), "\\PC{1,400}"), 1..20)
    ) {
        let (mut client, mut worker) = World::new().converse();
        for (from_client, words) in turns {
            let (from, to) =
                if from_client { (&mut client, &mut worker) } else { (&mut worker, &mut client) };
            let said = text(&words);
            let mut arrived = None;
            for cell in from.seal(&said).unwrap().cells {
                arrived = to.open(&cell).unwrap().record;
            }
            prop_assert!(arrived == Some(said));
        }
    }
}
