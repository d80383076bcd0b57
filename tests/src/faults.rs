//! A bad network between a peer and a relay: it cuts, holds and remembers, and somebody in it may say
//! things of their own.

mod connection;
mod frames;

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use vestibule_wire::{CELL_LEN, Close};

use crate::socket::Way;
use connection::Connection;

/// Longer than anything that a test waits for here.
const PATIENCE: Duration = Duration::from_secs(30);
/// What somebody in the network says and has not yet been passed on.
const SAID_WAITING_MAX: usize = 16;

/// Which way bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the peer.
    ToRelay,
    /// To the peer.
    FromRelay,
}

/// A network that a test spoils.
pub struct Network {
    /// The way through it.
    pub way: Way,
    weather: Arc<watch::Sender<Weather>>,
    traffic: Arc<watch::Sender<Traffic>>,
    task: JoinHandle<()>,
}

/// What comes through, now and later. Connections are counted from 0.
#[derive(Clone, Default)]
struct Weather {
    /// Connections below this one are cut.
    cut_below: usize,
    /// Connections below this one are held, in these directions.
    held_below: usize,
    held: Vec<Direction>,
    /// These are in somebody's hands.
    seized: Vec<usize>,
    /// No connection comes through.
    is_unplugged: bool,
}

impl Weather {
    fn passes(&self, id: usize, direction: Direction) -> bool {
        let is_held = id < self.held_below && self.held.contains(&direction);
        !is_held && !self.is_seized(id)
    }

    fn is_seized(&self, id: usize) -> bool {
        self.seized.contains(&id)
    }
}

/// What was sent on each connection.
type Traffic = Vec<Seen>;

/// One connection as somebody in the network sees it.
struct Seen {
    to_relay: Sent,
    from_relay: Sent,
}

/// What one side of a connection has sent.
struct Sent {
    messages: Vec<Vec<u8>>,
    closed: Option<Close>,
    /// Passes on what others say in its name.
    mouth: mpsc::Sender<Said>,
}

/// What somebody in the network says: a frame, and whom to tell when it has been passed on.
type Said = (Vec<u8>, oneshot::Sender<()>);

impl Seen {
    fn sent(&self, direction: Direction) -> &Sent {
        match direction {
            Direction::ToRelay => &self.to_relay,
            Direction::FromRelay => &self.from_relay,
        }
    }

    fn sent_mut(&mut self, direction: Direction) -> &mut Sent {
        match direction {
            Direction::ToRelay => &mut self.to_relay,
            Direction::FromRelay => &mut self.from_relay,
        }
    }

    fn is_line(&self) -> bool {
        self.from_relay.cells().next().is_some()
    }
}

impl Sent {
    fn cells(&self) -> impl Iterator<Item = &Vec<u8>> {
        self.messages.iter().filter(|message| message.len() == CELL_LEN)
    }
}

impl Network {
    /// A network before a relay, in which everything comes through.
    pub async fn before(relay: &Way) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let way = Way { address, ..relay.clone() };
        let weather = Arc::new(watch::Sender::new(Weather::default()));
        let traffic = Arc::new(watch::Sender::new(Traffic::default()));
        let accept =
            accept(listener, relay.address.clone(), Arc::clone(&weather), Arc::clone(&traffic));
        Self { way, weather, traffic, task: tokio::spawn(accept) }
    }

    /// Resets every connection. New ones come through.
    pub fn cut(&self) {
        let count = self.traffic.borrow().len();
        self.weather.send_modify(|weather| weather.cut_below = count);
    }

    /// Resets every connection, and new ones until the network is back.
    pub fn unplug(&self) {
        self.weather.send_modify(|weather| weather.is_unplugged = true);
        self.cut();
    }

    /// New connections come through again.
    pub fn plug(&self) {
        self.weather.send_modify(|weather| weather.is_unplugged = false);
    }

    /// What is sent on the present connections arrives no more, and nobody is told. New connections
    /// come through.
    pub fn hold(&self, directions: &[Direction]) {
        let count = self.traffic.borrow().len();
        self.weather.send_modify(|weather| {
            weather.held_below = count;
            weather.held = directions.to_vec();
        });
    }

    /// The cells that were sent in this direction, connection after connection.
    pub fn cells(&self, direction: Direction) -> Vec<Vec<u8>> {
        let traffic = self.traffic.borrow();
        traffic.iter().flat_map(|seen| seen.sent(direction).cells().cloned()).collect()
    }

    /// Says cells in the name of one side of the present line, between what that side says itself.
    pub async fn inject(&self, direction: Direction, cells: &[Vec<u8>]) {
        let mouth = self.traffic.borrow()[self.line()].sent(direction).mouth.clone();
        say(&mouth, direction, cells).await;
    }

    /// Takes the present line from both who talk on it. Neither is told.
    pub fn seize(&self) -> Seized {
        let id = self.line();
        self.weather.send_modify(|weather| weather.seized.push(id));
        let heard = {
            let traffic = self.traffic.borrow();
            let count = |direction| traffic[id].sent(direction).messages.len();
            (count(Direction::ToRelay), count(Direction::FromRelay))
        };
        let (weather, traffic) = (Arc::clone(&self.weather), Arc::clone(&self.traffic));
        Seized { id, heard_before: heard, weather, traffic }
    }

    /// Waits until the relay has said so much on all connections together.
    pub async fn heard(&self, heard: impl Fn(&[u8]) -> bool, times: usize) {
        let count = |traffic: &Traffic| {
            let messages = traffic.iter().flat_map(|seen| &seen.from_relay.messages);
            messages.filter(|message| heard(message)).count()
        };
        until(&self.traffic, |traffic| count(traffic) >= times).await;
    }

    /// Waits until the relay has closed some connection with this code.
    pub async fn closed(&self, close: Close) {
        until(&self.traffic, |traffic| {
            traffic.iter().any(|seen| seen.from_relay.closed == Some(close))
        })
        .await;
    }

    /// The newest connection that has carried a cell.
    fn line(&self) -> usize {
        self.traffic.borrow().iter().rposition(Seen::is_line).expect("there is a line")
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A connection in somebody else's hands: they alone hear what is said on it, and say what they like.
pub struct Seized {
    id: usize,
    /// What had been sent to the relay, and by it.
    heard_before: (usize, usize),
    weather: Arc<watch::Sender<Weather>>,
    traffic: Arc<watch::Sender<Traffic>>,
}

impl Seized {
    /// Says messages in the name of one side.
    pub async fn say(&self, direction: Direction, messages: &[Vec<u8>]) {
        let mouth = self.traffic.borrow()[self.id].sent(direction).mouth.clone();
        say(&mouth, direction, messages).await;
    }

    /// Waits until one side has said so many messages, and returns them all.
    pub async fn hears(&self, direction: Direction, count: usize) -> Vec<Vec<u8>> {
        until(&self.traffic, |traffic| self.heard(traffic, direction).len() >= count).await;
        self.heard(&self.traffic.borrow(), direction).to_vec()
    }

    /// Waits until these are what one side has said last. What was under way when the connection was
    /// seized may come before them.
    pub async fn hears_at_last(&self, direction: Direction, messages: &[Vec<u8>]) {
        until(&self.traffic, |traffic| self.heard(traffic, direction).ends_with(messages)).await;
    }

    fn heard<'a>(&self, traffic: &'a Traffic, direction: Direction) -> &'a [Vec<u8>] {
        let before = match direction {
            Direction::ToRelay => self.heard_before.0,
            Direction::FromRelay => self.heard_before.1,
        };
        &traffic[self.id].sent(direction).messages[before..]
    }

    /// Waits until one side has closed, and returns its code.
    pub async fn closed(&self, direction: Direction) -> Close {
        let closed = |traffic: &Traffic| traffic[self.id].sent(direction).closed;
        until(&self.traffic, |traffic| closed(traffic).is_some()).await;
        closed(&self.traffic.borrow()).expect("that was awaited")
    }

    /// Lets what both have said come through, and whatever they say from now on.
    pub fn release(self) {
        self.weather.send_modify(|weather| weather.seized.retain(|id| *id != self.id));
    }
}

/// Returns when all of them have been passed on. A connection that is gone passes on nothing.
async fn say(mouth: &mpsc::Sender<Said>, direction: Direction, messages: &[Vec<u8>]) {
    for message in messages {
        let (done, is_done) = oneshot::channel();
        let _ = mouth.send((frames::binary(message, direction), done)).await;
        let _ = is_done.await;
    }
}

async fn until(traffic: &watch::Sender<Traffic>, is_so: impl FnMut(&Traffic) -> bool) {
    let mut traffic = traffic.subscribe();
    let came = timeout(PATIENCE, traffic.wait_for(is_so)).await;
    assert!(came.is_ok_and(|came| came.is_ok()), "what a network waits for comes in time");
}

async fn accept(
    listener: TcpListener,
    relay: String,
    weather: Arc<watch::Sender<Weather>>,
    traffic: Arc<watch::Sender<Traffic>>,
) {
    loop {
        let (peer, _) = listener.accept().await.unwrap();
        peer.set_zero_linger().unwrap();
        if weather.borrow().is_unplugged {
            continue;
        }
        let (weather, traffic) = (Arc::clone(&weather), Arc::clone(&traffic));
        let (connection, prompts) = Connection::new(weather, traffic);
        tokio::spawn(connection.serve(peer, relay.clone(), prompts));
    }
}
