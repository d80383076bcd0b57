//! Records once, in order and whole, whatever the line does.

use proptest::prelude::*;

use super::world::{NOW, World, deliver, drain, hear};
use crate::cell::{self, Content, DATA_LEN};
use crate::{Cell, Record, RecordNumber, SessionError, TEXT_BYTES_MAX};

fn text(words: &str) -> Record {
    Record::text(words)
}

#[test]
fn words_of_any_length_arrive_once_and_whole() {
    let (mut client, mut worker) = World::new().converse();
    for (index, length) in
        [1, DATA_LEN, DATA_LEN + 1, 3 * DATA_LEN, TEXT_BYTES_MAX].iter().enumerate()
    {
        let said = text(&"x".repeat(*length));
        let number = client.say(&said).unwrap();
        assert!(number == RecordNumber(u64::try_from(index).unwrap() + 1));
        let cells = drain(&mut client);
        assert_eq!(cells.len(), length.div_ceil(DATA_LEN).min(48));
        let (mut arrived, delivered) = deliver(&mut client, &mut worker, &cells);
        assert!(arrived.pop() == Some(said) && arrived.is_empty());
        assert!(delivered == Some(number));
    }
}

#[test]
fn a_short_and_a_long_word_are_one_cell_each() {
    let (mut client, _) = World::new().converse();
    for words in ["да", &"x".repeat(900)] {
        client.say(&text(words)).unwrap();
        assert_eq!(drain(&mut client).len(), 1);
    }
}

#[test]
fn a_record_that_is_empty_or_too_long_is_not_taken() {
    let (mut client, mut worker) = World::new().converse();
    for words in [String::new(), "x".repeat(TEXT_BYTES_MAX + 1)] {
        assert_eq!(client.say(&text(&words)).err(), Some(SessionError::RecordSize));
    }
    client.say(&text("still works")).unwrap();
    assert_eq!(hear(&mut worker, &drain(&mut client)).len(), 1);
}

#[test]
fn a_duplicate_is_dropped_and_answered() {
    let (mut client, mut worker) = World::new().converse();
    client.say(&text("one")).unwrap();
    let cells = drain(&mut client);
    assert_eq!(hear(&mut worker, &cells).len(), 1);
    assert_eq!(drain(&mut worker).len(), 1, "the record is acknowledged");
    let again = worker.open(&cells[0], NOW).unwrap();
    assert!(again.records.is_empty() && !again.is_new);
    let acknowledgement = drain(&mut worker);
    assert_eq!(acknowledgement.len(), 1, "its acknowledgement may have been lost");
    assert!(client.open(&acknowledgement[0], NOW).unwrap().delivered == Some(RecordNumber(1)));
}

#[test]
fn what_overtook_a_lost_cell_waits_for_it() {
    let (mut client, mut worker) = World::new().converse();
    for words in ["one", "two", "three", "four", "five"] {
        client.say(&text(words)).unwrap();
    }
    let cells = drain(&mut client);
    assert_eq!(hear(&mut worker, &[cells[0], cells[2], cells[3], cells[4]]).len(), 1);
    // The selective acknowledgement says that three later ones have arrived: the second is lost.
    let news = worker.slot_cell().unwrap();
    assert!(client.open(&news, NOW).unwrap().delivered == Some(RecordNumber(1)));
    let again = drain(&mut client);
    assert!(again == [cells[1]], "exactly the lost one, byte by byte");
    let arrived = hear(&mut worker, &again);
    assert!(arrived == ["two", "three", "four", "five"].map(text));
}

#[test]
fn a_new_socket_brings_everything_again_that_has_not_arrived() {
    let (mut client, mut worker) = World::new().converse();
    for words in ["one", "two"] {
        client.say(&text(words)).unwrap();
    }
    let lost = drain(&mut client);
    client.rejoined();
    let again = drain(&mut client);
    assert!(again[1..] == lost, "byte by byte, after the first cell that was never answered");
    assert!(hear(&mut worker, &again) == ["one", "two"].map(text));
    client.open(&worker.slot_cell().unwrap(), NOW).unwrap();
    client.rejoined();
    assert!(drain(&mut client).is_empty(), "what has arrived is not sent again");
}

#[test]
fn a_full_window_stops_words_and_not_acknowledgements() {
    let (mut client, mut worker) = World::new().converse();
    let long = text(&"x".repeat(TEXT_BYTES_MAX));
    for end in [&mut client, &mut worker] {
        end.say(&long).unwrap();
        end.say(&long).unwrap();
    }
    let (from_client, from_worker) = (drain(&mut client), drain(&mut worker));
    assert_eq!((from_client.len(), from_worker.len()), (47, 48), "one client's cell came before");
    // Everything crosses. Neither could say anything now, but both have news of arrivals.
    let mut heard = hear(&mut worker, &from_client).len() + hear(&mut client, &from_worker).len();
    for _ in 0..20 {
        let (from_client, from_worker) = (drain(&mut client), drain(&mut worker));
        heard += hear(&mut worker, &from_client).len() + hear(&mut client, &from_worker).len();
    }
    assert_eq!(heard, 4);
    assert!(client.is_settled() && worker.is_settled());
}

#[test]
fn a_full_queue_refuses_and_loses_nothing() {
    let (mut client, mut worker) = World::new().converse();
    let words = "x".repeat(TEXT_BYTES_MAX);
    let mut said = 0;
    while client.has_room(words.len()) {
        client.say(&text(&words)).unwrap();
        said += 1;
    }
    assert_eq!(client.say(&text(&words)).err(), Some(SessionError::Full));
    let mut heard = 0;
    for _ in 0..40 {
        let cells = drain(&mut client);
        heard += deliver(&mut client, &mut worker, &cells).0.len();
    }
    assert_eq!((said, heard), (3, 3));
    assert!(client.has_room(words.len()));
}

#[test]
fn a_slot_is_filled_with_something_whatever_happens() {
    let (mut client, mut worker) = World::new().converse();
    for _ in 0..200 {
        assert!(client.slot_cell().is_some(), "also when the other end takes nothing");
    }
    client.say(&text("at last")).unwrap();
    client.rejoined();
    let cells: Vec<Cell> = (0..200).filter_map(|_| client.slot_cell()).collect();
    for cell in cells {
        worker.open(&cell, NOW).unwrap();
        for answer in drain(&mut worker) {
            client.open(&answer, NOW).unwrap();
        }
    }
    assert!(hear(&mut worker, &drain(&mut client)) == [text("at last")]);
}

#[test]
fn a_cell_changed_in_any_byte_harms_nothing() {
    let (mut client, mut worker) = World::new().converse();
    client.say(&text("hello")).unwrap();
    let sealed = drain(&mut client)[0];
    for position in 0..sealed.len() {
        let mut changed = sealed;
        changed[position] ^= 1;
        match worker.open(&changed, NOW) {
            // A changed number may read as an old one, which is dropped unread.
            Ok(opened) => assert!(!opened.is_new && position < 8, "byte {position} was believed"),
            Err(error) => assert_eq!(error, SessionError::Unsealed, "byte {position}"),
        }
    }
    assert!(hear(&mut worker, &[sealed]) == [text("hello")], "the session is as it was");
}

#[test]
fn an_end_does_not_open_its_own_cells() {
    let (mut client, _) = World::new().converse();
    client.say(&text("hello")).unwrap();
    let own = drain(&mut client)[0];
    assert_eq!(client.open(&own, NOW).err(), Some(SessionError::Unsealed));
}

#[test]
fn after_close_nothing_is_said() {
    let (mut client, mut worker) = World::new().converse();
    client.say(&text("before")).unwrap();
    client.say(&Record::Close).unwrap();
    assert_eq!(client.say(&text("late")).err(), Some(SessionError::Closed));
    worker.say(&text("crossed")).unwrap();
    let crossed = drain(&mut worker);
    worker.say(&text("never sealed")).unwrap();
    assert!(hear(&mut worker, &drain(&mut client)) == [text("before"), Record::Close]);
    assert_eq!(worker.say(&text("late")).err(), Some(SessionError::Closed));
    assert!(hear(&mut client, &crossed) == [text("crossed")], "it was on its way");
    let last = drain(&mut worker);
    assert!(hear(&mut client, &last).is_empty(), "the close itself is acknowledged, no word after");
    assert!(client.is_settled());
}

/// What the worker makes of a cell that opens but was put together by somebody else's rules.
fn crafted(content: &Content) -> Option<SessionError> {
    let (client, mut worker) = World::new().converse();
    let sealed = cell::seal(&client.keys().client, 3, content);
    worker.open(&sealed, NOW).err()
}

#[test]
fn a_cell_that_breaks_the_rules_ends_the_consultation() {
    let full = || vec![b'x'; DATA_LEN].into();
    let fine = Content { acknowledged: 2, ..Content::default() };
    let record = |record_type, data: &[u8]| Content {
        record_type,
        data: data.to_vec().into(),
        ..fine.clone()
    };
    let cases = [
        Content { acknowledged: 3, ..fine.clone() },
        Content { selective: 1, ..fine.clone() },
        Content { acknowledged: u64::MAX, selective: u64::MAX, ..fine.clone() },
        record(9, &[1]),
        record(1, &[0xff]),
        record(1, &[]),
        record(2, &[7]),
        record(0, &[7]),
        Content { more: true, data: full(), ..fine.clone() },
        Content { more: true, ..record(1, b"x") },
        // Records that only a worker sends, and one that only a hand-over begins with.
        record(4, &[0; 1_316]),
        record(5, &[0; 164]),
        record(7, &[1]),
        record(8, &[0; 8]),
        record(6, &[4]),
    ];
    for (index, content) in cases.iter().enumerate() {
        if content.data.len() <= DATA_LEN {
            assert_eq!(crafted(content), Some(SessionError::Misbehaved), "case {index}");
        }
    }
    assert_eq!(crafted(&Content { record_type: 1, more: true, data: full(), ..fine }), None);
}

#[test]
fn a_cell_beyond_the_window_ends_the_consultation() {
    let (client, mut worker) = World::new().converse();
    let content = Content { acknowledged: 2, ..Content::default() };
    let at = |sequence| cell::seal(&client.keys().client, sequence, &content);
    assert!(worker.open(&at(3 + 64), NOW).is_ok());
    assert_eq!(worker.open(&at(3 + 65), NOW).err(), Some(SessionError::Misbehaved));
}

#[test]
fn a_record_without_end_is_cut_at_its_limit() {
    let (client, mut worker) = World::new().converse();
    let content = Content {
        acknowledged: 2,
        record_type: 1,
        more: true,
        data: vec![b'x'; DATA_LEN].into(),
        ..Content::default()
    };
    let ended = (3..200).find_map(|sequence| {
        worker.open(&cell::seal(&client.keys().client, sequence, &content), NOW).err()
    });
    assert_eq!(ended, Some(SessionError::Misbehaved));
}

proptest! {
    #[test]
    fn no_cell_makes_an_end_panic(bytes in prop::collection::vec(any::<u8>(), 1024)) {
        let (_, mut worker) = World::new().converse();
        let opened = worker.open(&bytes.try_into().unwrap(), NOW);
        prop_assert!(opened.map_or(true, |opened| opened.records.is_empty()));
    }

    #[test]
    fn no_content_makes_an_end_panic(
        acknowledged in prop_oneof![0..200_u64, any::<u64>()],
        selective in any::<u64>(),
        sequence in 0..300_u64,
        record_type in 0..12_u8,
        data in prop::collection::vec(any::<u8>(), 0..DATA_LEN),
    ) {
        let (client, mut worker) = World::new().converse();
        let data = data.into();
        let content = Content { acknowledged, selective, record_type, more: false, data };
        let _any = worker.open(&cell::seal(&client.keys().client, sequence, &content), NOW);
    }
}
