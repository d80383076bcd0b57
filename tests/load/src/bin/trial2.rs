//! trial
use std::process::Command;
use std::time::Duration;
use vestibule_load::contender::*;
fn main() {
    if let Some(r) = std::env::args().nth(1) {
        std::fs::write("/tmp/trial_relay", r).unwrap();
    }
    let [plain, tls] = vestibule(&Serving { connections: 10_000 });
    for c in [&plain, &tls, &floor()] {
        for burst in [1] {
            let mut g = c.join(100);
            g.closed_loop(burst, Duration::from_millis(200));
            let mut s = Command::new("strace")
                .args(["-f", "-c", "-o", "/tmp/strace.out", "-p", &c.process().to_string()])
                .spawn()
                .unwrap();
            std::thread::sleep(Duration::from_millis(1500));
            let ways = g.paced(1000, Duration::from_secs(2));
            struct D {
                cells: usize,
                time: u32,
            }
            let done = D { cells: 2 * ways.len(), time: 0 };
            Command::new("kill").args(["-INT", &s.id().to_string()]).status().unwrap();
            s.wait().unwrap();
            println!("{} burst {burst}: {} cells {:?}", c.name, done.cells, done.time);
            println!("{}", std::fs::read_to_string("/tmp/strace.out").unwrap());
        }
    }
}
