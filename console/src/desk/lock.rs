//! Locking a desk. Its consultations run on; the pages are shown nothing of them.

use std::sync::Arc;

use age::secrecy::SecretString;
use tokio::task::spawn_blocking;
use tokio::time::Instant;

use super::Desk;
use crate::context::Context;
use crate::hub::Input;
use crate::lock::Moment;
use crate::messages::{AnyText, ConsoleMessage, LockMinutes};

/// Now, by both clocks.
pub(super) fn moment(context: &Context) -> Moment {
    Moment { monotonic: Instant::now(), wall: context.clock.now() }
}

impl Desk {
    /// The worker is there.
    pub(super) fn touch(&mut self) {
        self.lock.touch(moment(&self.context));
    }

    pub(super) fn set_lock_minutes(&mut self, minutes: LockMinutes) {
        self.lock.set_minutes(minutes);
        self.tell(&ConsoleMessage::LockMinutes { lock_minutes: minutes.0 });
    }

    pub(super) fn lock_if_idle(&mut self) {
        if self.lock.is_due(moment(&self.context)) {
            self.lock_now();
        }
    }

    pub(super) fn lock_now(&mut self) {
        self.lock.lock(moment(&self.context));
        self.pages.locked = true;
        self.belongings.reports.clear();
        self.belongings.pictures.clear();
        self.belongings.sounds.clear();
        self.show_locked();
    }

    /// Tries a passphrase, if one may be tried now; whether or not, the pages hear how it stands.
    pub(super) fn unlock(&mut self, passphrase: &AnyText) {
        if !self.lock.begin_try(moment(&self.context)) {
            return self.show_locked();
        }
        let passphrase = SecretString::from((*passphrase.0).clone());
        let file = Arc::clone(&self.belongings.worker_file);
        let own_inputs = self.own_inputs.clone();
        self.tasks.spawn(async move {
            let tried = spawn_blocking(move || file.opens_with(passphrase)).await;
            if let Some(desk) = own_inputs.upgrade() {
                let _ = desk.send(Input::TriedPassphrase { right: tried.unwrap_or(false) }).await;
            }
        });
    }

    /// After a panic not even the right one shows anything.
    pub(super) fn tried_passphrase(&mut self, right: bool) {
        if self.ending.is_some() {
            return;
        }
        self.lock.tried(right, moment(&self.context));
        if self.lock.is_locked() {
            return self.show_locked();
        }
        self.pages.locked = false;
        let unlocked =
            ConsoleMessage::Locked { locked: false, wrong_passphrase: false, wait_seconds: 0 };
        self.pages.tell(&unlocked);
        self.show_everything(None);
    }

    /// What pages are told of a locked desk.
    pub(super) fn locked_message(&self) -> Option<ConsoleMessage<'static>> {
        let view = self.lock.view(moment(&self.context))?;
        let (wrong_passphrase, wait_seconds) = (view.wrong_passphrase, view.wait_seconds);
        Some(ConsoleMessage::Locked { locked: true, wrong_passphrase, wait_seconds })
    }

    fn show_locked(&mut self) {
        if let Some(locked) = self.locked_message() {
            self.pages.tell(&locked);
        }
    }
}
