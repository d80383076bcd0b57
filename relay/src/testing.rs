//! A service, its workers and clients, and a relay for them, for this crate's tests.
#![allow(
    clippy::wildcard_enum_match_arm,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking at whatever it did not expect"
)]

mod redis;
mod service;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol;
use vestibule_wire::{
    CERTIFICATE_LEN, ClientToRelay, Close, EndToRelay, Epoch, LinkName, OfferId, RelayToClient,
    RelayToEnd, RelayToSeat, RelayToWorker, Revocations, Route, SUBPROTOCOL, SeatKey, SeatToRelay,
    Side, SignIn, Timestamp, Wait, WorkerToRelay, sign_in_mac,
};

use crate::connection::Connection;
use crate::peer_stream::PeerStream;
use crate::{Clock, Config, Counting, Elsewhere, Limits, Origin, Page, Server, Service};
pub(crate) use redis::{TestRedis, node_of};
pub(crate) use service::{
    FakeService, door_name, link_name, nothing_revoked, opening_of, shift_public,
};

pub(crate) const ORIGIN: &str = "http://127.0.0.1:8080";
/// The middle of an epoch, and what the clock of every test relay shows.
pub(crate) const NOW: Timestamp = Timestamp(1_795_000_000);
/// Longer than any test should wait for anything.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) fn config(services: &[&FakeService], limits: Limits) -> Config {
    Config {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        origins: vec![Origin::new(ORIGIN).unwrap()],
        page: Page::default().with_file("/index.html", b"<!doctype html>".to_vec()),
        elsewhere: Elsewhere::default(),
        services: services
            .iter()
            .map(|service| Service {
                authority: service.authority(),
                card: service.card(),
                leaflets: HashMap::new(),
                revocations: None,
                counting: Counting::default(),
            })
            .collect(),
        tls: None,
        indicators: None,
        nodes: None,
        health_listen: None,
        limits,
    }
}

/// A running relay that serves two services, mostly used with one.
pub(crate) struct TestRelay {
    pub(crate) address: SocketAddr,
    pub(crate) service: FakeService,
    pub(crate) other_service: FakeService,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

impl TestRelay {
    pub(crate) async fn start() -> Self {
        Self::start_with(Limits::default()).await
    }

    /// Deadlines of a silent peer that a test can wait for.
    pub(crate) fn short_deadlines() -> Limits {
        Limits {
            tick_interval: Duration::from_millis(20),
            ping_interval: Duration::from_millis(60),
            silent_after: Duration::from_millis(300),
            first_frame_deadline: Duration::from_millis(400),
            close_deadline: Duration::from_millis(100),
            ..Limits::default()
        }
    }

    pub(crate) async fn start_with(limits: Limits) -> Self {
        Self::start_changed(limits, |_| {}, |server| server).await
    }

    /// A relay whose operator has said more.
    pub(crate) async fn start_changed(
        limits: Limits,
        configure: impl FnOnce(&mut Config),
        change: impl FnOnce(Server) -> Server,
    ) -> Self {
        let [service, other_service] = [1, 2].map(FakeService::new);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut config = config(&[&service, &other_service], limits);
        configure(&mut config);
        let server = change(Server::new(config).with_clock(Clock::from_fn(|| NOW)));
        let (stop, stop_requested) = oneshot::channel();
        let served = tokio::spawn(server.serve(listener, async {
            let _dropped = stop_requested.await;
        }));
        Self { address, service, other_service, stop, served }
    }

    pub(crate) async fn stop(self) {
        self.stop.send(()).unwrap();
        self.served.await.unwrap();
    }

    pub(crate) async fn connect(&self, path: &str) -> Peer {
        let mut request = format!("ws://{}{path}", self.address).into_client_request().unwrap();
        let headers = request.headers_mut();
        headers.insert("sec-websocket-protocol", HeaderValue::from_static(SUBPROTOCOL));
        if path == "/ws/client" {
            headers.insert("origin", HeaderValue::from_static(ORIGIN));
        }
        let stream = TcpStream::connect(self.address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (socket, _) = tokio_tungstenite::client_async(request, stream).await.unwrap();
        Peer { socket }
    }

    /// What is read at a path.
    pub(crate) async fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: relay\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer.split_once("\r\n\r\n").unwrap().1.to_owned()
    }

    /// A client that has sent `open`; the frames that answer it are still to be read.
    pub(crate) async fn client(&self, link: u8, opening: u8) -> Peer {
        self.client_with(&self.service.open(link, opening)).await
    }

    /// A client that has sent `open` at a door.
    pub(crate) async fn client_at_door(&self, door: u8, opening: u8) -> Peer {
        self.client_with(&self.service.open_door(door, opening)).await
    }

    /// A client that has sent this.
    pub(crate) async fn client_with(&self, open: &ClientToRelay) -> Peer {
        let mut client = self.connect("/ws/client").await;
        assert!(RelayToClient::decode(&client.frame().await).is_ok());
        client.send(open.encode()).await;
        client
    }

    /// A worker on duty, whose epoch statement the relay knows.
    pub(crate) async fn worker(&self) -> Peer {
        let mut worker = self.on_duty(&self.service, 7).await;
        self.state(&mut worker, 0).await;
        worker
    }

    /// A worker tells the relay of a generation of the current epoch's keys.
    pub(crate) async fn state(&self, worker: &mut Peer, generation: u8) {
        let statement = Box::new(self.service.statement(Epoch::current(NOW), generation));
        worker.send(WorkerToRelay::EpochStatement(statement).encode()).await;
        worker.settle().await;
    }

    /// A worker of any service who has just signed in.
    pub(crate) async fn on_duty(&self, service: &FakeService, shift: u8) -> Peer {
        let mut worker = self.connect("/ws/duty").await;
        worker.sign_in(service, [shift; 32], service.certificate([shift; 32], NOW.0)).await;
        assert!(matches!(worker.next_frame().await, RelayToWorker::SignedIn));
        worker
    }

    /// One end of a consultation that has sent `rejoin`.
    pub(crate) async fn rejoin(&self, side: Side, route: u8) -> Peer {
        let mut end = self.connect("/ws/rejoin").await;
        end.send(EndToRelay::Rejoin { side, route: Route([route; 32]) }.encode()).await;
        end
    }

    /// A client and a worker joined at a route.
    pub(crate) async fn joined(&self, route: u8) -> (Peer, Peer) {
        let mut client = self.rejoin(Side::Client, route).await;
        assert!(matches!(RelayToEnd::decode(&client.frame().await), Ok(RelayToEnd::Alone)));
        let mut worker = self.rejoin(Side::Worker, route).await;
        for end in [&mut client, &mut worker] {
            assert!(matches!(RelayToEnd::decode(&end.frame().await), Ok(RelayToEnd::Joined)));
        }
        (client, worker)
    }

    /// Accepts the next offer; returns the seat's key.
    pub(crate) async fn accept(&self, worker: &mut Peer) -> SeatKey {
        let (offer, _) = worker.offer().await;
        worker.send(WorkerToRelay::Accept(offer).encode()).await;
        match worker.next_frame().await {
            RelayToWorker::Granted(granted, seat) if granted == offer => seat,
            _ => panic!("not granted"),
        }
    }

    /// A matched pair.
    pub(crate) async fn pair(&self, worker: &mut Peer, link: u8) -> (Peer, Peer) {
        let mut client = self.client(link, link).await;
        let seat_key = self.accept(worker).await;
        let mut seat = self.connect("/ws/seat").await;
        seat.send(SeatToRelay::TakeSeat(seat_key).encode()).await;
        assert!(RelayToSeat::decode(&seat.frame().await).is_ok());
        client.read_until_matched().await;
        (client, seat)
    }
}

/// Both ends of a TCP connection.
pub(crate) async fn socket_pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (near, far) =
        tokio::join!(TcpStream::connect(listener.local_addr().unwrap()), listener.accept());
    let (near, (far, _)) = (near.unwrap(), far.unwrap());
    near.set_nodelay(true).unwrap();
    far.set_nodelay(true).unwrap();
    (near, far)
}

/// The relay's end of a WebSocket without a relay, and the peer's.
pub(crate) async fn connection_pair() -> (Box<Connection>, Peer) {
    let (near, far) = socket_pair().await;
    let socket = WebSocketStream::from_raw_socket(near, protocol::Role::Client, None).await;
    let far = PeerStream::Left(far);
    (Box::new(Connection::new(far, Vec::new(), None)), Peer { socket })
}

/// One end of a WebSocket to the relay.
pub(crate) struct Peer {
    pub(crate) socket: WebSocketStream<TcpStream>,
}

impl Peer {
    pub(crate) async fn send(&mut self, bytes: Vec<u8>) {
        self.socket.send(Message::Binary(bytes.into())).await.unwrap();
    }

    /// The next message that is not a ping or pong.
    pub(crate) async fn message(&mut self) -> Option<Message> {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.socket.next());
            match next.await.expect("the relay says something")?.ok()? {
                Message::Ping(_) | Message::Pong(_) => {}
                message => return Some(message),
            }
        }
    }

    pub(crate) async fn frame(&mut self) -> Vec<u8> {
        match self.message().await {
            Some(Message::Binary(bytes)) => bytes.to_vec(),
            other => panic!("not a frame: {other:?}"),
        }
    }

    /// Reads until the close frame; `None` when the socket ended without one.
    pub(crate) async fn closed(&mut self) -> Option<Close> {
        loop {
            if let Message::Close(frame) = self.message().await? {
                return Close::from_code(frame?.code.into());
            }
        }
    }

    pub(crate) async fn sign_in(
        &mut self,
        service: &FakeService,
        shift: [u8; 32],
        certificate: [u8; CERTIFICATE_LEN],
    ) {
        let RelayToWorker::Challenge { ephemeral, .. } = self.next_frame().await else {
            panic!("not a challenge");
        };
        let authority = service.authority();
        let mac = sign_in_mac(&shift, &ephemeral, ORIGIN, &authority, &certificate).unwrap();
        let sign_in = Box::new(SignIn { authority, certificate, mac });
        self.send(WorkerToRelay::SignIn(sign_in).encode()).await;
    }

    pub(crate) async fn next_frame(&mut self) -> RelayToWorker {
        RelayToWorker::decode(&self.frame().await).unwrap()
    }

    pub(crate) async fn offer(&mut self) -> (OfferId, LinkName) {
        loop {
            match self.next_frame().await {
                RelayToWorker::Offer { offer, link, .. } => return (offer, link),
                RelayToWorker::Withdrawn(..)
                | RelayToWorker::Colleague(..)
                | RelayToWorker::ColleagueLeft(_)
                | RelayToWorker::Revocations(_) => {}
                _ => panic!("not an offer"),
            }
        }
    }

    /// The next list of revocations that a worker is told of.
    pub(crate) async fn revocations(&mut self, service: &FakeService) -> Revocations {
        loop {
            match self.next_frame().await {
                RelayToWorker::Revocations(bytes) => {
                    return Revocations::verify(&bytes, &service.authority()).unwrap();
                }
                RelayToWorker::Colleague(..) | RelayToWorker::ColleagueLeft(_) => {}
                _ => panic!("not told of revocations"),
            }
        }
    }

    pub(crate) async fn wait(&mut self) -> Wait {
        match RelayToClient::decode(&self.frame().await) {
            Ok(RelayToClient::Waiting(wait)) => wait,
            _ => panic!("not told a wait"),
        }
    }

    pub(crate) async fn read_until_matched(&mut self) {
        while !matches!(RelayToClient::decode(&self.frame().await), Ok(RelayToClient::Matched)) {}
    }

    /// Returns when the relay has handled everything sent so far.
    pub(crate) async fn settle(&mut self) {
        self.socket.send(Message::Ping(b"settle".to_vec().into())).await.unwrap();
        loop {
            match tokio::time::timeout(PATIENCE, self.socket.next()).await.unwrap() {
                Some(Ok(Message::Pong(_))) => return,
                Some(Ok(_)) => {}
                other => panic!("the socket ended: {other:?}"),
            }
        }
    }
}
