//! What an observer makes of the times at which both ends sent: numbers for a classifier. It watches
//! both ends' networks; somebody at one of them sees the other's cells later and less sharply.

use std::ops::Range;

use crate::simulation::Observed;

/// Cells that follow each other so soon are one burst.
const BURST_GAP_SECONDS: f64 = 0.2;
/// A cell so soon after one of the other end may answer it.
const ANSWER_SECONDS: f64 = 1.2;

/// Counts, gaps and bursts of each direction, and how the directions answer each other.
pub(crate) fn features(observed: &Observed, window: &Range<f64>) -> Vec<f64> {
    let length = window.end - window.start;
    let [client, worker] = observed.sent.each_ref().map(|times| within(times, window));
    let mut features = Vec::new();
    for times in [&client, &worker] {
        features.extend(of_direction(times, length));
    }
    features.extend(of_answers(&client, &worker, length));
    features.extend(of_answers(&worker, &client, length));
    let (client, worker) = (client.len() as f64, worker.len() as f64);
    features.extend([client + worker, client - worker, (client - worker).abs()]);
    features
}

/// The same, for one who also sees the worker's console move its waiting socket to another route.
pub(crate) fn features_with_renewals(observed: &Observed, window: &Range<f64>) -> Vec<f64> {
    let mut features = features(observed, window);
    let before = observed.renewed.iter().rfind(|time| **time < window.start);
    let inside = within(&observed.renewed, window);
    let shortest = gaps(&inside).fold(window.end, f64::min);
    let first =
        inside.first().zip(before).map_or(window.end, |(first, last)| first + window.start - last);
    features.extend([inside.len() as f64, shortest, first]);
    features
}

/// Times in the window, from its beginning.
fn within(times: &[f64], window: &Range<f64>) -> Vec<f64> {
    times.iter().filter(|time| window.contains(time)).map(|time| time - window.start).collect()
}

fn gaps(times: &[f64]) -> impl Iterator<Item = f64> {
    times.windows(2).map(|pair| pair[1] - pair[0])
}

fn of_direction(times: &[f64], length: f64) -> Vec<f64> {
    let mut gaps: Vec<f64> = gaps(times).collect();
    let bursts: Vec<usize> = bursts(&gaps);
    let counts = [5.0, 15.0].map(|seconds| most_within(times, seconds));
    let shorter = |limit| gaps.iter().filter(|gap| **gap < limit).count() as f64;
    let limits = [0.05, 0.5, 1.45, 3.7, 5.9].map(shorter);
    let mean = gaps.iter().sum::<f64>() / gaps.len().max(1) as f64;
    let squares: f64 = gaps.iter().map(|gap| (gap - mean).powi(2)).sum();
    gaps.sort_by(f64::total_cmp);
    let quantiles = [0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0].map(|part| quantile(&gaps, part, length));
    let mut features = vec![
        times.len() as f64,
        mean,
        (squares / gaps.len().max(1) as f64).sqrt(),
        bursts.len() as f64,
        bursts.iter().max().map_or(0.0, |longest| *longest as f64),
        times.first().copied().unwrap_or(length),
        length - times.last().copied().unwrap_or_default(),
    ];
    features.extend(counts);
    features.extend(limits);
    features.extend(quantiles);
    features
}

/// The lengths of bursts, of two cells and more.
fn bursts(gaps: &[f64]) -> Vec<usize> {
    let runs =
        gaps.chunk_by(|one, other| (*one < BURST_GAP_SECONDS) == (*other < BURST_GAP_SECONDS));
    let short = runs.filter(|run| run[0] < BURST_GAP_SECONDS);
    short.map(|run| run.len() + 1).collect()
}

/// The most cells in any stretch of so many seconds.
fn most_within(times: &[f64], seconds: f64) -> f64 {
    let count = |(first, start): (usize, &f64)| {
        times[first..].iter().take_while(|time| **time < start + seconds).count()
    };
    times.iter().enumerate().map(count).max().unwrap_or_default() as f64
}

/// How soon after a cell of one end the other's next cell comes.
fn of_answers(asked: &[f64], answered: &[f64], length: f64) -> Vec<f64> {
    let mut lags: Vec<f64> = asked
        .iter()
        .filter_map(|time| {
            let next = answered.partition_point(|answer| answer <= time);
            answered.get(next).map(|answer| answer - time)
        })
        .collect();
    lags.sort_by(f64::total_cmp);
    let soon = lags.iter().filter(|lag| **lag < ANSWER_SECONDS).count() as f64;
    let part = soon / lags.len().max(1) as f64;
    let mean = lags.iter().sum::<f64>() / lags.len().max(1) as f64;
    vec![soon, part, mean, quantile(&lags, 0.0, length), quantile(&lags, 0.5, length)]
}

/// Of sorted values; `none` when there are none.
pub(crate) fn quantile(sorted: &[f64], part: f64, none: f64) -> f64 {
    let last = sorted.len().saturating_sub(1) as f64;
    sorted.get((part * last).round() as usize).copied().unwrap_or(none)
}
