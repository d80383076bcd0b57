//! Handing in and reading sums, on real sockets and a real file.
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking at whatever it did not expect"
)]

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tempfile::TempDir;
use vestibule_wire::{
    Cell, Close, Expiry, IndicatorsToRelay, LinkName, Period, RelayToIndicators, Role, SignIn,
    Timestamp, UnsignedRevocations, Wait, WorkerToRelay, sign_in_mac,
};

use crate::testing::{
    FakeService, NOW, ORIGIN, Peer, TestRelay, link_name, nothing_revoked, shift_public,
};
use crate::{
    Budget, Clock, ConfigError, Counting, IndicatorsConfig, IndicatorsFile, KeptIn, Limits,
    PeriodKind,
};

const COORDINATOR: u8 = 21;
const WEEK_SECONDS: u32 = 7 * 86_400;
/// All of time.
const EVER: (Timestamp, Timestamp) = (Timestamp(0), Timestamp(u32::MAX));

/// A relay that counts exactly, with a clock that a test sets.
struct CountingRelay {
    relay: TestRelay,
    clock: Arc<AtomicU32>,
    folder: TempDir,
}

impl CountingRelay {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(AtomicU32::new(NOW.0));
        Self::start_in(folder, clock).await
    }

    async fn start_in(folder: TempDir, clock: Arc<AtomicU32>) -> Self {
        Self::start_reporting(folder, clock, |_| {}).await
    }

    async fn start_reporting(
        folder: TempDir,
        clock: Arc<AtomicU32>,
        report: impl Fn(&ConfigError) + Send + Sync + 'static,
    ) -> Self {
        let limits = Limits {
            indicators_check_interval: Duration::from_millis(20),
            indicators_flush_within: Duration::ZERO,
            indicators_retry_interval: Duration::from_millis(40),
            ..Limits::default()
        };
        let file = IndicatorsFile::read(&folder.path().join("indicators.json"))
            .unwrap_or_else(|error| panic!("{error}"));
        let shown = Arc::clone(&clock);
        let relay = TestRelay::start_changed(
            limits,
            |config| {
                let kept_in = KeptIn::File(file);
                config.indicators = Some(IndicatorsConfig { kept_in, period: PeriodKind::Week });
                for service in &mut config.services {
                    service.counting = Counting { budget: Budget::Exact, utc_offset_hours: 2 };
                }
            },
            |server| {
                let clock = Clock::from_fn(move || Timestamp(shown.load(Ordering::SeqCst)));
                server.with_clock(clock).with_report(report)
            },
        )
        .await;
        Self { relay, clock, folder }
    }

    async fn hand_in(&self, slip: Vec<u8>) -> Result<(), Close> {
        hand_in(&self.relay, slip).await
    }

    /// What a coordinator of a service is told.
    async fn report(&self, service: &FakeService) -> Result<Vec<Period>, Close> {
        let mut peer = signed_in_as(self, service, Role::Coordinator).await;
        match RelayToIndicators::decode(&peer.next().await?) {
            Ok(RelayToIndicators::SignedIn) => peer.ask(EVER).await,
            _ => panic!("not signed in"),
        }
    }

    /// The week ends, and what was counted in it reaches the file.
    async fn pass_week(&self) {
        let before = fs::read(self.file()).unwrap_or_default();
        self.clock.fetch_add(WEEK_SECONDS, Ordering::SeqCst);
        eventually(|| fs::read(self.file()).unwrap_or_default() != before).await;
    }

    fn file(&self) -> std::path::PathBuf {
        self.folder.path().join("indicators.json")
    }
}

/// Waits for what another task does.
async fn eventually(holds: impl Fn() -> bool) {
    let wait = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait).await.expect("it comes to pass");
}

async fn hand_in(relay: &TestRelay, slip: Vec<u8>) -> Result<(), Close> {
    let mut console = relay.connect("/ws/indicators").await;
    assert!(matches!(
        RelayToIndicators::decode(&console.frame().await),
        Ok(RelayToIndicators::Challenge { .. })
    ));
    console.send(slip).await;
    match RelayToIndicators::decode(&console.next().await?) {
        Ok(RelayToIndicators::Counted) => assert_eq!(console.closed().await, Some(Close::Done)),
        _ => panic!("not counted"),
    }
    Ok(())
}

/// Somebody of this role who has answered the challenge.
async fn signed_in_as(counting: &CountingRelay, service: &FakeService, role: Role) -> Peer {
    let mut peer = counting.relay.connect("/ws/indicators").await;
    let Ok(RelayToIndicators::Challenge { time, ephemeral }) =
        RelayToIndicators::decode(&peer.frame().await)
    else {
        panic!("not a challenge");
    };
    let shift = [COORDINATOR; 32];
    let certificate = service.certificate_of(shift, time.0, role);
    let authority = service.authority();
    let mac = sign_in_mac(&shift, &ephemeral, ORIGIN, &authority, &certificate).unwrap();
    let sign_in = SignIn { authority, certificate, mac };
    peer.send(IndicatorsToRelay::SignIn(Box::new(sign_in)).encode()).await;
    peer
}

impl Peer {
    /// The next frame, or why there is none.
    async fn next(&mut self) -> Result<Vec<u8>, Close> {
        match self.message().await.unwrap() {
            tokio_tungstenite::tungstenite::Message::Binary(bytes) => Ok(bytes.to_vec()),
            tokio_tungstenite::tungstenite::Message::Close(frame) => {
                Err(Close::from_code(frame.unwrap().code.into()).unwrap())
            }
            _ => panic!("not a frame"),
        }
    }

    async fn ask(&mut self, (from, until): (Timestamp, Timestamp)) -> Result<Vec<Period>, Close> {
        self.send(IndicatorsToRelay::ReportRequest { from, until }.encode()).await;
        let mut periods = Vec::new();
        loop {
            match self.next().await {
                Ok(frame) => match RelayToIndicators::decode(&frame) {
                    Ok(RelayToIndicators::Period(period)) => periods.push(*period),
                    _ => panic!("not a period"),
                },
                Err(Close::Done) => return Ok(periods),
                Err(close) => return Err(close),
            }
        }
    }
}

/// The sums that are not nought.
fn told(period: &Period) -> Vec<(&'static str, String, i32)> {
    let tables = vestibule_wire::CATALOGUE.iter();
    let cells = tables.flat_map(vestibule_wire::Table::cells);
    let sums = cells.map(|cell| {
        let (table, place) = cell.table();
        (table.name, table.label(place).unwrap(), cell.sum(&period.sums))
    });
    sums.filter(|(.., sum)| *sum != 0).collect()
}

#[tokio::test]
async fn what_was_counted_is_told_to_the_service_s_coordinator_when_the_week_is_over() {
    let counting = CountingRelay::start().await;
    let relay = &counting.relay;
    let mut worker = relay.worker().await;
    let _pair = relay.pair(&mut worker, 1).await;
    let mut leaves = relay.client(2, 2).await;
    assert_eq!(leaves.wait().await, Wait::Now);
    let need = relay.service.slip(1, 0, "need", &[3, 0, 1]);
    counting.hand_in(need.clone()).await.unwrap();
    counting.hand_in(need).await.unwrap();
    assert_eq!(counting.report(&relay.service).await.unwrap().len(), 0, "not before its end");
    counting.pass_week().await;
    let periods = counting.report(&relay.service).await.unwrap();
    let [week] = &periods[..] else { panic!("{} periods", periods.len()) };
    assert_eq!((week.start.0 - 4 * 86_400) % WEEK_SECONDS, 0, "a Monday");
    assert_eq!(week.end, week.start.plus_seconds(WEEK_SECONDS));
    assert_eq!(week.covered_minutes, week.end.0.abs_diff(NOW.0) / 60);
    // It is 13:06 where the service is, on a Wednesday; the worker is on duty until the week ends.
    let expected = [
        ("request", "one_time", 1),
        ("request_end", "answered", 1),
        ("request_time", "afternoon", 1),
        ("wait", "under_1", 1),
        ("adviser", "peer", 1),
    ];
    let counted: Vec<_> = told(week);
    for (table, label, count) in expected {
        assert!(counted.contains(&(table, label.to_owned(), count)), "{counted:?}");
    }
    assert_eq!(Cell::of("need", "minor_injection").sum(&week.sums), 3);
    assert_eq!(Cell::of("need", "overdose").sum(&week.sums), 1);
    assert!(counted.iter().any(|(table, ..)| *table == "staffed"));
    assert_eq!(counted.len(), expected.len() + 2 + 4, "{counted:?}");
    // The other service has a week too, with nothing in it.
    let others = counting.report(&relay.other_service).await.unwrap();
    assert_eq!(told(&others[0]), []);
}

#[tokio::test]
async fn a_stop_writes_what_was_counted_and_the_next_relay_goes_on() {
    let counting = CountingRelay::start().await;
    let mut worker = counting.relay.worker().await;
    drop(counting.relay.pair(&mut worker, 1).await);
    let mut leaves = counting.relay.client(2, 2).await;
    leaves.wait().await;
    drop(leaves);
    worker.settle().await;
    counting.hand_in(counting.relay.service.slip(1, 0, "result", &[0, 2])).await.unwrap();
    let mut waits = counting.relay.client(3, 3).await;
    waits.wait().await;
    while !matches!(worker.next_frame().await, vestibule_wire::RelayToWorker::Withdrawn(..)) {}
    counting.relay.stop().await;
    let (folder, clock) = (counting.folder, counting.clock);
    let counting = CountingRelay::start_in(folder, clock).await;
    drop(counting.relay.worker().await);
    counting.hand_in(counting.relay.service.slip(2, 0, "result", &[0, 3])).await.unwrap();
    let before = counting.report(&counting.relay.service).await.unwrap();
    assert_eq!(Cell::of("result", "partly").sum(&before[0].sums), 2);
    counting.pass_week().await;
    let after = counting.report(&counting.relay.service).await.unwrap();
    let week = &after[0];
    assert_eq!(Cell::of("result", "partly").sum(&week.sums), 5);
    assert_eq!(Cell::of("request_end", "answered").sum(&week.sums), 1);
    // One left; the other was sent away by the stop, and would have come again.
    assert_eq!(Cell::of("request_end", "left").sum(&week.sums), 1);
    assert_eq!(Cell::of("request", "one_time").sum(&week.sums), 2);
    assert_eq!(week.noises[0].batches, 2);
}

/// Anybody can send a token that nobody signed, as often as they like.
#[tokio::test]
async fn a_request_that_is_not_let_in_counts_when_its_token_is_the_service_s() {
    let counting = CountingRelay::start().await;
    let relay = &counting.relay;
    let _worker = relay.worker().await;
    let in_time = link_name(1);
    let late = LinkName { expiry: Expiry::from_minutes(1).unwrap(), ..link_name(2) };
    let signed = relay.service.token(late);
    for (token, opening, close) in [
        (signed, 1, Close::LinkExpired),
        // The same client tries again.
        (signed, 1, Close::LinkExpired),
        (relay.service.token_of(late, 5), 2, Close::LinkExpired),
        (relay.service.token_of(in_time, 5), 3, Close::LinkRefused),
    ] {
        let mut client = relay.client_with(&relay.service.open_as(token, opening)).await;
        assert_eq!(client.closed().await, Some(close));
    }
    let (folder, clock) = (counting.folder, counting.clock);
    counting.relay.stop().await;
    let counting = CountingRelay::start_in(folder, clock).await;
    let periods = counting.report(&counting.relay.service).await.unwrap();
    assert_eq!(Cell::of("request_end", "refused").sum(&periods[0].sums), 1);
    assert_eq!(Cell::of("request", "one_time").sum(&periods[0].sums), 1);
}

#[tokio::test]
async fn a_file_that_cannot_be_written_is_told_once_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let (sender, mut told) = tokio::sync::mpsc::channel(16);
    let report = move |error: &ConfigError| sender.try_send(error.to_string()).unwrap();
    let clock = Arc::new(AtomicU32::new(NOW.0));
    let counting = CountingRelay::start_reporting(folder, clock, report).await;
    let _worker = counting.relay.worker().await;
    counting.hand_in(counting.relay.service.slip(1, 0, "result", &[4])).await.unwrap();
    let in_the_way = counting.folder.path().join("indicators.json.new");
    fs::create_dir(&in_the_way).unwrap();
    counting.clock.fetch_add(WEEK_SECONDS, Ordering::SeqCst);
    let problem = told.recv().await.unwrap();
    assert!(problem.contains("indicators.json cannot be written: "), "{problem}");
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(told.try_recv().is_err(), "told again");
    assert!(counting.report(&counting.relay.service).await.unwrap().is_empty());
    fs::remove_dir(&in_the_way).unwrap();
    eventually(|| counting.file().exists()).await;
    let periods = counting.report(&counting.relay.service).await.unwrap();
    assert_eq!(Cell::of("result", "solved").sum(&periods[0].sums), 4);
    assert_eq!(periods[0].noises[0].batches, 1, "its noise is the one of the first try");
}

#[tokio::test]
async fn slips_that_are_not_the_service_s_are_refused() {
    let counting = CountingRelay::start().await;
    let relay = &counting.relay;
    let slip = relay.service.slip(1, 0, "result", &[1]);
    assert_eq!(counting.hand_in(slip.clone()).await, Err(Close::NotReady), "nobody told the epoch");
    let mut worker = relay.worker().await;
    let mut forged = slip.clone();
    *forged.last_mut().unwrap() ^= 1;
    assert_eq!(counting.hand_in(forged).await, Err(Close::SlipRefused));
    let mut foreign_table = slip.clone();
    foreign_table[52] = 1;
    assert_eq!(counting.hand_in(foreign_table).await, Err(Close::Malformed));
    let unserved = FakeService::new(9).slip(1, 0, "result", &[1]);
    assert_eq!(counting.hand_in(unserved).await, Err(Close::UnknownService));
    assert_eq!(
        counting.hand_in(relay.service.slip(1, 1, "result", &[1])).await,
        Err(Close::NotReady),
        "nobody told this generation"
    );
    // The service gives new keys and believes the old ones no longer.
    relay.state(&mut worker, 1).await;
    let newer = UnsignedRevocations { lowest_generation: 1, ..nothing_revoked(1) };
    let revocations = relay.service.revocations(&newer);
    let revoke = WorkerToRelay::Revoke { authority: relay.service.authority(), revocations };
    worker.send(revoke.encode()).await;
    worker.settle().await;
    assert_eq!(counting.hand_in(slip).await, Err(Close::SlipRefused));
    counting.hand_in(relay.service.slip(2, 1, "result", &[1])).await.unwrap();
    // An epoch later.
    counting.clock.fetch_add(2 * WEEK_SECONDS, Ordering::SeqCst);
    let late = counting.hand_in(relay.service.slip(3, 1, "result", &[1])).await;
    assert_eq!(late, Err(Close::SlipRefused));
    counting.pass_week().await;
    let periods = counting.report(&relay.service).await.unwrap();
    let sums: i32 = periods.iter().map(|week| Cell::of("result", "solved").sum(&week.sums)).sum();
    assert_eq!(sums, 1);
}

#[tokio::test]
async fn only_a_coordinator_of_the_service_who_is_still_one_reads() {
    let counting = CountingRelay::start().await;
    let relay = &counting.relay;
    for role in [Role::Outreach, Role::Peer, Role::Doctor, Role::Psychologist, Role::Lawyer] {
        let mut peer = signed_in_as(&counting, &relay.service, role).await;
        assert_eq!(peer.closed().await, Some(Close::CertificateRefused));
    }
    let mut stranger = signed_in_as(&counting, &FakeService::new(9), Role::Coordinator).await;
    assert_eq!(stranger.closed().await, Some(Close::UnknownService));
    let mut unasked = relay.connect("/ws/indicators").await;
    unasked.send(IndicatorsToRelay::ReportRequest { from: EVER.0, until: EVER.1 }.encode()).await;
    assert_eq!(unasked.closed().await, Some(Close::Malformed));
    let mut early = signed_in_as(&counting, &relay.service, Role::Coordinator).await;
    early.next().await.unwrap();
    let gone =
        UnsignedRevocations { keys: vec![shift_public([COORDINATOR; 32])], ..nothing_revoked(1) };
    let revocations = relay.service.revocations(&gone);
    let revoke = WorkerToRelay::Revoke { authority: relay.service.authority(), revocations };
    let mut bearer = relay.connect("/ws/duty").await;
    bearer.send(revoke.encode()).await;
    assert_eq!(bearer.closed().await, Some(Close::Done));
    assert_eq!(early.ask(EVER).await.err(), Some(Close::CertificateRefused), "revoked since");
    let mut late = signed_in_as(&counting, &relay.service, Role::Coordinator).await;
    assert_eq!(late.closed().await, Some(Close::CertificateRefused));
}

#[tokio::test]
async fn a_relay_without_a_file_counts_nothing_and_says_so() {
    let relay = TestRelay::start().await;
    let _worker = relay.worker().await;
    let slip = relay.service.slip(1, 0, "result", &[1]);
    assert_eq!(hand_in(&relay, slip).await, Err(Close::NotReady));
}

#[tokio::test]
async fn who_says_nothing_here_is_closed_and_places_are_few() {
    let limits = Limits { indicator_sockets_max: 1, ..TestRelay::short_deadlines() };
    let relay = TestRelay::start_with(limits).await;
    let mut silent = relay.connect("/ws/indicators").await;
    silent.frame().await;
    assert_eq!(relay.connect("/ws/indicators").await.closed().await, Some(Close::Crowded));
    assert_eq!(silent.closed().await, Some(Close::TooSlow));
}
