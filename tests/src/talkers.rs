//! Somebody who talks all the time, and checks what the other says.

use std::time::Duration;

use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};
use vestibule_protocol::Cover;

use crate::end::{End, Mouth, Status};

/// After the last message, everything must have arrived by then.
const DRAIN_MAX: Duration = Duration::from_secs(40);

/// One end that says numbered messages of random lengths until it is stopped.
pub struct Talker {
    status: watch::Receiver<Status>,
    says: JoinHandle<()>,
    hears: JoinHandle<(u64, End)>,
}

impl Talker {
    /// Two who talk with each other, each with what it sends beside its words.
    pub fn pair(
        (client, client_cover): (End, Cover),
        (worker, worker_cover): (End, Cover),
        stopped: &watch::Receiver<bool>,
    ) -> (Self, Self) {
        let (client_said, client_says) = oneshot::channel();
        let (worker_said, worker_says) = oneshot::channel();
        (
            Self::new(client, client_cover, client_said, worker_says, stopped.clone()),
            Self::new(worker, worker_cover, worker_said, client_says, stopped.clone()),
        )
    }

    fn new(
        end: End,
        cover: Cover,
        said: oneshot::Sender<u64>,
        to_hear: oneshot::Receiver<u64>,
        stopped: watch::Receiver<bool>,
    ) -> Self {
        let status = end.watch();
        let says = tokio::spawn(say_all(end.mouth(), cover, said, stopped));
        let hears = tokio::spawn(hear_all(end, to_hear));
        Self { status, says, hears }
    }

    /// Where it stands, whenever that changes.
    pub fn watch(&self) -> watch::Receiver<Status> {
        self.status.clone()
    }

    /// When the other was heard on a line newer than this moment.
    pub async fn meets_after(&mut self, moment: Instant) -> Instant {
        let met = self.status.wait_for(|status| status.met_after(moment).is_some());
        let status = timeout(DRAIN_MAX, met).await.expect("the two meet again").unwrap();
        status.met_after(moment).expect("that was awaited")
    }

    /// Waits until everything was heard; returns how much it was, and the end, which the other still
    /// needs to have everything.
    pub async fn finish(self) -> (u64, End) {
        self.says.await.unwrap();
        let Ok(heard) = timeout(DRAIN_MAX, self.hears).await else {
            panic!("not everything arrived: {}", self.status.borrow().describe())
        };
        heard.unwrap()
    }
}

async fn say_all(
    mouth: Mouth,
    cover: Cover,
    said: oneshot::Sender<u64>,
    stopped: watch::Receiver<bool>,
) {
    let mut random = SmallRng::from_rng(&mut rand::rng());
    // A steady end moves about half a cell each second.
    let (pause_ms, longest) = match cover {
        Cover::Sparing => (100..900, 12_000),
        Cover::Steady => (2_000..6_000, 1_800),
    };
    let mut number = 0;
    while !*stopped.borrow() {
        // Short ones mostly, as people write.
        let words = "x".repeat(longest);
        let longest = random.random_range(0..=longest);
        let longest = random.random_range(0..=longest);
        let length = random.random_range(0..=longest);
        mouth.say(&format!("{number} {}", &words[..length])).await;
        number += 1;
        sleep(Duration::from_millis(random.random_range(pause_ms.clone()))).await;
    }
    said.send(number).unwrap();
}

/// Every message once and in order, and none after the last.
async fn hear_all(mut end: End, mut to_hear: oneshot::Receiver<u64>) -> (u64, End) {
    let mut heard = 0;
    let total = loop {
        tokio::select! {
            biased;
            total = &mut to_hear => break total.unwrap(),
            words = end.hear() => check(&words, &mut heard),
        }
    };
    while heard < total {
        let words = end.hear().await;
        check(&words, &mut heard);
    }
    (heard, end)
}

fn check(words: &str, heard: &mut u64) {
    let (number, _) = words.split_once(' ').expect("a number, then something");
    assert_eq!(number, heard.to_string(), "once and in order");
    *heard += 1;
}
