//! One end on a bad line: what its program does around `Session` and `Pacer`.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, RngExt};
use vestibule_wire::Timestamp;

use super::super::world::{NOW, World, certificate_of};
use crate::cell::{self, Cell};
use crate::{
    Cover, Pacer, Record, RecordNumber, SILENT_AFTER, Session, SessionError, ShiftKey, Side,
};

/// A shift of the worker: it has another key in the next one.
const SHIFT: Duration = Duration::from_hours(8);

pub(super) struct End {
    side: Side,
    pub(super) session: Session,
    pub(super) pacer: Pacer,
    /// The socket that is joined.
    pub(super) line: Option<u64>,
    pub(super) broken_since: Duration,
    heard_new_at: Duration,
    pub(super) said: u32,
    pub(super) heard: u32,
    delivered: u64,
    highest_sent: u64,
    highest_heard: u64,
    pub(super) counts: Counts,
    /// What both ends know to be said.
    seed: u64,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) sent: u64,
    pub(super) sent_again: u64,
    pub(super) refused: u64,
    pub(super) overtaken: u64,
}

/// What the person at this end sees, and what becomes of its socket.
#[derive(PartialEq, Eq)]
pub(super) enum Taken {
    Kept,
    /// The cell was nobody's.
    Distrusted,
}

impl End {
    pub(super) fn new(side: Side, session: Session, seed: u64) -> Self {
        Self {
            side,
            session,
            pacer: Pacer::new(Cover::Steady),
            line: None,
            broken_since: Duration::ZERO,
            heard_new_at: Duration::ZERO,
            said: 0,
            heard: 0,
            delivered: 0,
            highest_sent: 0,
            highest_heard: 0,
            counts: Counts::default(),
            seed,
        }
    }

    pub(super) fn join(&mut self, line: u64, now: Duration) {
        self.line = Some(line);
        self.heard_new_at = now;
        self.session.rejoined();
        self.pacer.joined();
    }

    pub(super) fn leave(&mut self, now: Duration) {
        if self.line.take().is_some() {
            self.broken_since = now;
        }
    }

    pub(super) fn has_gone_silent(&self, now: Duration) -> bool {
        self.line.is_some() && now >= self.heard_new_at + SILENT_AFTER
    }

    /// Says the next words, when there is room.
    pub(super) fn say(&mut self) -> bool {
        let words = words(self.seed, self.side, self.said);
        if !self.session.has_room(words.len()) {
            assert_eq!(self.session.say(&Record::Text(words)), Err(SessionError::Full));
            return false;
        }
        self.said += 1;
        let number = self.session.say(&Record::Text(words)).unwrap();
        assert_eq!(number, RecordNumber(u64::from(self.said)));
        true
    }

    pub(super) fn cells(&mut self, now: Duration, random: &mut StdRng) -> Vec<Cell> {
        self.session.freshen(now, random);
        let cells = self.pacer.cells(&mut self.session, now, random.next_u64());
        for cell in &cells {
            let sequence = cell::sequence(cell);
            self.counts.sent += 1;
            self.counts.sent_again += u64::from(sequence <= self.highest_sent);
            self.highest_sent = self.highest_sent.max(sequence);
        }
        cells
    }

    pub(super) fn take(
        &mut self,
        cell: &Cell,
        now: Duration,
        world: &World,
        random: &mut StdRng,
    ) -> Taken {
        let opened = match self.session.open(cell, at(now)) {
            Ok(opened) => opened,
            Err(SessionError::Unsealed) => {
                self.counts.refused += 1;
                return Taken::Distrusted;
            }
            Err(error) => panic!("seed {}: {:?} ended: {error}", self.seed, self.side),
        };
        if opened.is_new {
            self.heard_new_at = now;
            let sequence = cell::sequence(cell);
            self.counts.overtaken += u64::from(sequence < self.highest_heard);
            self.highest_heard = self.highest_heard.max(sequence);
        }
        if let Some(RecordNumber(delivered)) = opened.delivered {
            let close = u64::from(self.session.is_closed());
            assert!(delivered > self.delivered && delivered <= u64::from(self.said) + close);
            self.delivered = delivered;
        }
        for record in opened.records {
            match &record {
                Record::FreshOpening(opening) => {
                    let (shift, certificate) = present_shift(world, now);
                    let answered = self.session.answer_fresh(opening, &shift, &certificate, random);
                    answered.unwrap();
                }
                Record::Text(heard) => {
                    let expected = words(self.seed, self.side.other(), self.heard);
                    assert!(*heard == expected, "seed {}, number {}", self.seed, self.heard);
                    self.heard += 1;
                }
                Record::Close => self.pacer.hurry(),
                _ => panic!("nobody said that"),
            }
        }
        Taken::Kept
    }

    pub(super) fn all_delivered(&self) -> bool {
        self.delivered >= u64::from(self.said)
    }
}

/// The worker's key and certificate at this time.
fn present_shift(
    world: &World,
    now: Duration,
) -> (ShiftKey, [u8; vestibule_wire::CERTIFICATE_LEN]) {
    use rand::SeedableRng;
    let shifts = now.as_secs() / SHIFT.as_secs();
    let key = ShiftKey::generate(&mut StdRng::seed_from_u64(shifts));
    let mut content = certificate_of(&key);
    content.valid_from = at(SHIFT * u32::try_from(shifts).unwrap());
    content.valid_to = content.valid_from.plus_seconds(u32::try_from(SHIFT.as_secs()).unwrap());
    let certificate = world.authority.certify(&content);
    (key, certificate)
}

pub(super) fn at(now: Duration) -> Timestamp {
    NOW.plus_seconds(u32::try_from(now.as_secs()).unwrap())
}

/// What an end says, by its number: mostly short, some as long as many cells.
fn words(seed: u64, side: Side, number: u32) -> String {
    use rand::SeedableRng;
    let place = u64::from(number) * 2 + u64::from(side == Side::Client);
    let mut random = StdRng::seed_from_u64(seed ^ place.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let length = match random.random_range(0..1_000) {
        0..800 => random.random_range(1..200),
        800..960 => random.random_range(200..980),
        960..998 => random.random_range(980..4_000),
        _ => random.random_range(4_000..=40_000),
    };
    let letters = ['a', 'z', ' ', '\n', 'я', 'ї', 'ع', '\u{feff}', '😀'];
    let mut words = format!("{side:?} {number} ");
    while words.len() + 4 < length {
        words.push(letters[random.random_range(0..letters.len())]);
    }
    words
}
