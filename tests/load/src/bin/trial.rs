//! trial
use vestibule_fleet::cpu::median;
use vestibule_load::contender::*;
use vestibule_load::performance::*;
static P: std::sync::Mutex<String> = std::sync::Mutex::new(String::new());
fn unsafe_set(r: &str) {
    *P.lock().unwrap() = r.into();
    std::fs::write("/tmp/trial_relay", r).unwrap();
}
fn main() {
    let rounds = std::env::args().nth(1).unwrap().parse().unwrap();
    let mut all = vec![floor()];
    all.extend(vestibule(&Serving { connections: 10_000 }));
    let mut rest: Vec<String> = std::env::args().skip(2).collect();
    for r in rest.drain(..) {
        if r == "proxies" {
            all.extend(proxies());
            continue;
        }
        unsafe_set(&r);
        all.extend(vestibule(&Serving { connections: 10_000 }));
    }
    let figures = run(&all, rounds);
    for (c, f) in all.iter().zip(&figures) {
        let m = |v: &Vec<f64>| median(&mut v.clone());
        let fl = &figures[0];
        println!(
            "{:22} w1 {:.2} ({:.2}) w16 {:.2} ({:.2}) paced {:.2} ({:.2}) p50 {:.0} ({:.2}) p99 {:.0} ({:.2}) join {:.0} a_s {:.0}",
            c.name,
            m(&f.single),
            ratio(&f.single, &fl.single),
            m(&f.burst),
            ratio(&f.burst, &fl.burst),
            m(&f.paced),
            ratio(&f.paced, &fl.paced),
            m(&f.there_and_back[0]),
            ratio(&f.there_and_back[0], &fl.there_and_back[0]),
            m(&f.there_and_back[1]),
            ratio(&f.there_and_back[1], &fl.there_and_back[1]),
            m(&f.joining),
            m(&f.a_second)
        );
    }
}
