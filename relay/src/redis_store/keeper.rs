//! Keeps a connection to the Redis that nodes share, and knows whether it answers.
//!
//! Whatever goes wrong, the connection is given up and made anew: only then does a failover show, and
//! only then is looked again at what Redis is set to. Until a node could write that it is there, and its
//! replicas have heard it, Redis does not answer.

use std::sync::Arc;
use std::time::Duration;

use redis::{Pipeline, Value};
use tokio::sync::{mpsc, watch};
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::link::{Keeps, Link};
use super::presence::beat;
use super::problem::RedisProblem;
use super::settings::RedisConfig;
use crate::ConfigError;
use crate::nodes::Directory;
use crate::revocations::Report;

/// How often a node says that it is there.
const BEAT_INTERVAL: Duration = Duration::from_secs(3);
/// From one try to connect to the next: at first, and at most.
const RETRY_PAUSE_MIN: Duration = Duration::from_millis(100);
const RETRY_PAUSE_MAX: Duration = Duration::from_secs(1);

/// The Redis that nodes share, as far as it answers.
#[derive(Clone)]
pub(crate) struct Store {
    link: watch::Receiver<Option<Link>>,
    lost: mpsc::Sender<RedisProblem>,
}

impl Store {
    /// Whether it answers just now; follows it as it changes.
    pub(crate) fn watch(&self) -> watch::Receiver<Option<Link>> {
        self.link.clone()
    }

    /// Whether it answers just now.
    pub(crate) fn answers(&self) -> bool {
        self.link.borrow().is_some()
    }

    /// Runs commands where a key is.
    pub(super) async fn run(
        &self,
        key: &str,
        commands: &Pipeline,
    ) -> Result<Vec<Value>, RedisProblem> {
        let answers = self.link()?.run(key, commands).await;
        self.notice(answers)
    }

    /// The same, and sure that every replica has what was written.
    pub(super) async fn write(
        &self,
        key: &str,
        commands: Pipeline,
    ) -> Result<Vec<Value>, RedisProblem> {
        let answers = self.link()?.write(key, commands).await;
        self.notice(answers)
    }

    fn link(&self) -> Result<Link, RedisProblem> {
        self.link.borrow().clone().ok_or(RedisProblem::NoMaster)
    }

    fn notice<T>(&self, answers: Result<T, RedisProblem>) -> Result<T, RedisProblem> {
        if let Err(problem) = &answers {
            // One word of it is enough.
            let _told_already = self.lost.try_send(problem.clone());
        }
        answers
    }
}

/// What keeps the store.
pub(crate) struct Keeper {
    config: RedisConfig,
    link: watch::Sender<Option<Link>>,
    lost: mpsc::Receiver<RedisProblem>,
}

/// A store that does not answer yet, and its keeper.
pub(crate) fn store(config: RedisConfig) -> (Store, Keeper) {
    let (sender, link) = watch::channel(None);
    let (lost, receiver) = mpsc::channel(1);
    (Store { link, lost }, Keeper { config, link: sender, lost: receiver })
}

impl Keeper {
    /// Keeps the store until this task is cut: the last thing that a relay stops.
    pub(crate) async fn keep_up(mut self, directory: Arc<Directory>, report: Report) {
        let mut attempt: usize = 0;
        let mut pause = RETRY_PAUSE_MIN;
        let mut told = None;
        loop {
            let problem = self.serve(&directory, attempt).await;
            if self.link.send_replace(None).is_some() {
                (pause, told) = (RETRY_PAUSE_MIN, None);
            }
            if told.as_ref() != Some(&problem) {
                report(&ConfigError::Redis(problem.clone()));
                told = Some(problem);
            }
            sleep(pause).await;
            pause = RETRY_PAUSE_MAX.min(pause * 2);
            attempt = attempt.wrapping_add(1);
        }
    }

    /// Connects and stays connected; returns why not any more.
    async fn serve(&mut self, directory: &Directory, attempt: usize) -> RedisProblem {
        let link = match Link::to(&self.config, Keeps::Nothing, attempt).await {
            Ok(link) => link,
            Err(problem) => return problem,
        };
        // What was lost before is no news of this connection.
        while self.lost.try_recv().is_ok() {}
        let mut beats = interval(BEAT_INTERVAL);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut drains = directory.drains();
        loop {
            tokio::select! {
                _ = beats.tick() => {}
                Ok(()) = drains.changed() => {}
                Some(problem) = self.lost.recv() => return problem,
            }
            if let Err(problem) = say_present(&link, directory).await {
                return problem;
            }
            self.link.send_if_modified(|known| {
                let is_news = known.is_none();
                if is_news {
                    *known = Some(link.clone());
                }
                is_news
            });
        }
    }
}

/// Says that this node is there, and hears who else is.
async fn say_present(link: &Link, directory: &Directory) -> Result<(), RedisProblem> {
    let Some(node) = directory.node() else { return Ok(()) };
    link.ping().await?;
    directory.heard_of(beat(link, &node.name, directory.is_draining()).await?);
    Ok(())
}
