//! The reference client: what the page does, in Rust.

use vestibule_protocol::HandshakeError;
use vestibule_protocol::{
    AwaitingAnswer, Language, Link, Record, Session, Subject, Triage, start_handshake,
};
use vestibule_wire::{CELL_LEN, ClientToRelay, Opening, RelayToClient, Timestamp, Wait};

use crate::service::rng;
use crate::socket::{Next, Socket};

/// A client that has sent its opening.
pub struct WaitingClient {
    /// The client's socket.
    pub socket: Socket,
    /// How long it was told to wait.
    pub wait: Wait,
    handshake: AwaitingAnswer,
    opening: Opening,
}

/// A client that talks.
pub struct TalkingClient {
    /// The client's socket.
    pub socket: Socket,
    session: Session,
}

/// Opens a link; returns the socket, whatever the relay says to it.
pub async fn open(origin: &str, link: &Link) -> (Socket, AwaitingAnswer, Opening) {
    let triage =
        Triage { language: Language::Russian, subject: Subject::Tests, channel: link.channel() };
    let (handshake, opening) = start_handshake(link, origin, triage, &mut rng());
    let socket = send_opening(origin, link, &opening).await;
    (socket, handshake, opening)
}

/// Sends an opening, a new one or one that was sent before.
pub async fn send_opening(origin: &str, link: &Link, opening: &Opening) -> Socket {
    let mut socket = Socket::connect(origin, "/ws/client").await;
    let time = RelayToClient::decode(&socket.message().await);
    assert!(matches!(time, Ok(RelayToClient::RelayTime(_))), "the relay tells the time first");
    let open = ClientToRelay::Open {
        authority: link.authority(),
        token: *link.token(),
        opening: opening.clone(),
    };
    socket.send(&open.encode()).await;
    socket
}

impl WaitingClient {
    /// Opens a link and comes to wait.
    pub async fn arrive(origin: &str, link: &Link) -> Self {
        let (mut socket, handshake, opening) = open(origin, link).await;
        let message = socket.message().await;
        let Ok(RelayToClient::Waiting(wait)) = RelayToClient::decode(&message) else {
            panic!("the relay says how long to wait")
        };
        Self { socket, wait, handshake, opening }
    }

    /// The opening that was sent.
    pub fn opening(&self) -> &Opening {
        &self.opening
    }

    /// Waits for a worker and completes the handshake, or says why not.
    pub async fn meet(mut self, now: Timestamp) -> Result<TalkingClient, (Socket, HandshakeError)> {
        loop {
            match RelayToClient::decode(&self.socket.message().await) {
                Ok(RelayToClient::Waiting(_)) => {}
                Ok(RelayToClient::Matched) => break,
                Ok(RelayToClient::RelayTime(_)) | Err(_) => panic!("not a frame for waiting"),
            }
        }
        let mut answer = self.socket.message().await.to_vec();
        answer.extend_from_slice(&self.socket.message().await);
        let answer = answer.try_into().expect("an answer is two cells");
        match self.handshake.finish(&answer, now) {
            Ok((session, _)) => {
                let mut client = TalkingClient { socket: self.socket, session };
                client.send_empty().await;
                Ok(client)
            }
            Err(error) => Err((self.socket, error)),
        }
    }
}

impl TalkingClient {
    /// Says something.
    pub async fn say(&mut self, words: &str) {
        for cell in self.session.seal(&Record::Text(words.to_owned())).unwrap().cells {
            self.socket.send(&cell).await;
        }
    }

    /// Waits for the next words.
    pub async fn hear(&mut self) -> String {
        hear(&mut self.socket, &mut self.session).await
    }

    async fn send_empty(&mut self) {
        let cell = self.session.seal_empty().unwrap();
        self.socket.send(&cell).await;
    }
}

/// Waits for the next words of the other end, and acknowledges them.
pub(crate) async fn hear(socket: &mut Socket, session: &mut Session) -> String {
    loop {
        let Next::Message(message) = socket.next().await else {
            panic!("the consultation ended while words were awaited")
        };
        let cell: [u8; CELL_LEN] = message[..].try_into().expect("only cells cross once matched");
        let received = session.open(&cell).unwrap();
        if received.needs_acknowledgement {
            socket.send(&session.seal_empty().unwrap()).await;
        }
        if let Some(record) = received.record {
            match &record {
                Record::Text(words) => return words.clone(),
                Record::Close => panic!("closed while words were awaited"),
            }
        }
    }
}
