//! What happened at each service, counted so that the counts betray nobody (docs/decisions/0016).
//!
//! A count lies in a batch in memory, under noise from the start. When its period is over, or when the
//! relay stops, the batch gets noise again and is added to the file. The file is written at no other
//! time, so its times and sizes tell nothing either.

mod batch;
mod book;
mod file;
mod form;
mod kept;
mod noise;
mod period;
mod slips;
mod socket;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;
use tokio::time::{Instant, interval};
use vestibule_wire::{AuthorityKey, Period, Slip, Timestamp};

use crate::desk::EndedRequest;
use crate::relay::Shared;
use crate::stop::Stop;
use crate::{Clock, ConfigError, Limits};
pub use book::Counting;
use book::{Book, Moment};
pub use file::IndicatorsFile;
pub use noise::{Budget, EpsilonMillionths};
pub(crate) use noise::{draw, laplace};
pub use period::PeriodKind;
pub(crate) use socket::serve;

/// What the operator says about indicators.
pub struct IndicatorsConfig {
    /// Where sums are kept.
    pub file: IndicatorsFile,
    /// How long they are added up before they are told.
    pub period: PeriodKind,
}

/// The counts of all services; nothing is counted when the operator has named no file.
pub(crate) struct Indicators {
    clock: Clock,
    started: Instant,
    books: HashMap<AuthorityKey, Mutex<Book>>,
    file: Option<Mutex<IndicatorsFile>>,
    /// Whether the file was written when it was to be last.
    written: AtomicBool,
}

impl Indicators {
    /// Nothing was counted.
    pub(crate) fn new(
        config: Option<IndicatorsConfig>,
        services: &[(AuthorityKey, Counting)],
        limits: &Limits,
        clock: Clock,
    ) -> Self {
        let written = AtomicBool::new(true);
        let started = Instant::now();
        let Some(IndicatorsConfig { file, period }) = config else {
            return Self { clock, started, books: HashMap::new(), file: None, written };
        };
        let bounds = (limits.indicators_flush_within, limits.slips_remembered_min);
        let now = clock.now();
        let book = |counting| Mutex::new(Book::new(counting, period, bounds, now, &mut random()));
        let books = services.iter().map(|(authority, counting)| (*authority, book(*counting)));
        let books = books.collect();
        Self { clock, started, books, file: Some(Mutex::new(file)), written }
    }

    /// The clock by which periods and waits are told.
    pub(crate) fn clock(&self) -> Timestamp {
        self.clock.now()
    }

    /// Counts a request that is over.
    pub(crate) fn count_request(&self, authority: AuthorityKey, request: &EndedRequest) {
        if let Some(mut book) = self.book(authority) {
            book.count_request(request, self.now(), &mut random());
        }
    }

    /// Whether somebody is on duty from now on.
    pub(crate) fn staff(&self, authority: AuthorityKey, is_staffed: bool) {
        if let Some(mut book) = self.book(authority) {
            book.staff(is_staffed, self.now(), &mut random());
        }
    }

    /// Counts a slip whose signature was checked. Whether this service's slips are counted at all.
    pub(crate) fn count_slip(&self, slip: &Slip) -> bool {
        let book = self.book(slip.authority);
        book.map(|mut book| book.count_slip(slip, self.now(), &mut random())).is_some()
    }

    /// The periods of a service that the file has and that begin in this time.
    pub(crate) fn periods(
        &self,
        authority: AuthorityKey,
        between: (Timestamp, Timestamp),
    ) -> Vec<Period> {
        let file = self.file.as_ref().map(lock);
        file.map(|file| file.kept.periods(authority, between)).unwrap_or_default()
    }

    /// Whether the file was written when it was to be last.
    pub(crate) fn is_written(&self) -> bool {
        self.written.load(Ordering::Relaxed)
    }

    /// Time went by: ends what is over, and writes what is due.
    ///
    /// # Errors
    /// When the file cannot be written. What was to be written stays.
    pub(crate) fn pass(&self) -> Result<(), ConfigError> {
        let now = self.now();
        for book in self.books.values() {
            lock(book).pass(now, &mut random());
        }
        self.flush(now, false)
    }

    /// The relay stops: ends everything and writes it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn finish(&self) -> Result<(), ConfigError> {
        let now = self.now();
        for book in self.books.values() {
            lock(book).finish(now, &mut random());
        }
        self.flush(now, true)
    }

    fn flush(&self, now: Moment, all: bool) -> Result<(), ConfigError> {
        let Some(mut file) = self.file.as_ref().map(lock) else { return Ok(()) };
        let due = self.books.iter().flat_map(|(authority, book)| {
            let due = lock(book).due(now, all).into_iter();
            due.map(move |(number, released)| (*authority, book, number, released))
        });
        let due: Vec<_> = due.collect();
        if due.is_empty() {
            return Ok(());
        }
        let mut kept = file.kept.clone();
        for (authority, _, _, released) in &due {
            kept.add(*authority, released);
        }
        let written = file.write(kept);
        self.written.store(written.is_ok(), Ordering::Relaxed);
        written?;
        // They are in the file from here on, and nowhere else.
        for (_, book, number, _) in due {
            lock(book).forget(number);
        }
        Ok(())
    }

    fn book(&self, authority: AuthorityKey) -> Option<MutexGuard<'_, Book>> {
        self.books.get(&authority).map(lock)
    }

    fn now(&self) -> Moment {
        Moment { clock: self.clock.now(), watch: self.started.elapsed() }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The operating system's randomness, of which no state stays in this process.
fn random() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}

/// Looks at the time until the relay stops. A file that cannot be written is reported once and tried
/// again later.
pub(crate) async fn keep_up(shared: Arc<Shared>, mut stop: Stop) {
    let mut checks = interval(shared.limits.indicators_check_interval);
    let mut not_before = Instant::now();
    loop {
        let now = tokio::select! {
            now = checks.tick() => now,
            () = stop.requested_at_all() => return,
        };
        if now < not_before {
            continue;
        }
        let was_written = shared.indicators.is_written();
        let here = Arc::clone(&shared);
        // Writing to a disk takes its time.
        let Ok(passed) = tokio::task::spawn_blocking(move || here.indicators.pass()).await else {
            return;
        };
        if let Err(problem) = passed {
            if was_written {
                (shared.report)(&problem);
            }
            not_before = now + shared.limits.indicators_retry_interval;
        }
    }
}
