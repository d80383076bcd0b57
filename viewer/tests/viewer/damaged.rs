//! Files with errors: whatever is wrong with them, looking ends in time, with a picture or a reason.

use std::time::Duration;

use libtest_mimic::Trial;
use tokio::time::Instant;
use vestibule_viewer::{FileKind, ViewProblem};

use crate::documents::PAGE;
use crate::photographs::{encoded, four_colours};
use crate::view::{seen, this_program};
use crate::voice::SPEECH;

/// How many files with errors of each kind.
const FILES: u64 = 500;
/// A slow machine tries fewer.
const TIME_MAX: Duration = Duration::from_mins(1);

pub(crate) fn trials() -> Vec<Trial> {
    let trial = |kind: FileKind| {
        Trial::test(format!("errors_in_a_file_of_kind_{kind}_do_no_harm"), move || {
            errors_do_no_harm(kind);
            Ok(())
        })
    };
    FileKind::ALL.into_iter().map(trial).collect()
}

fn errors_do_no_harm(kind: FileKind) {
    let whole = match kind {
        FileKind::Pdf => PAGE.to_vec(),
        FileKind::Voice => SPEECH.to_vec(),
        FileKind::Jpeg | FileKind::Png | FileKind::WebP => {
            encoded(kind, &four_colours(64, 32), Some(6))
        }
    };
    let began = Instant::now();
    for seed in 0..FILES {
        if began.elapsed() > TIME_MAX {
            break;
        }
        let file = with_errors(&whole, seed);
        if let Err(problem) = seen(&this_program(), kind, &file) {
            let expected = [
                ViewProblem::Damaged,
                ViewProblem::TooLarge,
                ViewProblem::TooDemanding,
                ViewProblem::Locked,
            ];
            assert!(expected.contains(&problem), "{kind} with errors of seed {seed}: {problem}");
        }
    }
}

/// The same errors for the same seed: bytes are changed, and now and then a part is left out or comes
/// twice.
fn with_errors(whole: &[u8], seed: u64) -> Vec<u8> {
    let mut chance = Chance(seed);
    let mut file = whole.to_vec();
    for _ in 0..=chance.below(8) {
        let place = chance.below(file.len());
        let end = place + chance.below(file.len() - place).min(64);
        match chance.below(8) {
            0 => file.truncate(place.max(1)),
            1 => drop(file.drain(place..end)),
            2 => {
                let twice = file[place..end].to_vec();
                file.splice(place..place, twice);
            }
            3 => file[place] = 255,
            4 => file[place] ^= 1 << chance.below(8),
            // A digit for a digit: lengths, numbers of objects and coordinates.
            5 | 6 => {
                let digits = file.iter().enumerate().filter(|(_, byte)| byte.is_ascii_digit());
                let digits: Vec<usize> = digits.map(|(place, _)| place).collect();
                if !digits.is_empty() {
                    file[digits[chance.below(digits.len())]] = b"0123456789"[chance.below(10)];
                }
            }
            _ => file[place] = u8::try_from(chance.below(256)).expect("a byte"),
        }
        if file.is_empty() {
            file.push(0);
        }
    }
    file
}

/// Numbers that look like chance (Steele, Lea and Flood 2014), the same ones for the same seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let most = u64::try_from(most.max(1)).expect("a length");
        usize::try_from((mixed ^ (mixed >> 31)) % most).expect("below a length")
    }
}
