//! What a worker has at hand in a consultation: cards, return links, an end that the client agrees to,
//! codes, and what keeps somebody abusive away.

use serde_json::{Value, json};
use vestibule_console::clock::Clock;
use vestibule_console::random;
use vestibule_protocol::{Channel, HandOverReply, Record, SurveyAnswer};
use vestibule_wire::{
    Alias, Cell, Close, DeclineReason, Epoch, Expiry, OfferId, RelayToWorker, WithdrawReason,
    WorkerToRelay,
};

use crate::fake_client::{FakeClient, OFFER, OFFER_HEX, live, opening};
use crate::fake_relay::introduce;
use crate::hand_over::{asked, two_workers_and_a_client};
use crate::page::Page;
use crate::setting::{Setting, hasten};
use crate::whispers::Two;

impl Page {
    /// The next message in a conversation.
    async fn message(&mut self) -> Value {
        self.next_of("message").await["message"].take()
    }

    /// Waits until a hand-over has come so far.
    async fn consultation_stage(&mut self, stage: &str) {
        loop {
            let consultation = self.next_of("consultation").await["consultation"].take();
            if consultation["hand_over"]["stage"] == stage {
                return;
            }
        }
    }

    /// Waits until the one consultation says so.
    async fn consultation_has(&mut self, member: &str, value: &Value) -> Value {
        loop {
            let consultation = self.next_of("consultation").await["consultation"].take();
            if consultation[member] == *value {
                return consultation;
            }
        }
    }
}

impl FakeClient {
    async fn hears_return_link(&mut self) -> Box<vestibule_protocol::Link> {
        match &self.hears_record().await {
            Record::ReturnLink(link) => link.clone(),
            _ => panic!("no return link"),
        }
    }
}

#[tokio::test]
async fn a_card_is_sent_in_the_clients_language_and_counted() {
    hasten();
    let mut setting = Setting::new().await;
    let (_duty, mut client) = live(&mut setting).await;
    let snapshot = Page::open(&setting.desk).await.next().await;
    let card = &snapshot["pack"]["cards"][0];
    assert_eq!(snapshot["pack"]["starter"], true);
    let send = json!({ "type": "send_card", "consultation": 1, "card": card["id"] });
    setting.page.send(send).await;
    let shown = setting.page.message().await;
    assert_eq!(
        (&shown["kind"], &shown["from"], &shown["text"]),
        (&json!("card"), &json!("worker"), &json!(""))
    );
    // The client waits in Ukrainian.
    assert_eq!(shown["card"]["title"], card["title"]["uk"]);
    assert_eq!(
        (&shown["card"]["kind"], &shown["card"]["body"]),
        (&card["kind"], &card["body"]["uk"])
    );
    match &client.hears_record().await {
        Record::Card(heard) => {
            assert_eq!(
                (&json!(heard.title), &json!(heard.body)),
                (&card["title"]["uk"], &card["body"]["uk"])
            );
        }
        _ => panic!("no card"),
    }
    // One that is not in the pack is none.
    setting.page.send(json!({ "type": "send_card", "consultation": 1, "card": "nothing" })).await;
    setting.page.send(json!({ "type": "send", "consultation": 1, "text": "next" })).await;
    assert_eq!(setting.page.message().await["text"], "next");
    setting.page.send(json!({ "type": "end", "consultation": 1 })).await;
    setting.page.consultation("ended").await;
    setting.page.send(json!({ "type": "forget", "consultation": 1 })).await;
    let totals = setting.page.next_of("totals").await["totals"].take();
    let material = json!({ "group": "material", "label": card["id"], "count": 1 });
    assert!(totals.as_array().unwrap().contains(&material), "{totals}");
}

#[tokio::test]
async fn return_links_are_few_and_bring_the_client_back_to_the_worker() {
    hasten();
    let mut setting = Setting::new().await;
    let (mut duty, mut client) = live(&mut setting).await;
    let mut links = Vec::new();
    for wish in [true, false, true] {
        setting
            .page
            .send(json!({ "type": "give_return_link", "consultation": 1, "wish": wish }))
            .await;
        let shown = setting.page.message().await;
        assert_eq!((&shown["kind"], &shown["text"]), (&json!("return_link"), &json!("")));
        links.push(client.hears_return_link().await);
    }
    setting.page.send(json!({ "type": "give_return_link", "consultation": 1, "wish": true })).await;
    assert_eq!(setting.page.next_of("notice").await["notice"], "return_link_limit");
    let (now, three_days) = (Clock::system().now(), 3 * 86_400);
    for (number, (link, wish)) in
        links.iter().zip([json!("me"), json!(null), json!("me")]).enumerate()
    {
        assert!(
            link.channel() == Channel::Return && link.authority() == setting.colleague.authority
        );
        assert!(link.name().expires_at() <= now.plus_seconds(three_days + 60));
        let (_, waiting) = opening(link, setting.relay.origin());
        let offer = OfferId([u8::try_from(number).unwrap(); 8]);
        duty.offers(offer, *link.name(), &waiting).await;
        let shown = setting.page.next_of("waiting").await["waiting"].take();
        assert_eq!(shown[number]["wish"], wish, "{shown}");
        assert_eq!(shown[number]["door"], false);
    }
}

#[tokio::test]
async fn a_wish_for_a_colleague_is_read_when_the_colleague_comes() {
    let (mut two, mut first, second) = Two::new().await;
    let setting = &mut two.setting;
    let now = Clock::system().now();
    let keys = &setting.colleague.epoch(Epoch::current(now)).unwrap().keys;
    let expiry = Expiry::at(Epoch::current(now), now.plus_seconds(3_600));
    let (authority, rng) = (setting.colleague.authority, &mut random::system());
    let boris = Alias::new("Boris").unwrap();
    let link = keys.issue_return_link(authority, expiry, Some(&boris), rng);
    let (_, waiting) = opening(&link, setting.relay.origin());
    first.offers(OFFER, *link.name(), &waiting).await;
    let shown = setting.page.next_of("waiting").await["waiting"].take();
    assert_eq!(shown[0]["wish"], json!(null), "nobody here is called so");
    let introduced = introduce(first, second);
    let shown = setting.page.next_of("waiting").await["waiting"].take();
    assert_eq!(shown[0]["wish"], "colleague");
    drop(introduced);
}

#[tokio::test]
async fn the_client_is_asked_whether_it_is_over() {
    hasten();
    let mut setting = Setting::new().await;
    let (_duty, mut client) = live(&mut setting).await;
    // Twice in a row is once.
    for _ in 0..2 {
        setting.page.send(json!({ "type": "propose_end", "consultation": 1 })).await;
    }
    assert_eq!(setting.page.message().await["kind"], "end_proposed");
    setting.page.consultation_has("end_proposed", &json!(true)).await;
    assert!(client.hears_record().await == Record::EndProposal);
    client.says(&Record::EndDeclined).await;
    setting.page.consultation_has("end_proposed", &json!(false)).await;
    let declined = setting.page.message().await;
    assert_eq!((&declined["kind"], &declined["from"]), (&json!("end_declined"), &json!("client")));
    setting.page.send(json!({ "type": "propose_end", "consultation": 1 })).await;
    assert!(client.hears_record().await == Record::EndProposal);
    client.says(&Record::Close).await;
    assert_eq!(setting.page.consultation("ended").await["ended"], "client");
}

#[tokio::test]
async fn what_a_client_answers_is_told_to_no_page() {
    hasten();
    let mut setting = Setting::new().await;
    let (_duty, mut client) = live(&mut setting).await;
    client.says(&Record::text("before")).await;
    setting.page.message().await;
    let before = Page::open(&setting.desk).await.next().await;
    for (question, answer) in [("helped", "no"), ("respected", "partly"), ("helped", "yes")] {
        let answer = SurveyAnswer::new(Cell::of(question, answer)).unwrap();
        client.says(&Record::Survey(answer)).await;
    }
    client.says(&Record::text("after")).await;
    // The very next thing, and nothing in between.
    let told = setting.page.next().await;
    assert_eq!(told["message"]["text"], "after", "{told}");
    let mut after = Page::open(&setting.desk).await.next().await;
    let messages = after["consultations"][0]["messages"].as_array_mut().unwrap();
    assert_eq!(messages.pop().unwrap()["text"], "after");
    assert_eq!(after, before);
}

#[tokio::test]
async fn what_was_coded_is_counted_and_then_forgotten() {
    let mut setting = Setting::new().await;
    let (_duty, mut client) = live(&mut setting).await;
    client.says(&Record::text("?")).await;
    setting.page.send(json!({ "type": "end", "consultation": 1 })).await;
    setting.page.consultation("ended").await;
    for codes in [
        json!({ "need": ["overdose", "legal"], "result": ["partly"] }),
        json!({ "need": ["legal"], "result": ["solved"], "age": [] }),
    ] {
        setting.page.send(json!({ "type": "code", "consultation": 1, "codes": codes })).await;
    }
    let coded = json!({ "need": ["legal"], "result": ["solved"] });
    setting.page.consultation_has("codes", &coded).await;
    setting.page.send(json!({ "type": "forget", "consultation": 1 })).await;
    let told = setting.page.next_of("totals").await;
    let snapshot = Page::open(&setting.desk).await.next().await;
    let one = |group, label| json!({ "group": group, "label": label, "count": 1 });
    let expected = [one("shift", "consultations"), one("need", "legal"), one("result", "solved")];
    assert_eq!((&snapshot["totals"], &told["totals"]), (&json!(expected), &json!(expected)));
    assert_eq!(snapshot["hand_in"], json!({ "handed_in": 0, "going": 0, "waiting": 1 }));
    let groups = snapshot["coding"].as_array().unwrap();
    assert_eq!(
        (groups.len(), &groups[0]["group"], &groups[0]["many"]),
        (12, &json!("need"), &json!(true))
    );
    // Nothing in the worker's own words.
    let own = json!({ "type": "code", "consultation": 1, "codes": { "need": ["Anna, 19"] } });
    setting.page.send(own).await;
    assert_eq!(setting.page.closed_with().await, 4400);
}

#[tokio::test]
async fn whom_the_worker_refuses_does_not_come_again_with_a_return_link() {
    hasten();
    let mut setting = Setting::new().await;
    let (mut duty, mut client) = live(&mut setting).await;
    setting.page.send(json!({ "type": "mute", "consultation": 1, "muted": true })).await;
    setting.page.consultation_has("muted", &json!(true)).await;
    setting.page.send(json!({ "type": "give_return_link", "consultation": 1, "wish": true })).await;
    let link = client.hears_return_link().await;
    setting.page.send(json!({ "type": "end_and_refuse", "consultation": 1 })).await;
    assert_eq!(setting.page.consultation("ended").await["ended"], "worker");
    let (_, waiting) = opening(&link, setting.relay.origin());
    duty.offers(OFFER, *link.name(), &waiting).await;
    // Another worker may take it.
    assert!(matches!(duty.hears().await, WorkerToRelay::Decline(OFFER, DeclineReason::NoKey)));
    // Others still come.
    let link = setting.link();
    let (_, waiting) = opening(&link, setting.relay.origin());
    duty.offers(OFFER, *link.name(), &waiting).await;
    setting.page.shows_offer(OFFER_HEX).await;
}

#[tokio::test]
async fn an_offer_that_is_refused_is_not_shown_again() {
    let mut setting = Setting::new().await;
    setting.page.send(json!({ "type": "go_on_duty" })).await;
    let mut duty = setting.relay.worker_arrives().await;
    let link = setting.link();
    let (_, waiting) = opening(&link, setting.relay.origin());
    duty.offers(OFFER, *link.name(), &waiting).await;
    setting.page.shows_offer(OFFER_HEX).await;
    setting.page.send(json!({ "type": "refuse_offer", "offer": OFFER_HEX })).await;
    assert_eq!(setting.page.next_of("waiting").await["waiting"], json!([]));
    assert!(matches!(duty.hears().await, WorkerToRelay::Decline(OFFER, DeclineReason::NoKey)));
    // It reloads its page.
    let (_, reloaded) = opening(&link, setting.relay.origin());
    duty.offers(OFFER, *link.name(), &reloaded).await;
    assert!(matches!(duty.hears().await, WorkerToRelay::Decline(OFFER, DeclineReason::NoKey)));
}

#[tokio::test]
async fn doors_come_after_links_and_are_never_spent() {
    let mut setting = Setting::new().await;
    setting.page.send(json!({ "type": "go_on_duty" })).await;
    let mut duty = setting.relay.worker_arrives().await;
    let now = Clock::system().now();
    let epoch = Epoch::current(now);
    let expiry = Expiry::of_door_at(epoch, now.plus_seconds(86_400 * 90));
    let rng = &mut random::system();
    let door = setting.service.authority.issue_door(epoch, expiry, Channel::Site, rng).unwrap();
    let link = setting.link();
    for (offer, link) in [(1, &door), (2, &door), (3, &link)] {
        let (_, waiting) = opening(link, setting.relay.origin());
        duty.offers(OfferId([offer; 8]), *link.name(), &waiting).await;
    }
    let waiting = loop {
        let waiting = setting.page.next_of("waiting").await["waiting"].take();
        if waiting.as_array().unwrap().len() == 3 {
            break waiting;
        }
    };
    let shown: Vec<&Value> = waiting.as_array().unwrap().iter().map(|it| &it["door"]).collect();
    assert_eq!(shown, [&json!(false), &json!(true), &json!(true)]);
    // A colleague takes the first; others come through the same door.
    let taken = RelayToWorker::Withdrawn(OfferId([1; 8]), WithdrawReason::Taken);
    duty.tell(&taken).await;
    let (_, another) = opening(&door, setting.relay.origin());
    duty.offers(OFFER, *door.name(), &another).await;
    setting.page.shows_offer(OFFER_HEX).await;
    // Refusing one of them is refusing nobody else at the door.
    setting.page.send(json!({ "type": "refuse_offer", "offer": OFFER_HEX })).await;
    assert!(matches!(duty.hears().await, WorkerToRelay::Decline(OFFER, DeclineReason::NoKey)));
    duty.offers(OFFER, *door.name(), &another).await;
    assert!(matches!(duty.hears().await, WorkerToRelay::Decline(OFFER, DeclineReason::NoKey)));
    let (_, next) = opening(&door, setting.relay.origin());
    duty.offers(OFFER, *door.name(), &next).await;
    setting.page.shows_offer(OFFER_HEX).await;
}

#[tokio::test]
async fn a_card_that_has_not_arrived_is_said_by_the_colleague_as_words() {
    hasten();
    let (mut two, _introduced, mut client) = two_workers_and_a_client().await;
    let snapshot = Page::open(&two.setting.desk).await.next().await;
    let card = snapshot["pack"]["cards"][0].clone();
    let hand_over = asked(&mut two, &mut client).await;
    client.replies(HandOverReply::Agreed).await;
    two.setting.page.consultation_stage("moving").await;
    // Neither goes any further: the client is on its way.
    let send = json!({ "type": "send_card", "consultation": 1, "card": card["id"] });
    two.setting.page.send(send).await;
    two.setting.page.message().await;
    two.setting
        .page
        .send(json!({ "type": "give_return_link", "consultation": 1, "wish": true }))
        .await;
    two.setting.page.message().await;
    client.line.closes(Close::Done).await;
    client.goes_over(&hand_over, &mut two.setting).await;
    two.second_page.consultation("open").await;
    two.second_page.send(json!({ "type": "send", "consultation": 1, "text": "I am Boris." })).await;
    let text = format!(
        "{}\n\n{}",
        card["title"]["uk"].as_str().unwrap(),
        card["body"]["uk"].as_str().unwrap()
    );
    assert_eq!(client.hears_text().await, text);
    assert_eq!(client.hears_text().await, "I am Boris.");
    two.setting.page.send(json!({ "type": "forget", "consultation": 1 })).await;
    two.setting.page.next_of("forgotten").await;
    let snapshot = Page::open(&two.setting.desk).await.next().await;
    let handed_over = json!({ "group": "shift", "label": "hand_overs", "count": 1 });
    assert!(snapshot["totals"].as_array().unwrap().contains(&handed_over));
    let snapshot = Page::open(&two.second_desk).await.next().await;
    let taken = &snapshot["consultations"][0];
    assert_eq!((&taken["door"], &taken["wish"]), (&json!(false), &json!(null)));
}
