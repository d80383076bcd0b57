//! What is to be counted of one consultation, while it is kept: no word, and no moment but that of the
//! first text and of the last. It gives its cells once, when the consultation is forgotten.

use vestibule_protocol::{SurveyAnswer, Triage};
use vestibule_wire::{Cell, LABELS_PER_CONSULTATION_MAX, Role, Table, Timestamp};

use crate::answers::Answers;
use crate::coding::Codes;
use crate::messages::{LineView, Writer};

const HELD: Cell = Cell::of("consultation", "held");
const NOT_HELD: Cell = Cell::of("consultation", "not_held");

/// How long a consultation was, by the first second that is too long.
const LENGTHS: [(u32, Cell); 3] = [
    (5 * 60, Cell::of("length", "under_5")),
    (15 * 60, Cell::of("length", "5_to_15")),
    (60 * 60, Cell::of("length", "15_to_60")),
];
const LONGEST: Cell = Cell::of("length", "over_60");

/// What one consultation adds to the totals.
pub(crate) struct Finished {
    /// Each once.
    pub(crate) cells: Vec<Cell>,
    /// Whether this worker was its last. The totals of one that was handed over are the colleague's.
    pub(crate) is_consultation: bool,
}

/// Whether the client is at the other end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    NotYet,
    Joined,
    /// It was, and is not.
    Interrupted,
}

pub(crate) struct Account {
    triage: Triage,
    /// How many this worker held when it began, itself included. None until it has begun.
    load: Option<usize>,
    worker_wrote: bool,
    client_wrote: bool,
    /// When the first text was written, and the last.
    texts: Option<(Timestamp, Timestamp)>,
    line: Line,
    interruptions: usize,
    materials: Vec<Cell>,
    answers: Answers,
    handed_to: Option<Role>,
}

impl Account {
    /// Of a consultation that has not begun.
    pub(crate) fn new(triage: Triage) -> Self {
        Self {
            triage,
            load: None,
            worker_wrote: false,
            client_wrote: false,
            texts: None,
            line: Line::NotYet,
            interruptions: 0,
            materials: Vec::new(),
            answers: Answers::default(),
            handed_to: None,
        }
    }

    /// The client is live; this worker holds so many, this one included.
    pub(crate) fn begin(&mut self, load: usize) {
        self.load.get_or_insert(load);
    }

    /// Somebody wrote.
    pub(crate) fn wrote(&mut self, writer: Writer, at: Timestamp) {
        match writer {
            Writer::Worker => self.worker_wrote = true,
            Writer::Client => self.client_wrote = true,
        }
        let (first, _) = self.texts.unwrap_or((at, at));
        self.texts = Some((first, at));
    }

    /// The line stands so. An interruption is one that came to an end: who does not come back has left.
    pub(crate) fn line_is(&mut self, line: LineView) {
        match line {
            LineView::Joined => {
                if self.line == Line::Interrupted {
                    self.interruptions = self.interruptions.saturating_add(1);
                }
                self.line = Line::Joined;
            }
            LineView::ClientAway | LineView::Reconnecting => {
                if self.line == Line::Joined {
                    self.line = Line::Interrupted;
                }
            }
        }
    }

    /// A card was sent that is counted.
    pub(crate) fn sent(&mut self, material: Cell) {
        let has_room = self.materials.len() < LABELS_PER_CONSULTATION_MAX;
        if has_room && !self.materials.contains(&material) {
            self.materials.push(material);
        }
    }

    /// The client answered a question.
    pub(crate) fn answered(&mut self, answer: SurveyAnswer) {
        self.answers.take(answer);
    }

    /// The client is with a colleague of this role, who counts the rest.
    pub(crate) fn handed_over(&mut self, role: Role) {
        self.handed_to = Some(role);
    }

    /// What it adds, coded so; nothing if no client was ever there.
    pub(crate) fn finish(self, codes: &Codes) -> Option<Finished> {
        let load = self.load?;
        if let Some(role) = self.handed_to {
            let cells = named("hand_over", label_of_role(role)).into_iter().collect();
            return Some(Finished { cells, is_consultation: false });
        }
        let Triage { language, subject, channel } = self.triage;
        let is_held = self.worker_wrote && self.client_wrote;
        let mut cells = vec![if is_held { HELD } else { NOT_HELD }];
        if let Some((first, last)) = self.texts.filter(|_| is_held) {
            cells.push(length(last.0.saturating_sub(first.0)));
        }
        let of_tables = [
            named("language", language.code()),
            named("channel", channel.name()),
            named("subject", subject.name()),
            Some(interruptions(self.interruptions)),
            Some(load_of(load)),
        ];
        cells.extend(of_tables.into_iter().flatten());
        cells.extend(self.materials);
        cells.extend(codes.cells());
        cells.extend(self.answers.all().map(SurveyAnswer::cell));
        Some(Finished { cells, is_consultation: true })
    }
}

fn named(table: &str, label: &str) -> Option<Cell> {
    Table::named(table)?.cell_named(label)
}

fn length(seconds: u32) -> Cell {
    let fits = LENGTHS.iter().find(|(too_long, _)| seconds < *too_long);
    fits.map_or(LONGEST, |(_, cell)| *cell)
}

fn interruptions(count: usize) -> Cell {
    match count {
        0 => const { Cell::of("interruptions", "none") },
        1 | 2 => const { Cell::of("interruptions", "one_or_two") },
        _ => const { Cell::of("interruptions", "three_or_more") },
    }
}

fn load_of(held: usize) -> Cell {
    match held {
        0 | 1 => const { Cell::of("load", "alone") },
        2 => const { Cell::of("load", "two") },
        3 => const { Cell::of("load", "three") },
        _ => const { Cell::of("load", "four_or_more") },
    }
}

/// The catalogue's name of a role.
fn label_of_role(role: Role) -> &'static str {
    match role {
        Role::Outreach => "outreach_worker",
        Role::Peer | Role::Doctor | Role::Psychologist | Role::Lawyer | Role::Coordinator => {
            role.name()
        }
    }
}

#[cfg(test)]
mod tests;
