//! The ways to the colleagues whom one duty socket knows of (section 11): `eras` is what those of all duty
//! sockets share. Whatever comes on one of
//! them ends at worst that way, never the duty socket.

mod eras;

use std::collections::{HashMap, VecDeque};

use vestibule_protocol::{
    ColleagueChannel, ColleagueRecord, Colleagues, Era, GreetedColleague, LetterNumber,
    RecordNumber, SessionError,
};
use vestibule_wire::{
    CELL_LEN, CERTIFICATE_LEN, ColleagueId, Epoch, ShiftCertificate, UnsignedCertificate,
    WorkerToRelay,
};

use crate::context::Context;
use crate::enrolment::{EpochEntry, Shift};
use crate::random;

pub(crate) use eras::Eras;

/// Colleagues on duty at once that are known; a relay names no more of one service.
const COLLEAGUES_MAX: usize = 256;

/// Names a colleague: the key of a shift.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ColleagueKey(pub(crate) [u8; 32]);

/// Names one way to a colleague, so that what was meant for it does not go by a later one. Random.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct WayName(pub(crate) u64);

/// Names a letter. Never given twice by one desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tag(pub(crate) u64);

/// Something to be said to a colleague.
#[derive(Clone)]
pub(crate) struct Letter {
    pub(crate) tag: Tag,
    pub(crate) record: ColleagueRecord,
}

/// A colleague who has proved to be one.
pub(crate) struct Came {
    pub(crate) key: ColleagueKey,
    pub(crate) content: UnsignedCertificate,
    pub(crate) way: WayToColleague,
}

/// What a hand-over to this colleague, or from it, needs to know.
pub(crate) struct WayToColleague {
    pub(crate) name: WayName,
    /// The colleague's.
    pub(crate) certificate: [u8; CERTIFICATE_LEN],
    /// The one by which the colleague knows this worker.
    pub(crate) own_certificate: [u8; CERTIFICATE_LEN],
    /// The colleague's.
    pub(crate) era: Era,
}

/// Channels → desk.
pub(crate) enum ColleagueEvent {
    /// A way is open.
    Came(Box<Came>),
    /// The way is over, and with it what has not arrived.
    Left(ColleagueKey, WayName),
    /// The colleague said something.
    Said(ColleagueKey, WayName, Tag, ColleagueRecord),
    /// A letter has arrived.
    Arrived(ColleagueKey, Tag),
}

/// What something leads to.
#[derive(Default)]
pub(crate) struct Outcome {
    /// For the relay.
    pub(crate) frames: Vec<WorkerToRelay>,
    /// For the desk.
    pub(crate) events: Vec<ColleagueEvent>,
}

/// All ways of one duty socket.
pub(crate) struct Channels<'a> {
    context: &'a Context,
    shift: &'a Shift,
    by_id: HashMap<ColleagueId, Colleague>,
}

struct Colleague {
    key: ColleagueKey,
    certificate: [u8; CERTIFICATE_LEN],
    way: Way,
}

enum Way {
    /// The colleague begins.
    Awaited,
    /// This worker has begun.
    Greeted(Box<GreetedColleague>),
    Open(Box<Open>),
    Over,
}

struct Open {
    name: WayName,
    channel: ColleagueChannel,
    /// Letters for which the channel has no room yet.
    waiting: VecDeque<Letter>,
    underway: VecDeque<(RecordNumber, Tag)>,
}

impl<'a> Channels<'a> {
    pub(crate) fn new(context: &'a Context, shift: &'a Shift) -> Self {
        Self { context, shift, by_id: HashMap::new() }
    }

    /// The relay names a colleague. One whose certificate does not hold is passed over.
    pub(crate) fn colleague(
        &mut self,
        id: ColleagueId,
        certificate: &[u8; CERTIFICATE_LEN],
    ) -> Outcome {
        // Numbers are never given twice; one that is has no way any more.
        let mut outcome = self.colleague_left(id);
        if self.by_id.len() >= COLLEAGUES_MAX {
            return outcome;
        }
        let Some((colleagues, verified)) = self.verify(certificate) else { return outcome };
        let key = ColleagueKey(verified.content.shift_public);
        // Another socket of this worker.
        if key.0 == self.shift.content.shift_public {
            return outcome;
        }
        let epoch = Epoch::current(self.context.clock.now());
        let entry = self.context.enrolment.epoch(epoch);
        let way = match entry.filter(|_| colleagues.begins()) {
            Some(entry) => {
                let era = self.context.eras().own(key);
                let (greeted, hello) = colleagues.greet(&entry.keys, era, &mut random::system());
                outcome.frames.push(WorkerToRelay::Whisper(id, hello));
                Way::Greeted(Box::new(greeted))
            }
            None => Way::Awaited,
        };
        self.by_id.insert(id, Colleague { key, certificate: *certificate, way });
        outcome
    }

    /// The relay says that a colleague has gone.
    pub(crate) fn colleague_left(&mut self, id: ColleagueId) -> Outcome {
        let mut outcome = Outcome::default();
        if let Some(Colleague { key, way: Way::Open(open), .. }) = self.by_id.remove(&id) {
            outcome.events.push(ColleagueEvent::Left(key, open.name));
        }
        outcome
    }

    /// Ends the ways to those whom the service has sent off.
    pub(crate) fn revoked(&mut self) -> Outcome {
        let mut outcome = Outcome::default();
        for colleague in self.by_id.values_mut() {
            if self.context.is_revoked(&colleague.key.0)
                && let Way::Open(open) = std::mem::replace(&mut colleague.way, Way::Over)
            {
                outcome.events.push(ColleagueEvent::Left(colleague.key, open.name));
            }
        }
        outcome
    }

    /// A cell came from a colleague.
    pub(crate) fn whispered(&mut self, id: ColleagueId, cell: &[u8; CELL_LEN]) -> Outcome {
        let mut outcome = Outcome::default();
        let Some(mut colleague) = self.by_id.remove(&id) else { return outcome };
        colleague.way = match colleague.way {
            Way::Greeted(greeted) => match greeted.finish(cell) {
                Ok(channel) => {
                    self.opened(&colleague.key, &colleague.certificate, channel, &mut outcome)
                }
                Err(_) => Way::Over,
            },
            way @ (Way::Awaited | Way::Open(_) | Way::Over) => {
                match self.answer(&colleague.certificate, cell) {
                    Some((channel, reply)) => {
                        if let Way::Open(open) = &way {
                            outcome.events.push(ColleagueEvent::Left(colleague.key, open.name));
                        }
                        outcome.frames.push(WorkerToRelay::Whisper(id, reply));
                        self.opened(&colleague.key, &colleague.certificate, channel, &mut outcome)
                    }
                    None => take(way, id, colleague.key, cell, &mut outcome),
                }
            }
        };
        self.by_id.insert(id, colleague);
        outcome
    }

    /// Says something to a colleague, unless the way is over.
    pub(crate) fn tell(&mut self, name: WayName, letters: Vec<Letter>) -> Outcome {
        let mut outcome = Outcome::default();
        for (id, colleague) in &mut self.by_id {
            if let Way::Open(open) = &mut colleague.way
                && open.name == name
            {
                open.waiting.extend(letters);
                open.send_due(*id, &mut outcome);
                break;
            }
        }
        outcome
    }

    fn verify(
        &self,
        certificate: &[u8; CERTIFICATE_LEN],
    ) -> Option<(Colleagues<'a>, ShiftCertificate)> {
        let Self { context, shift, .. } = self;
        let (authority, now) = (context.enrolment.authority, context.clock.now());
        let verified =
            Colleagues::new(authority, &shift.key, &shift.certificate, certificate, now).ok();
        verified.filter(|(_, theirs)| !context.is_revoked(&theirs.content.shift_public))
    }

    /// Answers a first message, if it is one that this worker may answer.
    fn answer(
        &self,
        certificate: &[u8; CERTIFICATE_LEN],
        cell: &[u8; CELL_LEN],
    ) -> Option<(ColleagueChannel, Box<[u8; CELL_LEN]>)> {
        let (epoch, generation) = Colleagues::keys_of(cell)?;
        let (colleagues, verified) = self.verify(certificate)?;
        let holds = epoch.holds(self.context.clock.now()) && !colleagues.begins();
        let entry: &EpochEntry = self
            .context
            .enrolment
            .epoch_generations(epoch)
            .find(|entry| holds && entry.keys.generation() == generation)?;
        let era = self.context.eras().own(ColleagueKey(verified.content.shift_public));
        colleagues.answer(cell, &entry.keys, era, &mut random::system()).ok()
    }

    /// A way is open. It takes the place of one that the same colleague left behind.
    fn opened(
        &mut self,
        key: &ColleagueKey,
        certificate: &[u8; CERTIFICATE_LEN],
        channel: ColleagueChannel,
        outcome: &mut Outcome,
    ) -> Way {
        for older in self.by_id.values_mut().filter(|older| older.key == *key) {
            if let Way::Open(open) = std::mem::replace(&mut older.way, Way::Over) {
                outcome.events.push(ColleagueEvent::Left(*key, open.name));
            }
        }
        let Some((_, verified)) = self.verify(certificate) else { return Way::Over };
        let name = WayName(random::number());
        let way = WayToColleague {
            name,
            certificate: *certificate,
            own_certificate: self.shift.certificate,
            era: channel.era(),
        };
        let came = Came { key: *key, content: verified.content, way };
        outcome.events.push(ColleagueEvent::Came(Box::new(came)));
        let (waiting, underway) = (VecDeque::new(), VecDeque::new());
        Way::Open(Box::new(Open { name, channel, waiting, underway }))
    }
}

/// Takes a cell that is no first message.
fn take(
    way: Way,
    id: ColleagueId,
    key: ColleagueKey,
    cell: &[u8; CELL_LEN],
    outcome: &mut Outcome,
) -> Way {
    let Way::Open(mut open) = way else { return way };
    let Ok(opened) = open.channel.open(cell) else {
        outcome.events.push(ColleagueEvent::Left(key, open.name));
        return Way::Over;
    };
    if let Some(delivered) = opened.delivered {
        while let Some((_, tag)) = open.underway.pop_front_if(|(number, _)| *number <= delivered) {
            outcome.events.push(ColleagueEvent::Arrived(key, tag));
        }
    }
    let name = open.name;
    let said = opened.records.into_iter();
    let said = said.map(|(letter, record)| ColleagueEvent::Said(key, name, Tag(letter.0), record));
    outcome.events.extend(said);
    open.send_due(id, outcome);
    Way::Open(open)
}

impl Open {
    fn send_due(&mut self, id: ColleagueId, outcome: &mut Outcome) {
        while let Some(letter) = self.waiting.front() {
            match self.channel.say(LetterNumber(letter.tag.0), &letter.record) {
                Ok(number) => self.underway.push_back((number, letter.tag)),
                Err(SessionError::Full) => break,
                // The desk has checked what people wrote, so this is never one of theirs.
                Err(_) => {}
            }
            self.waiting.pop_front();
        }
        while let Some(cell) = self.channel.next_cell() {
            outcome.frames.push(WorkerToRelay::Whisper(id, Box::new(cell)));
        }
    }
}

#[cfg(test)]
mod tests;
