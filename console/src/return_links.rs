//! Return links: another one-time link, given in a conversation, that may wish for the same worker.
//! Nothing else ties two visits together.

use vestibule_protocol::Link;
use vestibule_wire::{Alias, Epoch, Expiry, LinkName};

use crate::context::Context;
use crate::messages::Wish;
use crate::random;

/// Return links given in one consultation.
pub(crate) const RETURN_LINKS_MAX: usize = 3;
/// They hold for three days, or until their epoch ends.
const HOLD_SECONDS: u32 = 3 * 86_400;

/// Issues one; `None` when this worker has no keys for today.
pub(crate) fn issue(context: &Context, wish: bool) -> Option<Link> {
    let (enrolment, now) = (&context.enrolment, context.clock.now());
    let alias = &enrolment.shift_at(now).ok()?.content.alias;
    let epoch = Epoch::current(now);
    let entry = enrolment.epoch(epoch)?;
    if !context.is_generation_good(entry.keys.generation()) {
        return None;
    }
    let expiry = Expiry::at(epoch, now.plus_seconds(HOLD_SECONDS).min(epoch.ends_at()));
    let rng = &mut random::system();
    Some(entry.keys.issue_return_link(enrolment.authority, expiry, wish.then_some(alias), rng))
}

/// For whom somebody with this link has come, as far as anybody here can know.
pub(crate) fn wish_of<'a>(
    context: &Context,
    link: &LinkName,
    mut colleagues: impl Iterator<Item = &'a Alias>,
) -> Option<Wish> {
    let wishes_for = |alias: &Alias| {
        let mut entries = context.enrolment.epoch_generations(link.epoch);
        entries.any(|entry| entry.keys.wishes_for(link, alias))
    };
    let own = context.enrolment.shifts.first().map(|shift| &shift.content.alias);
    if own.is_some_and(wishes_for) {
        Some(Wish::Me)
    } else {
        colleagues.any(wishes_for).then_some(Wish::Colleague)
    }
}
