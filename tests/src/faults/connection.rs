//! One connection through a network.

use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{mpsc, watch};

use super::frames::{Meaning, Unread};
use super::{Direction, SAID_WAITING_MAX, Said, Seen, Sent, Traffic, Weather};

pub(super) struct Connection {
    id: usize,
    weather: Arc<watch::Sender<Weather>>,
    traffic: Arc<watch::Sender<Traffic>>,
}

/// Hears what others say in the name of the peer, and of the relay.
pub(super) struct Prompts {
    to_relay: mpsc::Receiver<Said>,
    from_relay: mpsc::Receiver<Said>,
}

/// How far one side has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    Speaks,
    /// It has ended its half.
    Ended,
    /// It has reset the connection.
    Broken,
}

impl Connection {
    pub(super) fn new(
        weather: Arc<watch::Sender<Weather>>,
        traffic: Arc<watch::Sender<Traffic>>,
    ) -> (Self, Prompts) {
        let [(to_relay, prompts_to_relay), (from_relay, prompts_from_relay)] =
            [(); 2].map(|()| mpsc::channel(SAID_WAITING_MAX));
        let [to_relay, from_relay] =
            [to_relay, from_relay].map(|mouth| Sent { messages: Vec::new(), closed: None, mouth });
        let mut id = 0;
        traffic.send_modify(|traffic| {
            id = traffic.len();
            traffic.push(Seen { to_relay, from_relay });
        });
        let prompts = Prompts { to_relay: prompts_to_relay, from_relay: prompts_from_relay };
        (Self { id, weather, traffic }, prompts)
    }

    pub(super) async fn serve(self, peer: TcpStream, relay: String, prompts: Prompts) {
        let Ok(relay) = TcpStream::connect(&relay).await else { return };
        // Whatever ends this connection resets it, on both sides.
        for stream in [&peer, &relay] {
            stream.set_nodelay(true).unwrap();
            stream.set_zero_linger().unwrap();
        }
        let (from_peer, to_peer) = peer.into_split();
        let (from_relay, to_relay) = relay.into_split();
        let mut weather = self.weather.subscribe();
        tokio::select! {
            () = self.carry(Direction::ToRelay, from_peer, to_relay, prompts.to_relay) => {}
            () = self.carry(Direction::FromRelay, from_relay, to_peer, prompts.from_relay) => {}
            _ = weather.wait_for(|weather| self.id < weather.cut_below) => {}
        }
    }

    /// Returns when the connection is to be cut; when its sender ends it, the other hears that first.
    async fn carry(
        &self,
        direction: Direction,
        mut from: OwnedReadHalf,
        mut to: OwnedWriteHalf,
        mut prompts: mpsc::Receiver<Said>,
    ) {
        let mut weather = self.weather.subscribe();
        let mut source = Source::Speaks;
        let (mut unread, mut kept) = (Unread::default(), Vec::new());
        let mut buffer = vec![0; 65_536];
        loop {
            let (mut passing, mut done) = (Vec::new(), None);
            tokio::select! {
                read = from.read(&mut buffer), if source == Source::Speaks => match read {
                    Ok(0) => source = Source::Ended,
                    Ok(length) => {
                        unread.add(&buffer[..length]);
                        kept.extend(self.take_whole(direction, &mut unread));
                    }
                    Err(_) => source = Source::Broken,
                },
                Some((frame, is_done)) = prompts.recv() => (passing, done) = (frame, Some(is_done)),
                changed = weather.changed() => if changed.is_err() { return },
            }
            let (passes, is_seized) = {
                let weather = weather.borrow_and_update();
                (weather.passes(self.id, direction), weather.is_seized(self.id))
            };
            if passes {
                passing.splice(0..0, kept.drain(..));
            }
            // Whoever has seized a connection goes on with one side when the other has gone.
            if to.write_all(&passing).await.is_err() && !is_seized {
                return;
            }
            let _told = done.map(|done| done.send(()));
            match source {
                Source::Ended if passes => {
                    let _ = to.shutdown().await;
                    drop(prompts);
                    return std::future::pending().await;
                }
                Source::Broken if passes => return,
                Source::Speaks | Source::Ended | Source::Broken => {}
            }
        }
    }

    /// Takes off what is whole, and tells of it.
    fn take_whole(&self, direction: Direction, unread: &mut Unread) -> Vec<u8> {
        let mut bytes = Vec::new();
        while let Some(whole) = unread.next() {
            bytes.extend(whole.bytes);
            self.traffic.send_modify(|traffic| {
                let sent = traffic[self.id].sent_mut(direction);
                match whole.meaning {
                    Meaning::Message(message) => sent.messages.push(message),
                    Meaning::Close(close) => sent.closed = Some(close),
                    Meaning::Other => {}
                }
            });
        }
        bytes
    }
}
