//! What each service no longer believes, as far as this relay has heard (section 2). In memory alone;
//! of a service's lists the one with the highest number counts, whoever brought it.

mod file;

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::watch;
use vestibule_wire::{AuthorityKey, Close, REVOCATIONS_LEN, Revocations};

use crate::lobby::Lobby;
pub use file::RevocationsFile;
pub(crate) use file::{Report, keep_up};

/// A service's list, or none if none was heard of; follows it as it changes.
pub(crate) type Watched = watch::Receiver<Option<Arc<Revocations>>>;

/// The lists of all services, and whoever is to hear of new ones.
pub(crate) struct KnownRevocations {
    services: HashMap<AuthorityKey, watch::Sender<Option<Arc<Revocations>>>>,
    lobby: Lobby,
}

impl KnownRevocations {
    /// Nothing was heard of yet.
    pub(crate) fn new(authorities: &[AuthorityKey], lobby: Lobby) -> Self {
        let unheard = |authority: &AuthorityKey| (*authority, watch::Sender::new(None));
        Self { services: authorities.iter().map(unheard).collect(), lobby }
    }

    /// What is known of a service; `None` for one that is not served.
    pub(crate) fn watch(&self, authority: AuthorityKey) -> Option<Watched> {
        self.services.get(&authority).map(watch::Sender::subscribe)
    }

    /// Takes a list that somebody brought. It need not be news.
    ///
    /// # Errors
    /// What to close the bearer's socket with, when the list is not the service's.
    pub(crate) async fn hear(
        &self,
        authority: AuthorityKey,
        bytes: &[u8; REVOCATIONS_LEN],
    ) -> Result<(), Close> {
        if !self.services.contains_key(&authority) {
            return Err(Close::UnknownService);
        }
        let heard =
            Revocations::verify(bytes, &authority).map_err(|_| Close::RevocationsRefused)?;
        self.learn(authority, heard).await;
        Ok(())
    }

    /// Keeps a list that was verified, if it is newer, and tells whoever is to know.
    pub(crate) async fn learn(&self, authority: AuthorityKey, heard: Revocations) {
        let heard = Arc::new(heard);
        let Some(service) = self.services.get(&authority) else {
            return;
        };
        let is_news = service.send_if_modified(|known| {
            let is_old = |known: &Arc<Revocations>| known.number() >= heard.number();
            let is_news = !known.as_ref().is_some_and(is_old);
            if is_news {
                *known = Some(Arc::clone(&heard));
            }
            is_news
        });
        if is_news {
            self.lobby.revoked(authority, heard).await;
        }
    }
}
