use vestibule_protocol::{Channel, Language, Subject};

use super::*;

fn secret() -> HandOverSecret {
    HandOverSecret::from_bytes(&[3; 32])
}

fn asked(events: Vec<AskedEvent>) -> Asked {
    let triage = Triage {
        language: Language::from_code("ru").unwrap(),
        subject: Subject::Law,
        channel: Channel::Bot,
    };
    let new = Asked::new(HandOverId([1; 8]), 1, triage, Words::new("x"), Timestamp(7));
    events.into_iter().fold(new, |asked, event| {
        let (next, _) = asked.take(event);
        next.expect("it is not settled yet")
    })
}

fn requested() -> Asked {
    asked(vec![])
}

fn accepted() -> Asked {
    asked(vec![AskedEvent::Accepted])
}

fn waiting() -> Asked {
    asked(vec![AskedEvent::Accepted, AskedEvent::Ticket(secret())])
}

fn came() -> AskedEvent {
    AskedEvent::Arrived { received_below: 5, at: Instant::now() }
}

fn arrived() -> Asked {
    asked(vec![AskedEvent::Accepted, AskedEvent::Ticket(secret()), came()])
}

fn settles(asked: Asked, event: AskedEvent, expected: &[AskedStep]) {
    let (next, steps) = asked.take(event);
    assert!(next.is_none(), "it is settled");
    assert!(steps == expected);
}

fn gone() -> AskedStep {
    AskedStep::Notice(Notice::HandOverGone)
}

#[test]
fn nobody_waits_for_a_client_whom_the_worker_has_not_accepted() {
    let (asked, steps) = requested().take(AskedEvent::Ticket(secret()));
    assert!(asked.is_some_and(|asked| asked.is_requested()) && steps.is_empty());
}

#[test]
fn the_worker_decides() {
    let (next, steps) = requested().take(AskedEvent::Accepted);
    assert!(next.is_some_and(|asked| asked.is_expected()));
    assert!(steps == [AskedStep::TellAccept]);
    settles(requested(), AskedEvent::Declined, &[AskedStep::TellDecline]);
    let (next, steps) = accepted().take(AskedEvent::Declined);
    assert!(next.is_some() && steps.is_empty(), "a promise is kept");
}

#[test]
fn the_colleague_takes_it_back_or_leaves() {
    settles(requested(), AskedEvent::Over, &[]);
    settles(requested(), AskedEvent::WayLost, &[]);
    settles(accepted(), AskedEvent::Over, &[gone()]);
    settles(accepted(), AskedEvent::WayLost, &[gone()]);
    settles(waiting(), AskedEvent::Over, &[AskedStep::StopWaiting, gone()]);
}

#[test]
fn with_the_ticket_the_client_is_waited_for_whatever_becomes_of_the_colleague() {
    let (asked, steps) = waiting().take(AskedEvent::WayLost);
    assert!(steps.is_empty());
    let (asked, steps) = asked.unwrap().take(came());
    assert!(steps == [AskedStep::Begin, AskedStep::TellDone { received_below: 5 }]);
    assert!(asked.unwrap().view().is_none(), "it is a consultation now");
    settles(waiting(), AskedEvent::Ended, &[AskedStep::TellOver, gone()]);
}

#[test]
fn the_former_words_are_said_once_and_in_a_piece() {
    let says = |text: &str| AskedEvent::Undelivered(Words::new(text));
    let (asked, steps) = arrived().take(says("one"));
    assert!(steps.is_empty(), "not before all have come");
    // The way breaks: the colleague says all of it again.
    let (asked, _) = asked.unwrap().take(AskedEvent::WayLost);
    let (asked, _) = asked.unwrap().take(says("one"));
    let (asked, _) = asked.unwrap().take(says("two"));
    let words = vec![Words::new("one"), Words::new("two")];
    settles(asked.unwrap(), AskedEvent::Over, &[AskedStep::SayFirst(words)]);
    settles(arrived(), AskedEvent::Over, &[AskedStep::SayFirst(vec![])]);
}

#[test]
fn memory_is_bounded_in_size_and_time() {
    let long = "x".repeat(40_000);
    let asked = (0..10).fold(arrived(), |asked, _| {
        asked.take(AskedEvent::Undelivered(Words::new(&long))).0.unwrap()
    });
    let (_, steps) = asked.take(AskedEvent::Over);
    assert!(steps == [AskedStep::SayFirst(vec![Words::new(&long); 6])]);
    assert!(arrived().expires_at().is_some());
    settles(arrived(), AskedEvent::Expired, &[]);
    settles(arrived(), AskedEvent::Ended, &[]);
}
