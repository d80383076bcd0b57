//! When cells leave (section 9, "Cover"), and how long an end waits for the other.

use std::time::Duration;

use super::Session;
use crate::cell::Cell;

/// A joined line on which no new cell was heard for so long is dead.
pub const SILENT_AFTER: Duration = Duration::from_secs(16);
/// A consultation whose other end was not heard for so long is lost.
pub const ABSENT_AFTER: Duration = Duration::from_mins(30);

/// A steady slot is so long after the one before, at least and at most.
const STEADY_SLOT: (Duration, Duration) =
    (Duration::from_millis(1_500), Duration::from_millis(2_500));
/// The same for the empty cell that a sparing end sends when it is quiet.
const SPARING_SLOT: (Duration, Duration) = (Duration::from_secs(6), Duration::from_secs(10));
/// Always as many, whatever there is to say.
const SLOTS_AT_ONCE: u8 = 3;
const RETRY_MIN: Duration = Duration::from_millis(250);
const RETRY_MAX: Duration = Duration::from_secs(15);
/// The wait is this part of the time that a line has been broken.
const RETRY_PART: u32 = 8;

/// How much an end hides of when it speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cover {
    /// One cell in every slot, whatever there is to say.
    Steady,
    /// What there is to say goes at once; an empty cell now and then.
    Sparing,
}

/// Decides which cells leave a joined socket, and when. `elapsed` counts from any fixed moment;
/// `chance` is 64 random bits.
pub struct Pacer {
    cover: Cover,
    next_slot: Duration,
    /// Nothing waits for a slot until what is due now has gone.
    hurried: bool,
    greeting: bool,
    /// The slots that a new socket begins with.
    slots_at_once: u8,
}

impl Pacer {
    /// For a consultation whose line is about to begin.
    pub fn new(cover: Cover) -> Self {
        Self { cover, next_slot: Duration::ZERO, hurried: false, greeting: true, slots_at_once: 0 }
    }

    /// Changes the way; at the next slot.
    pub fn set_cover(&mut self, cover: Cover) {
        self.cover = cover;
    }

    /// A socket has joined: an empty cell goes first, then what the session says is due again, then
    /// some slots at once, in which fresh secrets and a first word find room.
    pub fn joined(&mut self) {
        (self.greeting, self.slots_at_once) = (true, SLOTS_AT_ONCE);
    }

    /// A close was sealed or received: nothing waits any more.
    pub fn hurry(&mut self) {
        self.hurried = true;
    }

    /// The cells to be sent now. Asked after every event, and at [`wakes_at`](Self::wakes_at).
    pub fn cells(&mut self, session: &mut Session, elapsed: Duration, chance: u64) -> Vec<Cell> {
        let mut cells = Vec::new();
        if std::mem::take(&mut self.greeting) {
            cells.extend(session.empty_cell());
            cells.extend(std::iter::from_fn(|| session.resent_cell()));
            self.next_slot = elapsed.saturating_add(self.slot(chance));
        }
        for _ in 0..std::mem::take(&mut self.slots_at_once) {
            cells.extend(session.slot_cell());
        }
        if self.hurried || self.cover == Cover::Sparing || session.is_moving_file() {
            let before = cells.len();
            cells.extend(std::iter::from_fn(|| session.next_cell()));
            if cells.len() > before {
                self.next_slot = elapsed.saturating_add(self.slot(chance));
            }
        }
        if elapsed >= self.next_slot {
            cells.extend(session.slot_cell());
            self.next_slot = elapsed.saturating_add(self.slot(chance));
        }
        cells
    }

    /// When the next slot is.
    pub fn wakes_at(&self) -> Duration {
        self.next_slot
    }

    fn slot(&self, chance: u64) -> Duration {
        let (shortest, longest) = match self.cover {
            Cover::Steady => STEADY_SLOT,
            Cover::Sparing => SPARING_SLOT,
        };
        between(shortest, longest, chance)
    }
}

/// How long to wait before the next try to rejoin, on a line that has been broken for so long.
pub fn retry_delay(broken_for: Duration, chance: u64) -> Duration {
    let longest =
        broken_for.checked_div(RETRY_PART).unwrap_or(RETRY_MAX).clamp(RETRY_MIN, RETRY_MAX);
    between(longest.checked_div(2).unwrap_or(RETRY_MIN), longest, chance)
}

/// Uniform from `shortest` to `longest`.
fn between(shortest: Duration, longest: Duration, chance: u64) -> Duration {
    let span = u64::try_from(longest.saturating_sub(shortest).as_micros()).unwrap_or(u64::MAX);
    let offset = chance.checked_rem(span.saturating_add(1)).unwrap_or(0);
    shortest.saturating_add(Duration::from_micros(offset))
}
