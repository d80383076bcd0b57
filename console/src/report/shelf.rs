//! Where a report waits for the coordinator's browser: at an address that nobody can guess, for one
//! look and for a short while.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use vestibule_wire::hex;

use super::html::Page;
use crate::random;

/// Before every such path.
const PATH_PREFIX: &str = "/report/";
/// A page that nobody has opened by then is forgotten.
const KEPT: Duration = Duration::from_mins(5);

/// The newest report that was made and not yet looked at.
#[derive(Clone, Default)]
pub(crate) struct Shelf(Arc<Mutex<Option<Waiting>>>);

struct Waiting {
    path: String,
    page: Page,
    until: Instant,
}

impl Shelf {
    /// Puts a page there, in place of any other, and says under which path.
    pub(crate) fn put(&self, page: Page) -> String {
        let path = format!("{PATH_PREFIX}{}", hex(&random::bytes::<16>()));
        let waiting = Waiting { path: path.clone(), page, until: Instant::now() + KEPT };
        *self.lock() = Some(waiting);
        path
    }

    /// Takes the page at this path away.
    pub(crate) fn take(&self, path: &str) -> Option<Page> {
        let mut waiting = self.lock();
        if waiting.as_ref().is_some_and(|waiting| waiting.until <= Instant::now()) {
            *waiting = None;
        }
        waiting.take_if(|waiting| waiting.path == path).map(|waiting| waiting.page)
    }

    /// Forgets what is there.
    pub(crate) fn clear(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Waiting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Page {
        Page { html: "x".to_owned(), policy: "y".to_owned() }
    }

    #[tokio::test(start_paused = true)]
    async fn a_page_is_taken_once_and_not_for_long() {
        let shelf = Shelf::default();
        let path = shelf.put(page());
        assert_eq!(path.len(), PATH_PREFIX.len() + 32);
        assert!(shelf.take("/report/").is_none());
        assert!(shelf.take(&path).is_some());
        assert!(shelf.take(&path).is_none());
        let first = shelf.put(page());
        let second = shelf.put(page());
        assert!(first != second && shelf.take(&first).is_none());
        tokio::time::advance(KEPT).await;
        assert!(shelf.take(&second).is_none());
        let third = shelf.put(page());
        shelf.clear();
        assert!(shelf.take(&third).is_none());
    }
}
