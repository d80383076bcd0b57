use vestibule_protocol::{ColleagueRecord, Era};

use super::*;

const A: NodeNumber = NodeNumber(1);
const B: NodeNumber = NodeNumber(2);

fn way(name: u64, era: u64) -> WayToColleague {
    let (certificate, own_certificate) = ([1; CERTIFICATE_LEN], [2; CERTIFICATE_LEN]);
    WayToColleague { name: WayName(name), certificate, own_certificate, era: Era(era) }
}

fn letters(tags: &[u64]) -> Vec<Letter> {
    let letter =
        |tag: &u64| Letter { tag: Tag(*tag), record: ColleagueRecord::Whisper("x".into()) };
    tags.iter().map(letter).collect()
}

fn tags(dispatch: &Dispatch) -> Vec<u64> {
    dispatch.letters.iter().map(|letter| letter.tag.0).collect()
}

#[test]
fn what_has_not_arrived_by_a_node_that_dies_goes_by_another() {
    let mut ways = Ways::default();
    assert_eq!(ways.found(A, way(1, 7)), Found::First);
    assert_eq!(ways.found(B, way(2, 7)), Found::Another);
    let sent = ways.send(letters(&[1, 2, 3])).unwrap();
    assert!((sent.node, sent.way) == (A, WayName(1)));
    assert!(ways.arrived(Tag(1)) && !ways.arrived(Tag(1)), "once");
    let Left::Again(again) = ways.lose(|node, _| node == A) else { panic!("there is B") };
    assert!((again.node, again.way) == (B, WayName(2)));
    assert_eq!(tags(&again), [2, 3]);
    assert!(ways.arrived(Tag(2)));
    assert!(matches!(ways.lose(|node, _| node == B), Left::Last));
    assert!(ways.send(letters(&[4])).is_none() && !ways.arrived(Tag(3)));
}

#[test]
fn a_way_by_which_nothing_goes_may_end() {
    let mut ways = Ways::default();
    ways.found(A, way(1, 7));
    ways.found(B, way(2, 7));
    ways.send(letters(&[1]));
    assert!(matches!(ways.lose(|node, _| node == B), Left::Nothing));
    assert!(matches!(ways.lose(|_, name| name == WayName(9)), Left::Nothing), "unknown");
}

#[test]
fn what_comes_by_two_ways_is_taken_once() {
    let mut ways = Ways::default();
    ways.found(A, way(1, 7));
    ways.found(B, way(2, 7));
    assert!(ways.takes(WayName(1), Tag(5)));
    assert!(!ways.takes(WayName(2), Tag(5)));
    assert!(ways.takes(WayName(2), Tag(6)));
    assert!(!ways.takes(WayName(3), Tag(8)), "by no way that stands");
}

#[test]
fn a_new_era_ends_what_was_before_it() {
    let mut ways = Ways::default();
    ways.found(A, way(1, 7));
    ways.found(B, way(2, 7));
    ways.send(letters(&[1]));
    assert!(ways.takes(WayName(1), Tag(5)));
    assert_eq!(ways.found(A, way(3, 8)), Found::FirstAgain);
    assert!(!ways.takes(WayName(2), Tag(6)), "the old way by B has not been noticed to be dead");
    assert!(!ways.arrived(Tag(1)), "it is not said in the new era by itself");
    assert!(ways.takes(WayName(3), Tag(5)));
    assert!(matches!(ways.lose(|_, name| name == WayName(2)), Left::Nothing));
}

#[test]
fn memory_is_bounded() {
    let mut ways = Ways::default();
    ways.found(A, way(1, 7));
    for tag in 0..=TAKEN_MAX {
        assert!(ways.takes(WayName(1), Tag(u64::try_from(tag).unwrap())));
    }
    assert_eq!(ways.taken.len(), TAKEN_MAX);
}
