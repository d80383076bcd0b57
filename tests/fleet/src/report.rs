//! The tables of `docs/nodes-measured.md`.

use std::fmt::Write as _;
use std::time::Duration;

use crate::away::{Absence, Seen};
use crate::cost::Fleet;
use crate::faults::{Course, Fault};
use crate::hostile::Seized;
use crate::race::{Size, Tally};
use crate::store::Kind;

/// What consultations lived through.
pub fn of_courses(courses: &[(Kind, Course)], consultations: usize) -> String {
    let mut text = format!(
        "**Three nodes behind HAProxy, {consultations} consultations.** Ends cut: those that lost the \
         other; silence: from then until they heard each other again; new: from the fault until another \
         consultation had begun, by then with whatever failed there again.\n\n\
         | Redis | what happens | ends cut | silence, longest | median | new after |\n\
         |---|---|---|---|---|---|\n"
    );
    for (kind, course) in courses {
        for report in &course.reports {
            let [longest, middle] = report.silence.map(seconds);
            let _ = writeln!(
                text,
                "| {} | {} | {} | {longest} | {middle} | {} |",
                name(*kind),
                of_fault(report.fault),
                report.ends_cut,
                seconds(report.new_after)
            );
        }
    }
    for (kind, course) in courses {
        let _ = writeln!(
            text,
            "\n{}: {} messages were said, and each was heard once and in order.",
            name(*kind),
            course.messages
        );
    }
    text
}

fn of_fault(fault: Fault) -> String {
    match fault {
        Fault::NodeKilled(node) => format!("node {node} is killed"),
        Fault::NodeDrained(node) => format!("node {node} is drained"),
        Fault::RedisRestarted => "Redis restarts with nothing".to_owned(),
        Fault::RedisFailedOver => "Redis fails over, and is whole again".to_owned(),
    }
}

/// What became of links that were raced for.
pub fn of_races(races: &[(Kind, Tally)], size: Size) -> String {
    let Size { links, workers, .. } = size;
    let mut text = format!(
        "**{links} links, {workers} workers on duty at three nodes, two clients for each link.** Each \
         failover loses what was written in the last second; naive: a `SET NX` that was believed at once \
         was made twice.\n\n\
         | Redis | spent once | spent twice | by nobody | deferred | seats lost | failovers: keys lost | \
         naive claims spent twice | seconds |\n|---|---|---|---|---|---|---|---|---|\n"
    );
    for (kind, tally) in races {
        let Tally { spent, spent_twice, spent_by_nobody, deferred, seats_lost, .. } = tally;
        let keys: Vec<String> = tally.losses.iter().map(|loss| loss.keys.to_string()).collect();
        let naive = tally.losses.iter().filter(|loss| loss.naive_claim_spent_twice).count();
        let _ = writeln!(
            text,
            "| {} | {spent} | {spent_twice} | {spent_by_nobody} | {deferred} | {seats_lost} | {}: {} | \
             {naive} | {:.0} |",
            name(*kind),
            tally.losses.len(),
            keys.join(", "),
            tally.seconds
        );
    }
    text
}

/// What a hostile Redis had.
pub fn of_seizure(seized: &Seized) -> String {
    let Seized { consultations, kinds, found, control, backlog_bytes, recorded } = seized;
    let mut text = format!(
        "**A hostile Redis beneath {consultations} consultations** (master and replica, both with RDB, AOF \
         and a slow log of everything, and recorded by `MONITOR`: {recorded} lines; backlog: \
         {backlog_bytes} bytes). Looked for: {}. Control: the same search after one canary of each of \
         the {} kinds was put there.\n\n\
         | place | canaries found | control |\n|---|---|---|\n",
        kinds.iter().copied().collect::<Vec<_>>().join(", "),
        kinds.len()
    );
    for (place, found) in found {
        let controlled = control.get(place).map_or(0, std::collections::BTreeMap::len);
        let _ = writeln!(
            text,
            "| {place} | {} | {controlled} of {} kinds |",
            found.values().sum::<usize>(),
            kinds.len()
        );
    }
    text
}

/// What was noticed of a Redis that was away.
pub fn of_absence(seen: &[(Absence, Seen)]) -> String {
    let mut text = "**Redis away for 60 seconds**, beneath consultations that say a word every 0.3 s.\n\n\
         | how | words | slowest with Redis | slowest without | `held` told after | free again after | \
         requests: came, counted |\n|---|---|---|---|---|---|---|\n"
        .to_owned();
    for (absence, seen) in seen {
        let requests: Vec<String> = seen
            .requests
            .iter()
            .map(|(label, [came, counted])| format!("`{label}` {came}, {counted}"))
            .collect();
        let how = match absence {
            Absence::Stopped => "stopped (SIGSTOP)",
            Absence::Killed => "killed, and empty afterwards",
        };
        let [with, without] = seen.slowest.map(|slowest| slowest.as_millis());
        let _ = writeln!(
            text,
            "| {how} | {} | {with} ms | {without} ms | {} | {} | {} |",
            seen.words,
            seconds(seen.held_after),
            seconds(seen.free_after),
            requests.join("; ")
        );
    }
    text
}

/// What a cell costs.
pub fn of_cells(fleets: &[Fleet]) -> String {
    let rounds = fleets.first().map_or(0, |fleet| fleet.relay_micros.len());
    let mut text = format!(
        "**Processor time for a cell**, in turns, {rounds} rounds; each relay with as many \
         consultations. Ratio: of everything to one node, round by round, the median.\n\n\
         | | relays, µs | Redis, µs | together | ratio |\n|---|---|---|---|---|\n"
    );
    for fleet in fleets {
        let [relays, redis] = fleet.medians();
        let ratio = fleets.get(1).map_or(1.0, |one| fleet.ratio_to(one));
        let _ = writeln!(
            text,
            "| {} | {relays:.1} | {redis:.2} | {:.1} | {ratio:.2} |",
            fleet.name,
            relays + redis
        );
    }
    text
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Single => "one server",
        Kind::Sentinel => "Sentinel",
        Kind::Cluster => "Cluster of three",
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.2} s", duration.as_secs_f64())
}
