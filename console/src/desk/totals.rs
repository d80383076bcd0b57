//! What is counted of consultations once they are finished, and handed in after a shift.

use std::sync::Arc;

use super::Desk;
use super::end::HowToEnd;
use crate::account::Account;
use crate::messages::ConsoleMessage;
use crate::random;
use crate::totals::handing_in;
use crate::totals::to_hand_in::{SlipId, WaitingSlip};

impl Desk {
    /// What is to be counted of a consultation.
    pub(super) fn account(&mut self, id: u64) -> Option<&mut Account> {
        self.consultations.get_mut(&id).map(|kept| &mut kept.account)
    }

    /// A client is there, for this worker to answer.
    pub(super) fn begin_account(&mut self, id: u64) {
        let others = self.consultations.values();
        let others = others.filter(|kept| kept.is_open() && kept.view.id != id).count();
        if let Some(account) = self.account(id) {
            account.begin(others + 1);
        }
    }

    /// Forgets a consultation. What it counts is added now, and nowhere else: so it is added once.
    pub(super) fn finish(&mut self, id: u64) {
        self.files.forget(id);
        self.belongings.sounds.clear();
        let Some(kept) = self.consultations.remove(&id) else { return };
        if let Some(finished) = kept.account.finish(&kept.view.codes) {
            self.totals.add(&finished);
            self.to_hand_in.add(&finished);
        }
    }

    pub(super) fn finish_every_consultation(&mut self) {
        for id in self.consultations.keys().copied().collect::<Vec<_>>() {
            self.finish(id);
        }
    }

    pub(super) fn show_totals(&mut self) {
        self.tell_waiting_if_changed();
        let totals = self.totals.views(&self.belongings.pack);
        self.pages.tell(&ConsoleMessage::Totals { totals, hand_in: self.to_hand_in.view() });
    }

    /// The worker has gone off duty: what may leave leaves, and the rest is kept on the disk.
    pub(super) fn close_shift(&mut self) {
        for slip in self.to_hand_in.close_shift(&mut random::system()) {
            self.hand_in(slip);
        }
        self.keep_totals();
        self.show_totals();
    }

    /// Hands in what earlier shifts have left.
    pub(super) fn hand_in_carried(&mut self) {
        for slip in self.to_hand_in.slips().to_vec() {
            self.hand_in(slip);
        }
    }

    fn hand_in(&mut self, slip: WaitingSlip) {
        let (context, desk) = (Arc::clone(&self.context), self.own_inputs.clone());
        self.hand_ins.spawn(handing_in::hand_in(context, slip, desk));
    }

    /// The relay has counted a slip. The file is written anew, so that a desk that is killed does not
    /// hand it in again: a relay that was started anew may have forgotten it.
    pub(super) fn counted(&mut self, slip: SlipId) {
        if self.to_hand_in.counted(slip) {
            self.keep_totals();
            self.show_totals();
        }
    }

    pub(super) fn keep_totals(&mut self) {
        // After a panic there is no file, and none is made.
        if self.ending != Some(HowToEnd::Panic) {
            self.keeper.keep(&self.to_hand_in);
        }
    }
}
