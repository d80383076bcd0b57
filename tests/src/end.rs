//! One end of a consultation, as a test holds it. It lives by itself: sockets come and go beneath it
//! (`engine.rs`), while a test says words, hears words, and looks at where it stands.

use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};
use vestibule_protocol::{Cover, Record, RecordNumber, Session, SessionError};
use vestibule_wire::Route;

use crate::engine::{Command, Engine, Part};
use crate::lines::{Lines, Reach};
use crate::socket::Socket;

/// Longer than the other end may be away in any test.
const PATIENCE: Duration = Duration::from_mins(1);
/// What a test may leave unread.
const EVENTS_WAITING_MAX: usize = 4_096;

/// One end of a running consultation. Ends without a word when dropped.
pub struct End {
    words: mpsc::Sender<String>,
    commands: mpsc::Sender<Command>,
    events: mpsc::Receiver<Event>,
    status: watch::Receiver<Status>,
    task: JoinHandle<()>,
}

/// Says words into an [`End`] that somebody else holds.
#[derive(Clone)]
pub struct Mouth(mpsc::Sender<String>);

/// What an end tells its person.
pub enum Event {
    /// Something of the other end.
    Said(Record),
    /// Nothing more comes.
    Over(Ending),
}

/// Why a consultation is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// One of the two ended it.
    Closed,
    /// The other end was not heard for too long.
    Lost,
    /// The other end broke the protocol.
    Broken(SessionError),
}

/// Where an end stands.
#[derive(Clone)]
pub struct Status {
    /// How it stands to the other.
    pub reach: Reach,
    /// Where it would rejoin.
    pub routes: Vec<Route>,
    /// How often secrets have been renewed.
    pub generation: u32,
    /// Everything of the other end below this number has arrived.
    pub received_below: u64,
    /// Everything that was said up to this record has arrived at the other end.
    pub delivered: Option<RecordNumber>,
    /// How often a cell came that the other end had not sealed.
    pub refused: u32,
    /// When a new line brought its first new cell, each time.
    pub met_at: Vec<Instant>,
}

impl Status {
    /// For the message of a test that failed.
    pub fn describe(&self) -> String {
        let Self { reach, generation, received_below, delivered, refused, met_at, .. } = self;
        let (lines, delivered) = (met_at.len(), delivered.map(|number| number.0));
        format!(
            "{reach:?}, generation {generation}, received below {received_below}, \
             delivered {delivered:?}, {lines} lines, {refused} cells refused"
        )
    }

    /// When the other end was first heard on a line newer than this moment.
    pub fn met_after(&self, moment: Instant) -> Option<Instant> {
        self.met_at.iter().copied().find(|met| *met > moment)
    }
}

impl End {
    pub(crate) fn start(session: Session, part: Part, cover: Cover, lines: Lines) -> Self {
        let (words, words_said) = mpsc::channel(1);
        let (commands, commands_given) = mpsc::channel(1);
        let (told, events) = mpsc::channel(EVENTS_WAITING_MAX);
        let engine = Engine::new(session, part, cover, lines, told);
        let status = engine.watch();
        let task = tokio::spawn(engine.run(words_said, commands_given));
        Self { words, commands, events, status, task }
    }

    /// Goes on with the socket on which the two met.
    pub(crate) fn on(
        socket: Socket,
        session: Session,
        part: Part,
        cover: Cover,
        mut lines: Lines,
    ) -> Self {
        lines.add(socket, Instant::now());
        Self::start(session, part, cover, lines)
    }

    /// Says something, as soon as the end takes it.
    pub async fn say(&self, words: &str) {
        self.mouth().say(words).await;
    }

    /// The same, for a task of its own.
    pub fn mouth(&self) -> Mouth {
        Mouth(self.words.clone())
    }

    /// Waits for what is told next.
    pub async fn event(&mut self) -> Event {
        let event = timeout(PATIENCE, self.events.recv()).await.expect("something is told in time");
        event.expect("an end that is over tells nothing more")
    }

    /// Waits for the next words.
    pub async fn hear(&mut self) -> String {
        match &self.event().await {
            Event::Said(Record::Text(words)) => words.clone(),
            Event::Said(_) => panic!("something else was said while words were awaited"),
            Event::Over(ending) => panic!("over while words were awaited: {ending:?}"),
        }
    }

    /// Waits until the consultation is over, passing over what is said.
    pub async fn over(&mut self) -> Ending {
        loop {
            if let Event::Over(ending) = self.event().await {
                return ending;
            }
        }
    }

    /// Where the end stands now.
    pub fn status(&self) -> Status {
        self.status.borrow().clone()
    }

    /// The same, to look at whenever it changes.
    pub fn watch(&self) -> watch::Receiver<Status> {
        self.status.clone()
    }

    /// Waits until the end stands so.
    pub async fn until(&mut self, stands_so: impl FnMut(&Status) -> bool) -> Status {
        let stands = timeout(PATIENCE, self.status.wait_for(stands_so)).await;
        let Ok(stands) = stands.map(|stands| stands.expect("the end runs").clone()) else {
            panic!("the end did not come to stand so: {}", self.status().describe())
        };
        stands
    }

    /// Waits for the other end on a line newer than this moment; returns when it was heard.
    pub async fn meets_after(&mut self, moment: Instant) -> Instant {
        let status = self.until(|status| status.met_after(moment).is_some()).await;
        status.met_after(moment).expect("that was awaited")
    }

    /// Says a record that is no words.
    pub async fn say_record(&self, record: Record) {
        self.command(Command::Say(record)).await;
    }

    /// The device says that its network has changed.
    pub async fn network_changed(&self) {
        self.command(Command::NetworkChanged).await;
    }

    /// The device's sockets vanish without a word, and it has no network.
    pub async fn lose_lines(&self) {
        self.command(Command::LoseLines).await;
    }

    /// It has one again.
    pub async fn find_lines(&self) {
        self.command(Command::FindLines).await;
    }

    async fn command(&self, command: Command) {
        assert!(self.commands.send(command).await.is_ok(), "the end runs");
    }
}

impl Drop for End {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Mouth {
    /// Says something, as soon as the end takes it.
    pub async fn say(&self, words: &str) {
        assert!(self.0.send(words.to_owned()).await.is_ok(), "the end runs");
    }
}
