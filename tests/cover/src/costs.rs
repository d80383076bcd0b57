//! What a way of sending costs: bytes, wake-ups, and how late words come.

use vestibule_protocol::{Side, TEXT_BYTES_MAX};

use crate::meeting::Service;
use crate::observer::quantile;
use crate::people::{self, Saying};
use crate::simulation::{Observed, Way, play};
use crate::{in_parallel, seed_of};

const HOURS: u64 = 40;
const HOUR_SECONDS: f64 = 3_600.0;
const CELL_BYTES: f64 = 1_024.0;
/// A phone's radio stays awake about so long after it was used.
const RADIO_TAIL_SECONDS: f64 = 10.0;
/// Secrets are renewed so often when little is said.
const GENERATION_SECONDS_MAX: f64 = 600.0;
const WORDS_IN_ONE_CELL_MAX: usize = 980;

/// Averages of an hour, seen from the client's device.
pub(crate) struct Costs {
    pub(crate) sent_megabytes: f64,
    pub(crate) received_megabytes: f64,
    /// Moments at which the device has to do something: a timer, a cell that arrives.
    pub(crate) wake_ups: f64,
    pub(crate) radio_awake_part: f64,
    pub(crate) one_cell: Delay,
    pub(crate) more_cells: Delay,
    /// How often secrets were renewed before their time, because much was said.
    pub(crate) early_renewals: f64,
    /// Of the longest text, alone.
    pub(crate) longest: Delay,
}

/// From Send until the other end has the whole text, in seconds.
#[derive(Clone, Copy)]
pub(crate) struct Delay {
    pub(crate) mean: f64,
    pub(crate) p95: f64,
}

pub(crate) fn of(way: Way) -> Costs {
    let service = Service::new();
    let hours = in_parallel(HOURS, |index| {
        let seed = seed_of(3_600, index);
        play(&service, way, &people::hour(seed), HOUR_SECONDS, seed)
    });
    let longest = in_parallel(HOURS, |index| {
        let side = if index % 2 == 0 { Side::Client } else { Side::Worker };
        let alone = Saying { at_seconds: 60.0 + index as f64 / 7.0, side, length: TEXT_BYTES_MAX };
        play(&service, way, &[alone], 600.0, seed_of(3_601, index))
    });
    let mean = |of: fn(&Observed) -> f64| hours.iter().map(of).sum::<f64>() / HOURS as f64;
    let is_one_cell = |length| length <= WORDS_IN_ONE_CELL_MAX;
    Costs {
        sent_megabytes: mean(|hour| megabytes(&hour.sent[0])),
        received_megabytes: mean(|hour| megabytes(&hour.arrived[0])),
        wake_ups: mean(|hour| moments(hour).len() as f64),
        radio_awake_part: mean(radio_awake_part),
        early_renewals: mean(|hour| early_renewals(hour) as f64),
        one_cell: delay(&hours, is_one_cell),
        more_cells: delay(&hours, |length| !is_one_cell(length)),
        longest: delay(&longest, |_| true),
    }
}

fn megabytes(cells: &[f64]) -> f64 {
    cells.len() as f64 * CELL_BYTES / 1e6
}

/// When the client's device is busy; cells of one burst are one moment.
fn moments(hour: &Observed) -> Vec<f64> {
    let mut moments: Vec<f64> = hour.sent[0].iter().chain(&hour.arrived[0]).copied().collect();
    moments.sort_by(f64::total_cmp);
    moments.dedup_by(|later, earlier| *later - *earlier < 0.05);
    moments
}

fn radio_awake_part(hour: &Observed) -> f64 {
    let moments = moments(hour);
    let last = moments.last().copied().unwrap_or_default();
    let gaps = moments.windows(2).map(|pair| pair[1] - pair[0]);
    let awake: f64 = gaps.map(|gap| gap.min(RADIO_TAIL_SECONDS)).sum();
    (awake + (HOUR_SECONDS - last).min(RADIO_TAIL_SECONDS)) / HOUR_SECONDS
}

fn early_renewals(hour: &Observed) -> usize {
    let gaps = hour.renewed.windows(2).map(|pair| pair[1] - pair[0]);
    gaps.filter(|gap| *gap < GENERATION_SECONDS_MAX - 10.0).count()
}

fn delay(hours: &[Observed], counts: impl Fn(usize) -> bool) -> Delay {
    let delays = hours.iter().flat_map(|hour| &hour.delays);
    let mut seconds: Vec<f64> =
        delays.filter(|(length, _)| counts(*length)).map(|(_, seconds)| *seconds).collect();
    seconds.sort_by(f64::total_cmp);
    let mean = seconds.iter().sum::<f64>() / seconds.len().max(1) as f64;
    Delay { mean, p95: quantile(&seconds, 0.95, f64::NAN) }
}
