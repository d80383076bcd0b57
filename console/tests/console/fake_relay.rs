//! A relay that does what a test says, with the frames of `vestibule-wire`.

use futures_util::{SinkExt, StreamExt};
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
    Challenge, Close, EpochStatement, LinkName, OfferId, Opening, RelayToSeat, RelayToWorker,
    SUBPROTOCOL, SeatKey, SeatToRelay, ShiftCertificate, Timestamp, WorkerToRelay,
};

use crate::page::PATIENCE;

pub(crate) struct FakeRelay {
    origin: String,
    sockets: mpsc::Receiver<(String, FakeSocket)>,
}

/// The relay's end of one socket.
pub(crate) struct FakeSocket(WebSocketStream<TcpStream>);

impl FakeRelay {
    pub(crate) async fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let (arrived, sockets) = mpsc::channel(64);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let arrived = arrived.clone();
                tokio::spawn(async move {
                    if let Some(socket) = accept(stream).await {
                        let _ = arrived.send(socket).await;
                    }
                });
            }
        });
        Self { origin, sockets }
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// The next socket, which must be at this path.
    pub(crate) async fn arrives(&mut self, path: &str) -> FakeSocket {
        let arrived = timeout(PATIENCE, self.sockets.recv()).await;
        let (at, socket) = arrived.expect("nobody connects").unwrap();
        assert_eq!(at, path);
        socket
    }

    /// Takes a worker on duty as the specification says.
    pub(crate) async fn worker_arrives(&mut self) -> FakeSocket {
        let mut socket = self.arrives("/ws/duty").await;
        let now = Clock::system().now();
        let (worker, authority) = socket.challenge(now, &self.origin).await;
        assert_eq!(worker.content.alias.as_str(), "Anna");
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

async fn accept(stream: TcpStream) -> Option<(String, FakeSocket)> {
    let mut path = String::new();
    #[allow(clippy::result_large_err, reason = "the signature is tungstenite's")]
    let callback = |request: &Request, mut response: Response| -> Result<Response, ErrorResponse> {
        request.uri().path().clone_into(&mut path);
        assert_eq!(request.headers()["sec-websocket-protocol"], SUBPROTOCOL);
        response.headers_mut().insert("sec-websocket-protocol", SUBPROTOCOL.parse().unwrap());
        Ok(response)
    };
    let socket = accept_hdr_async(stream, callback).await.ok()?;
    Some((path, FakeSocket(socket)))
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

    pub(crate) async fn tell(&mut self, frame: &RelayToWorker) {
        self.sends(&frame.encode()).await;
    }

    pub(crate) async fn hears(&mut self) -> WorkerToRelay {
        WorkerToRelay::decode(&self.receives().await).unwrap()
    }

    pub(crate) async fn sends(&mut self, bytes: &[u8]) {
        self.0.send(Message::Binary(Bytes::copy_from_slice(bytes))).await.unwrap();
    }

    pub(crate) async fn receives(&mut self) -> Bytes {
        match self.received().await {
            Some(Message::Binary(bytes)) => bytes,
            other => panic!("{other:?} is not a frame"),
        }
    }

    pub(crate) async fn closes(&mut self, close: Close) {
        let frame = CloseFrame { code: close.code().into(), reason: "".into() };
        self.0.close(Some(frame)).await.unwrap();
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
        loop {
            let message = timeout(PATIENCE, self.0.next()).await.expect("the console is silent");
            match message?.ok()? {
                Message::Ping(_) | Message::Pong(_) => {}
                message => return Some(message),
            }
        }
    }
}
