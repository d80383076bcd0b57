//! Who is on duty beside whom, and what they tell each other (section 6, "Colleagues").
//!
//! Each duty socket has a number of its own, also when one worker has several: a relay knows
//! certificates, not people. It goes by that number among all its colleagues and is never given
//! again. Each service has a roster of its own, so nothing crosses between two.
//!
//! Nobody waits here for anybody: what a worker has not yet read lies in its mailbox, and nobody is
//! closed for what lies there.

mod mailbox;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use vestibule_wire::{AuthorityKey, CERTIFICATE_LEN, ColleagueId};

use crate::Limits;
use crate::entropy::random_bytes;
use mailbox::Mailbox;
pub(crate) use mailbox::{News, Whisper};

/// The rosters of all services.
pub(crate) struct Colleagues(HashMap<AuthorityKey, Mutex<Roster>>);

/// One duty socket's place on its roster, given up when this is dropped.
pub(crate) struct OnDuty<'a> {
    roster: &'a Mutex<Roster>,
    id: ColleagueId,
    mailbox: Arc<Mailbox>,
}

impl Colleagues {
    /// Nobody is on duty.
    pub(crate) fn new(limits: &Limits, authorities: &[AuthorityKey]) -> Self {
        let roster = || Mutex::new(Roster::new(limits.workers_on_duty_max));
        Self(authorities.iter().map(|authority| (*authority, roster())).collect())
    }

    /// A worker comes on duty; `None` when too many are.
    pub(crate) fn come(
        &self,
        authority: AuthorityKey,
        certificate: Certificate,
    ) -> Option<OnDuty<'_>> {
        let roster = self.0.get(&authority)?;
        let id = ColleagueId(random_bytes());
        let mailbox = lock(roster).come(id, certificate)?;
        Some(OnDuty { roster, id, mailbox })
    }
}

impl OnDuty<'_> {
    /// Waits for the next of what this worker is to be told.
    pub(crate) async fn news(&self) -> News {
        self.mailbox.next().await
    }

    /// Passes a whisper on, if that colleague is still on duty.
    pub(crate) fn whisper(&self, to: ColleagueId, whisper: Whisper) {
        lock(self.roster).whisper(self.id, to, whisper);
    }
}

impl Drop for OnDuty<'_> {
    fn drop(&mut self) {
        lock(self.roster).go(self.id);
    }
}

fn lock(roster: &Mutex<Roster>) -> MutexGuard<'_, Roster> {
    roster.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a colleague shows to prove who it is: the same bytes for all, gone with the duty.
pub(crate) type Certificate = Arc<[u8; CERTIFICATE_LEN]>;

/// Who is on duty for one service. Few enough to be searched.
struct Roster {
    on_duty: Vec<Member>,
    on_duty_max: usize,
}

struct Member {
    id: ColleagueId,
    certificate: Certificate,
    mailbox: Arc<Mailbox>,
}

impl Roster {
    fn new(on_duty_max: usize) -> Self {
        Self { on_duty: Vec::new(), on_duty_max }
    }

    /// Tells the newcomer of everybody and everybody of the newcomer; `None` when it is crowded.
    fn come(&mut self, id: ColleagueId, certificate: Certificate) -> Option<Arc<Mailbox>> {
        if self.on_duty.len() >= self.on_duty_max {
            return None;
        }
        let mailbox = Arc::new(Mailbox::default());
        for member in &self.on_duty {
            mailbox.came(member.id, Arc::clone(&member.certificate));
            member.mailbox.came(id, Arc::clone(&certificate));
        }
        self.on_duty.push(Member { id, certificate, mailbox: Arc::clone(&mailbox) });
        Some(mailbox)
    }

    fn go(&mut self, id: ColleagueId) {
        self.on_duty.retain(|member| member.id != id);
        self.on_duty.iter().for_each(|member| member.mailbox.left(id));
    }

    /// Drops a whisper to somebody who is not here.
    fn whisper(&self, from: ColleagueId, to: ColleagueId, whisper: Whisper) {
        // One's own number, which nobody is told, is no colleague's.
        let receiver = self.on_duty.iter().find(|member| member.id == to && to != from);
        if let Some(receiver) = receiver {
            receiver.mailbox.whispered(from, whisper);
        }
    }
}

#[cfg(test)]
mod tests;
