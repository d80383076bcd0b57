//! The reference worker: what the console does until it talks, in few words, and without its honesty
//! where a test wants that. From there on it is an [`End`].

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};
use vestibule_protocol::{AwaitingFirstCell, Cover, ReceivedOpening};
use vestibule_wire::{
    CELL_LEN, Epoch, LinkName, OfferId, Opening, RelayToSeat, RelayToWorker, SeatKey, SeatToRelay,
    Side, SignIn, WorkerToRelay,
};

use crate::end::End;
use crate::engine::Part;
use crate::lines::{Lines, News};
use crate::nodes::Nodes;
use crate::service::{Service, Shift, now, rng};
use crate::socket::{Next, Socket, Way};

/// From the answer to the client's first cell (section 6, "Deadlines").
const FIRST_CELL_MAX: Duration = Duration::from_mins(1);
/// An offer that the relay could not grant is accepted again after so long.
const ACCEPT_AGAIN_AFTER: Duration = Duration::from_millis(500);

/// A worker on duty.
pub struct DutyWorker<'a> {
    /// The duty socket.
    pub socket: Socket,
    pub(crate) service: &'a Service,
    pub(crate) shift: Arc<Shift>,
    way: Way,
    nodes: Nodes,
}

/// Somebody who waits.
pub struct Offered {
    /// Names the offer.
    pub offer: OfferId,
    link: LinkName,
    opening: Opening,
}

/// A worker who has answered an opening.
pub struct AnsweredWorker {
    /// The socket on which the answer went.
    pub socket: Socket,
    pub(crate) waiting: AwaitingFirstCell,
    pub(crate) nodes: Nodes,
    pub(crate) shift: Arc<Shift>,
}

/// Sends a sign-in and returns the socket, whatever the relay says to it.
pub async fn sign_in(way: &Way, service: &Service, shift: &Shift) -> Socket {
    let mut socket = Socket::connect(way, "/ws/duty").await;
    let Ok(RelayToWorker::Challenge { ephemeral, .. }) =
        RelayToWorker::decode(&socket.message().await)
    else {
        panic!("the relay challenges first")
    };
    let authority = service.authority.public();
    let mac =
        shift.key.sign_in_mac(&ephemeral, &way.origin, &authority, &shift.certificate).unwrap();
    let sign_in = SignIn { authority, certificate: shift.certificate, mac };
    socket.send(&WorkerToRelay::SignIn(Box::new(sign_in)).encode()).await;
    socket
}

impl<'a> DutyWorker<'a> {
    /// Goes on duty and tells the relay of the current epochs.
    pub async fn go_on_duty(way: &Way, service: &'a Service, shift: impl Into<Arc<Shift>>) -> Self {
        let shift = shift.into();
        let mut socket = sign_in(way, service, &shift).await;
        let signed_in = RelayToWorker::decode(&socket.message().await);
        assert!(matches!(signed_in, Ok(RelayToWorker::SignedIn)), "the sign-in is accepted");
        for epoch in Epoch::holding(now()) {
            let keys = service.authority.newest_epoch_keys(epoch);
            let statement = Box::new(service.authority.state_epoch(&keys));
            socket.send(&WorkerToRelay::EpochStatement(statement).encode()).await;
        }
        Self { socket, service, shift, way: way.clone(), nodes: way.into() }
    }

    /// The same worker, who knows of other nodes: that is where clients are met again.
    #[must_use]
    pub fn knowing(self, nodes: &Nodes) -> Self {
        Self { nodes: nodes.clone(), ..self }
    }

    /// Waits for the next frame.
    pub async fn frame(&mut self) -> RelayToWorker {
        RelayToWorker::decode(&self.socket.message().await).expect("a frame of the table")
    }

    /// Waits for somebody to wait.
    pub async fn offered(&mut self) -> Offered {
        loop {
            if let RelayToWorker::Offer { offer, link, opening, .. } = self.frame().await {
                return Offered { offer, link, opening };
            }
        }
    }

    /// Accepts, again and again while the relay cannot grant it, and waits for the seat.
    pub async fn accept(&mut self, offered: &Offered) -> SeatKey {
        self.socket.send(&WorkerToRelay::Accept(offered.offer).encode()).await;
        loop {
            let frame = self.frame().await;
            if matches!(frame, RelayToWorker::Deferred(offer) if offer == offered.offer) {
                sleep(ACCEPT_AGAIN_AFTER).await;
                self.socket.send(&WorkerToRelay::Accept(offered.offer).encode()).await;
            }
            if let RelayToWorker::Granted(offer, seat) = frame {
                assert!(offer == offered.offer, "granted what was not accepted");
                return seat;
            }
            let gone =
                matches!(frame, RelayToWorker::Withdrawn(offer, _) if offer == offered.offer);
            assert!(!gone, "withdrawn instead of granted");
        }
    }

    /// Takes the seat and answers with this worker's certificate.
    pub async fn answer(&self, offered: &Offered, seat: SeatKey) -> AnsweredWorker {
        let mut socket = take_seat(&self.way, seat).await;
        let seated = RelayToSeat::decode(&socket.message().await);
        assert!(seated.is_ok(), "the seat is given");
        let psk = self.service.authority.newest_epoch_keys(offered.link.epoch).psk(&offered.link);
        let received = ReceivedOpening::read(
            &offered.opening,
            &offered.link,
            &psk,
            &self.service.authority.public(),
            &self.way.origin,
            &self.shift.key,
            &mut rng(),
        );
        let (waiting, answer) = received.unwrap().answer(&self.shift.certificate).unwrap();
        for cell in answer.chunks(CELL_LEN) {
            socket.send(cell).await;
        }
        let (nodes, shift) = (self.nodes.clone(), Arc::clone(&self.shift));
        AnsweredWorker { socket, waiting, nodes, shift }
    }
}

/// Sends `take_seat` and returns the socket, whatever the relay says to it.
pub async fn take_seat(way: &Way, seat: SeatKey) -> Socket {
    let mut socket = Socket::connect(way, "/ws/seat").await;
    socket.send(&SeatToRelay::TakeSeat(seat).encode()).await;
    socket
}

impl AnsweredWorker {
    /// Waits for the client's first cell, also at the route, and begins to live; `None` when no client
    /// came in time.
    pub async fn talk(self, cover: Cover) -> Option<End> {
        let Self { socket, mut waiting, nodes, shift } = self;
        let mut lines = Lines::new(nodes, Side::Worker);
        lines.add(socket, Instant::now());
        let deadline = Instant::now() + FIRST_CELL_MAX;
        while Instant::now() < deadline {
            lines.tend(&waiting.routes(), Instant::now());
            let wakes_at = lines.wakes_at().unwrap_or(deadline).min(deadline);
            let Ok(News::Cell(line, cell)) = timeout_at(wakes_at, lines.next()).await else {
                continue;
            };
            match waiting.confirm(&cell, now()) {
                Ok((session, _)) => {
                    lines.heard_new(line, Instant::now());
                    return Some(End::start(session, Part::Worker { shift }, cover, lines));
                }
                Err(still_waiting) => {
                    waiting = still_waiting;
                    lines.refuse(line);
                }
            }
        }
        None
    }

    /// Counts what the client sends until the socket ends.
    pub async fn count_cells(mut self) -> usize {
        let mut cells = 0;
        while let Next::Message(_) = self.socket.next().await {
            cells += 1;
        }
        cells
    }
}
