use std::collections::BTreeSet;

use vestibule_wire::Cell;

use super::super::tests::finished;
use super::*;
use crate::random;

fn consultation() -> Finished {
    finished(&[
        ("consultation", "held"),
        ("length", "under_5"),
        ("need", "legal"),
        ("need", "own_1"),
    ])
}

/// After so many consultations.
fn after(consultations: u16) -> ToHandIn {
    let mut waiting = ToHandIn::default();
    (0..consultations).for_each(|_| waiting.add(&consultation()));
    waiting
}

fn view(handed_in: u16, going: u16, waiting: u16) -> HandInView {
    HandInView { handed_in, going, waiting }
}

fn counts(slip: &WaitingSlip) -> Vec<(Cell, u16)> {
    let slip = slip.of_epoch(AuthorityKey::from_bytes([1; 32]), (Epoch(7), 0));
    slip.counts().collect()
}

#[test]
fn totals_of_fewer_than_five_consultations_wait() {
    let mut waiting = after(4);
    assert!(waiting.close_shift(&mut random::system()).is_empty());
    assert_eq!(waiting.view(), view(0, 0, 4));
    // A client that a colleague has now is among that colleague's.
    let handed_over = finished(&[("hand_over", "doctor")]);
    waiting.add(&Finished { is_consultation: false, ..handed_over });
    assert!(waiting.close_shift(&mut random::system()).is_empty());
    waiting.add(&consultation());
    assert_eq!(waiting.close_shift(&mut random::system()).len(), 4);
    assert_eq!(waiting.view(), view(0, 5, 0));
}

#[test]
fn a_slip_has_one_table_and_all_that_was_counted_in_it() {
    let mut waiting = after(6);
    let slips = waiting.close_shift(&mut random::system());
    let tables: BTreeSet<&str> = slips.iter().map(|slip| slip.table.name).collect();
    assert_eq!(tables, BTreeSet::from(["consultation", "length", "need"]));
    assert_eq!(slips.len(), 3);
    for slip in &slips {
        let counts = counts(slip);
        assert!(
            counts
                .iter()
                .all(|(cell, count)| { cell.table().0.name == slip.table.name && *count == 6 })
        );
        assert_eq!(counts.len(), if slip.table.name == "need" { 2 } else { 1 });
    }
    // They are taken out of what waits: nothing is in two slips.
    assert!(waiting.close_shift(&mut random::system()).is_empty());
    assert_eq!(waiting.view(), view(0, 6, 0));
}

#[test]
fn neither_ids_nor_order_tell_anything() {
    let made: Vec<Vec<WaitingSlip>> =
        (0..40).map(|_| after(5).close_shift(&mut random::system())).collect();
    let orders: BTreeSet<Vec<u8>> =
        made.iter().map(|slips| slips.iter().map(|slip| slip.table.number).collect()).collect();
    assert!(orders.len() > 3, "three tables have six orders");
    let ids: BTreeSet<SlipId> = made.iter().flatten().map(|slip| slip.id).collect();
    assert_eq!(ids.len(), 120);
}

#[test]
fn a_slip_is_there_until_it_is_counted() {
    let mut waiting = after(5);
    let slips = waiting.close_shift(&mut random::system());
    let ids: Vec<SlipId> = slips.iter().map(|slip| slip.id).collect();
    assert!(waiting.counted(ids[0]) && !waiting.counted(ids[0]));
    assert_eq!(waiting.slips().len(), 2);
    assert_eq!(waiting.view(), view(0, 5, 0));
    assert!(waiting.counted(ids[1]) && waiting.counted(ids[2]));
    assert_eq!(waiting.view(), view(5, 0, 0));
    assert!(waiting.is_empty());
}

#[test]
fn when_there_is_no_room_for_slips_totals_wait() {
    let mut waiting = ToHandIn::default();
    while waiting.slips.len() + 3 <= SLIPS_MAX {
        (0..5).for_each(|_| waiting.add(&consultation()));
        assert_eq!(waiting.close_shift(&mut random::system()).len(), 3);
    }
    (0..5).for_each(|_| waiting.add(&consultation()));
    let before = waiting.clone();
    assert!(waiting.close_shift(&mut random::system()).is_empty() && waiting == before);
    let read = ToHandIn::from_bytes(&waiting.to_bytes()).unwrap();
    assert!(read == waiting, "a full one has room in its form too");
}

#[test]
fn the_form_in_a_file_is_always_as_long_and_gives_everything_back() {
    let mut some = after(7);
    some.close_shift(&mut random::system());
    some.add(&consultation());
    some.add(&finished(&[("material", "own_32"), ("helped", "no"), ("signal", "new_substance")]));
    for waiting in [ToHandIn::default(), after(3), some] {
        let bytes = waiting.to_bytes();
        assert_eq!(bytes.len(), LEN);
        assert!(ToHandIn::from_bytes(&bytes).unwrap() == waiting);
    }
}

#[test]
fn nothing_else_is_taken_for_that_form() {
    let good = after(5).to_bytes();
    let broken = |place: usize, value: u8| {
        let mut bytes = good.clone();
        bytes[place] = value;
        ToHandIn::from_bytes(&bytes).is_err()
    };
    assert!(broken(0, 2), "another version");
    assert!(broken(5, 1), "the relay's table");
    assert!(broken(5, 99), "no table");
    // `consultation` has two labels.
    assert_eq!(good[5], 10);
    assert!(broken(6 + 2 * 2, 1), "a label that it does not have");
    assert!(ToHandIn::from_bytes(&good[1..]).is_err());
    assert!(ToHandIn::from_bytes(&[&good[..], &[0]].concat()).is_err());
}

#[test]
fn there_is_room_for_every_table() {
    assert!(handed_in_tables().count() <= TABLES_MAX);
    assert!(handed_in_tables().count() * 4 <= SLIPS_MAX);
}
