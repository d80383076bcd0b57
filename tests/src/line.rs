//! One socket of an end, in a task of its own: whatever it hears goes into the end's one queue.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use vestibule_protocol::{Cell, Side};
use vestibule_wire::{Close, EndToRelay, Malformed, RelayToEnd, Route};

use crate::socket::{Hearing, Next, Socket, Speaking, Way};

/// What may wait to be sent on one socket: a full window, and all of it again.
const CELLS_WAITING_MAX: usize = 192;
/// An end has this long to say that it has finished.
const CLOSE_MAX: Duration = Duration::from_secs(2);
/// After so long without a message an end that waits asks whether the relay is there,
const PING_AFTER: Duration = Duration::from_secs(5);
/// and waits so long for the answer.
const PONG_MAX: Duration = Duration::from_secs(5);

/// Names one line of an end. Never given twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LineId(pub(crate) u64);

/// What a line brings.
pub(crate) enum Heard {
    /// The relay keeps the socket until the other end comes.
    Alone,
    /// The other end is there.
    Joined,
    Cell(Box<Cell>),
    /// Nothing more comes.
    Gone,
}

/// Where lines put what they hear.
pub(crate) type Ears = mpsc::Sender<(LineId, Heard)>;

/// A socket that is joined, or comes to be. Dropped, it vanishes without a word.
pub(crate) struct Line {
    pub(crate) id: LineId,
    words: mpsc::Sender<Word>,
    task: Option<JoinHandle<()>>,
}

enum Word {
    Cell(Box<Cell>),
    Close(Close),
}

impl Line {
    /// Goes on with a socket on which cells travel already.
    pub(crate) fn of(id: LineId, socket: Socket, ears: Ears) -> Self {
        Self::spawn(id, ears, move |words, ears| async move {
            let (speaking, hearing) = socket.split();
            carry(speaking, hearing, words, &ears).await;
        })
    }

    /// Comes to a route, if the relay answers in time.
    pub(crate) fn rejoin(
        id: LineId,
        (way, patience): (Way, Duration),
        (side, route): (Side, Route),
        ears: Ears,
    ) -> Self {
        Self::spawn(id, ears, move |words, ears| async move {
            let connected = Socket::connect_within(patience, &way, "/ws/rejoin").await;
            let Ok(mut socket) = connected else { return };
            socket.send(&EndToRelay::Rejoin { side, route }.encode()).await;
            let (mut speaking, mut hearing) = socket.split();
            loop {
                match next_while_waiting(&mut speaking, &mut hearing).await {
                    Next::Message(frame) => match RelayToEnd::decode(&frame) {
                        Ok(RelayToEnd::Alone) => ears.hear(Heard::Alone).await,
                        Ok(RelayToEnd::Joined) => break,
                        Err(Malformed) => panic!("a relay sends only frames before `joined`"),
                    },
                    Next::Closed(_) | Next::Broken => return,
                }
            }
            ears.hear(Heard::Joined).await;
            carry(speaking, hearing, words, &ears).await;
        })
    }

    fn spawn<F>(
        id: LineId,
        ears: Ears,
        serve: impl FnOnce(mpsc::Receiver<Word>, OwnEars) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send,
    {
        let (words, words_to_send) = mpsc::channel(CELLS_WAITING_MAX);
        let task = tokio::spawn(async move {
            let own = OwnEars(id, ears.clone());
            serve(words_to_send, own).await;
            OwnEars(id, ears).hear(Heard::Gone).await;
        });
        Self { id, words, task: Some(task) }
    }

    /// Sends a cell; `false` when the line takes no more.
    pub(crate) fn send(&self, cell: &Cell) -> bool {
        self.words.try_send(Word::Cell(Box::new(*cell))).is_ok()
    }

    /// Ends the line with a code of the table, after what was sent.
    pub(crate) fn close(mut self, close: Close) {
        let task = self.task.take().expect("a line is closed once");
        if self.words.try_send(Word::Close(close)).is_err() {
            task.abort();
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

/// A line's own way into the queue.
struct OwnEars(LineId, Ears);

impl OwnEars {
    async fn hear(&self, heard: Heard) {
        // An end that has finished listens no more.
        let _ = self.1.send((self.0, heard)).await;
    }
}

/// What the relay says next to one who waits. One that gives no sign of life has lost the socket,
/// where nobody would be met.
async fn next_while_waiting(speaking: &mut Speaking, hearing: &mut Hearing) -> Next {
    loop {
        if let Ok(next) = timeout(PING_AFTER, hearing.next()).await {
            return next;
        }
        speaking.ping().await;
        match timeout(PONG_MAX, hearing.sign_of_life()).await {
            Ok(Some(next)) => return next,
            Ok(None) => {}
            Err(_) => return Next::Broken,
        }
    }
}

/// Moves cells until the socket ends.
async fn carry(
    mut speaking: Speaking,
    mut hearing: Hearing,
    mut words: mpsc::Receiver<Word>,
    ears: &OwnEars,
) {
    let hear = async {
        loop {
            match hearing.next().await {
                Next::Message(message) => {
                    let cell = message[..].try_into().expect("only cells cross once matched");
                    ears.hear(Heard::Cell(Box::new(cell))).await;
                }
                Next::Closed(_) | Next::Broken => return,
            }
        }
    };
    tokio::pin!(hear);
    let speak = async {
        while let Some(word) = words.recv().await {
            match word {
                // What breaks here shows when reading.
                Word::Cell(cell) => drop(speaking.send(&cell[..]).await),
                Word::Close(close) => return speaking.close(close).await,
            }
        }
    };
    tokio::select! {
        () = &mut hear => return,
        () = speak => {}
    }
    // A socket with unread bytes would be reset, and its close lost on the way.
    let _ = timeout(CLOSE_MAX, hear).await;
}
