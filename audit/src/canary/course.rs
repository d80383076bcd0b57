//! What one canary consultation does: half of them go well, the others are broken off somewhere.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;

use vestibule_wire::{
    ClientToRelay, EndToRelay, LinkId, Opening, RelayToClient, RelayToEnd, RelayToSeat, Route,
    SeatToRelay, Side,
};

use super::duty::Duty;
use crate::clock::now;
use crate::ledger::{Direction, Ledger, Owner};
use crate::service::CanaryService;
use crate::socket::{As, Socket};
use crate::target::{Ending, Target};

/// Cells each way in an ordinary talk.
const TALK_CELLS: usize = 16;
/// Cells each way that nobody waits for: more than any socket here takes at once.
const BURST_CELLS: usize = 64;

/// Where canaries sing, and who they are.
#[derive(Clone)]
pub struct Setting {
    /// The relay.
    pub target: Target,
    /// The auditor's service.
    pub service: Arc<CanaryService>,
    /// What is planted.
    pub ledger: Ledger,
}

/// How a consultation goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Course {
    /// Turn by turn, and a proper end.
    Talk,
    /// Both ends send all at once.
    Burst,
    /// Both lose their sockets and meet again at a route.
    Rejoin,
    /// Another worker's socket meets the client's at a new route, as in a hand-over.
    HandOver,
    /// The worker waits at the route while the client changes its network.
    Reconnect,
    /// Broken off before the opening.
    BeforeOpening,
    /// Broken off in the waiting room.
    Waiting,
    /// Accepted; nobody takes the seat, and the client breaks off.
    Accepted,
    /// The client breaks off amid a burst.
    ClientGone,
    /// The worker breaks off amid a burst.
    WorkerGone,
    /// The client says something that is not allowed.
    Malformed,
    /// The client does not read; the worker goes on sending; then both break off.
    Unread,
    /// Broken off while waiting alone at a route.
    Alone,
}

impl Course {
    const WELL: [Self; 5] =
        [Self::Talk, Self::Burst, Self::Rejoin, Self::HandOver, Self::Reconnect];
    const BROKEN: [Self; 8] = [
        Self::BeforeOpening,
        Self::Waiting,
        Self::Accepted,
        Self::ClientGone,
        Self::WorkerGone,
        Self::Malformed,
        Self::Unread,
        Self::Alone,
    ];

    /// The course of the n-th consultation: every other one is broken off.
    pub fn nth(number: u32) -> Self {
        let half = usize::try_from(number / 2).unwrap_or_default();
        if number.is_multiple_of(2) {
            Self::WELL[half % Self::WELL.len()]
        } else {
            Self::BROKEN[half % Self::BROKEN.len()]
        }
    }

    /// Whether it is broken off.
    pub fn is_broken_off(self) -> bool {
        Self::BROKEN.contains(&self)
    }
}

/// The two ends of one consultation.
pub(super) struct Canary<'a> {
    setting: &'a Setting,
    duty: &'a Duty,
    number: u32,
    client_from: Ipv4Addr,
    worker_from: Ipv4Addr,
}

/// Both ends' sockets once they are matched.
pub(super) struct Pair {
    client: Socket,
    worker: Socket,
}

impl<'a> Canary<'a> {
    pub(super) fn new(setting: &'a Setting, duty: &'a Duty, number: u32) -> Self {
        let [client_from, worker_from] = [setting.ledger.address(), setting.ledger.address()];
        Self { setting, duty, number, client_from, worker_from }
    }

    /// Goes through a course.
    pub(super) async fn go(&self, course: Course) -> io::Result<()> {
        let (orderly, reset) = (Ending::Orderly, Ending::Reset);
        match course {
            Course::Talk => self.talk(TALK_CELLS).await?.end().await,
            Course::Burst => {
                let mut pair = self.matched(orderly, orderly).await?;
                self.burst(&mut pair).await?;
                pair.end().await;
            }
            Course::Rejoin => self.rejoin().await?,
            Course::HandOver => self.hand_over().await?,
            Course::Reconnect => self.reconnect().await?,
            Course::BeforeOpening => drop(self.client(reset).await?),
            Course::Waiting => {
                let (client, link) = self.opened(reset).await?;
                self.duty.offer(link).await?;
                drop(client);
            }
            Course::Accepted => {
                let (client, link) = self.opened(reset).await?;
                let offer = self.duty.offer(link).await?;
                self.setting.ledger.seat(self.duty.accept(offer).await?);
                drop(client);
            }
            Course::ClientGone | Course::WorkerGone => {
                let client_goes = course == Course::ClientGone;
                let ending = |goes| if goes { reset } else { orderly };
                let mut pair = self.matched(ending(client_goes), ending(!client_goes)).await?;
                self.send(&mut pair.client, Direction::ToWorker, BURST_CELLS).await?;
                self.send(&mut pair.worker, Direction::ToClient, BURST_CELLS).await?;
                let Pair { client, worker } = pair;
                let stays = if client_goes {
                    drop(client);
                    worker
                } else {
                    drop(worker);
                    client
                };
                stays.finish().await;
            }
            Course::Malformed => {
                let mut pair = self.talk(2).await?;
                pair.client.send(&self.cell(Direction::ToWorker)[1..]).await?;
                while let Ok(Some(_)) = pair.client.message().await {}
                pair.worker.finish().await;
            }
            Course::Unread => {
                let mut pair = self.matched(reset, reset).await?;
                // More than the relay keeps for a slow reader; what it does not take stays here.
                self.feed(&mut pair.worker, Direction::ToClient, 4 * BURST_CELLS).await;
            }
            Course::Alone => {
                let mut pair = self.talk(2).await?;
                let route = self.setting.ledger.route();
                let alone = self.at_route(Side::Client, route, reset).await?;
                pair.client.send(&self.cell(Direction::ToWorker)).await?;
                drop((alone, pair));
            }
        }
        Ok(())
    }

    /// Talks, and stays.
    pub(super) async fn talk(&self, cells: usize) -> io::Result<Pair> {
        let mut pair = self.matched(Ending::Orderly, Ending::Orderly).await?;
        self.turns(&mut pair, cells).await?;
        Ok(pair)
    }

    /// An ordinary talk, for as long as the pair is held.
    pub(super) async fn hold(&self) -> io::Result<Pair> {
        self.talk(TALK_CELLS).await
    }

    async fn client(&self, ending: Ending) -> io::Result<Socket> {
        let Setting { target, ledger, .. } = self.setting;
        let mut client =
            Socket::open(target, "/ws/client", As::Browser, self.client_from, ending, ledger)
                .await?;
        client.frame(RelayToClient::decode).await?;
        Ok(client)
    }

    async fn opened(&self, ending: Ending) -> io::Result<(Socket, LinkId)> {
        let Setting { service, ledger, .. } = self.setting;
        let mut client = self.client(ending).await?;
        let (_, id) = ledger.link();
        let token = service.token(id, now());
        ledger.signed(token.signature);
        let opening = Opening::new(ledger.opening(self.owner(Direction::ToWorker)));
        let open = ClientToRelay::Open { authority: service.public(), token, opening };
        client.send(&open.encode()).await?;
        Ok((client, LinkId(id)))
    }

    async fn matched(&self, client: Ending, worker: Ending) -> io::Result<Pair> {
        let (mut client, link) = self.opened(client).await?;
        let offer = self.duty.offer(link).await?;
        let seat = self.duty.accept(offer).await?;
        let Setting { target, ledger, .. } = self.setting;
        ledger.seat(seat);
        let from = self.worker_from;
        let mut worker =
            Socket::open(target, "/ws/seat", As::Program, from, worker, ledger).await?;
        worker.send(&SeatToRelay::TakeSeat(seat).encode()).await?;
        worker.frame(RelayToSeat::decode).await?;
        while !matches!(client.frame(RelayToClient::decode).await?, RelayToClient::Matched) {}
        Ok(Pair { client, worker })
    }

    async fn rejoin(&self) -> io::Result<()> {
        let pair = self.matched(Ending::Orderly, Ending::Reset).await?;
        drop(pair);
        let mut pair = self.meet(Ending::Orderly).await?;
        self.turns(&mut pair, TALK_CELLS).await?;
        pair.end().await;
        Ok(())
    }

    async fn hand_over(&self) -> io::Result<()> {
        let first = self.talk(TALK_CELLS / 2).await?;
        let mut second = self.meet(Ending::Orderly).await?;
        first.end().await;
        self.turns(&mut second, TALK_CELLS / 2).await?;
        second.end().await;
        Ok(())
    }

    async fn reconnect(&self) -> io::Result<()> {
        let pair = self.talk(2).await?;
        let route = self.setting.ledger.route();
        let worker = self.at_route(Side::Worker, route, Ending::Orderly).await?;
        drop(pair);
        let mut pair = self.join(worker, Side::Client, route, Ending::Reset).await?;
        self.turns(&mut pair, TALK_CELLS).await?;
        Ok(())
    }

    /// Both ends meet at a new route.
    async fn meet(&self, client: Ending) -> io::Result<Pair> {
        let route = self.setting.ledger.route();
        let waiting = self.at_route(Side::Worker, route, Ending::Orderly).await?;
        self.join(waiting, Side::Client, route, client).await
    }

    async fn join(
        &self,
        mut waiting: Socket,
        side: Side,
        route: [u8; 32],
        ending: Ending,
    ) -> io::Result<Pair> {
        let mut comes = self.rejoining(side, route, ending).await?;
        for socket in [&mut waiting, &mut comes] {
            let joined = socket.frame(RelayToEnd::decode).await?;
            if !matches!(joined, RelayToEnd::Joined) {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    "the two ends did not meet",
                ));
            }
        }
        Ok(Pair { client: comes, worker: waiting })
    }

    /// Waits alone at a route.
    async fn at_route(&self, side: Side, route: [u8; 32], ending: Ending) -> io::Result<Socket> {
        let mut socket = self.rejoining(side, route, ending).await?;
        socket.frame(RelayToEnd::decode).await?;
        Ok(socket)
    }

    async fn rejoining(&self, side: Side, route: [u8; 32], ending: Ending) -> io::Result<Socket> {
        let Setting { target, ledger, .. } = self.setting;
        let (who, from) = match side {
            Side::Client => (As::Browser, self.client_from),
            Side::Worker => (As::Program, self.worker_from),
        };
        let mut socket = Socket::open(target, "/ws/rejoin", who, from, ending, ledger).await?;
        socket.send(&EndToRelay::Rejoin { side, route: Route(route) }.encode()).await?;
        Ok(socket)
    }

    async fn turns(&self, pair: &mut Pair, cells: usize) -> io::Result<()> {
        for _ in 0..cells {
            self.send(&mut pair.client, Direction::ToWorker, 1).await?;
            read(&mut pair.worker, 1).await?;
            self.send(&mut pair.worker, Direction::ToClient, 1).await?;
            read(&mut pair.client, 1).await?;
        }
        Ok(())
    }

    pub(super) async fn burst(&self, pair: &mut Pair) -> io::Result<()> {
        self.send(&mut pair.client, Direction::ToWorker, BURST_CELLS).await?;
        self.send(&mut pair.worker, Direction::ToClient, BURST_CELLS).await?;
        read(&mut pair.worker, BURST_CELLS).await?;
        read(&mut pair.client, BURST_CELLS).await
    }

    async fn send(&self, from: &mut Socket, to: Direction, cells: usize) -> io::Result<()> {
        for _ in 0..cells {
            from.send(&self.cell(to)).await?;
        }
        Ok(())
    }

    /// Sends until the relay takes no more for a moment.
    async fn feed(&self, from: &mut Socket, to: Direction, cells: usize) {
        let fed = async {
            for _ in 0..cells {
                if from.send(&self.cell(to)).await.is_err() {
                    return;
                }
            }
        };
        let _no_more = tokio::time::timeout(std::time::Duration::from_millis(300), fed).await;
    }

    fn cell(&self, direction: Direction) -> [u8; vestibule_wire::CELL_LEN] {
        self.setting.ledger.cell(self.owner(direction))
    }

    fn owner(&self, direction: Direction) -> Owner {
        Owner { consultation: self.number, direction }
    }
}

impl Pair {
    /// A proper end, of both.
    pub(super) async fn end(self) {
        self.client.finish().await;
        self.worker.finish().await;
    }
}

async fn read(socket: &mut Socket, cells: usize) -> io::Result<()> {
    for _ in 0..cells {
        socket.message().await?.ok_or(io::ErrorKind::ConnectionAborted)?;
    }
    Ok(())
}
