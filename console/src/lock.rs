//! When a desk is locked, and how often a passphrase may be tried: rules that know no page.

use std::time::Duration;

use tokio::time::Instant;
use vestibule_wire::Timestamp;

use crate::messages::LockMinutes;

/// Longest wait after a wrong passphrase.
const WAIT_SECONDS_MAX: u64 = 60;

/// The state of a desk's lock.
pub(crate) struct Lock {
    minutes: LockMinutes,
    touched: Moment,
    /// Since it was locked.
    locked: Option<Tries>,
}

/// By two clocks: the first stands still while the machine sleeps, the second can be set.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) monotonic: Instant,
    pub(crate) wall: Timestamp,
}

struct Tries {
    wrong_in_a_row: u32,
    /// Not before.
    next_at: Instant,
    under_way: bool,
}

/// What the pages are shown of a locked desk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct LockedView {
    pub(crate) wrong_passphrase: bool,
    pub(crate) wait_seconds: u64,
}

impl Lock {
    pub(crate) fn open(now: Moment) -> Self {
        Self { minutes: LockMinutes::DEFAULT, touched: now, locked: None }
    }

    pub(crate) fn is_locked(&self) -> bool {
        self.locked.is_some()
    }

    pub(crate) fn minutes(&self) -> u8 {
        self.minutes.0
    }

    pub(crate) fn set_minutes(&mut self, minutes: LockMinutes) {
        self.minutes = minutes;
    }

    /// The worker is there.
    pub(crate) fn touch(&mut self, now: Moment) {
        self.touched = now;
    }

    /// When it locks by itself, if nothing is touched before.
    pub(crate) fn locks_at(&self) -> Option<Instant> {
        self.locked.is_none().then(|| self.touched.monotonic + self.idle())
    }

    /// Whether it has been idle for long enough, the machine's sleep included.
    pub(crate) fn is_due(&self, now: Moment) -> bool {
        let slept = u64::from(now.wall.0.saturating_sub(self.touched.wall.0));
        let idle = now.monotonic >= self.touched.monotonic + self.idle();
        self.locked.is_none() && (idle || slept >= self.idle().as_secs())
    }

    pub(crate) fn lock(&mut self, now: Moment) {
        let tries = Tries { wrong_in_a_row: 0, next_at: now.monotonic, under_way: false };
        self.locked.get_or_insert(tries);
    }

    /// Whether a passphrase may be tried now. It may not while another is, or too soon after a wrong
    /// one.
    pub(crate) fn begin_try(&mut self, now: Moment) -> bool {
        let Some(tries) = &mut self.locked else { return false };
        let may = !tries.under_way && now.monotonic >= tries.next_at;
        tries.under_way |= may;
        may
    }

    /// The passphrase that was being tried was right, or wrong.
    pub(crate) fn tried(&mut self, right: bool, now: Moment) {
        let Some(tries) = self.locked.as_mut().filter(|tries| tries.under_way) else { return };
        if right {
            self.locked = None;
            self.touched = now;
            return;
        }
        tries.under_way = false;
        let seconds = 1_u64.checked_shl(tries.wrong_in_a_row).unwrap_or(WAIT_SECONDS_MAX);
        tries.next_at = now.monotonic + Duration::from_secs(seconds.min(WAIT_SECONDS_MAX));
        tries.wrong_in_a_row = tries.wrong_in_a_row.saturating_add(1);
    }

    pub(crate) fn view(&self, now: Moment) -> Option<LockedView> {
        let tries = self.locked.as_ref()?;
        let wait = tries.next_at.saturating_duration_since(now.monotonic);
        Some(LockedView {
            wrong_passphrase: tries.wrong_in_a_row > 0,
            wait_seconds: wait.as_millis().div_ceil(1_000).try_into().unwrap_or(WAIT_SECONDS_MAX),
        })
    }

    fn idle(&self) -> Duration {
        Duration::from_secs(u64::from(self.minutes.0) * 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Clocks(Moment);

    impl Clocks {
        fn start() -> Self {
            Self(Moment { monotonic: Instant::now(), wall: Timestamp(1_000_000) })
        }

        fn passes(&mut self, seconds: u32) -> Moment {
            self.0.monotonic += Duration::from_secs(u64::from(seconds));
            self.sleeps(seconds)
        }

        fn sleeps(&mut self, seconds: u32) -> Moment {
            self.0.wall = self.0.wall.plus_seconds(seconds);
            self.0
        }
    }

    #[test]
    fn an_idle_desk_locks_also_when_the_machine_sleeps() {
        let mut clocks = Clocks::start();
        let mut lock = Lock::open(clocks.0);
        assert!(!lock.is_due(clocks.passes(599)));
        lock.touch(clocks.0);
        assert!(!lock.is_due(clocks.passes(599)));
        assert!(lock.is_due(clocks.passes(1)));
        lock.touch(clocks.0);
        assert!(lock.is_due(clocks.sleeps(600)));
        lock.set_minutes(LockMinutes::try_from(60).unwrap());
        assert!(!lock.is_due(clocks.0));
        lock.lock(clocks.0);
        assert!(lock.is_locked() && lock.locks_at().is_none());
    }

    #[test]
    fn a_wrong_passphrase_makes_the_next_wait_longer() {
        let mut clocks = Clocks::start();
        let mut lock = Lock::open(clocks.0);
        assert!(!lock.begin_try(clocks.0), "an open desk tries nothing");
        lock.lock(clocks.0);
        let untried = LockedView { wrong_passphrase: false, wait_seconds: 0 };
        assert_eq!(lock.view(clocks.0), Some(untried));
        for seconds in [1, 2, 4, 8, 16, 32, 60, 60] {
            assert!(lock.begin_try(clocks.0));
            assert!(!lock.begin_try(clocks.0), "one at a time");
            lock.tried(false, clocks.0);
            let wrong = LockedView { wrong_passphrase: true, wait_seconds: seconds.into() };
            assert_eq!(lock.view(clocks.0), Some(wrong));
            assert!(!lock.begin_try(clocks.passes(seconds - 1)));
            clocks.passes(1);
        }
        // Locking a locked desk again takes no wait away.
        assert!(lock.begin_try(clocks.0));
        lock.tried(false, clocks.0);
        lock.lock(clocks.0);
        assert!(!lock.begin_try(clocks.0));
        assert!(lock.begin_try(clocks.passes(60)));
        lock.tried(true, clocks.0);
        assert!(!lock.is_locked() && !lock.is_due(clocks.passes(599)));
    }
}
