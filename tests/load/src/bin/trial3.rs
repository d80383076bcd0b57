//! trial
use std::process::Command;
use std::time::Duration;
use vestibule_load::contender::*;
fn main() {
    std::fs::write("/tmp/trial_relay", std::env::args().nth(1).unwrap()).unwrap();
    let burst: usize = std::env::args().nth(2).unwrap().parse().unwrap();
    let [plain, tls] = vestibule(&Serving { connections: 10_000 });
    let c = if std::env::args().nth(3).is_some() { tls } else { plain };
    let mut g = c.join(100);
    g.closed_loop(burst, Duration::from_millis(200));
    let mut s = Command::new("perf")
        .args([
            "record",
            "-e",
            "cpu-clock",
            "-F",
            "5000",
            "-g",
            "-o",
            "/tmp/perf.data",
            "-p",
            &c.process().to_string(),
        ])
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(700));
    let done = g.closed_loop(burst, Duration::from_secs(3));
    Command::new("kill").args(["-INT", &s.id().to_string()]).status().unwrap();
    s.wait().unwrap();
    println!("{} burst {burst}: {} cells", c.name, done.cells);
}
