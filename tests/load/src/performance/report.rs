//! The tables and plots of `docs/performance.md`.

use std::fmt::Write as _;

use super::budgets::Budget;
use super::{Figures, ratio};
use crate::allocations::Counted;
use crate::hostile::{self, Price};
use crate::idle::{COVER, Idle, PAIRS};
use crate::memory::Memory;
use vestibule_fleet::cpu::median;

/// One contender, and everything that was measured of it.
pub struct Row {
    /// Its name.
    pub name: &'static str,
    /// Round by round.
    pub figures: Figures,
    /// System calls for a cell: one of each end on its way, and in bursts.
    pub calls: [f64; 2],
    /// Of an idle socket.
    pub memory: Memory,
}

/// What forwarding costs. The first row is the floor.
pub fn of_forwarding(rows: &[Row]) -> String {
    let mut text =
        "**Forwarding.** Processor time for a cell, in µs; in brackets times the floor of the \
                    same round. Ways there and back in µs, as whoever asks sees them.\n\n\
                    | | one on its way | bursts of 16 | at an even pace | there and back, half | \
                    99 of 100 | cells a second, one on its way | joining a pair |\n\
                    |---|---|---|---|---|---|---|---|\n"
            .to_owned();
    let floor = &rows[0].figures;
    for Row { name, figures, .. } in rows {
        let beside = |of: fn(&Figures) -> &Vec<f64>, digits| {
            let (own, floors) = (of(figures), of(floor));
            format!("{:.digits$} ({:.2})", median(&mut own.clone()), ratio(own, floors))
        };
        let _ = writeln!(
            text,
            "| {name} | {} | {} | {} | {} | {} | {:.0} | {:.0} |",
            beside(|figures| &figures.single, 2),
            beside(|figures| &figures.burst, 2),
            beside(|figures| &figures.paced, 1),
            beside(|figures| &figures.half_there_and_back, 0),
            beside(|figures| &figures.most_there_and_back, 0),
            median(&mut figures.a_second.clone()),
            median(&mut figures.joining.clone()),
        );
    }
    text
}

/// What else each needs.
pub fn of_needs(rows: &[Row]) -> String {
    let mut text =
        "**System calls and memory.** Calls for a cell, by strace. Memory of the process's own \
                    for an idle socket, in KiB: after its first cell, and after bursts.\n\n\
                    | | calls, one on its way | calls, bursts | memory, idle | after bursts |\n\
                    |---|---|---|---|---|\n"
            .to_owned();
    for Row { name, calls: [single, burst], memory, .. } in rows {
        let [idle, after] = [memory.idle, memory.after_bursts].map(|bytes| bytes / 1_024.0);
        let _ = writeln!(text, "| {name} | {single:.2} | {burst:.2} | {idle:.2} | {after:.2} |");
    }
    text
}

/// What was promised, and what is.
pub fn of_budgets(budgets: &[Budget]) -> String {
    let mut text =
        "**Budgets**\n\n| what | promised | measured | |\n|---|---|---|---|\n".to_owned();
    for Budget { what, most, measured, unit } in budgets {
        let met = if measured <= most { "met" } else { "**not met**" };
        let _ = writeln!(text, "| {what} | ≤ {most} {unit} | {measured:.2} {unit} | {met} |");
    }
    text
}

/// Sockets whose people have nothing to say.
pub fn of_idle(idle: &Idle, minutes: u64) -> String {
    let Idle { quiet, covered, cells_a_second, cell, .. } = idle;
    format!(
        "**{} sockets, {minutes} minutes without cover and {minutes} with.** With it each end sends a cell \
         every {} s. Foretold: what all costs without cover, and as many cells at the price that they have \
         with 100 pairs.\n\n\
         | | |\n|---|---|\n\
         | without cover, of one processor | {:.2} % |\n\
         | with cover, of one processor | {:.1} % |\n\
         | foretold | {:.1} % |\n\
         | cells a second | {cells_a_second:.0} |\n\
         | µs for a cell, 100 pairs | {cell:.1} |\n\
         | memory of the relay's own for each socket | {:.2} KiB |\n",
        2 * PAIRS,
        COVER.as_secs(),
        quiet * 100.0,
        covered * 100.0,
        idle.foretold() * 100.0,
        idle.memory / 1_024.0,
    )
}

/// Blocks of memory that were asked for.
pub fn of_allocations([single, burst]: &[Counted; 2]) -> String {
    format!(
        "**Memory asked for while cells are forwarded**\n\n\
         | | cells | allocations |\n|---|---|---|\n\
         | one on its way | {} | {} |\n\
         | bursts of 16 | {} | {} |\n",
        single.cells, single.allocations, burst.cells, burst.allocations
    )
}

/// What hostile connections cost.
pub fn of_prices(prices: &[Price]) -> String {
    let mut text = format!(
        "**What a hostile connection costs.** Memory of the relay's own at its highest and µs of its \
         processor in a second, for each; beside them, the ways there and back of 50 honest pairs in µs, \
         before and meanwhile. Promised: at most {:.0} KiB each.\n\n\
         | what it does | how many | KiB each | | µs a second each | half, before | meanwhile | \
         99 of 100, before | meanwhile |\n|---|---|---|---|---|---|---|---|---|\n",
        hostile::BYTES_MAX / 1_024.0
    );
    for Price { kind, connections, bytes, micros_a_second, before, meanwhile } in prices {
        let met = if *bytes <= hostile::BYTES_MAX { "met" } else { "**not met**" };
        let ([half, most], [half_then, most_then]) = (before, meanwhile);
        let _ = writeln!(
            text,
            "| {} | {connections} | {:.1} | {met} | {:.0} | {half:.0} | {half_then:.0} | \
             {most:.0} | {most_then:.0} |",
            kind.name(),
            bytes / 1_024.0,
            // Less than nothing is less than can be told from nothing.
            micros_a_second.max(0.0)
        );
    }
    text
}

/// Bars of one figure, the floor's being 1; those that are out of all proportion are left to the table.
pub fn plot(title: &str, rows: &[Row], of: fn(&Figures) -> &Vec<f64>, most: f64) -> String {
    let floor = of(&rows[0].figures);
    let ratios: Vec<(&str, f64)> = rows
        .iter()
        .map(|row| (row.name, ratio(of(&row.figures), floor)))
        .filter(|(_, ratio)| *ratio <= most)
        .collect();
    let names: Vec<String> = ratios.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    let bars: Vec<String> = ratios.iter().map(|(_, ratio)| format!("{ratio:.2}")).collect();
    format!(
        "```mermaid\nxychart-beta horizontal\n    title \"{title}\"\n    x-axis [{}]\n    \
         y-axis \"times the floor\" 0 --> {most}\n    bar [{}]\n```\n",
        names.join(", "),
        bars.join(", ")
    )
}
