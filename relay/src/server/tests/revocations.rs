//! What a service no longer believes, on real sockets.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use tokio::time::timeout;
use vestibule_wire::{Close, LinkId, SeatToRelay, UnsignedRevocations, Wait, WorkerToRelay};

use crate::revocations::RevocationsFile;
use crate::testing::{FakeService, NOW, Peer, TestRelay, link_name, nothing_revoked, shift_public};
use crate::{ConfigError, Limits};

/// The shift whose key is revoked, and another's.
const MIRA: u8 = 7;
const OLEH: u8 = 8;

fn without_mira(number: u32) -> UnsignedRevocations {
    UnsignedRevocations { keys: vec![shift_public([MIRA; 32])], ..nothing_revoked(number) }
}

fn revoke(service: &FakeService, unsigned: &UnsignedRevocations) -> Vec<u8> {
    let authority = service.authority();
    WorkerToRelay::Revoke { authority, revocations: service.revocations(unsigned) }.encode()
}

/// Somebody who is no worker brings a list.
async fn bring(relay: &TestRelay, frame: Vec<u8>) -> Option<Close> {
    let mut bearer = relay.connect("/ws/duty").await;
    bearer.send(frame).await;
    bearer.closed().await
}

/// The number of the list that a worker is told next.
async fn told(worker: &mut Peer, service: &FakeService) -> u32 {
    worker.revocations(service).await.number()
}

async fn sign_in(relay: &TestRelay, shift: u8) -> Peer {
    let mut worker = relay.connect("/ws/duty").await;
    let certificate = relay.service.certificate([shift; 32], NOW.0);
    worker.sign_in(&relay.service, [shift; 32], certificate).await;
    worker
}

#[tokio::test]
async fn a_revoked_worker_is_off_at_once_and_cannot_return() {
    let relay = TestRelay::start().await;
    let mut mira = relay.on_duty(&relay.service, MIRA).await;
    let mut mira_elsewhere = relay.on_duty(&relay.service, MIRA).await;
    let mut oleh = relay.on_duty(&relay.service, OLEH).await;
    assert_eq!(bring(&relay, revoke(&relay.service, &without_mira(1))).await, Some(Close::Done));
    let mut again = None;
    for mira in [&mut mira, &mut mira_elsewhere, again.insert(sign_in(&relay, MIRA).await)] {
        // By its authority's word, which its console can check.
        assert_eq!(told(mira, &relay.service).await, 1);
        assert_eq!(mira.closed().await, Some(Close::CertificateRefused));
    }
    assert_eq!(told(&mut oleh, &relay.service).await, 1);
    // Whoever comes later is told right after the sign-in.
    let mut late = relay.on_duty(&relay.service, OLEH).await;
    assert_eq!(told(&mut late, &relay.service).await, 1);
}

#[tokio::test]
async fn a_seat_of_a_revoked_worker_goes_to_another() {
    // Longer than the test waits.
    let limits = Limits { seat_deadline: Duration::from_mins(10), ..Limits::default() };
    let relay = TestRelay::start_with(limits).await;
    let mut mira = relay.worker().await;
    let mut oleh = relay.on_duty(&relay.service, OLEH).await;
    let mut client = relay.client(1, 1).await;
    client.wait().await;
    oleh.offer().await;
    let seat_key = relay.accept(&mut mira).await;
    oleh.send(revoke(&relay.service, &without_mira(1))).await;
    assert_eq!(told(&mut mira, &relay.service).await, 1);
    assert_eq!(mira.closed().await, Some(Close::CertificateRefused));
    assert!(oleh.offer().await.1 == link_name(1));
    let mut seat = relay.connect("/ws/seat").await;
    seat.send(SeatToRelay::TakeSeat(seat_key).encode()).await;
    assert_eq!(seat.closed().await, Some(Close::SeatGone));
}

#[tokio::test]
async fn links_of_a_refused_generation_are_refused_and_newer_ones_work() {
    let relay = TestRelay::start().await;
    let mut worker = relay.on_duty(&relay.service, OLEH).await;
    let of = |generation, link| {
        relay.service.open_as(relay.service.token_of(link_name(link), generation), link)
    };
    relay.state(&mut worker, 0).await;
    assert_eq!(relay.client_with(&of(1, 1)).await.closed().await, Some(Close::LinkRefused));
    relay.state(&mut worker, 1).await;
    let mut old = relay.client_with(&of(0, 2)).await;
    let mut new = relay.client_with(&of(1, 3)).await;
    for client in [&mut old, &mut new] {
        client.wait().await;
    }
    let rotated = UnsignedRevocations { lowest_generation: 1, ..nothing_revoked(1) };
    assert_eq!(bring(&relay, revoke(&relay.service, &rotated)).await, Some(Close::Done));
    assert_eq!(old.closed().await, Some(Close::LinkRefused));
    assert_eq!(relay.client_with(&of(0, 4)).await.closed().await, Some(Close::LinkRefused));
    relay.client_with(&of(1, 5)).await.wait().await;
    new.settle().await;
}

#[tokio::test]
async fn no_more_than_the_newest_generations_are_believed() {
    let relay = TestRelay::start().await;
    let mut worker = relay.on_duty(&relay.service, OLEH).await;
    for generation in [4, 0, 2, 1, 3] {
        relay.state(&mut worker, generation).await;
    }
    let of =
        |generation| relay.service.open_as(relay.service.token_of(link_name(1), generation), 1);
    assert_eq!(relay.client_with(&of(0)).await.closed().await, Some(Close::LinkRefused));
    for generation in [4, 3, 2, 1] {
        relay.client_with(&of(generation)).await.wait().await;
    }
}

#[tokio::test]
async fn a_shut_door_is_shut() {
    let relay = TestRelay::start().await;
    let mut waiting = relay.client_at_door(9, 1).await;
    assert_eq!(waiting.wait().await, Wait::NobodyOnDuty);
    let shut = UnsignedRevocations { doors: vec![LinkId([9; 16])], ..nothing_revoked(1) };
    assert_eq!(bring(&relay, revoke(&relay.service, &shut)).await, Some(Close::Done));
    assert_eq!(waiting.closed().await, Some(Close::LinkRefused));
    assert_eq!(relay.client_at_door(9, 2).await.closed().await, Some(Close::LinkRefused));
    assert_eq!(relay.client_at_door(8, 2).await.wait().await, Wait::NobodyOnDuty);
}

#[tokio::test]
async fn the_higher_number_counts_and_who_brings_a_lower_one_is_told() {
    let relay = TestRelay::start().await;
    let service = &relay.service;
    assert_eq!(bring(&relay, revoke(service, &without_mira(5))).await, Some(Close::Done));
    assert_eq!(bring(&relay, revoke(service, &nothing_revoked(4))).await, Some(Close::Done));
    assert_eq!(bring(&relay, revoke(service, &nothing_revoked(5))).await, Some(Close::Done));
    assert_eq!(sign_in(&relay, MIRA).await.closed().await, Some(Close::CertificateRefused));
    let mut oleh = relay.on_duty(service, OLEH).await;
    assert_eq!(told(&mut oleh, service).await, 5);
    oleh.send(revoke(service, &nothing_revoked(3))).await;
    assert_eq!(told(&mut oleh, service).await, 5);
    oleh.send(revoke(service, &nothing_revoked(6))).await;
    assert_eq!(told(&mut oleh, service).await, 6);
    relay.on_duty(service, MIRA).await;
}

#[tokio::test]
async fn only_the_authority_revokes() {
    let relay = TestRelay::start().await;
    let (service, other) = (&relay.service, &relay.other_service);
    let stranger = FakeService::new(9);
    let mut mira = relay.on_duty(service, MIRA).await;
    let authority = service.authority();
    let forged =
        WorkerToRelay::Revoke { authority, revocations: stranger.revocations(&without_mira(1)) };
    let mut altered = revoke(service, &without_mira(1));
    altered[100] ^= 1;
    let unknown = revoke(&stranger, &without_mira(1));
    assert_eq!(bring(&relay, forged.encode()).await, Some(Close::RevocationsRefused));
    assert_eq!(bring(&relay, altered.clone()).await, Some(Close::RevocationsRefused));
    assert_eq!(bring(&relay, unknown).await, Some(Close::UnknownService));
    // Another service's list is that service's.
    assert_eq!(bring(&relay, revoke(other, &without_mira(1))).await, Some(Close::Done));
    for frame in [forged.encode(), altered, revoke(other, &without_mira(2))] {
        let mut oleh = relay.on_duty(service, OLEH).await;
        oleh.send(frame).await;
        assert_eq!(oleh.closed().await, Some(Close::RevocationsRefused));
    }
    mira.settle().await;
}

/// Puts a file in place at once: a relay that looked between its writing and its date would see two
/// changes, and rightly report both.
fn write(path: &Path, bytes: &[u8], modified_at: u64) {
    let written = path.with_extension("new");
    fs::write(&written, bytes).unwrap();
    let modified = SystemTime::UNIX_EPOCH + Duration::from_secs(modified_at);
    fs::File::options().append(true).open(&written).unwrap().set_modified(modified).unwrap();
    fs::rename(&written, path).unwrap();
}

#[tokio::test]
async fn an_operator_s_file_is_read_at_the_start_and_whenever_it_changes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("revocations.bin");
    let service = FakeService::new(1);
    write(&path, &service.revocations(&without_mira(1))[..], 1);
    let check_interval = Duration::from_millis(20);
    let limits = Limits { revocations_check_interval: check_interval, ..Limits::default() };
    let (problems, mut reported) = tokio::sync::mpsc::channel(16);
    let report = move |problem: &ConfigError| problems.try_send(problem.to_string()).unwrap();
    let relay = TestRelay::start_changed(
        limits,
        |config| {
            let file = RevocationsFile::read(&path, &service.authority());
            config.services[0].revocations = file.ok();
        },
        |server| server.with_report(report),
    )
    .await;
    assert_eq!(sign_in(&relay, MIRA).await.closed().await, Some(Close::CertificateRefused));
    let mut oleh = relay.on_duty(&relay.service, OLEH).await;
    assert_eq!(told(&mut oleh, &service).await, 1);

    // A file that cannot be used is reported once, and what it said before still holds.
    write(&path, b"half a file", 2);
    let problem = timeout(Duration::from_secs(10), reported.recv()).await.unwrap().unwrap();
    assert!(problem.contains("revocations.bin: it is not of 4425 bytes"), "{problem}");
    tokio::time::sleep(check_interval * 10).await;
    assert!(reported.try_recv().is_err(), "nothing is reported twice");
    write(&path, &FakeService::new(9).revocations(&nothing_revoked(2))[..], 3);
    let problem = timeout(Duration::from_secs(10), reported.recv()).await.unwrap().unwrap();
    assert!(problem.contains("the revocations are not of this service"), "{problem}");
    fs::remove_file(&path).unwrap();
    let problem = timeout(Duration::from_secs(10), reported.recv()).await.unwrap().unwrap();
    assert!(problem.contains("No such file"), "{problem}");
    assert_eq!(sign_in(&relay, MIRA).await.closed().await, Some(Close::CertificateRefused));

    write(&path, &service.revocations(&nothing_revoked(3))[..], 4);
    assert_eq!(told(&mut oleh, &service).await, 3);
    relay.on_duty(&relay.service, MIRA).await;
}
