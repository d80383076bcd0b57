//! A client in a waiting consultation, and the steps that bring one there.

use serde_json::json;
use vestibule_console::clock::Clock;
use vestibule_console::random;
use vestibule_protocol::{
    AwaitingAnswer, Cell, Channel, Language, Link, Opened, Record, RecordNumber, Session, Subject,
    Triage, start_handshake,
};
use vestibule_wire::{OPENING_LEN, OfferId, Opening, SeatKey};

use crate::fake_relay::{FakeRelay, FakeSocket};
use crate::setting::Setting;

pub(crate) const OFFER: OfferId = OfferId([9; 8]);
pub(crate) const OFFER_HEX: &str = "0909090909090909";
pub(crate) const SEAT: SeatKey = SeatKey([5; 16]);

/// A client whose cells go through the relay's end of the worker's socket.
pub(crate) struct FakeClient {
    pub(crate) session: Session,
    pub(crate) line: FakeSocket,
}

/// What this client chooses.
pub(crate) fn triage() -> Triage {
    let language = Language::from_code("uk").unwrap();
    Triage { language, subject: Subject::Tests, channel: Channel::Forum }
}

pub(crate) fn opening(link: &Link, origin: &str) -> (AwaitingAnswer, Opening) {
    start_handshake(link, origin, triage(), &mut random::system())
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
    take_answer_at(&mut setting.relay, awaiting).await
}

/// The same at one of several nodes.
pub(crate) async fn take_answer_at(relay: &mut FakeRelay, awaiting: AwaitingAnswer) -> FakeClient {
    let mut seat = relay.arrives("/ws/seat").await;
    seat.seats(SEAT).await;
    let answer = [seat.receives().await, seat.receives().await].concat();
    let answer: [u8; OPENING_LEN] = answer.try_into().unwrap();
    let (session, worker) = awaiting.finish(&answer, Clock::system().now()).unwrap();
    assert_eq!(worker.content.alias.as_str(), "Anna");
    FakeClient { session, line: seat }
}

/// A consultation in which both ends know each other to be live.
pub(crate) async fn live(setting: &mut Setting) -> (FakeSocket, FakeClient) {
    let (duty, mut client) = answered(setting).await;
    client.greets().await;
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
    /// The first cell on a line.
    pub(crate) async fn greets(&mut self) {
        let cell = self.session.empty_cell().unwrap();
        self.line.sends(&cell).await;
        self.sends_due().await;
    }

    /// Meets the worker where it waits for this client.
    pub(crate) async fn rejoins(&mut self, relay: &mut FakeRelay) {
        self.line = relay.rejoins_at(self.session.routes()[0]).await;
        self.line.joins().await;
        self.session.rejoined();
        self.greets().await;
    }

    pub(crate) async fn sends_due(&mut self) {
        while let Some(cell) = self.session.next_cell() {
            self.line.sends(&cell).await;
        }
    }

    pub(crate) async fn says(&mut self, record: &Record) -> RecordNumber {
        let number = self.session.say(record).unwrap();
        self.sends_due().await;
        number
    }

    /// The next cell. Each is answered by one, so that the line is never silent.
    pub(crate) async fn hears(&mut self) -> Opened {
        let bytes = self.line.receives().await;
        let opened = self.opens(&bytes);
        if let Some(cell) = self.session.slot_cell() {
            self.line.sends(&cell).await;
        }
        self.sends_due().await;
        opened
    }

    pub(crate) fn opens(&mut self, bytes: &[u8]) -> Opened {
        let cell: &Cell = bytes.try_into().unwrap();
        self.session.open(cell, Clock::system().now()).unwrap()
    }

    /// The next record, however many cells it takes.
    pub(crate) async fn hears_record(&mut self) -> Record {
        loop {
            let records = self.hears().await.records;
            assert!(records.len() < 2, "a cell at a time");
            if let Some(record) = records.into_iter().next() {
                return record;
            }
        }
    }

    /// The next text, however many cells it takes.
    pub(crate) async fn hears_text(&mut self) -> String {
        match &self.hears_record().await {
            Record::Text(text) => text.clone(),
            _ => panic!("not a text"),
        }
    }

    /// Waits until everything up to this record has arrived at the worker.
    pub(crate) async fn hears_delivered(&mut self, number: RecordNumber) {
        while self.hears().await.delivered.is_none_or(|delivered| delivered < number) {}
    }
}
