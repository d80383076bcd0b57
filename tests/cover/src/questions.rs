//! What an observer would like to know, asked of thousands of windows.

use std::ops::Range;

use vestibule_protocol::Side;

use crate::learning::{Estimate, Sample, advantage, advantage_when_shuffled, correlation};
use crate::meeting::Service;
use crate::observer::{features, features_with_renewals};
use crate::people::{Scene, Script};
use crate::simulation::{Observed, Way, play};
use crate::{in_parallel, seed_of};

/// For how long an observer watches, and how often that is tried.
pub(crate) struct Window {
    pub(crate) seconds: u64,
    pub(crate) consultations: u64,
}

pub(crate) const WINDOWS: [Window; 3] = [
    Window { seconds: 30, consultations: 4_000 },
    Window { seconds: 120, consultations: 4_000 },
    Window { seconds: 600, consultations: 3_000 },
];

/// Yes or no.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Question {
    /// Did anybody say anything?
    Active,
    /// Exactly one of the two spoke: was it the client?
    ClientSpeaks,
    /// Was there the longest text among what was said?
    LongText,
}

impl Question {
    pub(crate) const ALL: [Self; 3] = [Self::Active, Self::ClientSpeaks, Self::LongText];

    /// The true answer; none when the question is not asked of such a scene.
    fn truth(self, scene: Scene) -> Option<bool> {
        match (self, scene) {
            (Self::Active, Scene::LongText) => None,
            (Self::Active, scene) => Some(scene != Scene::Idle),
            (Self::ClientSpeaks, Scene::OneSide(side)) => Some(side == Side::Client),
            (Self::ClientSpeaks, Scene::Idle | Scene::Chat | Scene::LongText) => None,
            (Self::LongText, Scene::Idle) => None,
            (Self::LongText, scene) => Some(scene == Scene::LongText),
        }
    }
}

/// Who is asked about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    /// Both ends send in this way.
    Plain(Way),
    /// Steady, and the observer also sees when the worker waits at another route.
    SteadyWithRenewals,
    /// No cover, and the truths shuffled: the control that has to find nothing.
    Shuffled,
}

impl Case {
    pub(crate) const ALL: [Self; 7] = [
        Self::Plain(Way::Uncovered),
        Self::Shuffled,
        Self::Plain(Way::Sparing),
        Self::Plain(Way::ClientSparing),
        Self::Plain(Way::Steady),
        Self::Plain(Way::SteadySlow),
        Self::SteadyWithRenewals,
    ];

    fn way(self) -> Way {
        match self {
            Self::Plain(way) => way,
            Self::SteadyWithRenewals => Way::Steady,
            Self::Shuffled => Way::Uncovered,
        }
    }

    fn features(self, observed: &Observed, window: &Range<f64>) -> Vec<f64> {
        match self {
            Self::SteadyWithRenewals => features_with_renewals(observed, window),
            Self::Plain(_) | Self::Shuffled => features(observed, window),
        }
    }
}

/// The answers for one case.
pub(crate) struct Answers {
    pub(crate) case: Case,
    /// In the order of [`Question::ALL`].
    pub(crate) advantages: Vec<Estimate>,
    /// Between the cells of words that were said and the guess; not asked with shuffled truths.
    pub(crate) amount: Option<Estimate>,
}

/// Every question in every case. All cases play the same scripts.
pub(crate) fn ask(window: &Window) -> Vec<Answers> {
    Case::ALL.map(|case| answer(case, window)).into()
}

/// A classifier that finds nothing proves something only when it finds what is there, and does not
/// find what is not.
pub(crate) fn check_controls(table: &[Answers]) -> Result<(), &'static str> {
    let all = |case, holds: fn(f64) -> bool| {
        let answers = table.iter().filter(|answers| answers.case == case);
        answers.flat_map(|answers| &answers.advantages).all(|advantage| holds(advantage.value))
    };
    if !all(Case::Plain(Way::Uncovered), |advantage| advantage > 0.9) {
        return Err("the classifier does not see what nothing covers: it proves nothing");
    }
    if !all(Case::Shuffled, |advantage| advantage.abs() < 0.15) {
        return Err("the classifier finds something in shuffled truths: it proves nothing");
    }
    Ok(())
}

struct Play {
    script: Script,
    features: Vec<f64>,
}

fn answer(case: Case, window: &Window) -> Answers {
    let service = Service::new();
    let plays = in_parallel(window.consultations, |index| {
        let seed = seed_of(window.seconds, index);
        let script = Script::draw(seed, window.seconds as f64);
        let end = script.window.end;
        let observed = play(&service, case.way(), &script.said, end, seed);
        Play { features: case.features(&observed, &script.window), script }
    });
    let asked = Question::ALL.len() as u64;
    let mut estimates = in_parallel(asked + 1, |index| {
        let seed = seed_of(window.seconds, u64::MAX - index);
        match Question::ALL.get(index as usize) {
            Some(question) => Some(judge(case, *question, &plays, seed)),
            None if case == Case::Shuffled => None,
            None => Some(correlation(&amounts(&plays), seed)),
        }
    });
    let amount = estimates.pop().flatten();
    Answers { case, advantages: estimates.into_iter().flatten().collect(), amount }
}

fn judge(case: Case, question: Question, plays: &[Play], seed: u64) -> Estimate {
    let asked = plays.iter().filter_map(|play| {
        let truth = question.truth(play.script.scene)?;
        Some(Sample { features: play.features.clone(), truth })
    });
    let samples: Vec<Sample<bool>> = asked.collect();
    match case {
        Case::Shuffled => advantage_when_shuffled(&samples, seed),
        Case::Plain(_) | Case::SteadyWithRenewals => advantage(&samples, seed),
    }
}

/// Logarithms, since ten cells differ from one as a hundred do from ten.
fn amounts(plays: &[Play]) -> Vec<Sample<f64>> {
    let sample = |play: &Play| Sample {
        features: play.features.clone(),
        truth: (play.script.cells_said() as f64).ln_1p(),
    };
    plays.iter().map(sample).collect()
}
