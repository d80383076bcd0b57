//! Where something waits for this machine's browser: at an address that nobody can guess, for a short
//! while, and most things for one look.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use vestibule_wire::hex;

use crate::random;

/// What nobody has looked at by then is forgotten.
const KEPT: Duration = Duration::from_mins(5);

/// The newest things that were made and not yet looked at.
pub(crate) struct Shelf<T> {
    /// Before every path.
    prefix: &'static str,
    waiting: Arc<Mutex<Vec<Waiting<T>>>>,
}

struct Waiting<T> {
    path: String,
    thing: T,
    until: Instant,
}

impl<T> Clone for Shelf<T> {
    fn clone(&self) -> Self {
        Self { prefix: self.prefix, waiting: Arc::clone(&self.waiting) }
    }
}

impl<T> Shelf<T> {
    /// An empty one, whose paths begin with `prefix`.
    pub(crate) fn new(prefix: &'static str) -> Self {
        Self { prefix, waiting: Arc::default() }
    }

    /// Puts things there, in place of all others, and says under which paths.
    pub(crate) fn put(&self, things: Vec<T>) -> Vec<String> {
        let until = Instant::now() + KEPT;
        let place = |thing| {
            let path = format!("{}{}", self.prefix, hex(&random::bytes::<16>()));
            Waiting { path, thing, until }
        };
        let waiting: Vec<Waiting<T>> = things.into_iter().map(place).collect();
        let paths = waiting.iter().map(|waiting| waiting.path.clone()).collect();
        *self.lock() = waiting;
        paths
    }

    /// Takes the thing at this path away.
    pub(crate) fn take(&self, path: &str) -> Option<T> {
        let mut waiting = self.lock();
        waiting.retain(|waiting| waiting.until > Instant::now());
        let place = waiting.iter().position(|waiting| waiting.path == path)?;
        Some(waiting.swap_remove(place).thing)
    }

    /// What is at this path, which stays there.
    pub(crate) fn see(&self, path: &str) -> Option<T>
    where
        T: Clone,
    {
        let mut waiting = self.lock();
        waiting.retain(|waiting| waiting.until > Instant::now());
        waiting.iter().find(|waiting| waiting.path == path).map(|waiting| waiting.thing.clone())
    }

    /// Forgets what is there.
    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Waiting<T>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_thing_is_taken_once_and_not_for_long() {
        let shelf = Shelf::new("/thing/");
        let paths = shelf.put(vec!["a", "b"]);
        assert_eq!(paths[0].len(), "/thing/".len() + 32);
        assert!(shelf.take("/thing/").is_none());
        assert_eq!(shelf.take(&paths[1]), Some("b"));
        assert!(shelf.take(&paths[1]).is_none());
        let second = shelf.put(vec!["c"]);
        assert!(shelf.take(&paths[0]).is_none(), "another has taken its place");
        tokio::time::advance(KEPT).await;
        assert!(shelf.take(&second[0]).is_none());
        let third = shelf.put(vec!["d"]);
        assert_eq!((shelf.see(&third[0]), shelf.see(&third[0])), (Some("d"), Some("d")));
        assert!(shelf.see(&second[0]).is_none());
        shelf.clear();
        assert!(shelf.take(&third[0]).is_none());
    }
}
