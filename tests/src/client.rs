//! The reference client: what the page does until it talks, in Rust. From there on it is an
//! [`End`].

use std::time::Duration;

use tokio::time::{Instant, timeout};
use vestibule_protocol::{
    AwaitingAnswer, Cover, HandOver, HandshakeError, Language, Link, Record, Session, Subject,
    Triage, start_hand_over, start_handshake,
};
use vestibule_wire::{
    AuthorityKey, CELL_LEN, ClientToRelay, Close, EndToRelay, Opening, PuzzleNonce, RelayToClient,
    RelayToEnd, Route, Side, Timestamp, Wait, solves,
};

use crate::end::End;
use crate::engine::Part;
use crate::lines::Lines;
use crate::nodes::Nodes;
use crate::service::rng;
use crate::socket::{Next, Socket, Way};

/// From `matched` to the answer (section 6, "Deadlines").
const ANSWER_MAX: Duration = Duration::from_secs(20);

/// For a colleague to be met, and for waiting at each node.
const ARRIVING_MAX: Duration = Duration::from_secs(20);
const STAY: Duration = Duration::from_secs(2);

/// A relay reads what a worker has sent before so many sockets have come and gone.
const READY_TRIES_MAX: usize = 100;

/// A client that has sent its opening.
pub struct WaitingClient {
    /// The client's socket.
    pub socket: Socket,
    /// How long it was told to wait.
    pub wait: Wait,
    way: Way,
    nodes: Nodes,
    link: Link,
    handshake: AwaitingAnswer,
    opening: Opening,
}

/// A client that believes its worker, and has said nothing yet.
pub struct MetClient {
    /// The socket on which the answer came.
    pub socket: Socket,
    session: Session,
    nodes: Nodes,
}

/// Why a client has no answer.
pub enum Unanswered {
    /// The relay or the worker ended the socket, or nothing came in time: the same opening may be sent
    /// again.
    Again(Box<WaitingClient>),
    /// The answer is not one to believe.
    Refused(Socket, HandshakeError),
}

/// Opens a link; returns the socket, whatever the relay says to it.
pub async fn open(way: &Way, link: &Link) -> (Socket, AwaitingAnswer, Opening) {
    open_about(way, link, triage(link)).await
}

/// The same, having chosen this.
pub async fn open_about(
    way: &Way,
    link: &Link,
    triage: Triage,
) -> (Socket, AwaitingAnswer, Opening) {
    let (handshake, opening) = start_handshake(link, &way.origin, triage, &mut rng());
    let socket = send_opening(way, link, &opening).await;
    (socket, handshake, opening)
}

/// Sends an opening, a new one or one that was sent before.
pub async fn send_opening(way: &Way, link: &Link, opening: &Opening) -> Socket {
    let mut socket = Socket::connect(way, "/ws/client").await;
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

fn triage(link: &Link) -> Triage {
    Triage {
        language: Language::from_code("ru").expect("it is in the list"),
        subject: Subject::Tests,
        channel: link.channel(),
    }
}

impl WaitingClient {
    /// Opens a link and comes to wait, also when the worker's word about the epoch, which came on
    /// another socket, has not been read yet.
    pub async fn arrive(way: &Way, link: &Link) -> Self {
        Self::arrive_about(way, link, triage(link)).await
    }

    /// The same, having chosen this.
    pub async fn arrive_about(way: &Way, link: &Link, triage: Triage) -> Self {
        let (mut socket, handshake, opening) = open_about(way, link, triage).await;
        let mut wait = try_wait(&mut socket, link).await;
        for _ in 0..READY_TRIES_MAX {
            if wait.is_none() {
                socket = send_opening(way, link, &opening).await;
                wait = try_wait(&mut socket, link).await;
            }
        }
        let wait = wait.expect("the relay hears of the epoch");
        let (nodes, way, link) = (way.into(), way.clone(), link.clone());
        Self { socket, wait, way, nodes, link, handshake, opening }
    }

    /// The same client, who knows of other nodes: that is where the worker is met again.
    #[must_use]
    pub fn knowing(self, nodes: &Nodes) -> Self {
        Self { nodes: nodes.clone(), ..self }
    }

    /// The opening that was sent.
    pub fn opening(&self) -> &Opening {
        &self.opening
    }

    /// Sends the same opening again, after the socket broke.
    pub async fn again(mut self) -> Self {
        self.socket = send_opening(&self.way, &self.link, &self.opening).await;
        self.wait =
            try_wait(&mut self.socket, &self.link).await.expect("the relay knows the epoch");
        self
    }

    /// Waits for a worker and completes the handshake, or says why not.
    pub async fn meet(mut self, now: Timestamp) -> Result<MetClient, Unanswered> {
        if self.until_matched().await {
            self.believe(now).await
        } else {
            Err(Unanswered::Again(Box::new(self)))
        }
    }

    /// Waits for a worker, however long that takes; whether one came.
    pub async fn until_matched(&mut self) -> bool {
        loop {
            let Next::Message(frame) = self.socket.next_whenever().await else { return false };
            match RelayToClient::decode(&frame) {
                Ok(RelayToClient::Waiting(wait)) => self.wait = wait,
                Ok(RelayToClient::Matched) => return true,
                Ok(RelayToClient::RelayTime(_) | RelayToClient::Puzzle { .. }) | Err(_) => {
                    panic!("not a frame for waiting")
                }
            }
        }
    }

    /// Waits until it has been told that nobody is on duty.
    pub async fn until_nobody_on_duty(&mut self) {
        while self.wait != Wait::NobodyOnDuty {
            match RelayToClient::decode(&self.socket.message().await) {
                Ok(RelayToClient::Waiting(wait)) => self.wait = wait,
                Ok(_) | Err(_) => panic!("not a frame for one whom nobody answers"),
            }
        }
    }

    /// Completes the handshake with the worker who came.
    pub async fn believe(mut self, now: Timestamp) -> Result<MetClient, Unanswered> {
        let Ok(Some(answer)) = timeout(ANSWER_MAX, self.answer()).await else {
            return Err(Unanswered::Again(Box::new(self)));
        };
        let answer = answer.try_into().expect("an answer is two cells");
        match self.handshake.finish(&answer, now) {
            Ok((session, _)) => {
                let Self { socket, nodes, .. } = self;
                Ok(MetClient { socket, session, nodes })
            }
            Err(error) => Err(Unanswered::Refused(self.socket, error)),
        }
    }

    async fn answer(&mut self) -> Option<Vec<u8>> {
        let mut answer = Vec::with_capacity(2 * CELL_LEN);
        while answer.len() < 2 * CELL_LEN {
            let Next::Message(cell) = self.socket.next().await else { return None };
            answer.extend_from_slice(&cell);
        }
        Some(answer)
    }
}

/// `None` when the relay has not heard of the epoch. A crowded door's puzzle is solved.
async fn try_wait(socket: &mut Socket, link: &Link) -> Option<Wait> {
    loop {
        match socket.next().await {
            Next::Closed(Close::NotReady) => return None,
            Next::Message(frame) => match RelayToClient::decode(&frame) {
                Ok(RelayToClient::Waiting(wait)) => return Some(wait),
                Ok(RelayToClient::Puzzle { seed, bits }) => {
                    let nonces = (0_u64..).map(|nonce| PuzzleNonce(nonce.to_be_bytes()));
                    let mut right =
                        nonces.filter(|nonce| solves(&seed, &link.name().id, bits, nonce));
                    let nonce = right.next().expect("there is no end of nonces");
                    socket.send(&ClientToRelay::Solution(nonce).encode()).await;
                }
                Ok(RelayToClient::RelayTime(_) | RelayToClient::Matched) | Err(_) => {
                    panic!("the relay says how long to wait")
                }
            },
            Next::Closed(close) => panic!("closed: {}", close.name()),
            Next::Broken => panic!("the line broke"),
        }
    }
}

/// Goes round through the nodes until the colleague is met there.
async fn find(nodes: &Nodes, route: Route) -> Socket {
    let deadline = Instant::now() + ARRIVING_MAX;
    while Instant::now() < deadline {
        for place in nodes.in_order_of(&route) {
            let Ok(mut socket) = Socket::try_connect(&place.way, "/ws/rejoin").await else {
                continue;
            };
            socket.send(&EndToRelay::Rejoin { side: Side::Client, route }.encode()).await;
            let joined = async {
                while let Next::Message(frame) = socket.next().await {
                    if matches!(RelayToEnd::decode(&frame), Ok(RelayToEnd::Joined)) {
                        return true;
                    }
                }
                false
            };
            if timeout(STAY, joined).await == Ok(true) {
                return socket;
            }
        }
    }
    panic!("the colleague is at no node");
}

impl MetClient {
    /// Goes to the colleague who was proposed, waits for the answer, and tells first what has arrived of
    /// the former worker: everything below this number.
    pub async fn at_colleague(
        nodes: impl Into<Nodes>,
        hand_over: &HandOver,
        (authority, triage): (AuthorityKey, Triage),
        received_below: u64,
        now: Timestamp,
    ) -> Self {
        let begun = start_hand_over(hand_over, authority, triage, now, &mut rng());
        let (handshake, opening) = begun.expect("the colleague's certificate holds");
        let nodes = nodes.into();
        let mut socket = find(&nodes, hand_over.secret.route()).await;
        for cell in opening.as_bytes().chunks_exact(CELL_LEN) {
            socket.send(cell).await;
        }
        let answer = [socket.message().await, socket.message().await].concat();
        let answer = answer.try_into().expect("an answer is two cells");
        let (mut session, _) = handshake.finish(&answer, now).expect("an honest colleague answers");
        let said = session.say(&Record::CarriedOver { received_below });
        said.expect("that is what a client says first");
        Self { socket, session, nodes }
    }

    /// Begins to live.
    pub fn talk(self, cover: Cover) -> End {
        let Self { socket, session, nodes } = self;
        End::on(socket, session, Part::Client, cover, Lines::new(nodes, Side::Client))
    }

    /// Begins to live without a socket: it broke when the answer had come.
    pub fn talk_anew(self, cover: Cover) -> End {
        let Self { socket, session, nodes } = self;
        drop(socket);
        End::start(session, Part::Client, cover, Lines::new(nodes, Side::Client))
    }
}

impl Unanswered {
    /// The refusal of an answer; anything else fails the test.
    pub fn refused(self) -> (Socket, HandshakeError) {
        match self {
            Self::Refused(socket, error) => (socket, error),
            Self::Again(_) => panic!("no answer came that could be refused"),
        }
    }

    /// The client whose socket ended; anything else fails the test.
    pub fn again(self) -> WaitingClient {
        match self {
            Self::Again(client) => *client,
            Self::Refused(_, error) => panic!("the answer was refused: {error}"),
        }
    }
}
