//! What two people say to each other, and when. They are made up: no real conversation was looked at.
//! Somebody who only reads or writes, and does not press Send, gives the session nothing to do, so
//! "idle" stands for both.

use std::ops::Range;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, LogNormal};
use vestibule_protocol::{Side, TEXT_BYTES_MAX};

/// Bytes of words in one cell.
const CELL_WORDS_LEN: usize = 980;

/// Somebody presses Send.
#[derive(Clone, Copy)]
pub(crate) struct Saying {
    pub(crate) at_seconds: f64,
    pub(crate) side: Side,
    pub(crate) length: usize,
}

impl Saying {
    pub(crate) fn cells(&self) -> usize {
        self.length.div_ceil(CELL_WORDS_LEN)
    }
}

/// What goes on in a window.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scene {
    /// Nobody presses Send.
    Idle,
    /// One of the two says something, at least once.
    OneSide(Side),
    /// Both do, in turn.
    Chat,
    /// A chat in which one of them sends the longest text there is: it stands for a file, which
    /// this version of the protocol does not have.
    LongText,
}

impl Scene {
    /// Scenes in equal parts, except that chats are asked about least.
    pub(crate) fn draw(random: &mut StdRng) -> Self {
        match random.random_range(0..9) {
            0..2 => Self::Idle,
            2..4 => Self::OneSide(Side::Client),
            4..6 => Self::OneSide(Side::Worker),
            6 => Self::Chat,
            _ => Self::LongText,
        }
    }
}

/// One window with what came before it.
pub(crate) struct Script {
    pub(crate) scene: Scene,
    pub(crate) said: Vec<Saying>,
    /// In seconds from the beginning.
    pub(crate) window: Range<f64>,
}

impl Script {
    /// A minute or so of chat, a pause that lets it die away, then the scene.
    pub(crate) fn draw(seed: u64, window_seconds: f64) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let chat_seconds = random.random_range(45.0..75.0);
        let start = chat_seconds + random.random_range(12.0..18.0);
        let window = start..start + window_seconds;
        let mut said = turns(&mut random, 0.0..chat_seconds, None);
        let scene = Scene::draw(&mut random);
        match scene {
            Scene::Idle => {}
            Scene::OneSide(side) => said.extend(turns(&mut random, window.clone(), Some(side))),
            Scene::Chat => said.extend(turns(&mut random, window.clone(), None)),
            Scene::LongText => {
                said.extend(turns(&mut random, window.clone(), None));
                let middle = random.random_range(start..start + window_seconds / 2.0);
                let side = either(&mut random);
                said.push(Saying { at_seconds: middle, side, length: TEXT_BYTES_MAX });
            }
        }
        Self { scene, said, window }
    }

    /// The cells of words that were said in the window.
    pub(crate) fn cells_said(&self) -> usize {
        let inside = self.said.iter().filter(|saying| self.window.contains(&saying.at_seconds));
        inside.map(Saying::cells).sum()
    }
}

/// An hour of talking and pausing.
pub(crate) fn hour(seed: u64) -> Vec<Saying> {
    let mut random = StdRng::seed_from_u64(seed);
    let (mut said, mut now) = (Vec::new(), 0.0);
    while now < 3_540.0 {
        let end = f64::min(now + random.random_range(180.0..600.0), 3_540.0);
        said.extend(turns(&mut random, now..end, None));
        now = end + random.random_range(60.0..360.0);
    }
    said
}

/// Texts one after another, the first soon; of one side, or of both in turn.
fn turns(random: &mut StdRng, during: Range<f64>, only: Option<Side>) -> Vec<Saying> {
    let soon = f64::min(during.end - during.start, 60.0);
    let mut at_seconds = during.start + random.random_range(0.0..soon);
    let mut side = only.unwrap_or_else(|| either(random));
    let mut said = Vec::new();
    while at_seconds < during.end {
        said.push(Saying { at_seconds, side, length: length(random, side) });
        at_seconds += pause_seconds(random);
        if only.is_none() && random.random_bool(0.75) {
            side = side.other();
        }
    }
    said
}

fn either(random: &mut StdRng) -> Side {
    if random.random() { Side::Client } else { Side::Worker }
}

/// Between two texts; half of the pauses are shorter than 25 s.
fn pause_seconds(random: &mut StdRng) -> f64 {
    let pause = LogNormal::new(25_f64.ln(), 0.8).expect("a positive deviation");
    pause.sample(random).clamp(2.0, 300.0)
}

/// Half of what is said in chats is shorter than 120 bytes (60 Cyrillic letters). One text in twelve
/// is a long answer; one in fifty of a worker's is a leaflet.
fn length(random: &mut StdRng, side: Side) -> usize {
    if side == Side::Worker && random.random_bool(0.02) {
        return random.random_range(4_000..12_000);
    }
    if random.random_bool(1.0 / 12.0) {
        return random.random_range(1_200..6_000);
    }
    let chat = LogNormal::new(120_f64.ln(), 0.9).expect("a positive deviation");
    chat.sample(random).clamp(2.0, 3_000.0) as usize
}
