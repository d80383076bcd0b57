//! A relay that does what a test says, with the frames of `vestibule-wire`.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Bytes, Message};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};
use vestibule_console::clock::Clock;
use vestibule_console::random;
use vestibule_wire::{
    CERTIFICATE_LEN, Challenge, Close, ColleagueId, EndToRelay, EpochStatement, LinkName, OfferId,
    Opening, RelayToEnd, RelayToSeat, RelayToWorker, Route, SUBPROTOCOL, SeatKey, SeatToRelay,
    ShiftCertificate, Side, Timestamp, WorkerToRelay,
};

use crate::page::PATIENCE;

pub(crate) struct FakeRelay {
    /// Of the service, which is another one's for one of several nodes.
    origin: String,
    /// Where it listens.
    address: String,
    /// What it answers at `/nodes`.
    directory: Arc<Mutex<Option<String>>>,
    is_dead: Arc<AtomicBool>,
    sockets: mpsc::Receiver<(String, FakeSocket)>,
    /// Sockets that came while the test waited for another.
    early: VecDeque<(String, FakeSocket)>,
}

/// The relay's end of one socket.
pub(crate) struct FakeSocket {
    socket: WebSocketStream<TcpStream>,
    /// Of the worker who signed in on it.
    certificate: Option<[u8; CERTIFICATE_LEN]>,
}

impl FakeRelay {
    pub(crate) async fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let directory: Arc<Mutex<Option<String>>> = Arc::default();
        let is_dead = Arc::new(AtomicBool::new(false));
        let (told, dead) = (Arc::clone(&directory), Arc::clone(&is_dead));
        let (arrived, sockets) = mpsc::channel(64);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if dead.load(Ordering::Relaxed) {
                    continue;
                }
                let (arrived, told) = (arrived.clone(), Arc::clone(&told));
                tokio::spawn(async move {
                    if asks_for_nodes(&stream).await {
                        let directory = told.lock().unwrap().clone();
                        return answer_nodes(stream, directory).await;
                    }
                    if let Some(socket) = accept(stream).await {
                        let _ = arrived.send(socket).await;
                    }
                });
            }
        });
        let address = origin.clone();
        Self { origin, address, directory, is_dead, sockets, early: VecDeque::new() }
    }

    /// One of several nodes of the relay of this origin.
    pub(crate) async fn node_of(origin: &str) -> Self {
        Self { origin: origin.to_owned(), ..Self::listen().await }
    }

    /// From now on `/nodes` names these; a relay of before there were nodes knows no such path.
    pub(crate) fn names_nodes(&self, nodes: &[(&str, &Self)]) {
        let node = |(name, node): &(&str, &Self)| json!({ "name": name, "at": node.address });
        let nodes: Vec<Value> = nodes.iter().map(node).collect();
        *self.directory.lock().unwrap() = Some(json!({ "nodes": nodes }).to_string());
    }

    /// From now on nobody comes through to it.
    pub(crate) fn dies(&self) {
        self.is_dead.store(true, Ordering::Relaxed);
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// The next socket at this path.
    pub(crate) async fn arrives(&mut self, path: &str) -> FakeSocket {
        if let Some(place) = self.early.iter().position(|(at, _)| at == path) {
            return self.early.remove(place).unwrap().1;
        }
        loop {
            let arrived = timeout(PATIENCE, self.sockets.recv()).await;
            let (at, socket) = arrived.expect("nobody connects").unwrap();
            if at == path {
                return socket;
            }
            self.early.push_back((at, socket));
        }
    }

    /// Whether a socket at this path has come.
    pub(crate) fn has_arrived(&mut self, path: &str) -> bool {
        while let Ok(arrived) = self.sockets.try_recv() {
            self.early.push_back(arrived);
        }
        self.early.iter().any(|(at, _)| at == path)
    }

    /// The newest of the worker's sockets that waits at this route; older ones and those at other
    /// routes are let go.
    pub(crate) async fn rejoins_at(&mut self, route: Route) -> FakeSocket {
        let mut newest = None;
        loop {
            while let Ok(arrived) = self.sockets.try_recv() {
                self.early.push_back(arrived);
            }
            let more = self.early.iter().any(|(at, _)| at == "/ws/rejoin");
            if let Some(newest) = newest.take_if(|_| !more) {
                return newest;
            }
            let mut socket = self.arrives("/ws/rejoin").await;
            let EndToRelay::Rejoin { side, route: at } =
                EndToRelay::decode(&socket.receives().await).unwrap();
            assert!(side == Side::Worker);
            if at == route {
                newest = Some(socket);
            }
        }
    }

    /// Takes a worker on duty as the specification says.
    pub(crate) async fn worker_arrives(&mut self) -> FakeSocket {
        let mut socket = self.arrives("/ws/duty").await;
        let now = Clock::system().now();
        let (_, authority) = socket.challenge(now, &self.origin).await;
        socket.tell(&RelayToWorker::SignedIn).await;
        for _ in 0..2 {
            let WorkerToRelay::EpochStatement(statement) = socket.hears().await else {
                panic!("a statement is due");
            };
            assert!(EpochStatement::verify(&statement, &authority, now).is_ok());
        }
        socket
    }
}

/// Names two workers to each other and carries what they whisper, until either socket ends or this is
/// dropped: then both sockets have gone.
pub(crate) fn introduce(mut first: FakeSocket, mut second: FakeSocket) -> Introduced {
    let (first_id, second_id) = (ColleagueId([1; 8]), ColleagueId([2; 8]));
    let task = tokio::spawn(async move {
        let (first_is, second_is) = (first.certificate.unwrap(), second.certificate.unwrap());
        first.tell(&RelayToWorker::Colleague(second_id, Box::new(second_is))).await;
        second.tell(&RelayToWorker::Colleague(first_id, Box::new(first_is))).await;
        loop {
            let (from_first, message) = tokio::select! {
                message = first.next_message() => (true, message),
                message = second.next_message() => (false, message),
            };
            let Some(Message::Binary(bytes)) = message else { break };
            let Ok(WorkerToRelay::Whisper(_, cell)) = WorkerToRelay::decode(&bytes) else { break };
            if from_first {
                second.tell(&RelayToWorker::Whispered(first_id, cell)).await;
            } else {
                first.tell(&RelayToWorker::Whispered(second_id, cell)).await;
            }
        }
    });
    Introduced(task.abort_handle())
}

/// Two workers who can reach each other.
pub(crate) struct Introduced(tokio::task::AbortHandle);

impl Drop for Introduced {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn asks_for_nodes(stream: &TcpStream) -> bool {
    let (wanted, mut head) = (b"GET /nodes ", [0; 11]);
    stream.peek(&mut head).await.is_ok_and(|length| length == wanted.len()) && head == *wanted
}

async fn answer_nodes(mut stream: TcpStream, directory: Option<String>) {
    let (status, body) = match directory {
        Some(directory) => ("200 OK", directory),
        None => ("404 Not Found", String::new()),
    };
    let length = body.len();
    let answer = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n{body}");
    let _ = stream.write_all(answer.as_bytes()).await;
    // Whoever closes first would cut off what is still to be read.
    let _ = stream.read(&mut [0; 1_024]).await;
    let _ = stream.shutdown().await;
}

async fn accept(stream: TcpStream) -> Option<(String, FakeSocket)> {
    stream.set_nodelay(true).unwrap();
    let mut path = String::new();
    #[allow(clippy::result_large_err, reason = "the signature is tungstenite's")]
    let callback = |request: &Request, mut response: Response| -> Result<Response, ErrorResponse> {
        request.uri().path().clone_into(&mut path);
        assert_eq!(request.headers()["sec-websocket-protocol"], SUBPROTOCOL);
        response.headers_mut().insert("sec-websocket-protocol", SUBPROTOCOL.parse().unwrap());
        Ok(response)
    };
    let socket = accept_hdr_async(stream, callback).await.ok()?;
    Some((path, FakeSocket { socket, certificate: None }))
}

impl FakeSocket {
    /// Challenges a worker and believes the answer.
    pub(crate) async fn challenge(
        &mut self,
        time: Timestamp,
        origin: &str,
    ) -> (ShiftCertificate, vestibule_wire::AuthorityKey) {
        let challenge = self.send_challenge(time).await;
        let WorkerToRelay::SignIn(sign_in) = self.hears().await else { panic!("no sign-in") };
        let now = Clock::system().now();
        let worker = challenge.verify(&sign_in, &[origin.to_owned()], now).unwrap();
        self.certificate = Some(sign_in.certificate);
        (worker, sign_in.authority)
    }

    pub(crate) async fn send_challenge(&mut self, time: Timestamp) -> Challenge {
        let mut random = [0; 32];
        rand_core::Rng::fill_bytes(&mut random::system(), &mut random);
        let challenge = Challenge::from_random(random);
        let ephemeral = challenge.public();
        self.tell(&RelayToWorker::Challenge { time, ephemeral }).await;
        challenge
    }

    /// Of the worker who signed in.
    pub(crate) fn certificate(&self) -> [u8; CERTIFICATE_LEN] {
        self.certificate.unwrap()
    }

    pub(crate) async fn offers(&mut self, offer: OfferId, link: LinkName, opening: &Opening) {
        let opening = opening.clone();
        self.tell(&RelayToWorker::Offer { offer, waited_seconds: 7, link, opening }).await;
    }

    /// Grants the offer that the worker now accepts.
    pub(crate) async fn grants(&mut self, offer: OfferId, seat: SeatKey) {
        let WorkerToRelay::Accept(accepted) = self.hears().await else { panic!("no accept") };
        assert!(accepted == offer);
        self.tell(&RelayToWorker::Granted(offer, seat)).await;
    }

    pub(crate) async fn seats(&mut self, seat: SeatKey) {
        let SeatToRelay::TakeSeat(taken) = SeatToRelay::decode(&self.receives().await).unwrap();
        assert!(taken == seat);
        self.sends(&RelayToSeat::Seated.encode()).await;
    }

    /// Names the worker of another duty socket to this one.
    pub(crate) async fn names(&mut self, id: ColleagueId, other: &Self) {
        let certificate = Box::new(other.certificate.unwrap());
        self.tell(&RelayToWorker::Colleague(id, certificate)).await;
    }

    /// Carries the first message and its answer, if this worker is the one who begins.
    pub(crate) async fn carries_hello(
        &mut self,
        to: ColleagueId,
        other: &mut Self,
        own: ColleagueId,
    ) -> bool {
        if self.certificate.unwrap()[1..33] >= other.certificate.unwrap()[1..33] {
            return false;
        }
        let WorkerToRelay::Whisper(_, hello) = self.hears().await else { panic!("no hello") };
        other.tell(&RelayToWorker::Whispered(own, hello)).await;
        let WorkerToRelay::Whisper(_, answer) = other.hears().await else { panic!("no answer") };
        self.tell(&RelayToWorker::Whispered(to, answer)).await;
        true
    }

    /// Whether the worker still holds it.
    pub(crate) async fn is_open(&mut self) -> bool {
        timeout(Duration::from_millis(20), self.received()).await.is_err()
    }

    /// Hears nothing, and answers pings, until something else is through.
    pub(crate) async fn idles<T>(&mut self, until: impl Future<Output = T>) -> T {
        tokio::select! {
            through = until => through,
            message = self.next_message() => panic!("{message:?} while nothing is due"),
        }
    }

    /// Whether the worker says nothing more before it closes with `done`.
    pub(crate) async fn is_told_nothing_but_goodbye(&mut self) -> bool {
        matches!(
            self.received().await,
            Some(Message::Close(Some(frame))) if u16::from(frame.code) == Close::Done.code()
        )
    }

    /// Tells a waiting worker that the client is there.
    pub(crate) async fn joins(&mut self) {
        self.sends(&RelayToEnd::Joined.encode()).await;
    }

    /// Tells a waiting worker that the client is not there yet.
    pub(crate) async fn is_alone(&mut self) {
        self.sends(&RelayToEnd::Alone.encode()).await;
    }

    pub(crate) async fn tell(&mut self, frame: &RelayToWorker) {
        self.sends(&frame.encode()).await;
    }

    pub(crate) async fn hears(&mut self) -> WorkerToRelay {
        WorkerToRelay::decode(&self.receives().await).unwrap()
    }

    pub(crate) async fn sends(&mut self, bytes: &[u8]) {
        // The console may have closed already; what it said is read next.
        let _ = self.socket.send(Message::Binary(Bytes::copy_from_slice(bytes))).await;
    }

    pub(crate) async fn receives(&mut self) -> Bytes {
        match self.received().await {
            Some(Message::Binary(bytes)) => bytes,
            other => panic!("{other:?} is not a frame"),
        }
    }

    pub(crate) async fn closes(&mut self, close: Close) {
        let frame = CloseFrame { code: close.code().into(), reason: "".into() };
        self.socket.close(Some(frame)).await.unwrap();
    }

    /// Waits until the console closes the socket; cells before that are passed over.
    pub(crate) async fn closed_with(&mut self) -> Option<Close> {
        loop {
            match self.received().await {
                Some(Message::Close(frame)) => return Close::from_code(frame?.code.into()),
                Some(_) => {}
                None => return None,
            }
        }
    }

    async fn received(&mut self) -> Option<Message> {
        timeout(PATIENCE, self.next_message()).await.expect("the console is silent")
    }

    async fn next_message(&mut self) -> Option<Message> {
        loop {
            match self.socket.next().await?.ok()? {
                Message::Ping(_) | Message::Pong(_) => {}
                message => return Some(message),
            }
        }
    }
}
