//! What happens at the relay while it is attacked: for each service a worker, somebody who waits, perhaps
//! somebody who comes and leaves, and slips.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep_until};
use vestibule_protocol::{Channel, Link};
use vestibule_tests::client::WaitingClient;
use vestibule_tests::service::{now, rng};
use vestibule_tests::socket::{Next, Speaking, Way};
use vestibule_tests::worker::{sign_in, take_seat};
use vestibule_wire::{
    Cell, Epoch, Expiry, LinkKind, OfferId, RelayToSeat, RelayToWorker, SeatKey, Table,
    WorkerToRelay,
};

use crate::counter::hand_in;
use crate::fleet::Member;
use crate::image::Mark;
use crate::question::{Secret, Target, tables_of_slips};

/// Members that do something at once: sockets on loopback, as many as the relay has places for slips.
const AT_ONCE_MAX: usize = 64;
/// Longer than a minute: the next band,
const LONG_WAIT: Duration = Duration::from_secs(62);
/// which is over before this. Whoever was not answered by then was counted elsewhere than the attacker
/// is told.
const LONG_WAIT_MAX: Duration = Duration::from_secs(295);
const DOOR_DAYS: u32 = 30;
const FRAMES_MAX: usize = 64;

/// In each of the first own labels of `material` stands one of these, in every service,
const MARK: [i32; 8] = [1_000, 250, 750, 1_000, 500, 1_000, 250, 750];
/// and in the next ones the service's place, digit by digit.
const DIGITS: usize = 8;
const DIGIT_STEP: i32 = 250;
/// Noise of this table moves a count further once in ten million.
const MARK_TOLERANCE: i32 = 120;

/// A member's worker, who stays until the relay stops.
pub struct OnDuty {
    member: Arc<Member>,
    way: Way,
    speaking: Speaking,
    frames: mpsc::Receiver<RelayToWorker>,
    /// Of those who wait longer than others.
    offers: Vec<(LinkKind, OfferId)>,
    /// Hears, and so answers the relay's pings.
    hearing: JoinHandle<()>,
}

/// Somebody who waits; hears, and so answers the relay's pings.
struct Waiting {
    task: JoinHandle<()>,
    since: Instant,
}

/// Everybody comes on duty, and puts the attacker's mark into the service's sums.
pub async fn go_on_duty(way: &Way, members: &[Arc<Member>]) -> Vec<OnDuty> {
    let places = members.iter().cloned().enumerate();
    each(places, |(place, member)| {
        let way = way.clone();
        async move {
            let on_duty = OnDuty::begin(way, member).await;
            let mut counts: Vec<u16> = MARK.iter().map(|count| *count as u16).collect();
            let digits = (0..DIGITS).map(|digit| (place >> (2 * digit)) & 3);
            counts.extend(digits.map(|digit| (digit as i32 * DIGIT_STEP) as u16));
            on_duty.hand_in(material(), &counts).await;
            on_duty
        }
    })
    .await
}

/// Where the attacker's mark stands.
pub fn mark(cells: &[Cell]) -> Mark<'_> {
    Mark { cells, counts: &MARK, tolerance: MARK_TOLERANCE }
}

/// The cells of the mark.
pub fn marked_cells() -> Vec<Cell> {
    material().cells().take(MARK.len()).collect()
}

/// Which member's sums these are.
pub fn place_of(sums: &vestibule_wire::Sums) -> usize {
    let digits = material().cells().skip(MARK.len()).take(DIGITS);
    let digit = |cell: Cell| ((cell.sum(sums) + DIGIT_STEP / 2) / DIGIT_STEP).clamp(0, 3) as usize;
    digits.map(digit).enumerate().map(|(at, digit)| digit << (2 * at)).sum()
}

/// The targets do what they do. With `waits`, half of those who wait do so for a minute of the
/// machine's clock; without, nobody waits.
pub async fn play(on_duty: Vec<OnDuty>, targets: &[Target], waits: bool) -> Vec<OnDuty> {
    let pairs = on_duty.into_iter().zip(targets.iter().copied());
    let begun = each(pairs, |(on_duty, target)| async move {
        let early = waits && target.is(Secret::WaitedLong);
        let waiting = if early { Some(on_duty.somebody_waits().await) } else { None };
        (on_duty, target, waiting)
    })
    .await;
    let long = Instant::now() + LONG_WAIT;
    let handed_in = each(begun, |(mut on_duty, target, waiting)| async move {
        on_duty.hand_in_all(&target).await;
        if target.is(Secret::Came) {
            let door = on_duty.door();
            let visitor = Waiting::come(&on_duty, &door).await;
            on_duty.answer(LinkKind::Door, visitor).await;
        }
        (on_duty, waiting)
    })
    .await;
    if !waits {
        return handed_in.into_iter().map(|(on_duty, _)| on_duty).collect();
    }
    // The relay's process has the machine's clock: there is nothing to be hastened.
    sleep_until(long).await;
    each(handed_in, |(mut on_duty, waiting)| async move {
        let waiting = match waiting {
            Some(waiting) => waiting,
            None => on_duty.somebody_waits().await,
        };
        on_duty.answer(LinkKind::OneTime, waiting).await;
        on_duty
    })
    .await
}

/// Hands in, for each member, what `counts` says.
pub async fn hand_in_each(
    on_duty: &[OnDuty],
    slips: impl Fn(usize) -> Vec<(&'static Table, Vec<u16>)>,
) {
    let handed = on_duty
        .iter()
        .enumerate()
        .map(|(place, on_duty)| (on_duty.way.clone(), Arc::clone(&on_duty.member), slips(place)));
    each(handed, |(way, member, slips)| async move {
        for (table, counts) in slips {
            hand_in(&way, member.authority(), &member.keys(), table, &counts).await;
        }
    })
    .await;
}

/// Does the same with all, some at once; the results in their order.
pub async fn each<T, F, R>(all: impl IntoIterator<Item = T>, work: impl Fn(T) -> F) -> Vec<R>
where
    F: Future<Output = R> + Send + 'static,
    R: Send + 'static,
{
    let places = Arc::new(Semaphore::new(AT_ONCE_MAX));
    let mut tasks = JoinSet::new();
    for (place, one) in all.into_iter().enumerate() {
        let (work, places) = (work(one), Arc::clone(&places));
        tasks.spawn(async move {
            let _place = places.acquire().await.expect("nobody closes it");
            (place, work.await)
        });
    }
    let mut results = tasks.join_all().await;
    results.sort_by_key(|(place, _)| *place);
    results.into_iter().map(|(_, result)| result).collect()
}

fn material() -> &'static Table {
    Table::named("material").expect("the catalogue has it")
}

impl OnDuty {
    async fn begin(way: Way, member: Arc<Member>) -> Self {
        let mut socket = sign_in(&way, &member.service, &member.shift).await;
        let signed_in = RelayToWorker::decode(&socket.message().await);
        assert!(matches!(signed_in, Ok(RelayToWorker::SignedIn)), "the sign-in is accepted");
        let statement = Box::new(member.service.authority.state_epoch(&member.keys()));
        socket.send(&WorkerToRelay::EpochStatement(statement).encode()).await;
        let (speaking, mut hearing) = socket.split();
        let (told, frames) = mpsc::channel(FRAMES_MAX);
        let hearing = tokio::spawn(async move {
            while let Next::Message(frame) = hearing.next().await {
                let frame = RelayToWorker::decode(&frame).expect("a frame of the table");
                let _left = told.send(frame).await;
            }
        });
        Self { member, way, speaking, frames, offers: Vec::new(), hearing }
    }

    async fn hand_in(&self, table: &'static Table, counts: &[u16]) {
        let Self { member, way, .. } = self;
        // The relay hears of the epoch on one socket and of the slip on another.
        hand_in(way, member.authority(), &member.keys(), table, counts).await;
    }

    /// One slip for each table that is asked about.
    async fn hand_in_all(&self, target: &Target) {
        for table in tables_of_slips() {
            self.hand_in(table, &target.slip(table)).await;
        }
    }

    /// Somebody with a link.
    async fn somebody_waits(&self) -> Waiting {
        Waiting::come(self, &self.member.service.link()).await
    }

    fn door(&self) -> Link {
        let (epoch, authority) = (Epoch::current(now()), &self.member.service.authority);
        let expiry = Expiry::of_door_at(epoch, now().plus_seconds(DOOR_DAYS * 86_400));
        let door = authority.issue_door(epoch, expiry, Channel::Card, &mut rng());
        door.expect("a door's expiry")
    }

    /// Takes the client that came in this way.
    async fn answer(&mut self, kind: LinkKind, waiting: Waiting) {
        let offer = self.offered(kind).await;
        let _ = self.speaking.send(&WorkerToRelay::Accept(offer).encode()).await;
        let seat = self.granted(offer).await;
        assert!(waiting.since.elapsed() < LONG_WAIT_MAX, "the machine is too busy for this");
        let mut seat = take_seat(&self.way, seat).await;
        assert!(RelayToSeat::decode(&seat.message().await).is_ok(), "the seat is given");
        seat.finish().await;
        waiting.task.await.expect("the client hears the end");
    }

    async fn offered(&mut self, kind: LinkKind) -> OfferId {
        if let Some(at) = self.offers.iter().position(|(offered, _)| *offered == kind) {
            return self.offers.remove(at).1;
        }
        loop {
            let RelayToWorker::Offer { offer, link, .. } = self.frame().await else { continue };
            if link.kind() == kind {
                return offer;
            }
            self.offers.push((link.kind(), offer));
        }
    }

    async fn granted(&mut self, accepted: OfferId) -> SeatKey {
        loop {
            if let RelayToWorker::Granted(offer, seat) = self.frame().await {
                assert!(offer == accepted, "granted what was not accepted");
                return seat;
            }
        }
    }

    async fn frame(&mut self) -> RelayToWorker {
        self.frames.recv().await.expect("the relay keeps a worker on duty")
    }
}

impl Drop for OnDuty {
    fn drop(&mut self) {
        self.hearing.abort();
    }
}

impl Waiting {
    async fn come(on_duty: &OnDuty, link: &Link) -> Self {
        let since = Instant::now();
        let client = WaitingClient::arrive(&on_duty.way, link).await;
        let (speaking, mut hearing) = client.socket.split();
        let task = tokio::spawn(async move {
            while let Next::Message(_) = hearing.next().await {}
            drop(speaking);
        });
        Self { task, since }
    }
}
