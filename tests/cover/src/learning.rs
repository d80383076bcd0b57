//! A random forest that learns from one half of the consultations and is examined on the other.
//! Trees find limits and combinations by themselves, so that the features need no tuning, and a forest
//! of them needs no scaling of features and hardly overfits: a fair opponent with few choices in it.

use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use smartcore::ensemble::random_forest_classifier::{
    RandomForestClassifier, RandomForestClassifierParameters,
};
use smartcore::ensemble::random_forest_regressor::{
    RandomForestRegressor, RandomForestRegressorParameters,
};
use smartcore::linalg::basic::matrix::DenseMatrix;

const TREES: u16 = 60;
const LEAF_SAMPLES_MIN: usize = 4;
const DEPTH_MAX: u16 = 14;
const RESAMPLINGS: usize = 1_000;

/// One window: what was seen, and what was true.
#[derive(Clone)]
pub(crate) struct Sample<T> {
    pub(crate) features: Vec<f64>,
    pub(crate) truth: T,
}

/// A number with its 95 % interval.
#[derive(Clone, Copy)]
pub(crate) struct Estimate {
    pub(crate) value: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// What the classifier gains over a coin: 0 is nothing, 1 is everything.
pub(crate) fn advantage(samples: &[Sample<bool>], seed: u64) -> Estimate {
    let (train, test) = halves(&balanced(samples, seed));
    let parameters = RandomForestClassifierParameters {
        max_depth: Some(DEPTH_MAX),
        min_samples_leaf: LEAF_SAMPLES_MIN,
        n_trees: TREES,
        seed,
        ..RandomForestClassifierParameters::default()
    };
    let truths: Vec<u32> = train.iter().map(|sample| u32::from(sample.truth)).collect();
    let sound = "samples have equally many features, and two kinds of truth";
    let forest = RandomForestClassifier::fit(&matrix(&train), &truths, parameters).expect(sound);
    let guesses: Vec<u32> = forest.predict(&matrix(&test)).expect(sound);
    let pairs: Vec<(bool, bool)> =
        test.iter().zip(guesses).map(|(sample, guess)| (sample.truth, guess == 1)).collect();
    bootstrap(&pairs, seed, |pairs| {
        let right_of = |truth| {
            let of_kind: Vec<_> = pairs.iter().filter(|pair| pair.0 == truth).collect();
            let right = of_kind.iter().filter(|pair| pair.1 == truth).count();
            right as f64 / of_kind.len().max(1) as f64
        };
        right_of(true) + right_of(false) - 1.0
    })
}

/// The same when nothing is to be learned: the truths are dealt out anew.
pub(crate) fn advantage_when_shuffled(samples: &[Sample<bool>], seed: u64) -> Estimate {
    let mut truths: Vec<bool> = samples.iter().map(|sample| sample.truth).collect();
    truths.shuffle(&mut StdRng::seed_from_u64(seed));
    let dealt = samples.iter().zip(truths);
    let shuffled: Vec<_> =
        dealt.map(|(sample, truth)| Sample { truth, ..sample.clone() }).collect();
    advantage(&shuffled, seed)
}

/// How far guesses of a quantity follow it: Pearson's correlation; 0 is not at all, 1 is exactly.
pub(crate) fn correlation(samples: &[Sample<f64>], seed: u64) -> Estimate {
    let (train, test) = halves(samples);
    let parameters = RandomForestRegressorParameters {
        max_depth: Some(DEPTH_MAX),
        min_samples_leaf: LEAF_SAMPLES_MIN,
        n_trees: usize::from(TREES),
        seed,
        ..RandomForestRegressorParameters::default()
    };
    let truths: Vec<f64> = train.iter().map(|sample| sample.truth).collect();
    let sound = "samples have equally many features";
    let forest = RandomForestRegressor::fit(&matrix(&train), &truths, parameters).expect(sound);
    let guesses: Vec<f64> = forest.predict(&matrix(&test)).expect(sound);
    let pairs: Vec<(f64, f64)> =
        test.iter().zip(guesses).map(|(sample, guess)| (sample.truth, guess)).collect();
    bootstrap(&pairs, seed, pearson)
}

/// As many of one kind as of the other.
fn balanced(samples: &[Sample<bool>], seed: u64) -> Vec<Sample<bool>> {
    let (mut yes, mut no): (Vec<_>, Vec<_>) = samples.iter().partition(|sample| sample.truth);
    let each = yes.len().min(no.len());
    yes.truncate(each);
    no.truncate(each);
    let mut all: Vec<_> = yes.into_iter().chain(no).cloned().collect();
    all.shuffle(&mut StdRng::seed_from_u64(seed));
    all
}

/// Every sample is a consultation of its own, so halves of samples share nothing.
fn halves<T: Clone>(samples: &[Sample<T>]) -> (Vec<Sample<T>>, Vec<Sample<T>>) {
    let (train, test) = samples.split_at(samples.len() / 2);
    (train.to_vec(), test.to_vec())
}

fn matrix<T>(samples: &[Sample<T>]) -> DenseMatrix<f64> {
    let rows: Vec<Vec<f64>> = samples.iter().map(|sample| sample.features.clone()).collect();
    DenseMatrix::from_2d_vec(&rows).expect("rows are equally long, and there are some")
}

fn bootstrap<T: Copy>(pairs: &[T], seed: u64, statistic: impl Fn(&[T]) -> f64) -> Estimate {
    let mut random = StdRng::seed_from_u64(seed);
    let resample = |_| {
        let drawn: Vec<T> =
            pairs.iter().map(|_| pairs[random.random_range(0..pairs.len())]).collect();
        statistic(&drawn)
    };
    let mut values: Vec<f64> = (0..RESAMPLINGS).map(resample).collect();
    values.sort_by(f64::total_cmp);
    let at = |part: f64| values[(part * (RESAMPLINGS - 1) as f64).round() as usize];
    Estimate { value: statistic(pairs), low: at(0.025), high: at(0.975) }
}

fn pearson(pairs: &[(f64, f64)]) -> f64 {
    let count = pairs.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / count;
    let (one, other) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let sum = |of: &dyn Fn(f64, f64) -> f64| -> f64 {
        pairs.iter().map(|pair| of(pair.0 - one, pair.1 - other)).sum()
    };
    let scale = (sum(&|a, _| a * a) * sum(&|_, b| b * b)).sqrt();
    // A guess that never changes follows nothing.
    if scale == 0.0 { 0.0 } else { sum(&|a, b| a * b) / scale }
}
