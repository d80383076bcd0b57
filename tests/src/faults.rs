//! A bad network between a peer and a relay: it cuts and holds, and remembers what the relay
//! sent through it.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::socket::Way;

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
    recorded: Recorded,
    task: JoinHandle<()>,
}

/// What comes through, now and later.
#[derive(Clone, Default)]
struct Weather {
    /// Connections made until this one are cut.
    cut_until: u64,
    /// Connections made until this one are held, in these directions.
    held_until: u64,
    held: Vec<Direction>,
    connections: u64,
}

/// What the relay sent on each connection.
type Recorded = Arc<Mutex<Vec<Vec<u8>>>>;

impl Network {
    /// A network before a relay, in which everything comes through.
    pub async fn before(relay: &Way) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let way = Way { origin: relay.origin.clone(), address };
        let weather = Arc::new(watch::Sender::new(Weather::default()));
        let recorded = Recorded::default();
        let accept =
            accept(listener, relay.address.clone(), Arc::clone(&weather), Arc::clone(&recorded));
        Self { way, weather, recorded, task: tokio::spawn(accept) }
    }

    /// Resets every connection. New ones come through.
    pub fn cut(&self) {
        self.weather.send_modify(|weather| weather.cut_until = weather.connections);
    }

    /// What is sent on the present connections arrives no more, and nobody is told. New connections
    /// come through.
    pub fn hold(&self, directions: &[Direction]) {
        self.weather.send_modify(|weather| {
            weather.held_until = weather.connections;
            weather.held = directions.to_vec();
        });
    }

    /// The binary messages that the relay has sent, connection by connection.
    pub fn recorded(&self) -> Vec<Vec<Vec<u8>>> {
        self.recorded.lock().unwrap().iter().map(|bytes| messages(bytes)).collect()
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(
    listener: TcpListener,
    relay: String,
    weather: Arc<watch::Sender<Weather>>,
    recorded: Recorded,
) {
    loop {
        let (peer, _) = listener.accept().await.unwrap();
        let mut id = 0;
        weather.send_modify(|weather| {
            weather.connections += 1;
            id = weather.connections;
        });
        recorded.lock().unwrap().push(Vec::new());
        let connection =
            Connection { id, weather: Arc::clone(&weather), recorded: Arc::clone(&recorded) };
        let relay = relay.clone();
        tokio::spawn(async move {
            if let Ok(relay) = TcpStream::connect(&relay).await {
                connection.serve(peer, relay).await;
            }
        });
    }
}

struct Connection {
    id: u64,
    weather: Arc<watch::Sender<Weather>>,
    recorded: Recorded,
}

impl Connection {
    async fn serve(self, peer: TcpStream, relay: TcpStream) {
        // Whatever ends this connection resets it, on both sides.
        for stream in [&peer, &relay] {
            stream.set_nodelay(true).unwrap();
            stream.set_zero_linger().unwrap();
        }
        let (from_peer, to_peer) = peer.into_split();
        let (from_relay, to_relay) = relay.into_split();
        let mut weather = self.weather.subscribe();
        tokio::select! {
            () = self.carry(Direction::ToRelay, from_peer, to_relay) => {}
            () = self.carry(Direction::FromRelay, from_relay, to_peer) => {}
            _ = weather.wait_for(|weather| weather.cut_until >= self.id) => {}
        }
    }

    /// Returns when the connection is to be cut; when its sender ends it, the other hears that first.
    async fn carry(&self, direction: Direction, mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
        let mut weather = self.weather.subscribe();
        let mut buffer = vec![0; 65_536];
        loop {
            let Ok(length) = from.read(&mut buffer).await else { return };
            let passes = |weather: &Weather| {
                weather.held_until < self.id || !weather.held.contains(&direction)
            };
            if weather.wait_for(passes).await.is_err() {
                return;
            }
            if direction == Direction::FromRelay {
                let place = usize::try_from(self.id - 1).unwrap();
                self.recorded.lock().unwrap()[place].extend_from_slice(&buffer[..length]);
            }
            if to.write_all(&buffer[..length]).await.is_err() {
                return;
            }
            if length == 0 {
                let _ = to.shutdown().await;
                return std::future::pending().await;
            }
        }
    }
}

/// The binary messages in what a server sent, after the head of its answer. Servers do not mask.
fn messages(bytes: &[u8]) -> Vec<Vec<u8>> {
    const BINARY: u8 = 0x82;
    let Some(head) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Vec::new();
    };
    let mut rest = &bytes[head + 4..];
    let mut messages = Vec::new();
    while let [opcode, length, after @ ..] = rest {
        let (length, after) = match (length, after) {
            (126, [high, low, after @ ..]) => {
                (usize::from(u16::from_be_bytes([*high, *low])), after)
            }
            (length @ ..126, after) => (usize::from(*length), after),
            _ => break,
        };
        let Some((message, after)) = after.split_at_checked(length) else { break };
        if *opcode == BINARY {
            messages.push(message.to_vec());
        }
        rest = after;
    }
    messages
}
