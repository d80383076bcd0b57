//! One end of a modelled session: the real `Stream`, what `Session` does around it for fresh secrets,
//! and notes on what happened, against which the properties are checked.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use vestibule_wire::Side;

use super::symbols::{Flaw, Sealed, Symbol, SymbolicCell, body};
use crate::SessionError;
use crate::cell::Content;
use crate::record::Body;
use crate::session::{Seal, Stream, Urgency};

pub(super) const TEXT: u8 = 1;
const FRESH_OPENING: u8 = 3;
const FRESH_ANSWER: u8 = 4;
pub(super) const HAND_OVER: u8 = 5;

/// Which words are so long that they need two cells.
pub(super) fn is_long(word: u8) -> bool {
    word == 1
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct End<F: Flaw> {
    pub(super) stream: Stream<Symbol<F>>,
    /// Words are numbered from 0.
    pub(super) said: u8,
    pub(super) heard: Vec<u8>,
    /// Words of this end of which it believes that they have arrived.
    pub(super) delivered: u64,
    /// Records that are not words, for the model of a hand-over.
    pub(super) other_records: Vec<(u8, u8)>,
    /// A rule of the protocol or of the model was broken.
    pub(super) is_broken: bool,
    awaits_answer: bool,
    notes: Notes,
}

/// What only the properties know. Follows from the rest as far as it can still matter, so that it
/// makes no two states of one.
#[derive(Clone, Default, PartialEq, Eq)]
struct Notes {
    sealed: BTreeMap<u64, SymbolicCell>,
    arrived: BTreeSet<u64>,
    /// The newest generation heard, and the lowest number that was sealed with it.
    newest_heard: (u8, u64),
}

impl Hash for Notes {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// Whether a socket that brought a cell may be kept.
#[derive(PartialEq, Eq)]
pub(super) enum Verdict {
    New,
    NothingNew,
    Distrusted,
}

impl<F: Flaw> End<F> {
    pub(super) fn new(side: Side, session: u8) -> Self {
        Self {
            stream: Stream::new(side, Symbol::new(session, 0)),
            said: 0,
            heard: Vec::new(),
            delivered: 0,
            other_records: Vec::new(),
            is_broken: false,
            awaits_answer: false,
            notes: Notes::default(),
        }
    }

    /// The next word.
    pub(super) fn say(&mut self) {
        self.say_word(self.said);
        self.said += 1;
    }

    pub(super) fn say_word(&mut self, word: u8) {
        let bytes = if is_long(word) { vec![word; 2] } else { vec![word] };
        self.stream.say(Urgency::Ordinary, body(TEXT, &bytes));
    }

    pub(super) fn say_record(&mut self, record_type: u8, content: u8) {
        self.stream.say(Urgency::Urgent, body(record_type, &[content]));
    }

    /// As `Session::freshen`, when fresh secrets are due.
    pub(super) fn freshen(&mut self) -> bool {
        let starts = self.stream.side() == Side::Client && !self.awaits_answer;
        if starts {
            self.awaits_answer = true;
            self.stream.say_first_of_change(body(FRESH_OPENING, &[0]));
        }
        starts
    }

    /// As `Session::open`.
    pub(super) fn take(&mut self, cell: &SymbolicCell) -> Verdict {
        let mut verdict = Verdict::NothingNew;
        let mut cells = VecDeque::from([cell.clone()]);
        while let Some(cell) = cells.pop_front() {
            let cell = if F::IGNORES_NUMBERS { self.renumbered(&cell) } else { cell };
            match self.stream.open(&cell) {
                Err(SessionError::Unsealed) if verdict == Verdict::New => {}
                Err(SessionError::Unsealed) => return Verdict::Distrusted,
                Err(_) => self.is_broken = true,
                Ok(arrived) => {
                    if arrived.is_new {
                        verdict = Verdict::New;
                        self.note_arrival(&cell);
                    }
                    self.delivered = arrived.delivered.map_or(self.delivered, |number| number.0);
                    for (last, body) in arrived.bodies {
                        cells.extend(self.act_on(&body, last));
                    }
                }
            }
        }
        verdict
    }

    fn act_on(&mut self, body: &Body, last: u64) -> Vec<SymbolicCell> {
        match (body.record_type, &body.bytes[..]) {
            (TEXT, [word]) if !is_long(*word) => self.heard.push(*word),
            (TEXT, [word, again]) if is_long(*word) && word == again => self.heard.push(*word),
            (FRESH_OPENING, _) if !self.stream.is_changing() => {
                let next = self.generation() + 1;
                let answer = super::symbols::body(FRESH_ANSWER, &[next]);
                self.stream.say_last_of_generation(answer, self.keys(next));
            }
            (FRESH_ANSWER, [generation]) if std::mem::take(&mut self.awaits_answer) => {
                match self.stream.change_keys(self.keys(*generation), last) {
                    Ok(early) => return early.collect(),
                    Err(_) => self.is_broken = true,
                }
            }
            (HAND_OVER.., [content]) => self.other_records.push((body.record_type, *content)),
            _ => self.is_broken = true,
        }
        Vec::new()
    }

    /// Checks a cell that leaves: it acknowledges what has arrived and nothing else, and its number
    /// never stood on another.
    pub(super) fn sent(&mut self, cell: &SymbolicCell) {
        if let Some(sealed) = self.notes.sealed.get(&cell.sequence) {
            self.is_broken |= sealed != cell;
            return;
        }
        let follows =
            self.notes.sealed.last_key_value().is_none_or(|(last, _)| *last + 1 == cell.sequence);
        let acknowledged = cell.content.acknowledged;
        let selected = (0..64).filter(|bit| cell.content.selective >> bit & 1 == 1);
        let mut claimed = (2..acknowledged).chain(selected.map(|bit| acknowledged + 1 + bit));
        let tells_the_truth = claimed.all(|sequence| self.notes.arrived.contains(&sequence))
            && !self.notes.arrived.contains(&acknowledged);
        self.is_broken |= !follows || !tells_the_truth;
        self.notes.sealed.insert(cell.sequence, cell.clone());
    }

    pub(super) fn cells_sealed(&self) -> usize {
        self.notes.sealed.len()
    }

    /// Whether a cell is refused that was sealed with keys which this end and the other have left
    /// behind: by a thief of old memory.
    pub(super) fn locks_out(&self, session: u8) -> bool {
        let (newest, from) = match self.stream.side() {
            // It has read the answer: everything older has arrived.
            Side::Client => (self.generation(), 0),
            Side::Worker => self.notes.newest_heard,
        };
        (0..newest).all(|generation| self.refuses(&Symbol::new(session, generation), from))
    }

    /// Whether whatever is sealed with these keys and numbered at least `from` is refused.
    pub(super) fn refuses(&self, keys: &Symbol<F>, from: u64) -> bool {
        let lowest = self.stream.received_below().max(from);
        (lowest..=lowest + F::LIMITS.ahead_cells_max).all(|sequence| {
            let data = body(TEXT, b"f").bytes;
            let content =
                Content { acknowledged: 2, record_type: TEXT, data, ..Content::default() };
            let forged = keys.seal(self.stream.side().other(), sequence, &content);
            self.clone().take(&forged) != Verdict::New
        })
    }

    fn note_arrival(&mut self, cell: &SymbolicCell) {
        self.is_broken |= !self.notes.arrived.insert(cell.sequence);
        let (generation, lowest) = &mut self.notes.newest_heard;
        if cell.generation > *generation {
            (*generation, *lowest) = (cell.generation, cell.sequence);
        } else if cell.generation == *generation {
            *lowest = cell.sequence.min(*lowest);
        }
    }

    fn renumbered(&self, cell: &SymbolicCell) -> SymbolicCell {
        Arc::new(Sealed { sequence: self.stream.received_below(), ..Sealed::clone(cell) })
    }

    fn generation(&self) -> u8 {
        u8::try_from(self.stream.generations.number()).unwrap()
    }

    fn keys(&self, generation: u8) -> Symbol<F> {
        Symbol::new(self.stream.generations.newest().session, generation)
    }
}
