//! What happened at each service, counted so that the counts betray nobody (docs/decisions/0016).
//!
//! A count lies in a batch in memory, under noise from the start. When its period is over, or when the
//! relay stops, the batch gets noise again and is added to the file, or, where several relays serve as one,
//! to what they share. That is written at no other time, so its times and sizes tell nothing either.

mod batch;
mod book;
mod file;
mod form;
mod kept;
mod noise;
mod period;
mod shared_sums;
mod slips;
mod socket;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;
use tokio::time::{Instant, interval};
use vestibule_wire::{AuthorityKey, Period, Slip, Timestamp};

use crate::desk::EndedRequest;
use crate::redis_store::RedisConfig;
use crate::relay::Shared;
use crate::stop::Stop;
use crate::{Clock, ConfigError, Limits};
use batch::Released;
pub use book::Counting;
use book::{BatchId, Book, Moment};
pub use file::IndicatorsFile;
pub use noise::{Budget, EpsilonMillionths};
pub(crate) use noise::{draw, laplace};
pub use period::PeriodKind;
pub use shared_sums::SharedSums;
pub(crate) use socket::serve;

/// What the operator says about indicators.
pub struct IndicatorsConfig {
    /// Where sums are kept.
    pub kept_in: KeptIn,
    /// How long they are added up before they are told.
    pub period: PeriodKind,
}

/// Where sums are kept.
pub enum KeptIn {
    /// One relay alone has a file.
    File(IndicatorsFile),
    /// Several have a Redis, which may keep them on a disk.
    Redis(SharedSums),
}

impl IndicatorsConfig {
    /// Makes the file this process's own, before anything is counted.
    ///
    /// # Errors
    /// When another relay has it, or it cannot be read or written.
    pub fn claim(self) -> Result<Self, ConfigError> {
        let kept_in = match self.kept_in {
            KeptIn::File(file) => KeptIn::File(file.claim()?),
            shared @ KeptIn::Redis(_) => shared,
        };
        Ok(Self { kept_in, ..self })
    }

    /// In which folder a file is replaced, if there is one.
    pub(crate) fn folder(&self) -> Option<PathBuf> {
        match &self.kept_in {
            KeptIn::File(file) => Some(file.folder()),
            KeptIn::Redis(_) => None,
        }
    }

    /// In which Redis they are kept, if in one.
    pub(crate) fn redis(&self) -> Option<&RedisConfig> {
        match &self.kept_in {
            KeptIn::File(_) => None,
            KeptIn::Redis(shared) => Some(shared.counters().config()),
        }
    }
}

/// The counts of all services; nothing is counted when the operator has named no file.
pub(crate) struct Indicators {
    clock: Clock,
    started: Instant,
    books: HashMap<AuthorityKey, Mutex<Book>>,
    sums: Sums,
    /// Whether the sums were written when it was to be last.
    written: AtomicBool,
}

/// Where the sums are.
enum Sums {
    Nowhere,
    File(Mutex<IndicatorsFile>),
    Shared(SharedSums),
}

/// A batch that is to be written now, and the book that waits for that.
struct Due<'a> {
    authority: AuthorityKey,
    book: &'a Mutex<Book>,
    id: BatchId,
    released: Released,
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
        let Some(IndicatorsConfig { kept_in, period }) = config else {
            return Self { clock, started, books: HashMap::new(), sums: Sums::Nowhere, written };
        };
        let bounds = (limits.indicators_flush_within, limits.slips_remembered_min);
        let now = clock.now();
        let book = |counting| Mutex::new(Book::new(counting, period, bounds, now, &mut random()));
        let books = services.iter().map(|(authority, counting)| (*authority, book(*counting)));
        let books = books.collect();
        let sums = match kept_in {
            KeptIn::File(file) => Sums::File(Mutex::new(file)),
            KeptIn::Redis(shared) => Sums::Shared(shared),
        };
        Self { clock, started, books, sums, written }
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

    /// Counts a slip whose signature was checked.
    pub(crate) fn count_slip(&self, slip: &Slip) {
        if let Some(mut book) = self.book(slip.authority) {
            book.count_slip(slip, self.now(), &mut random());
        }
    }

    /// Whether this service's slips are counted.
    pub(crate) fn counts(&self, authority: AuthorityKey) -> bool {
        self.books.contains_key(&authority)
    }

    /// The periods of a service that are kept and begin in this time.
    ///
    /// # Errors
    /// When nobody can say just now.
    pub(crate) async fn periods(
        &self,
        authority: AuthorityKey,
        between: (Timestamp, Timestamp),
    ) -> Result<Vec<Period>, ConfigError> {
        match &self.sums {
            Sums::Nowhere => Ok(Vec::new()),
            Sums::File(file) => Ok(lock(file).kept.periods(authority, between)),
            Sums::Shared(shared) => shared.periods(authority, between).await,
        }
    }

    /// Whether the sums were written when they were to be last.
    pub(crate) fn is_written(&self) -> bool {
        self.written.load(Ordering::Relaxed)
    }

    /// Time went by: ends what is over, and writes what is due.
    ///
    /// # Errors
    /// When it cannot be written. What was to be written stays.
    pub(crate) async fn pass(self: Arc<Self>) -> Result<(), ConfigError> {
        let now = self.now();
        for book in self.books.values() {
            lock(book).pass(now, &mut random());
        }
        self.flush(now, false).await
    }

    /// The relay stops: ends everything and writes it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) async fn finish(self: Arc<Self>) -> Result<(), ConfigError> {
        let now = self.now();
        for book in self.books.values() {
            lock(book).finish(now, &mut random());
        }
        self.flush(now, true).await
    }

    async fn flush(self: Arc<Self>, now: Moment, all: bool) -> Result<(), ConfigError> {
        match &self.sums {
            Sums::Nowhere => Ok(()),
            Sums::File(_) => {
                // Writing to a disk takes its time.
                let here = Arc::clone(&self);
                let written = tokio::task::spawn_blocking(move || here.flush_to_file(now, all));
                written.await.unwrap_or(Ok(()))
            }
            Sums::Shared(shared) => self.flush_to_shared(shared, now, all).await,
        }
    }

    fn due(&self, now: Moment, all: bool) -> Vec<Due<'_>> {
        let due = self.books.iter().flat_map(|(authority, book)| {
            let due = lock(book).due(now, all).into_iter();
            due.map(move |(id, released)| Due { authority: *authority, book, id, released })
        });
        due.collect()
    }

    fn flush_to_file(&self, now: Moment, all: bool) -> Result<(), ConfigError> {
        let (Sums::File(file), due) = (&self.sums, self.due(now, all)) else { return Ok(()) };
        if due.is_empty() {
            return Ok(());
        }
        let mut file = lock(file);
        let mut kept = file.kept.clone();
        for Due { authority, released, .. } in &due {
            kept.add(*authority, released);
        }
        let written = file.write(kept);
        self.written.store(written.is_ok(), Ordering::Relaxed);
        written?;
        // They are in the file from here on, and nowhere else.
        due.iter().for_each(Due::forget);
        Ok(())
    }

    async fn flush_to_shared(
        &self,
        shared: &SharedSums,
        now: Moment,
        all: bool,
    ) -> Result<(), ConfigError> {
        for due in self.due(now, all) {
            let written = shared.add(due.authority, due.id, &due.released).await;
            self.written.store(written.is_ok(), Ordering::Relaxed);
            written?;
            due.forget();
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

impl Due<'_> {
    /// It is written.
    fn forget(&self) {
        lock(self.book).forget(self.id);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The operating system's randomness, of which no state stays in this process.
fn random() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}

/// Looks at the time until the relay stops. What cannot be written is reported once and tried
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
        if let Err(problem) = Arc::clone(&shared.indicators).pass().await {
            if was_written {
                (shared.report)(&problem);
            }
            not_before = now + shared.limits.indicators_retry_interval;
        }
    }
}
