//! What a talk does next.

use rand::RngExt as _;
use rand::rngs::StdRng;
use vestibule_wire::{CATALOGUE, Cell, CountedBy, LABELS_PER_CONSULTATION_MAX, Table};

use super::talk::{HowItEnds, Talk};

/// Cards of the starter pack, and the label of each.
const CARDS: [(&str, &str); 5] = [
    ("seizure", "own_3"),
    ("injecting", "own_5"),
    ("testing", "own_12"),
    ("sex", "own_13"),
    ("rights", "own_18"),
];

/// It goes on in one of these ways, or ends.
pub enum Act {
    /// Nothing is said.
    Nothing,
    /// The worker, and perhaps the client, says something.
    Words {
        /// Whether the client does.
        both: bool,
    },
    /// The worker sends some cards.
    Cards(Vec<(&'static str, &'static str)>),
    /// The client's line breaks so often.
    Interruptions(usize),
    /// It ends.
    End(HowItEnds, Vec<Cell>, Vec<Cell>),
}

impl Act {
    /// One that goes on.
    pub fn draw(random: &mut StdRng) -> Self {
        match random.random_range(0..100) {
            0..20 => Self::Nothing,
            20..80 => Self::Words { both: random.random() },
            80..90 => {
                let cards = 0..random.random_range(1..=4);
                Self::Cards(cards.map(|_| CARDS[random.random_range(0..CARDS.len())]).collect())
            }
            _ => Self::Interruptions(random.random_range(1..=2)),
        }
    }

    /// An end.
    pub fn draw_end(random: &mut StdRng) -> Self {
        let how = match random.random_range(0..3) {
            0 => HowItEnds::ByClient,
            1 => HowItEnds::ByWorker,
            _ => HowItEnds::ByAgreement,
        };
        let survey = draw(random, CountedBy::Client, 0.4);
        Self::End(how, survey, draw(random, CountedBy::Worker, 0.5))
    }

    /// Does it.
    pub async fn with(self, mut talk: Talk) -> Talk {
        match self {
            Self::Nothing => {}
            Self::Words { both } => {
                talk.worker_says().await;
                if both {
                    talk.client_says().await;
                }
            }
            Self::Cards(cards) => {
                for card in cards {
                    talk.card(card).await;
                }
            }
            Self::Interruptions(count) => {
                for _ in 0..count {
                    talk.is_interrupted().await;
                }
            }
            Self::End(how, survey, codes) => return talk.ends(how, &survey, &codes).await,
        }
        talk
    }
}

/// For some of the tables that these people count, some labels.
fn draw(random: &mut StdRng, counted_by: CountedBy, chance: f64) -> Vec<Cell> {
    let mut cells = Vec::new();
    for table in CATALOGUE.iter().filter(|table| table.counted_by == counted_by) {
        if random.random_bool(chance) {
            let most =
                if table.many { LABELS_PER_CONSULTATION_MAX.min(table.labels.len()) } else { 1 };
            let mut places: Vec<usize> =
                (0..random.random_range(1..=most)).map(|_| place_in(table, random)).collect();
            places.sort_unstable();
            places.dedup();
            cells.extend(places.into_iter().filter_map(|place| table.cell(place)));
        }
    }
    cells
}

fn place_in(table: &Table, random: &mut StdRng) -> usize {
    random.random_range(0..table.labels.len())
}
