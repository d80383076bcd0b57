//! A running consultation goes from one worker to another.

use std::time::Duration;

use serde_json::{Value, json};
use vestibule_console::clock::Clock;
use vestibule_console::random;
use vestibule_protocol::{
    Answer, AwaitingAnswer, Cell, HandOver, HandOverReply, Record, start_hand_over,
};
use vestibule_wire::{CELL_LEN, Close, OPENING_LEN, Opening};

use crate::fake_client::{FakeClient, live, triage};
use crate::fake_relay::{FakeRelay, FakeSocket, Introduced, introduce};
use crate::page::Page;
use crate::setting::{Setting, enrol, hasten, passes, start_desk};
use crate::whispers::Two;

/// Anna holds a consultation, and Boris is on duty too.
pub(crate) async fn two_workers_and_a_client() -> (Two, Introduced, FakeClient) {
    Box::pin(bring_together()).await
}

async fn bring_together() -> (Two, Introduced, FakeClient) {
    let mut setting = Setting::new().await;
    let (first, client) = live(&mut setting).await;
    let (second_desk, mut second_page) = setting.second_desk().await;
    second_page.send(json!({ "type": "go_on_duty" })).await;
    let second = setting.relay.worker_arrives().await;
    let mut two = Two { setting, second_desk, second_page };
    let introduced = two.meet(first, second).await;
    (two, introduced, client)
}

async fn anna_asks(page: &mut Page) {
    let ask =
        json!({ "type": "hand_over", "consultation": 1, "colleague": 1, "summary": "wounds" });
    page.send(ask).await;
}

impl Page {
    async fn hand_overs(&mut self) -> Value {
        self.next_of("hand_overs").await["hand_overs"].take()
    }

    async fn accepts(&mut self) {
        let request = self.hand_overs().await[0].take();
        assert_eq!(request["accepted"], false);
        self.send(json!({ "type": "accept_hand_over", "hand_over": request["id"] })).await;
        assert_eq!(self.hand_overs().await[0]["accepted"], true);
    }

    /// Waits until a hand-over has come so far, or is over.
    async fn stage(&mut self, stage: Value) {
        loop {
            let consultation = self.next_of("consultation").await["consultation"].take();
            let shown = &consultation["hand_over"];
            if stage.is_null() && shown.is_null() || shown["stage"] == stage && !stage.is_null() {
                return;
            }
        }
    }

    async fn notices(&mut self, notice: &str) {
        assert_eq!(self.next_of("notice").await["notice"], notice);
    }

    async fn says(&mut self, consultation: u64, text: &str) {
        let say = json!({ "type": "send", "consultation": consultation, "text": text });
        self.send(say).await;
    }
}

/// The client is asked, up to where the first worker knows of it.
pub(crate) async fn asked(two: &mut Two, client: &mut FakeClient) -> Box<HandOver> {
    anna_asks(&mut two.setting.page).await;
    two.second_page.accepts().await;
    two.setting.page.stage(json!("asking_client")).await;
    proposal(client).await
}

async fn proposal(client: &mut FakeClient) -> Box<HandOver> {
    match &client.hears_record().await {
        Record::HandOver(hand_over) => hand_over.clone(),
        _ => panic!("no proposal"),
    }
}

impl FakeClient {
    pub(crate) async fn replies(&mut self, reply: HandOverReply) {
        let number = self.says(&Record::HandOverReply(reply)).await;
        self.hears_delivered(number).await;
    }

    /// Goes where the colleague waits, and says what it has of the first worker.
    pub(crate) async fn goes_over(&mut self, hand_over: &HandOver, setting: &mut Setting) {
        let (awaiting, opening) = opens_anew(hand_over, setting);
        self.line = meets(&mut setting.relay, hand_over, &opening).await;
        let answer = [self.line.receives().await, self.line.receives().await].concat();
        let answer: Answer = answer.try_into().unwrap();
        let (session, worker) = awaiting.finish(&answer, Clock::system().now()).unwrap();
        assert_eq!(worker.content.alias.as_str(), "Boris");
        let received_below = self.session.received_below();
        self.session = session;
        self.session.say(&Record::CarriedOver { received_below }).unwrap();
        self.greets().await;
    }
}

/// Makes the opening for the colleague.
fn opens_anew(hand_over: &HandOver, setting: &Setting) -> (AwaitingAnswer, Opening) {
    let authority = setting.colleague.authority;
    let (now, rng) = (Clock::system().now(), &mut random::system());
    start_hand_over(hand_over, authority, triage(), now, rng).unwrap()
}

/// Joins the colleague at the hand-over's route and sends it an opening.
async fn meets(relay: &mut FakeRelay, hand_over: &HandOver, opening: &Opening) -> FakeSocket {
    let mut line = relay.rejoins_at(hand_over.secret.route()).await;
    line.joins().await;
    for cell in opening.as_bytes().chunks_exact(CELL_LEN) {
        line.sends(cell).await;
    }
    line
}

#[tokio::test]
async fn the_client_goes_over_and_nothing_is_lost() {
    hasten();
    let (mut two, _introduced, mut client) = two_workers_and_a_client().await;
    anna_asks(&mut two.setting.page).await;
    two.setting.page.stage(json!("asking_colleague")).await;
    let request = two.second_page.hand_overs().await[0].take();
    assert_eq!((&request["colleague"], &request["summary"]), (&json!(1), &json!("wounds")));
    assert_eq!((&request["language"], &request["channel"]), (&json!("uk"), &json!("forum")));
    two.second_page.send(json!({ "type": "accept_hand_over", "hand_over": request["id"] })).await;
    let hand_over = proposal(&mut client).await;
    client.replies(HandOverReply::Agreed).await;
    two.setting.page.stage(json!("moving")).await;
    // What the first worker says now does not reach the client any more.
    for text in ["Boris is a doctor.", "Take care."] {
        two.setting.page.says(1, text).await;
        two.setting.page.next_of("message").await;
    }
    client.line.closes(Close::Done).await;
    client.goes_over(&hand_over, &mut two.setting).await;

    let begun = two.second_page.consultation("connecting").await;
    assert_eq!((&begun["taken_over_from"], &begun["summary"]), (&json!(1), &json!("wounds")));
    assert_eq!(two.second_page.hand_overs().await, json!([]));
    for text in ["Boris is a doctor.", "Take care."] {
        let shown = two.second_page.next_of("message").await["message"].take();
        assert_eq!((&shown["from"], &shown["text"]), (&json!("worker"), &json!(text)));
    }
    two.second_page.consultation("open").await;
    two.second_page.says(1, "Hello, I am Boris.").await;
    for text in ["Boris is a doctor.", "Take care.", "Hello, I am Boris."] {
        assert_eq!(client.hears_text().await, text);
    }
    let ended = two.setting.page.consultation("ended").await;
    assert_eq!((&ended["ended"], &ended["line"]), (&json!("handed_over"), &json!(null)));
    assert_eq!(ended["hand_over"], json!({ "colleague": 1, "stage": "moving" }));
    two.second_page.next_of("message").await;
    client.says(&Record::text("Hello")).await;
    assert_eq!(two.second_page.next_of("message").await["message"]["text"], "Hello");
}

#[tokio::test]
async fn what_the_client_has_is_not_said_again_and_what_it_has_not_is() {
    hasten();
    let (mut two, _introduced, mut client) = two_workers_and_a_client().await;
    let hand_over = asked(&mut two, &mut client).await;
    // The worker never hears that this has arrived,
    two.setting.page.says(1, "this has arrived").await;
    loop {
        let cell = client.line.receives().await;
        if !client.opens(&cell).records.is_empty() {
            break;
        }
    }
    // nor that this has not, though it was sent, nor what the client says to the proposal.
    two.setting.page.says(1, "this has not").await;
    for _ in 0..4 {
        client.line.receives().await;
    }
    client.line.closes(Close::PeerLeft).await;
    client.goes_over(&hand_over, &mut two.setting).await;
    two.second_page.consultation("open").await;
    two.second_page.says(1, "Hello").await;
    assert_eq!(client.hears_text().await, "this has not");
    assert_eq!(client.hears_text().await, "Hello");
    assert_eq!(two.setting.page.consultation("ended").await["ended"], "handed_over");
}

#[tokio::test]
async fn the_colleague_declines() {
    hasten();
    let (mut two, _introduced, mut client) = two_workers_and_a_client().await;
    anna_asks(&mut two.setting.page).await;
    let request = two.second_page.hand_overs().await[0].take();
    let decline = json!({ "type": "decline_hand_over", "hand_over": request["id"] });
    two.second_page.send(decline).await;
    assert_eq!(two.second_page.hand_overs().await, json!([]));
    two.setting.page.notices("hand_over_declined").await;
    two.setting.page.stage(json!(null)).await;
    // The client has not been told anything.
    two.setting.page.says(1, "still here").await;
    assert_eq!(client.hears_text().await, "still here");
}

#[tokio::test]
async fn the_client_stays() {
    hasten();
    let (mut two, _introduced, mut client) = two_workers_and_a_client().await;
    asked(&mut two, &mut client).await;
    client.replies(HandOverReply::Declined).await;
    two.setting.page.notices("hand_over_refused").await;
    two.setting.page.stage(json!(null)).await;
    two.second_page.notices("hand_over_gone").await;
    assert_eq!(two.second_page.hand_overs().await, json!([]));
    // And may be asked again.
    asked(&mut two, &mut client).await;
}

#[tokio::test]
async fn the_worker_takes_it_back() {
    hasten();
    let (mut two, _introduced, mut client) = two_workers_and_a_client().await;
    // Before the colleague has answered.
    anna_asks(&mut two.setting.page).await;
    assert_eq!(two.second_page.hand_overs().await.as_array().unwrap().len(), 1);
    two.setting.page.send(json!({ "type": "cancel_hand_over", "consultation": 1 })).await;
    assert_eq!(two.second_page.hand_overs().await, json!([]));
    // And when the client is being asked.
    asked(&mut two, &mut client).await;
    two.setting.page.send(json!({ "type": "cancel_hand_over", "consultation": 1 })).await;
    assert!(client.hears_record().await == Record::HandOverWithdrawn);
    two.second_page.notices("hand_over_gone").await;
    two.setting.page.stage(json!(null)).await;
}

#[tokio::test]
async fn a_client_that_met_nobody_comes_back() {
    hasten();
    let (mut two, _introduced, mut client) = two_workers_and_a_client().await;
    asked(&mut two, &mut client).await;
    client.replies(HandOverReply::Agreed).await;
    client.line.closes(Close::Done).await;
    client.rejoins(&mut two.setting.relay).await;
    client.replies(HandOverReply::DidNotCome).await;
    two.setting.page.notices("hand_over_failed").await;
    two.second_page.notices("hand_over_gone").await;
    two.setting.page.says(1, "so it is me").await;
    assert_eq!(client.hears_text().await, "so it is me");
}

#[tokio::test]
async fn a_colleague_who_leaves_before_answering_does_not_come() {
    hasten();
    let (mut two, introduced, _client) = two_workers_and_a_client().await;
    anna_asks(&mut two.setting.page).await;
    assert_eq!(two.second_page.hand_overs().await.as_array().unwrap().len(), 1);
    drop(introduced);
    two.setting.page.notices("hand_over_failed").await;
    assert_eq!(two.second_page.hand_overs().await, json!([]));
    // Nor does one who is not on duty.
    anna_asks(&mut two.setting.page).await;
    two.setting.page.notices("hand_over_failed").await;
}

#[tokio::test]
async fn words_arrive_though_the_way_between_the_workers_broke() {
    hasten();
    let (mut two, introduced, mut client) = two_workers_and_a_client().await;
    let hand_over = asked(&mut two, &mut client).await;
    client.replies(HandOverReply::Agreed).await;
    two.setting.page.stage(json!("moving")).await;
    drop(introduced);
    two.setting.page.says(1, "the last of Anna").await;
    client.line.closes(Close::Done).await;
    client.goes_over(&hand_over, &mut two.setting).await;
    // The client is not kept waiting for what may never come.
    two.second_page.consultation("open").await;
    two.second_page.says(1, "Hello").await;
    assert_eq!(client.hears_text().await, "Hello");
    // The workers find each other again.
    let (one, other) =
        (two.setting.relay.worker_arrives().await, two.setting.relay.worker_arrives().await);
    let _introduced = introduce(one, other);
    assert_eq!(two.setting.page.consultation("ended").await["ended"], "handed_over");
    assert_eq!(client.hears_text().await, "the last of Anna");
}

#[tokio::test]
async fn an_opening_that_comes_again_is_answered_afresh() {
    hasten();
    let (mut two, _introduced, mut client) = two_workers_and_a_client().await;
    let hand_over = asked(&mut two, &mut client).await;
    client.replies(HandOverReply::Agreed).await;
    client.line.closes(Close::Done).await;
    let (awaiting, opening) = opens_anew(&hand_over, &two.setting);
    // The first answer does not reach the client.
    let mut lost = meets(&mut two.setting.relay, &hand_over, &opening).await;
    let first: Vec<u8> = [lost.receives().await, lost.receives().await].concat();
    lost.closes(Close::PeerLeft).await;
    let mut line = meets(&mut two.setting.relay, &hand_over, &opening).await;
    let answer: [u8; OPENING_LEN] =
        [line.receives().await, line.receives().await].concat().try_into().unwrap();
    assert!(first[..] != answer[..]);
    let (session, _) = awaiting.finish(&answer, Clock::system().now()).unwrap();
    // The line breaks again, and now the client rejoins.
    line.closes(Close::PeerLeft).await;
    let received_below = client.session.received_below();
    client.session = session;
    client.session.say(&Record::CarriedOver { received_below }).unwrap();
    client.rejoins(&mut two.setting.relay).await;
    two.second_page.consultation("open").await;
}

#[tokio::test]
async fn strangers_at_the_hand_overs_route_change_nothing() {
    hasten();
    let (mut two, _introduced, mut client) = two_workers_and_a_client().await;
    let hand_over = asked(&mut two, &mut client).await;
    for garbage in [vec![0; CELL_LEN], vec![7; CELL_LEN], vec![7; 20]] {
        let mut stranger = two.setting.relay.rejoins_at(hand_over.secret.route()).await;
        stranger.joins().await;
        stranger.sends(&garbage).await;
        let second: Cell =
            [&1_u64.to_be_bytes()[..], &[7; CELL_LEN - 8]].concat().try_into().unwrap();
        stranger.sends(&second).await;
        assert_eq!(stranger.closed_with().await, Some(Close::Malformed));
    }
    client.replies(HandOverReply::Agreed).await;
    client.line.closes(Close::Done).await;
    client.goes_over(&hand_over, &mut two.setting).await;
    two.second_page.consultation("open").await;
}

#[tokio::test]
async fn a_first_console_that_dies_after_its_ticket_leaves_the_client_with_the_colleague() {
    // A console of its own process, as far as its tasks go: they all end with their runtime.
    let dying =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let mut setting = Setting::new().await;
    let anna = enrol(&setting.service, "Anna");
    setting.desk = dying.spawn(start_desk(anna, Clock::system())).await.unwrap();
    setting.page = Page::open(&setting.desk).await;
    let (first, mut client) = live(&mut setting).await;
    let (second_desk, mut second_page) = setting.second_desk().await;
    second_page.send(json!({ "type": "go_on_duty" })).await;
    let second = setting.relay.worker_arrives().await;
    let mut two = Two { setting, second_desk, second_page };
    let introduced = two.meet(first, second).await;
    let hand_over = asked(&mut two, &mut client).await;

    dying.shutdown_background();
    drop(introduced);
    assert!(client.line.closed_with().await.is_none(), "no goodbye");
    client.goes_over(&hand_over, &mut two.setting).await;
    // The client is served, though nobody can say what the first worker had still to say.
    two.second_page.consultation("open").await;
    two.second_page.says(1, "Hello").await;
    assert_eq!(client.hears_text().await, "Hello");
}

#[tokio::test]
async fn a_client_that_never_comes_is_not_waited_for_longer_than_half_an_hour() {
    hasten();
    let (mut two, introduced, mut client) = two_workers_and_a_client().await;
    asked(&mut two, &mut client).await;
    // Nobody takes it back: the first console is gone.
    drop(introduced);
    // The worker looks at the desk all the time.
    two.second_page.send(json!({ "type": "set_lock_minutes", "minutes": 60 })).await;
    passes(Duration::from_mins(31)).await;
    two.second_page.notices("hand_over_gone").await;
    assert_eq!(two.second_page.hand_overs().await, json!([]));
}
