//! Totals that outlive the program: sealed, beside the worker's file, and always as long.
//!
//! It is written when a shift or the program ends and when the relay has counted a slip, never when a
//! consultation ends: the time of a file is on the disk of whoever finds it.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use rand_core::Rng;
use tokio::sync::watch;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;
use vestibule_wire::{hkdf, label};
use zeroize::Zeroizing;

use super::to_hand_in::{self, ToHandIn};
use crate::enrolment::Enrolment;
use crate::key_file::{self, KeyFileError, Readers};
use crate::output;
use crate::random;
use crate::words::words;

const NONCE_LEN: usize = 12;
const TAG_LEN: usize = 16;
/// Length of the file: it tells nothing.
const FILE_LEN: usize = NONCE_LEN + to_hand_in::LEN + TAG_LEN;

/// Something else lies there, or it is damaged.
#[derive(Debug)]
pub(crate) struct Unreadable;

/// Where a worker's totals wait for the next start. The key comes from the door secret, which is in
/// every file that this worker will be given; the alias keeps colleagues' totals apart.
pub(crate) struct TotalsFile {
    path: PathBuf,
    key: Zeroizing<[u8; 32]>,
    alias: String,
}

impl TotalsFile {
    pub(crate) fn beside(worker_file: &Path, enrolment: &Enrolment) -> Self {
        let mut path = worker_file.as_os_str().to_owned();
        path.push(".totals");
        let key = hkdf(&[], enrolment.door.as_bytes(), &[label!("carried totals")]);
        let alias = enrolment.shifts.first().map(|shift| shift.content.alias.as_str().to_owned());
        Self { path: path.into(), key: key.into(), alias: alias.unwrap_or_default() }
    }

    /// What waits there; nothing where there is no file.
    pub(crate) fn read(&self) -> Result<ToHandIn, Unreadable> {
        match key_file::read(&self.path) {
            Ok(sealed) => self.open(&sealed).ok_or(Unreadable),
            Err(KeyFileError::Unreadable(ErrorKind::NotFound)) => Ok(ToHandIn::default()),
            Err(_) => Err(Unreadable),
        }
    }

    fn seal(&self, waiting: &ToHandIn) -> Vec<u8> {
        let nonce: [u8; NONCE_LEN] = random::bytes();
        let plain = Zeroizing::new(waiting.to_bytes());
        let payload = Payload { msg: &plain, aad: self.alias.as_bytes() };
        let sealed = self.cipher().encrypt(&Nonce::from(nonce), payload);
        let sealed = sealed.expect("some thousand bytes are within the cipher's limit");
        [&nonce[..], &sealed].concat()
    }

    fn open(&self, sealed: &[u8]) -> Option<ToHandIn> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let payload = Payload { msg: sealed, aad: self.alias.as_bytes() };
        let plain = Zeroizing::new(self.cipher().decrypt(&Nonce::from(*nonce), payload).ok()?);
        ToHandIn::from_bytes(&plain).ok()
    }

    fn cipher(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(&(*self.key).into())
    }

    /// Puts chance in its place, in the same blocks where the file system lets a program choose. A file
    /// of chance is what it looked like before.
    fn destroy(&self) -> io::Result<()> {
        if fs::symlink_metadata(&self.path).is_err() {
            return Ok(());
        }
        let mut chance = vec![0; FILE_LEN];
        random::system().fill_bytes(&mut chance);
        let in_place = OpenOptions::new().write(true).open(&self.path).and_then(|mut file| {
            file.write_all(&chance)?;
            file.set_len(FILE_LEN.try_into().unwrap_or(u64::MAX))?;
            file.sync_all()
        });
        in_place
            .or_else(|_| key_file::replace(&self.path, &chance, Readers::Owner))
            .or_else(|_| fs::remove_file(&self.path))
    }
}

/// What is to be done with the file. Only the latest matters.
#[derive(Clone)]
enum Order {
    Nothing,
    Keep { sealed: Arc<Vec<u8>>, is_empty: bool },
    Destroy,
}

/// Writes the file beside the desk, which waits for no disk; one thing after the other.
pub(crate) struct Keeper {
    file: Arc<TotalsFile>,
    /// What lies there could not be read. Only something new takes its place.
    is_foreign: bool,
    orders: watch::Sender<Order>,
    task: JoinHandle<()>,
}

impl Keeper {
    /// Reads what waits, and says so when that cannot be done: then the desk starts without it.
    pub(crate) fn start(file: TotalsFile) -> (Self, ToHandIn) {
        let read = file.read();
        let is_foreign = read.is_err();
        if is_foreign {
            let file = file.path.display().to_string();
            output::say(&words("totals-unreadable", &[("file", file.into())]));
        }
        let file = Arc::new(file);
        let (orders, received) = watch::channel(Order::Nothing);
        let task = tokio::spawn(obey(Arc::clone(&file), received));
        (Self { file, is_foreign, orders, task }, read.unwrap_or_default())
    }

    /// Keeps this from now on, soon.
    pub(crate) fn keep(&mut self, waiting: &ToHandIn) {
        let is_empty = waiting.is_empty();
        if is_empty && self.is_foreign {
            return;
        }
        self.is_foreign = false;
        let sealed = Arc::new(self.file.seal(waiting));
        self.orders.send_replace(Order::Keep { sealed, is_empty });
    }

    /// Keeps nothing any more.
    pub(crate) fn destroy(&self) {
        self.orders.send_replace(Order::Destroy);
    }

    /// Waits until the disk has what was ordered.
    pub(crate) async fn finish(self, deadline: Duration) {
        let Self { orders, task, .. } = self;
        drop(orders);
        let _ = timeout(deadline, task).await;
    }
}

async fn obey(file: Arc<TotalsFile>, mut orders: watch::Receiver<Order>) {
    while orders.changed().await.is_ok() {
        let order = orders.borrow_and_update().clone();
        let file = Arc::clone(&file);
        let _ = spawn_blocking(move || do_with(&file, &order)).await;
    }
}

fn do_with(file: &TotalsFile, order: &Order) {
    match order {
        Order::Nothing => {}
        Order::Keep { sealed, is_empty } => {
            let written = key_file::replace(&file.path, sealed, Readers::Owner);
            // Where nothing is lost there is nothing to tell.
            if let Some(problem) = written.err().filter(|_| !is_empty) {
                output::say(&problem.to_string());
            }
        }
        // There is nobody left to whom a failure could be told.
        Order::Destroy => drop(file.destroy()),
    }
}

#[cfg(test)]
mod tests;
