//! No hostile connection costs much, and none keeps a cell of honest ends from arriving: few of each kind, for
//! a moment, at the real relay.

use std::time::Duration;

use vestibule_load::hostile::{BYTES_MAX, run};

const CONNECTIONS: usize = 5;
/// Long enough to fill what the kernel keeps for one who reads nothing.
const TIME: Duration = Duration::from_secs(1);
/// The kernel adds up the pages of each processor now and then.
const BYTES_OFF_MAX: f64 = 262_144.0;

#[test]
fn no_hostile_connection_costs_much() {
    for price in run(|_| CONNECTIONS, TIME) {
        let bytes = price.bytes;
        assert!(bytes <= BYTES_MAX + BYTES_OFF_MAX, "{}: {bytes:.0} bytes", price.kind.name());
    }
}
