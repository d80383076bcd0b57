//! About how often sockets were refused, by close code.

use std::sync::{Mutex, PoisonError};

use rand::Rng;
use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;
use vestibule_wire::Close;

use crate::indicators::{EpsilonMillionths, draw, laplace};

/// What is a refusal: never an end of a consultation, nor of a wait.
const COUNTED: [Close; 16] = [
    Close::Malformed,
    Close::Crowded,
    Close::UnknownService,
    Close::NotReady,
    Close::LinkRefused,
    Close::LinkExpired,
    Close::LinkSpent,
    Close::LinkOpenElsewhere,
    Close::CertificateRefused,
    Close::CertificateExpired,
    Close::SignInRefused,
    Close::StatementRefused,
    Close::RevocationsRefused,
    Close::PuzzleRefused,
    Close::SlipRefused,
    Close::SeatGone,
];
/// Below this a number would be noise.
const TOLD_MIN: i32 = 20;

/// Refusals since they were told last, and what was told.
pub(crate) struct Refusals(Mutex<State>);

struct State {
    now: [i32; COUNTED.len()],
    told: [i32; COUNTED.len()],
}

impl Refusals {
    /// Nothing but noise.
    pub(crate) fn new() -> Self {
        let now = noise(&mut UnwrapErr(SysRng));
        Self(Mutex::new(State { now, told: [0; COUNTED.len()] }))
    }

    /// A socket was closed with this.
    pub(crate) fn count(&self, close: Close) {
        let place = COUNTED.iter().position(|counted| *counted == close);
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sum) = place.and_then(|place| state.now.get_mut(place)) {
            *sum = sum.saturating_add(1);
        }
    }

    /// Tells what was counted, and begins anew.
    pub(crate) fn tell(&self) {
        let mut random = UnwrapErr(SysRng);
        let (again, fresh) = (noise(&mut random), noise(&mut random));
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = std::mem::replace(&mut state.now, fresh);
        for ((told, sum), noise) in state.told.iter_mut().zip(counted).zip(again) {
            *told = coarse(sum.saturating_add(noise));
        }
    }

    /// What was told last.
    pub(crate) fn told(&self) -> Vec<(Close, i32)> {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        COUNTED.into_iter().zip(state.told).collect()
    }
}

fn noise(rng: &mut dyn Rng) -> [i32; COUNTED.len()] {
    let laplace = laplace(EpsilonMillionths::DEFAULT, (1, 1));
    COUNTED.map(|_| draw(&laplace, rng))
}

/// The next lower of 20, 50, 100, 200 and so on.
fn coarse(sum: i32) -> i32 {
    let steps = (1..=9_u32).flat_map(|power| [1, 2, 5].map(|step: i32| (step, 10_i32.pow(power))));
    let steps = steps.filter_map(|(step, power)| step.checked_mul(power));
    steps.filter(|step| (TOLD_MIN..=sum).contains(step)).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use vestibule_wire::Close;

    use super::{COUNTED, Refusals, coarse};

    #[test]
    fn numbers_are_few() {
        for (sum, told) in [
            (-5, 0),
            (19, 0),
            (20, 20),
            (49, 20),
            (50, 50),
            (199, 100),
            (200, 200),
            (4_999, 2_000),
            (i32::MAX, 2_000_000_000),
        ] {
            assert_eq!(coarse(sum), told, "{sum}");
        }
    }

    #[test]
    fn a_storm_is_told_once_and_by_its_size_and_nothing_before_its_time() {
        let refusals = Refusals::new();
        for _ in 0..3_000 {
            refusals.count(Close::Crowded);
            refusals.count(Close::PeerLeft);
            refusals.count(Close::Done);
        }
        assert!(refusals.told().iter().all(|(_, count)| *count == 0));
        refusals.tell();
        let told = refusals.told();
        assert_eq!(told.len(), COUNTED.len());
        assert!(told.contains(&(Close::Crowded, 2_000)));
        refusals.tell();
        assert!(!refusals.told().contains(&(Close::Crowded, 2_000)), "only the last six hours");
    }

    /// Sixteen draws are all nought once in ten to the fourteenth.
    #[test]
    fn a_single_refusal_lies_under_noise() {
        let differ = (0..40).filter(|_| {
            let refusals = Refusals::new();
            let state = refusals.0.lock().unwrap();
            state.now.iter().any(|sum| *sum != 0)
        });
        assert_eq!(differ.count(), 40);
    }
}
