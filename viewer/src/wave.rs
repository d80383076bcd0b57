//! A sound as browsers play it (Microsoft and IBM, "Multimedia Programming Interface and Data Specifications
//! 1.0", 1991): a head that is the same for every sound of one length, and plain samples.

use zeroize::Zeroizing;

use crate::VOICE_SAMPLES_PER_SECOND;

const HEAD_BYTES: u32 = 44;
const PLAIN_SAMPLES: u16 = 1;
const CHANNELS: u16 = 1;
const BYTES_PER_SAMPLE: u16 = 2;

/// The file with these samples of sixteen bits, the lower byte first.
pub(crate) fn wave(samples: &[u8]) -> Zeroizing<Vec<u8>> {
    let len = u32::try_from(samples.len()).expect("at most a minute");
    let rate = VOICE_SAMPLES_PER_SECOND;
    let mut file = Zeroizing::new(Vec::with_capacity(samples.len() + HEAD_BYTES as usize));
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(HEAD_BYTES - 8 + len).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt ");
    file.extend_from_slice(&16_u32.to_le_bytes());
    file.extend_from_slice(&PLAIN_SAMPLES.to_le_bytes());
    file.extend_from_slice(&CHANNELS.to_le_bytes());
    file.extend_from_slice(&rate.to_le_bytes());
    file.extend_from_slice(&(rate * u32::from(BYTES_PER_SAMPLE)).to_le_bytes());
    file.extend_from_slice(&BYTES_PER_SAMPLE.to_le_bytes());
    file.extend_from_slice(&(BYTES_PER_SAMPLE * 8).to_le_bytes());
    file.extend_from_slice(b"data");
    file.extend_from_slice(&len.to_le_bytes());
    file.extend_from_slice(samples);
    file
}
