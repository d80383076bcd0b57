//! What a console does with what its service has revoked.

use std::time::Duration;

use serde_json::json;
use vestibule_console::clock::Clock;

use vestibule_console::enrolment::Enrolment;
use vestibule_console::random;
use vestibule_protocol::{Authority, Channel, Record};
use vestibule_wire::{
    CELL_LEN, Close, ColleagueId, DeclineReason, Epoch, Expiry, LinkId, REVOCATIONS_LEN,
    RelayToWorker, Role, UnsignedRevocations, WorkerToRelay,
};

use crate::announcements::enrol_as;
use crate::fake_client::{OFFER, OFFER_HEX, live, opening};
use crate::fake_relay::FakeSocket;
use crate::page::Page;
use crate::setting::{Setting, enrol, start_desk};
use crate::whispers::Two;

type List = Box<[u8; REVOCATIONS_LEN]>;

/// A list that revokes somebody's every shift.
fn revoking(authority: &Authority, number: u32, whom: Option<&Enrolment>) -> List {
    let shifts = whom.map_or(&[][..], |enrolment| &enrolment.shifts);
    let keys = shifts.iter().map(|shift| shift.content.shift_public).collect();
    let list = UnsignedRevocations { number, lowest_generation: 0, keys, doors: Vec::new() };
    authority.revoke(&list).ok().unwrap()
}

async fn tells(duty: &mut FakeSocket, list: &List) {
    duty.tell(&RelayToWorker::Revocations(list.clone())).await;
}

/// A desk of Anna's, and her enrolment once more, to revoke it.
async fn anna() -> (Setting, Enrolment) {
    let mut setting = Setting::new().await;
    let anna = enrol(&setting.service, "Anna");
    let again = Enrolment::open(&anna.seal(secret(), work()), secret()).ok().unwrap();
    setting.desk = start_desk(anna, Clock::system()).await;
    setting.page = Page::open(&setting.desk).await;
    (setting, again)
}

fn secret() -> vestibule_console::SecretString {
    vestibule_console::SecretString::from("x".to_owned())
}

fn work() -> vestibule_console::key_file::Work {
    vestibule_console::key_file::Work::Factor(4)
}

#[tokio::test]
async fn a_worker_who_was_sent_off_is_off_and_cannot_return() {
    let (mut setting, anna) = anna().await;
    let (mut duty, mut client) = live(&mut setting).await;
    // Somebody else's end is none of this desk's.
    tells(&mut duty, &revoking(&setting.service.authority, 1, Some(&setting.colleague))).await;
    client.says(&Record::text("still here")).await;
    assert_eq!(setting.page.next_of("message").await["message"]["text"], "still here");

    tells(&mut duty, &revoking(&setting.service.authority, 2, Some(&anna))).await;
    let refused = json!({ "status": "refused", "reason": "certificate_refused" });
    loop {
        if setting.page.settled_duty().await == refused {
            break;
        }
    }
    assert_eq!(duty.closed_with().await, Some(Close::Done));
    // Nor does a client stay with somebody whom the service does not believe.
    assert!(client.hears_record().await == Record::Close);
    // Going on duty again asks no relay.
    setting.page.send(json!({ "type": "go_on_duty" })).await;
    assert_eq!(setting.page.settled_duty().await, refused);
    let came = setting.relay.arrives("/ws/duty");
    assert!(tokio::time::timeout(Duration::from_secs(2), came).await.is_err());
}

#[tokio::test]
async fn a_relay_that_refuses_the_sign_in_may_say_why() {
    let (mut setting, anna) = anna().await;
    let (mut duty, mut client) = live(&mut setting).await;
    duty.closes(Close::GoingAway).await;
    let mut duty = setting.relay.arrives("/ws/duty").await;
    let origin = setting.relay.origin().to_owned();
    duty.challenge(Clock::system().now(), &origin).await;
    tells(&mut duty, &revoking(&setting.service.authority, 1, Some(&anna))).await;
    duty.closes(Close::CertificateRefused).await;
    assert!(client.hears_record().await == Record::Close);
}

#[tokio::test]
async fn a_relay_that_says_why_and_lets_a_worker_in_all_the_same_is_not_heard() {
    let (mut setting, anna) = anna().await;
    let (mut duty, mut client) = live(&mut setting).await;
    duty.closes(Close::GoingAway).await;
    let mut duty = setting.relay.arrives("/ws/duty").await;
    let origin = setting.relay.origin().to_owned();
    duty.challenge(Clock::system().now(), &origin).await;
    tells(&mut duty, &revoking(&setting.service.authority, 1, Some(&anna))).await;
    duty.tell(&RelayToWorker::SignedIn).await;
    assert_eq!(duty.closed_with().await, Some(Close::Done), "and no statement is brought");
    assert!(client.hears_record().await == Record::Close);
    let refused = json!({ "status": "refused", "reason": "certificate_refused" });
    while setting.page.settled_duty().await != refused {}
}

#[tokio::test]
async fn a_list_that_the_service_did_not_sign_ends_the_socket_and_nothing_else() {
    let (mut setting, anna) = anna().await;
    let (mut duty, mut client) = live(&mut setting).await;
    let stranger = Authority::generate(&mut random::system());
    let mut altered = revoking(&setting.service.authority, 2, None);
    altered[4] ^= 1;
    for list in [revoking(&stranger, 1, Some(&anna)), altered] {
        tells(&mut duty, &list).await;
        assert_eq!(duty.closed_with().await, Some(Close::Malformed));
        duty = setting.relay.worker_arrives().await;
    }
    client.says(&Record::text("still here")).await;
    assert_eq!(setting.page.next_of("message").await["message"]["text"], "still here");
}

#[tokio::test]
async fn a_relay_that_forgot_is_told() {
    let (mut setting, _) = anna().await;
    setting.page.send(json!({ "type": "go_on_duty" })).await;
    let mut duty = setting.relay.worker_arrives().await;
    let authority = &setting.service.authority;
    let (older, newer) =
        (revoking(authority, 3, None), revoking(authority, 4, Some(&setting.colleague)));
    tells(&mut duty, &newer).await;
    // An older one, at once; and after another sign-in, when the relay knows none.
    tells(&mut duty, &older).await;
    for _ in 0..2 {
        let WorkerToRelay::Revoke { authority: of, revocations } = duty.hears().await else {
            panic!("the relay is not told")
        };
        assert!(of == authority.public() && revocations == newer);
        duty.closes(Close::GoingAway).await;
        duty = setting.relay.worker_arrives().await;
    }
    // One that knows them is not.
    tells(&mut duty, &newer).await;
    duty.idles(tokio::time::sleep(Duration::from_secs(3))).await;
}

#[tokio::test]
async fn a_colleague_who_was_sent_off_is_a_colleague_no_more() {
    let setting = Setting::new().await;
    let boris = enrol(&setting.service, "Boris");
    let again = Enrolment::open(&boris.seal(secret(), work()), secret()).ok().unwrap();
    let second_desk = start_desk(boris, Clock::system()).await;
    let second_page = Page::open(&second_desk).await;
    let mut two = Two { setting, second_desk, second_page };
    two.setting.page.send(json!({ "type": "go_on_duty" })).await;
    let mut first = two.setting.relay.worker_arrives().await;
    two.second_page.send(json!({ "type": "go_on_duty" })).await;
    let mut second = two.setting.relay.worker_arrives().await;
    // By hand, so that the relay can say something in between.
    let (first_id, second_id) = (ColleagueId([1; 8]), ColleagueId([2; 8]));
    first.names(second_id, &second).await;
    second.names(first_id, &first).await;
    if !first.carries_hello(second_id, &mut second, first_id).await {
        second.carries_hello(first_id, &mut first, second_id).await;
    }
    two.setting.page.colleague_on_duty(true).await;
    two.second_page.colleague_on_duty(true).await;

    tells(&mut first, &revoking(&two.setting.service.authority, 1, Some(&again))).await;
    two.setting.page.colleague_on_duty(false).await;
    // A dishonest console goes on: nothing of it is heard,
    let whisper = json!({ "type": "whisper", "colleague": 1, "text": "believe me" });
    two.second_page.send(whisper).await;
    let WorkerToRelay::Whisper(_, cell) = second.hears().await else { panic!("no whisper") };
    first.tell(&RelayToWorker::Whispered(second_id, cell)).await;
    // nothing goes to it, and it is not met again.
    two.setting.page.send(json!({ "type": "whisper", "colleague": 1, "text": "?" })).await;
    let mine = two.setting.page.next_of("whisper").await["message"].take();
    assert_eq!((&mine["from"], &mine["failed"]), (&json!("me"), &json!(true)));
    first.names(ColleagueId([3; 8]), &second).await;
    let hello = [&[0; 8][..], &[7; CELL_LEN - 8]].concat().try_into().unwrap();
    first.tell(&RelayToWorker::Whispered(ColleagueId([3; 8]), Box::new(hello))).await;
    first.idles(tokio::time::sleep(Duration::from_millis(500))).await;
    let snapshot = Page::open(&two.setting.desk).await.next().await;
    assert_eq!(snapshot["colleagues"][0]["on_duty"], false);
    assert_eq!(snapshot["whispers"][0]["messages"].as_array().unwrap().len(), 1);
}

/// A relay drops who was sent off, and others may hear of that before they hear why.
#[tokio::test]
async fn what_somebody_announced_goes_with_them_also_when_they_left_before() {
    for at_sign_in in [false, true] {
        let mut setting = Setting::new().await;
        let vera = enrol_as(&setting, "Vera", Role::Coordinator);
        let list = revoking(&setting.service.authority, 1, Some(&vera));
        let desk = start_desk(vera, Clock::system()).await;
        let mut page = Page::open(&desk).await;
        page.send(json!({ "type": "announce", "text": "Go home." })).await;
        page.send(json!({ "type": "go_on_duty" })).await;
        let mut vera = setting.relay.worker_arrives().await;
        setting.page.send(json!({ "type": "go_on_duty" })).await;
        let mut duty = setting.relay.worker_arrives().await;
        let (vera_id, id) = (ColleagueId([1; 8]), ColleagueId([2; 8]));
        vera.names(id, &duty).await;
        duty.names(vera_id, &vera).await;
        if !vera.carries_hello(id, &mut duty, vera_id).await {
            duty.carries_hello(vera_id, &mut vera, id).await;
        }
        let WorkerToRelay::Whisper(_, cell) = vera.hears().await else { panic!("no whisper") };
        duty.tell(&RelayToWorker::Whispered(vera_id, cell)).await;
        let heard = setting.page.next_of("announcements").await["announcements"].take();
        assert_eq!(heard[0]["text"], "Go home.");

        if at_sign_in {
            duty.closes(Close::GoingAway).await;
            duty = setting.relay.arrives("/ws/duty").await;
            let origin = setting.relay.origin().to_owned();
            duty.challenge(Clock::system().now(), &origin).await;
            tells(&mut duty, &list).await;
            duty.tell(&RelayToWorker::SignedIn).await;
        } else {
            duty.tell(&RelayToWorker::ColleagueLeft(vera_id)).await;
            tells(&mut duty, &list).await;
        }
        assert_eq!(setting.page.next_of("announcements").await["announcements"], json!([]));
    }
}

#[tokio::test]
async fn links_of_a_generation_that_was_revoked_are_declined_and_shut_doors_too() {
    let (mut setting, _) = anna().await;
    setting.page.send(json!({ "type": "go_on_duty" })).await;
    let mut duty = setting.relay.worker_arrives().await;
    let now = Clock::system().now();
    let rng = &mut random::system();
    let expiry = Expiry::of_door_at(Epoch::current(now), now.plus_seconds(86_400));
    let authority = &setting.service.authority;
    let issue = |rng: &mut _| authority.issue_door(Epoch::current(now), expiry, Channel::Site, rng);
    let (shut, open) = (issue(&mut *rng).unwrap(), issue(&mut *rng).unwrap());
    let link = setting.link();
    for link in [&link, &shut] {
        let (_, waiting) = opening(link, setting.relay.origin());
        duty.offers(OFFER, *link.name(), &waiting).await;
        setting.page.shows_offer(OFFER_HEX).await;
    }
    let list = UnsignedRevocations {
        number: 1,
        lowest_generation: 1,
        keys: Vec::new(),
        doors: vec![LinkId(shut.name().id.0)],
    };
    tells(&mut duty, &authority.revoke(&list).ok().unwrap()).await;
    for link in [&link, &shut] {
        let (_, waiting) = opening(link, setting.relay.origin());
        duty.offers(OFFER, *link.name(), &waiting).await;
        assert!(matches!(
            duty.hears().await,
            WorkerToRelay::Decline(OFFER, DeclineReason::Unreadable)
        ));
    }
    let (_, waiting) = opening(&open, setting.relay.origin());
    duty.offers(OFFER, *open.name(), &waiting).await;
    setting.page.shows_offer(OFFER_HEX).await;
    // This worker has none of the new keys: it gives no links that nobody believes.
    setting
        .page
        .send(json!({ "type": "make_links", "count": 1, "channel": "forum", "hours": 1 }))
        .await;
    while setting.page.next_of("notice").await["notice"] != "no_shift" {}
}

#[tokio::test]
async fn links_of_the_new_generation_are_answered_while_the_old_are_not() {
    let mut setting = Setting::new().await;
    let old = setting.link();
    assert!(setting.service.authority.rotate(&mut random::system()) == Some(1));
    let renewed = enrol(&setting.service, "Anna");
    setting.colleague = enrol(&setting.service, "Boris");
    setting.desk = start_desk(renewed, Clock::system()).await;
    setting.page = Page::open(&setting.desk).await;
    setting.page.send(json!({ "type": "go_on_duty" })).await;
    let mut duty = setting.relay.worker_arrives().await;
    // Of the renewed keys there are two generations in each of the two epochs.
    for _ in 0..2 {
        assert!(matches!(duty.hears().await, WorkerToRelay::EpochStatement(_)));
    }
    let list = UnsignedRevocations { number: 1, lowest_generation: 1, keys: vec![], doors: vec![] };
    tells(&mut duty, &setting.service.authority.revoke(&list).ok().unwrap()).await;
    let (_, waiting) = opening(&old, setting.relay.origin());
    duty.offers(OFFER, *old.name(), &waiting).await;
    assert!(matches!(duty.hears().await, WorkerToRelay::Decline(OFFER, DeclineReason::Unreadable)));
    let new = setting.link();
    let (_, waiting) = opening(&new, setting.relay.origin());
    duty.offers(OFFER, *new.name(), &waiting).await;
    setting.page.shows_offer(OFFER_HEX).await;
}
