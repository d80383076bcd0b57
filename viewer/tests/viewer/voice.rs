//! Voice notes: what the client's page has written is heard, and nothing else.

use libtest_mimic::Trial;
use vestibule_viewer::{FileKind, Seen, VOICE_BYTES_MAX, ViewProblem};

use crate::view::{seen, this_program, trial};

/// One second of something like speech, as the test of the page's encoder has written it
/// (client-web/src/client/voice/voice.test.ts), and as it was before.
pub(crate) const SPEECH: &[u8] = include_bytes!("fixtures/speech.voice");
const SAID: &[u8] = include_bytes!("fixtures/speech.pcm");
/// The sum of the squares of all errors. The encoder's test knows the same.
const ERROR_ENERGY: i64 = 208_013_483;

const HEAD_BYTES: usize = 44;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("a_voice_note_is_heard_as_the_page_has_written_it", a_voice_note_is_heard),
        trial("the_longest_voice_note_is_heard_and_no_longer_one", the_longest_is_heard),
    ]
}

/// The sound of a voice note, as a WAV file.
pub(crate) fn heard(bytes: &[u8]) -> Result<Vec<u8>, ViewProblem> {
    match seen(&this_program(), FileKind::Voice, bytes)? {
        Seen::Sound(sound) => Ok(sound.to_vec()),
        Seen::Pictures(_) => unreachable!("a voice note has no pictures"),
    }
}

fn samples(bytes: &[u8]) -> impl Iterator<Item = i64> {
    bytes.as_chunks().0.iter().map(|sample| i16::from_le_bytes(*sample).into())
}

fn a_voice_note_is_heard() {
    let sound = heard(SPEECH).expect("a voice note");
    let (head, heard) = sound.split_at(HEAD_BYTES);
    let expected = [
        &b"RIFF\x24\x7d\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0"[..],
        b"\x80\x3e\0\0\0\x7d\0\0\x02\0\x10\0data\0\x7d\0\0",
    ];
    assert_eq!(head, expected.concat(), "one channel, 16,000 samples of sixteen bits a second");
    assert_eq!(heard.len(), SAID.len());
    let errors = samples(heard).zip(samples(SAID)).map(|(heard, said)| (heard - said).pow(2));
    assert_eq!(errors.sum::<i64>(), ERROR_ENERGY);
    let power: i64 = samples(SAID).map(|said| said.pow(2)).sum();
    assert!(power / ERROR_ENERGY >= 1_000, "the error is 30 dB below the voice");
}

fn the_longest_is_heard() {
    let longest = vec![0x7f; VOICE_BYTES_MAX];
    assert_eq!(heard(&longest).expect("a minute").len(), HEAD_BYTES + 4 * VOICE_BYTES_MAX);
    let longer = vec![0x7f; VOICE_BYTES_MAX + 1];
    assert_eq!(heard(&longer).err(), Some(ViewProblem::TooLarge));
    assert_eq!(heard(b"").err(), Some(ViewProblem::Damaged));
}
