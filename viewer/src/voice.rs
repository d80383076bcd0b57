//! A voice note: four bits a sample, 16,000 samples a second, nothing else (docs/protocol.md section 10,
//! "Voice notes"). The code is IMA ADPCM (Interactive Multimedia Association, "Recommended Practices for
//! Enhancing Digital Audio Compatibility in Multimedia Systems", 1992).
//!
//! Any bytes are a sound, so there is nothing to be wrong in them but their number.

use zeroize::Zeroizing;

use crate::ViewProblem;

/// The longest voice note, in bytes: 60 seconds.
pub const VOICE_BYTES_MAX: usize = 480_000;
/// How many samples a second are.
pub const VOICE_SAMPLES_PER_SECOND: u32 = 16_000;
/// What one byte of a voice note becomes: two samples of sixteen bits.
pub(crate) const SOUND_BYTES_PER_BYTE: usize = 4;

/// By how much a sample may differ from the one before, in seven parts.
const STEPS: [i32; 89] = [
    7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66,
    73, 80, 88, 97, 107, 118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449,
    494, 544, 598, 658, 724, 796, 876, 963, 1_060, 1_166, 1_282, 1_411, 1_552, 1_707, 1_878, 2_066,
    2_272, 2_499, 2_749, 3_024, 3_327, 3_660, 4_026, 4_428, 4_871, 5_358, 5_894, 6_484, 7_132,
    7_845, 8_630, 9_493, 10_442, 11_487, 12_635, 13_899, 15_289, 16_818, 18_500, 20_350, 22_385,
    24_623, 27_086, 29_794, 32_767,
];
const LAST_STEP: i8 = 88;

/// What was heard last.
#[derive(Default)]
struct Decoder {
    sample: i16,
    step: i8,
}

/// The samples of a voice note, sixteen bits each, the lower byte first.
///
/// # Errors
/// When it is empty or lasts too long.
pub(crate) fn decode(bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, ViewProblem> {
    if bytes.is_empty() {
        return Err(ViewProblem::Damaged);
    }
    if bytes.len() > VOICE_BYTES_MAX {
        return Err(ViewProblem::TooLarge);
    }
    let mut decoder = Decoder::default();
    let mut sound = Zeroizing::new(Vec::with_capacity(bytes.len() * SOUND_BYTES_PER_BYTE));
    for byte in bytes {
        for code in [byte & 15, byte >> 4] {
            sound.extend_from_slice(&decoder.next(code).to_le_bytes());
        }
    }
    Ok(sound)
}

impl Decoder {
    /// The sample that these four bits stand for: a sign, and three for how many parts of a step.
    fn next(&mut self, code: u8) -> i16 {
        let step = usize::try_from(self.step).ok().and_then(|step| STEPS.get(step));
        let step = *step.expect("a step stays among the steps");
        let part = |bit: u8, part: i32| if code & bit == 0 { 0 } else { part };
        let difference = step / 8 + part(4, step) + part(2, step / 2) + part(1, step / 4);
        let signed = if code & 8 == 0 { difference } else { -difference };
        let sample = (i32::from(self.sample) + signed).clamp(i16::MIN.into(), i16::MAX.into());
        self.sample = i16::try_from(sample).expect("clamped");
        let change = match code & 7 {
            ..4 => -1,
            4 => 2,
            5 => 4,
            6 => 6,
            _ => 8,
        };
        self.step = (self.step + change).clamp(0, LAST_STEP);
        self.sample
    }
}
