//! Bursts leave nothing behind in the real relay, with TLS and without.

use vestibule_load::contender::{Serving, vestibule};
use vestibule_load::memory;

const PAIRS: usize = 200;
/// The kernel counts pages for each thread and adds them up now and then.
const BYTES_OFF_MAX: f64 = 512.0;

#[test]
fn an_idle_socket_takes_no_more_after_bursts() {
    for relay in vestibule(&Serving { connections: 4 * PAIRS }) {
        let memory::Memory { idle, after_bursts } = memory::of(&relay, PAIRS);
        let left = after_bursts - idle;
        assert!(left < BYTES_OFF_MAX, "{}: {left:.0} bytes for each socket", relay.name);
    }
}
