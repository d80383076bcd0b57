//! The service's own words, read again when the worker asks, and new links.

use tokio::task::spawn_blocking;
use vestibule_protocol::Channel;
use vestibule_wire::Epoch;

use super::Desk;
use crate::coding;
use crate::hub::{Input, PageId};
use crate::links;
use crate::messages::{ConsoleMessage, LinkCount, LinkHours, LinkView, Notice, Words};
use crate::pack::{Pack, PackProblem};
use crate::qr;

impl Desk {
    pub(super) fn reload_pack(&mut self) {
        let Some(folder) = self.belongings.pack_folder.clone() else {
            return self.show_pack();
        };
        let own_inputs = self.own_inputs.clone();
        self.tasks.spawn(async move {
            let read = spawn_blocking(move || Pack::read(&folder)).await;
            if let (Some(desk), Ok(read)) = (own_inputs.upgrade(), read) {
                let _ = desk.send(Input::ReadPack(Box::new(read))).await;
            }
        });
    }

    /// Takes a pack that was read whole. One with a problem changes nothing.
    pub(super) fn take_pack(&mut self, read: Result<Pack, PackProblem>) {
        match read {
            Ok(pack) => {
                self.belongings.pack = pack;
                self.show_pack();
            }
            Err(PackProblem { file, line, reason }) => {
                self.tell(&ConsoleMessage::PackProblem { file: &file, line, reason: &reason });
            }
        }
    }

    fn show_pack(&mut self) {
        let pack = &self.belongings.pack;
        let coding = coding::groups(pack.own_labels());
        self.pages.tell(&ConsoleMessage::Pack { pack, coding });
        self.notice(Notice::PackReloaded);
    }

    /// Makes links for the page that asks, and for no other: what another page shows is not passed on.
    pub(super) fn make_links(
        &mut self,
        page: PageId,
        count: LinkCount,
        channel: Channel,
        hours: LinkHours,
    ) {
        let enrolment = &self.context.enrolment;
        let (seconds, now) = (u32::from(hours.0) * 3_600, self.context.clock.now());
        let entry = enrolment.epoch(Epoch::current(now));
        let believed =
            entry.is_some_and(|entry| self.context.is_generation_good(entry.keys.generation()));
        let issued = links::issue(enrolment, count.0.into(), seconds, channel, now).ok();
        let (Some(issued), Some(origin)) = (issued.filter(|_| believed), enrolment.link_origin())
        else {
            return self.notice(Notice::NoShift);
        };
        let views = issued.links.iter().filter_map(|link| {
            let address = links::address(origin, link);
            let qr = qr::view(&address)?;
            Some(LinkView { address: Words(address), qr })
        });
        let links = views.collect();
        let expires_at = issued.expires_at.0;
        self.pages.tell_one(page, &ConsoleMessage::Links { links, expires_at });
    }
}
