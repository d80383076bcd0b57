use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use vestibule_wire::{Route, Side};
use zeroize::ZeroizeOnDrop;

use super::{Arrival, Place, Rendezvous, VisitId};

fn place(route: u8) -> Arc<Place> {
    Place::at(&Route([route; 32]))
}

#[test]
fn a_place_is_wiped_and_kept_only_while_somebody_waits_there() {
    fn assert_wiped<T: ZeroizeOnDrop>() {}
    assert_wiped::<Place>();

    let mut rendezvous = Rendezvous::new(4);
    let [met, left] = [place(1), place(2)];
    rendezvous.arrive(Side::Client, &met, ());
    let Arrival::Waits { visit, .. } = rendezvous.arrive(Side::Client, &left, ()) else {
        panic!("nobody else is here");
    };
    assert_eq!(Arc::strong_count(&met), 2);
    rendezvous.arrive(Side::Worker, &place(1), ());
    assert_eq!(Arc::strong_count(&met), 1);
    assert_eq!(Arc::strong_count(&left), 2);
    rendezvous.leave(&left, visit);
    assert_eq!(Arc::strong_count(&left), 1);
    assert!(rendezvous.waiting.is_empty());
}

#[test]
fn a_full_rendezvous_still_lets_ends_meet_and_come_again() {
    let mut rendezvous = Rendezvous::new(1);
    rendezvous.arrive(Side::Worker, &place(1), 1);
    assert_eq!(rendezvous.arrive(Side::Worker, &place(2), 2), Arrival::Crowded);
    assert_eq!(rendezvous.arrive(Side::Client, &place(2), 3), Arrival::Crowded);
    assert!(matches!(
        rendezvous.arrive(Side::Worker, &place(1), 4),
        Arrival::Waits { replaced: Some(1), .. }
    ));
    assert_eq!(rendezvous.arrive(Side::Client, &place(1), 5), Arrival::Meets(4));
    assert!(matches!(
        rendezvous.arrive(Side::Client, &place(2), 6),
        Arrival::Waits { replaced: None, .. }
    ));
}

/// What may happen, at few enough routes that ends meet.
#[derive(Debug, Clone, Copy)]
enum Step {
    Arrive { side: Side, route: u8 },
    Leave(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let side = prop_oneof![Just(Side::Client), Just(Side::Worker)];
    prop_oneof![
        3 => (side, 0..4_u8).prop_map(|(side, route)| Step::Arrive { side, route }),
        2 => any::<usize>().prop_map(Step::Leave),
    ]
}

/// One socket, as the model knows it.
#[derive(Debug, Clone, Copy)]
struct Socket {
    side: Side,
    route: u8,
    visit: Option<VisitId>,
    waits: bool,
}

const WAITING_MAX: usize = 3;

/// What should become of one who arrives, by looking at everybody who ever came.
fn expected(sockets: &[Socket], side: Side, route: u8) -> Arrival<usize> {
    let waits = |socket: &Socket| socket.waits && socket.route == route;
    let there = sockets.iter().position(waits);
    let count = sockets.iter().filter(|socket| socket.waits).count();
    match there {
        Some(there) if sockets[there].side == side.other() => Arrival::Meets(there),
        None if count == WAITING_MAX => Arrival::Crowded,
        replaced => Arrival::Waits { visit: VisitId(0), replaced },
    }
}

proptest! {
    /// Whoever arrives and leaves in whatever order, also when it has left or met already: two meet
    /// only at one route and of different ends, nobody meets twice, and no departure touches another.
    #[test]
    fn the_rules_hold_whoever_comes_and_goes(steps in vec(step(), 1..80)) {
        let mut rendezvous = Rendezvous::new(WAITING_MAX);
        let mut sockets: Vec<Socket> = Vec::new();
        for step in steps {
            match step {
                Step::Arrive { side, route } => {
                    let expected = expected(&sockets, side, route);
                    let mut actual = rendezvous.arrive(side, &place(route), sockets.len());
                    let mut socket = Socket { side, route, visit: None, waits: false };
                    if let Arrival::Waits { visit, .. } = &mut actual {
                        let given = std::mem::replace(visit, VisitId(0));
                        prop_assert!(sockets.iter().all(|socket| socket.visit != Some(given)));
                        socket = Socket { visit: Some(given), waits: true, ..socket };
                    }
                    prop_assert_eq!(&actual, &expected);
                    match actual {
                        Arrival::Meets(gone) | Arrival::Waits { replaced: Some(gone), .. } => {
                            sockets[gone].waits = false;
                        }
                        Arrival::Waits { replaced: None, .. } | Arrival::Crowded => {}
                    }
                    sockets.push(socket);
                }
                Step::Leave(index) => {
                    let Some(index) = index.checked_rem(sockets.len()) else { continue };
                    let Socket { route, visit: Some(visit), .. } = sockets[index] else { continue };
                    rendezvous.leave(&place(route), visit);
                    sockets[index].waits = false;
                }
            }
            let waiting = sockets.iter().filter(|socket| socket.waits).count();
            prop_assert_eq!(rendezvous.waiting.len(), waiting);
        }
    }
}
