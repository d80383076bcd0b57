//! The attacker who pads counts: four consultations of their own, so that the target makes it five, and
//! the report shows a number instead of "under 5". The report does not round, so there is no other
//! boundary to sit on.

use rand::RngExt as _;
use vestibule_tests::service::rng;
use vestibule_wire::{Cell, Role, Table, Timestamp};

use crate::attack::{Run, run};
use crate::counter::published;
use crate::fleet::Fleet;
use crate::shown::rows;
use crate::statistics::Verdicts;
use crate::traffic::{each, hand_in_each};

/// One less than what is shown.
const PADDING: u16 = 4;
/// In each of them, at its first label, one target and one coin.
const TABLES: [&str; 3] = ["helped", "respected", "would_return"];

/// Runs a relay once, as the other attackers watch it too, and reads the report afterwards. The relay's
/// file must hold nothing yet.
pub async fn attack(fleet: &Fleet, waits: bool) -> (Run, Verdicts) {
    let coins: Vec<[bool; TABLES.len()]> =
        fleet.members.iter().map(|_| std::array::from_fn(|_| rng().random())).collect();
    let seen = run(fleet, waits, async |_, on_duty| {
        hand_in_each(on_duty, |place| {
            let slip = |(table, came): (&str, bool)| {
                let table = Table::named(table).expect("of the catalogue");
                (table, vec![PADDING + u16::from(came)])
            };
            TABLES.into_iter().zip(coins[place]).map(slip).collect()
        })
        .await;
    })
    .await;
    let running = fleet.start().await;
    let reading = fleet.members.iter().cloned().map(|member| (running.way.clone(), member));
    let shown = each(reading, |(way, member)| async move {
        let coordinator = member.service.shift_as(Role::Coordinator);
        let always = (Timestamp(0), Timestamp(u32::MAX));
        let periods = published(&way, member.authority(), &coordinator, always).await;
        let rows = rows(member.authority(), periods);
        let of = |cell: Cell| rows.iter().find(|row| row.cell == cell).expect("it is reported");
        TABLES.map(|table| !of(first_cell(table)).under_5)
    })
    .await;
    running.stop().await;
    let mut verdicts = Verdicts::default();
    for (coins, shown) in coins.iter().zip(shown) {
        coins.iter().zip(shown).for_each(|(came, said)| verdicts.add(*came, said));
    }
    (seen, verdicts)
}

fn first_cell(table: &str) -> Cell {
    Table::named(table).and_then(|table| table.cell(0)).expect("of the catalogue")
}
