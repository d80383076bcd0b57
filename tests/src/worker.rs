//! The reference worker: what the console does, in few words, and without its honesty where a test
//! wants that.

use vestibule_protocol::{ReceivedOpening, Record, Session, SessionError};
use vestibule_wire::{
    CELL_LEN, Epoch, LinkName, OfferId, Opening, RelayToSeat, RelayToWorker, SeatKey, SeatToRelay,
    SignIn, WorkerToRelay,
};

use crate::client::hear;
use crate::service::{Service, Shift, now, rng};
use crate::socket::{Next, Socket};

/// A worker on duty.
pub struct DutyWorker<'a> {
    /// The duty socket.
    pub socket: Socket,
    origin: String,
    service: &'a Service,
    shift: Shift,
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
    /// The seat's socket.
    pub socket: Socket,
    waiting: vestibule_protocol::AwaitingFirstCell,
}

/// A worker who talks.
pub struct TalkingWorker {
    /// The seat's socket.
    pub socket: Socket,
    session: Session,
}

/// Sends a sign-in and returns the socket, whatever the relay says to it.
pub async fn sign_in(origin: &str, service: &Service, shift: &Shift) -> Socket {
    let mut socket = Socket::connect(origin, "/ws/duty").await;
    let Ok(RelayToWorker::Challenge { ephemeral, .. }) =
        RelayToWorker::decode(&socket.message().await)
    else {
        panic!("the relay challenges first")
    };
    let authority = service.authority.public();
    let mac = shift.key.sign_in_mac(&ephemeral, origin, &authority, &shift.certificate).unwrap();
    let sign_in = SignIn { authority, certificate: shift.certificate, mac };
    socket.send(&WorkerToRelay::SignIn(Box::new(sign_in)).encode()).await;
    socket
}

impl<'a> DutyWorker<'a> {
    /// Goes on duty and tells the relay of the current epochs.
    pub async fn go_on_duty(origin: &str, service: &'a Service, shift: Shift) -> Self {
        let mut socket = sign_in(origin, service, &shift).await;
        let signed_in = RelayToWorker::decode(&socket.message().await);
        assert!(matches!(signed_in, Ok(RelayToWorker::SignedIn)), "the sign-in is accepted");
        for epoch in Epoch::holding(now()) {
            let statement = Box::new(service.authority.state_epoch(epoch));
            socket.send(&WorkerToRelay::EpochStatement(statement).encode()).await;
        }
        Self { socket, origin: origin.to_owned(), service, shift }
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

    /// Accepts, and waits for the seat.
    pub async fn accept(&mut self, offered: &Offered) -> SeatKey {
        self.socket.send(&WorkerToRelay::Accept(offered.offer).encode()).await;
        loop {
            let frame = self.frame().await;
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
        let mut socket = take_seat(&self.origin, seat).await;
        let seated = RelayToSeat::decode(&socket.message().await);
        assert!(seated.is_ok(), "the seat is given");
        let psk = self.service.authority.epoch_keys(offered.link.epoch).psk(&offered.link);
        let received = ReceivedOpening::read(
            &offered.opening,
            &offered.link,
            &psk,
            &self.service.authority.public(),
            &self.origin,
            &self.shift.key,
            &mut rng(),
        );
        let (waiting, answer) = received.unwrap().answer(&self.shift.certificate).unwrap();
        for cell in answer.chunks(CELL_LEN) {
            socket.send(cell).await;
        }
        AnsweredWorker { socket, waiting }
    }
}

/// Sends `take_seat` and returns the socket, whatever the relay says to it.
pub async fn take_seat(origin: &str, seat: SeatKey) -> Socket {
    let mut socket = Socket::connect(origin, "/ws/seat").await;
    socket.send(&SeatToRelay::TakeSeat(seat).encode()).await;
    socket
}

impl AnsweredWorker {
    /// Waits for the client's first cell.
    pub async fn meet(mut self) -> TalkingWorker {
        let first = self.socket.message().await;
        let first: [u8; CELL_LEN] = first[..].try_into().expect("only cells cross once matched");
        let (session, _) = self.waiting.confirm(&first).unwrap();
        TalkingWorker { socket: self.socket, session }
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

impl TalkingWorker {
    /// Says something.
    pub async fn say(&mut self, words: &str) {
        for cell in self.session.seal(&Record::Text(words.to_owned())).unwrap().cells {
            self.socket.send(&cell).await;
        }
    }

    /// Opens a cell as it came.
    pub fn open(&mut self, cell: &[u8; CELL_LEN]) -> Result<(), SessionError> {
        self.session.open(cell).map(drop)
    }

    /// Waits for the next words.
    pub async fn hear(&mut self) -> String {
        hear(&mut self.socket, &mut self.session).await
    }
}
