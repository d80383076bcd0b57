//! A client in a waiting consultation, and the steps that bring one there.

use serde_json::json;
use vestibule_console::clock::Clock;
use vestibule_console::random;
use vestibule_protocol::{
    AwaitingAnswer, Cell, Channel, Language, Link, Received, Record, Session, Subject, Triage,
    start_handshake,
};
use vestibule_wire::{OPENING_LEN, OfferId, Opening, SeatKey};

use crate::fake_relay::FakeSocket;
use crate::setting::Setting;

pub(crate) const OFFER: OfferId = OfferId([9; 8]);
pub(crate) const OFFER_HEX: &str = "0909090909090909";
pub(crate) const SEAT: SeatKey = SeatKey([5; 16]);

/// A client whose cells go through the relay's end of a seat.
pub(crate) struct FakeClient {
    pub(crate) session: Session,
    pub(crate) seat: FakeSocket,
}

pub(crate) fn opening(link: &Link, origin: &str) -> (AwaitingAnswer, Opening) {
    let triage =
        Triage { language: Language::Ukrainian, subject: Subject::Tests, channel: Channel::Forum };
    start_handshake(link, origin, triage, &mut random::system())
}

/// Goes on duty, accepts the one offer, and takes the seat: everything but the client's first cell.
pub(crate) async fn answered(setting: &mut Setting) -> (FakeSocket, FakeClient) {
    setting.page.next_of("snapshot").await;
    setting.page.send(json!({ "type": "go_on_duty" })).await;
    let mut duty = setting.relay.worker_arrives().await;
    let link = setting.link();
    let (awaiting, opening) = opening(&link, setting.relay.origin());
    grant(setting, &mut duty, &link, &opening).await;
    let client = take_answer(setting, awaiting).await;
    (duty, client)
}

/// The relay offers an opening, the worker accepts on the page, and the relay grants the seat.
pub(crate) async fn grant(
    setting: &mut Setting,
    duty: &mut FakeSocket,
    link: &Link,
    opening: &Opening,
) {
    duty.offers(OFFER, *link.name(), opening).await;
    setting.page.shows_offer(OFFER_HEX).await;
    setting.page.send(json!({ "type": "accept", "offer": OFFER_HEX })).await;
    duty.grants(OFFER, SEAT).await;
}

/// The seat's side of a grant, up to the answer.
pub(crate) async fn take_answer(setting: &mut Setting, awaiting: AwaitingAnswer) -> FakeClient {
    let mut seat = setting.relay.arrives("/ws/seat").await;
    seat.seats(SEAT).await;
    let answer = [seat.receives().await, seat.receives().await].concat();
    let answer: [u8; OPENING_LEN] = answer.try_into().unwrap();
    let (session, worker) = awaiting.finish(&answer, Clock::system().now()).unwrap();
    assert_eq!(worker.content.alias.as_str(), "Anna");
    FakeClient { session, seat }
}

/// A consultation in which both ends know each other to be live.
pub(crate) async fn live(setting: &mut Setting) -> (FakeSocket, FakeClient) {
    let (duty, mut client) = answered(setting).await;
    client.says_nothing().await;
    let consultation = loop {
        let message = setting.page.next_of("consultation").await;
        if message["consultation"]["status"] == "open" {
            break message;
        }
    };
    assert_eq!(consultation["consultation"]["id"], 1);
    (duty, client)
}

impl FakeClient {
    pub(crate) async fn says_nothing(&mut self) {
        let cell = self.session.seal_empty().unwrap();
        self.seat.sends(&cell).await;
    }

    pub(crate) async fn says(&mut self, record: &Record) -> u64 {
        let sealed = self.session.seal(record).unwrap();
        for cell in &sealed.cells {
            self.seat.sends(cell).await;
        }
        sealed.last_sequence
    }

    pub(crate) async fn hears(&mut self) -> Received {
        let bytes = self.seat.receives().await;
        let cell: &Cell = bytes[..].try_into().unwrap();
        self.session.open(cell).unwrap()
    }

    /// The next text, however many cells it takes.
    pub(crate) async fn hears_text(&mut self) -> String {
        loop {
            if let Some(Record::Text(text)) = &self.hears().await.record {
                return text.clone();
            }
        }
    }
}
