//! Files (section 10): what may be sent when, how much, and how it goes beside words.

use std::time::Duration;

use zeroize::Zeroizing;

use super::world::{NOW, World, deliver, drain, hear};
use crate::cell::DATA_LEN;
use crate::record::Body;
use crate::{
    Cover, FILE_BYTES_MAX, FILE_PART_BYTES, FileKind, FileNumber, FileOffer, FileReply,
    HandOverReply, Incoming, Pacer, Record, Session, SessionError, Side, VOICE_BYTES_MAX,
};

const FIRST: FileNumber = FileNumber(1);

fn offer(size: usize) -> FileOffer {
    FileOffer { file: FIRST, kind: FileKind::Pdf, size }
}

fn content(size: usize) -> Zeroizing<Vec<u8>> {
    (1..=251).cycle().take(size).collect::<Vec<u8>>().into()
}

fn reply(reply: FileReply) -> Record {
    Record::FileReply { file: FIRST, reply }
}

fn say(from: &mut Session, to: &mut Session, record: &Record) -> Vec<Record> {
    from.say(record).unwrap();
    let cells = drain(from);
    deliver(from, to, &cells).0
}

/// Both ends, with a file of this size that may come.
fn expecting(size: usize) -> (Session, Session) {
    let (mut client, mut worker) = World::new().converse();
    assert!(say(&mut client, &mut worker, &Record::FileOffer(offer(size))).len() == 1);
    assert!(say(&mut worker, &mut client, &reply(FileReply::Send)).len() == 1);
    (client, worker)
}

/// What the worker makes of what a client says that keeps no rule of files.
fn heard_by_worker(
    (mut client, mut worker): (Session, Session),
    record: &Record,
) -> Option<SessionError> {
    client.say_against_the_rules(record);
    drain(&mut client).iter().find_map(|cell| worker.open(cell, NOW).err())
}

fn part(file: u16, data: Vec<u8>) -> Record {
    Record::FilePart { file: FileNumber(file), data }
}

#[test]
fn a_padded_size_tells_little_and_costs_little() {
    let padded = |size| offer(size).padded_size();
    // As the paper's formula gives them.
    let known = [(1, 1), (2, 2), (9, 10), (1_000, 1_024), (1_025, 1_088), (10_485_760, 10_485_760)];
    for (size, wanted) in known {
        assert_eq!(padded(size), wanted, "{size}");
    }
    let sizes = (1..=FILE_BYTES_MAX).step_by(997).chain(1..5_000);
    for size in sizes {
        let wanted = padded(size);
        assert!(size <= wanted && wanted <= FILE_BYTES_MAX, "{size}");
        assert!((wanted - size) * 100 <= size * 12, "{size}");
        assert_eq!(padded(wanted), wanted, "{size}");
    }
    let lengths: std::collections::BTreeSet<usize> = (1_000_000..2_000_000).map(padded).collect();
    assert!(lengths.len() < 50, "{} lengths in a million", lengths.len());
}

#[test]
fn a_part_fills_its_cells() {
    assert_eq!((FILE_PART_BYTES + 2) % DATA_LEN, 0);
}

#[test]
fn a_file_arrives_as_it_was() {
    for size in [1, 979, FILE_PART_BYTES, FILE_PART_BYTES + 1, 300_000, FILE_BYTES_MAX] {
        let (mut client, mut worker) = expecting(size);
        client.send_file(FIRST, content(size)).unwrap();
        assert!(client.is_moving_file() && worker.is_moving_file());
        let cells = drain(&mut client);
        let (heard, _) = deliver(&mut client, &mut worker, &cells);
        assert!(!worker.is_moving_file());
        let mut incoming = Incoming::new(&offer(size));
        let mut whole = Vec::new();
        for record in &heard {
            let Record::FilePart { file: FIRST, data } = record else { panic!("another record") };
            whole.extend(incoming.add(data));
        }
        assert!(whole == [content(size)], "{size}");
        assert!(say(&mut worker, &mut client, &reply(FileReply::Received)).len() == 1);
        assert!(!client.is_moving_file() && client.is_settled());
        let next = FileOffer { file: FileNumber(2), ..offer(5) };
        assert!(say(&mut client, &mut worker, &Record::FileOffer(next)).len() == 1);
    }
}

#[test]
fn nothing_goes_before_the_worker_agrees() {
    let (mut client, mut worker) = World::new().converse();
    assert!(client.send_file(FIRST, content(9)).is_err(), "not offered");
    say(&mut client, &mut worker, &Record::FileOffer(offer(9)));
    assert!(client.send_file(FIRST, content(9)).is_err(), "not agreed");
    say(&mut worker, &mut client, &reply(FileReply::Send));
    assert!(client.send_file(FIRST, content(8)).is_err(), "another length");
    assert!(client.send_file(FileNumber(2), content(9)).is_err(), "another file");
    assert!(worker.send_file(FIRST, content(9)).is_err(), "a worker");
    client.send_file(FIRST, content(9)).unwrap();
    assert!(client.send_file(FIRST, content(9)).is_err(), "twice");
    assert!(client.say(&part(1, vec![1])).is_err(), "by hand");
}

#[test]
fn words_do_not_wait_for_a_file() {
    let (mut client, mut worker) = expecting(1_000_000);
    client.send_file(FIRST, content(1_000_000)).unwrap();
    let begun = [client.next_cell().unwrap()];
    let text = client.say(&Record::text("скорее")).unwrap();
    let cells: Vec<_> = (0..17).map(|_| client.next_cell().unwrap()).collect();
    assert!(hear(&mut worker, &begun).is_empty());
    let heard = hear(&mut worker, &cells);
    assert!(matches!(&heard[0], Record::FilePart { .. }), "the part that had begun");
    assert!(heard[1] == Record::text("скорее"));
    let answers = drain(&mut worker);
    let delivered = answers.iter().filter_map(|cell| client.open(cell, NOW).unwrap().delivered);
    assert!(delivered.last() == Some(text), "and are delivered before it");
}

#[test]
fn a_file_takes_no_room_from_words_and_renews_no_keys() {
    let (mut client, mut worker) = expecting(1_000_000);
    let before = (client.record_cells(), worker.record_cells());
    client.send_file(FIRST, content(1_000_000)).unwrap();
    let cells = drain(&mut client);
    assert!(client.has_room(40_000) && client.has_room(131_072));
    deliver(&mut client, &mut worker, &cells);
    let after = (client.record_cells(), worker.record_cells());
    assert_eq!(before, after);
}

#[test]
fn a_steady_end_sends_a_file_at_once_and_is_steady_again() {
    let (mut client, mut worker) = expecting(20_000);
    let mut pacer = Pacer::new(Cover::Steady);
    let now = |milliseconds| Duration::from_millis(milliseconds);
    pacer.cells(&mut client, now(0), 0);
    client.send_file(FIRST, content(20_000)).unwrap();
    let cells = pacer.cells(&mut client, now(1), 0);
    assert_eq!(cells.len(), 21, "all of it");
    deliver(&mut client, &mut worker, &cells);
    say(&mut worker, &mut client, &reply(FileReply::Received));
    pacer.cells(&mut client, now(2), 0);
    client.say(&Record::text("да")).unwrap();
    assert!(pacer.cells(&mut client, now(3), 0).is_empty(), "words wait for their slot");
    // The worker acknowledges at once too, or the window would open once in a slot.
    let (mut client, mut worker) = expecting(20_000);
    let mut pacer = Pacer::new(Cover::Steady);
    pacer.cells(&mut worker, now(0), 0);
    client.send_file(FIRST, content(20_000)).unwrap();
    hear(&mut worker, &drain(&mut client)[..8]);
    assert_eq!(pacer.cells(&mut worker, now(1), 0).len(), 1);
}

#[test]
fn a_new_socket_goes_on_where_the_last_one_broke() {
    let (mut client, mut worker) = expecting(200_000);
    client.send_file(FIRST, content(200_000)).unwrap();
    let mut incoming = Incoming::new(&offer(200_000));
    let mut whole = Vec::new();
    let mut sockets = 0;
    while whole.is_empty() {
        sockets += 1;
        client.rejoined();
        worker.rejoined();
        let mut cells: Vec<_> = client.empty_cell().into_iter().chain(drain(&mut client)).collect();
        // Each brings a little and breaks.
        cells.truncate(31);
        for record in hear(&mut worker, &cells) {
            let Record::FilePart { data, .. } = &record else { panic!("another record") };
            whole.extend(incoming.add(data));
        }
        for cell in worker.empty_cell().into_iter().chain(drain(&mut worker)) {
            client.open(&cell, NOW).unwrap();
        }
    }
    assert!(whole == [content(200_000)] && sockets > 5);
}

#[test]
fn a_refusal_on_the_way_stops_the_rest() {
    let (mut client, mut worker) = expecting(1_000_000);
    client.send_file(FIRST, content(1_000_000)).unwrap();
    let cells = drain(&mut client);
    assert!(!hear(&mut worker, &cells[..20]).is_empty());
    worker.say(&reply(FileReply::Refused)).unwrap();
    assert!(hear(&mut worker, &cells[20..]).is_empty(), "what was on its way means nothing");
    assert!(hear(&mut client, &drain(&mut worker)).len() == 1);
    let rest = drain(&mut client);
    assert!(rest.len() < 20, "the part that was being cut, and no more");
    assert!(deliver(&mut client, &mut worker, &rest).0.is_empty());
    let next = FileOffer { file: FileNumber(2), ..offer(5) };
    assert!(say(&mut client, &mut worker, &Record::FileOffer(next)).len() == 1);
}

#[test]
fn what_crosses_a_withdrawal_means_nothing() {
    for said in [FileReply::Send, FileReply::Refused] {
        let (mut client, mut worker) = World::new().converse();
        say(&mut client, &mut worker, &Record::FileOffer(offer(9)));
        worker.say(&reply(said)).unwrap();
        client.say(&Record::FileWithdrawn { file: FIRST }).unwrap();
        let (from_worker, from_client) = (drain(&mut worker), drain(&mut client));
        assert!(hear(&mut client, &from_worker).is_empty());
        let means = said == FileReply::Send;
        assert!(hear(&mut worker, &from_client).len() == usize::from(means));
        assert!(!client.is_moving_file() && !worker.is_moving_file());
        let next = FileOffer { file: FileNumber(2), ..offer(5) };
        assert!(say(&mut client, &mut worker, &Record::FileOffer(next)).len() == 1);
    }
}

#[test]
fn a_close_and_a_hand_over_leave_a_file_behind() {
    let (mut client, mut worker) = expecting(1_000_000);
    client.send_file(FIRST, content(1_000_000)).unwrap();
    let begun = client.next_cell().unwrap();
    client.say(&Record::Close).unwrap();
    let cells = drain(&mut client);
    assert!(cells.len() < 20, "the part that was being cut, and the close");
    hear(&mut worker, &[begun]);
    assert!(hear(&mut worker, &cells).last() == Some(&Record::Close));
    assert!(!worker.is_moving_file());

    let (mut client, _) = expecting(1_000_000);
    client.send_file(FIRST, content(1_000_000)).unwrap();
    client.say(&Record::FileWithdrawn { file: FIRST }).unwrap();
    let _ = client.say(&Record::HandOverReply(HandOverReply::Declined));
    assert!(drain(&mut client).len() <= 2);
}

#[test]
fn a_client_that_keeps_no_rule_ends_the_consultation() {
    let wrong: [(&str, Record); 8] = [
        ("a part of another length", part(1, vec![1; 99])),
        ("a part of another file", part(2, vec![1; 100])),
        ("a part of no file", part(0, vec![1; 100])),
        ("another offer", Record::FileOffer(FileOffer { file: FileNumber(2), ..offer(5) })),
        ("the same offer", Record::FileOffer(offer(100))),
        ("a withdrawal of another", Record::FileWithdrawn { file: FileNumber(2) }),
        ("a withdrawal of none", Record::FileWithdrawn { file: FileNumber(0) }),
        ("padding that is none", part(1, vec![1; 104])),
    ];
    // 100 bytes are padded to 104.
    for (what, record) in &wrong {
        let error = heard_by_worker(expecting(100), record);
        assert_eq!(error, Some(SessionError::Misbehaved), "{what}");
    }
    let right = part(1, [vec![1; 100], vec![0; 4]].concat());
    assert_eq!(heard_by_worker(expecting(100), &right), None, "the control");
    let (mut client, mut worker) = World::new().converse();
    say(&mut client, &mut worker, &Record::FileOffer(offer(100)));
    let error = heard_by_worker((client, worker), &right);
    assert_eq!(error, Some(SessionError::Misbehaved), "a part before the worker agreed");
}

#[test]
fn a_worker_says_only_what_there_is_to_say() {
    let (mut client, mut worker) = World::new().converse();
    for wrong in [FileReply::Send, FileReply::Refused, FileReply::Received] {
        assert_eq!(worker.say(&reply(wrong)).err(), Some(SessionError::NotNow));
    }
    say(&mut client, &mut worker, &Record::FileOffer(offer(100)));
    assert_eq!(worker.say(&reply(FileReply::Received)).err(), Some(SessionError::NotNow));
    let other = Record::FileReply { file: FileNumber(2), reply: FileReply::Send };
    assert_eq!(worker.say(&other).err(), Some(SessionError::NotNow));
    say(&mut worker, &mut client, &reply(FileReply::Send));
    assert_eq!(worker.say(&reply(FileReply::Received)).err(), Some(SessionError::NotNow));
    // And a client hears nothing else of it.
    worker.say_against_the_rules(&reply(FileReply::Received));
    let cells = drain(&mut worker);
    assert_eq!(client.open(&cells[0], NOW).err(), Some(SessionError::Misbehaved));
}

#[test]
fn what_is_no_file_is_refused() {
    let body = |record: &Record| record.to_body().map(|body| body.bytes.to_vec());
    assert!(body(&Record::FileOffer(offer(0))).is_err());
    assert!(body(&Record::FileOffer(offer(FILE_BYTES_MAX + 1))).is_err());
    assert!(body(&part(1, Vec::new())).is_err());
    assert!(body(&part(1, vec![0; FILE_PART_BYTES + 1])).is_err());
    assert!(body(&Record::FileOffer(offer(100))).unwrap() == [0, 1, 4, 0, 0, 0, 100]);
    for bytes in [&[][..], &[0], &[0, 1], &[0, 1, 6, 0, 0, 0, 1], &[0, 1, 4, 0, 0, 0, 1, 0]] {
        assert!(FileOffer::read(bytes).is_err());
    }
}

#[test]
fn a_voice_note_lasts_a_minute_at_most() {
    let body = |size| {
        let offer = FileOffer { kind: FileKind::Voice, ..offer(size) };
        Record::FileOffer(offer).to_body().map(|body| body.bytes.to_vec())
    };
    assert!(body(VOICE_BYTES_MAX).unwrap() == [0, 1, 5, 0, 0x07, 0x53, 0x00]);
    assert!(body(VOICE_BYTES_MAX + 1).is_err());
    let said = |kind, size: u32| {
        let bytes = [&[0, 1, kind][..], &size.to_be_bytes()].concat();
        Record::read(Side::Client, &Body { record_type: 14, bytes: bytes.into() })
    };
    assert!(said(5, 480_000).is_ok());
    assert!(said(5, 480_001).is_err());
    assert!(said(4, 480_001).is_ok());
}
