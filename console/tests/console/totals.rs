//! What is counted of consultations: it waits until there is enough of it, leaves in slips that tell
//! nothing of whose they are, and outlives the program.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::yield_now;
use tokio::time::{Instant, advance};
use vestibule_console::clock::Clock;
use vestibule_protocol::{Record, SurveyAnswer};
use vestibule_wire::{
    Cell, Close, Epoch, EpochStatement, IndicatorsToRelay, RelayToIndicators, Slip, Timestamp,
};

use crate::fake_client::{grant, opening, take_answer};
use crate::fake_relay::{FakeRelay, FakeSocket};
use crate::page::Page;
use crate::setting::{Setting, WORKER_FILE, enrol, hasten, service, start_desk_in};

/// Slips are handed in within ten minutes.
const SPREAD: Duration = Duration::from_mins(11);

/// Lets a hastened clock run on, in steps that no socket's deadline minds.
pub(crate) async fn passes(time: Duration) {
    let until = Instant::now() + time;
    while Instant::now() < until {
        advance(Duration::from_millis(200)).await;
        for _ in 0..20 {
            yield_now().await;
        }
    }
}

/// Sums by table and label.
pub(crate) type Counted = BTreeMap<&'static str, BTreeMap<String, u16>>;

/// A desk whose folder stays.
pub(crate) struct Shift {
    pub(crate) setting: Setting,
    pub(crate) folder: TempDir,
}

impl Shift {
    pub(crate) async fn begin() -> Self {
        hasten();
        let relay = FakeRelay::listen().await;
        let service = service(relay.origin());
        let folder = tempfile::tempdir().unwrap();
        let desk = start_desk_in(folder.path(), enrol(&service, "Anna"), Clock::system()).await;
        let colleague = enrol(&service, "Boris");
        let page = Page::open(&desk).await;
        Self { setting: Setting { relay, desk, page, service, colleague }, folder }
    }

    /// The program ends, and begins again with a new enrolment. Returns what the page is shown.
    async fn next(self) -> (Self, Value) {
        let Self { setting: Setting { relay, desk, service, colleague, .. }, folder } = self;
        desk.stop().await;
        let desk = start_desk_in(folder.path(), enrol(&service, "Anna"), Clock::system()).await;
        let mut page = Page::open(&desk).await;
        let snapshot = page.next_of("snapshot").await;
        (Self { setting: Setting { relay, desk, page, service, colleague }, folder }, snapshot)
    }

    async fn asks(&mut self, kind: &str) {
        self.setting.page.send(json!({ "type": kind })).await;
    }

    /// On duty for so many consultations. The duty goes on while its socket is kept.
    pub(crate) async fn holds(&mut self, consultations: usize) -> FakeSocket {
        let page = &mut self.setting.page;
        page.send(json!({ "type": "set_lock_minutes", "minutes": 60 })).await;
        self.asks("go_on_duty").await;
        let mut duty = self.setting.relay.worker_arrives().await;
        for _ in 0..consultations {
            consultation(&mut self.setting, &mut duty).await;
        }
        duty
    }

    /// What the page is told of the hand-in when it has come so far.
    async fn hand_in_is(&mut self, handed_in: u16, going: u16, waiting: u16) {
        let expected = json!({ "handed_in": handed_in, "going": going, "waiting": waiting });
        while self.setting.page.next_of("totals").await["hand_in"] != expected {}
    }

    fn file(&self) -> PathBuf {
        file_in(self.folder.path())
    }
}

fn file_in(folder: &Path) -> PathBuf {
    folder.join(format!("{WORKER_FILE}.totals"))
}

/// One consultation, from its offer until it is forgotten.
async fn consultation(setting: &mut Setting, duty: &mut FakeSocket) {
    let link = setting.link();
    let (awaiting, opening) = opening(&link, setting.relay.origin());
    grant(setting, duty, &link, &opening).await;
    let mut client = take_answer(setting, awaiting).await;
    client.greets().await;
    let id = setting.page.consultation("open").await["id"].take();
    client.says(&Record::text("?")).await;
    setting.page.send(json!({ "type": "send", "consultation": id, "text": "!" })).await;
    assert_eq!(client.hears_text().await, "!");
    let answer = SurveyAnswer::new(Cell::of("helped", "partly")).unwrap();
    client.says(&Record::Survey(answer)).await;
    client.says(&Record::Close).await;
    setting.page.consultation("ended").await;
    // Noted twice, counted once.
    for codes in [json!({ "need": ["legal"] }), json!({ "need": ["testing", "social"] })] {
        setting.page.send(json!({ "type": "code", "consultation": id, "codes": codes })).await;
    }
    setting.page.send(json!({ "type": "forget", "consultation": id })).await;
    setting.page.next_of("forgotten").await;
}

impl FakeRelay {
    /// Waits for the next slip, however long the console takes.
    async fn slip(&mut self, setting: &Expected) -> (FakeSocket, Slip) {
        while !self.has_arrived("/ws/indicators") {
            passes(Duration::from_millis(200)).await;
        }
        let mut socket = self.arrives("/ws/indicators").await;
        let challenge =
            RelayToIndicators::Challenge { time: Clock::system().now(), ephemeral: [7; 32] };
        socket.sends(&challenge.encode()).await;
        let frame = IndicatorsToRelay::decode(&socket.receives().await).unwrap();
        let IndicatorsToRelay::HandIn(slip, signature) = frame else { panic!("not a slip") };
        assert!(slip.is_signed_by(&setting.statement, &signature));
        (socket, *slip)
    }

    /// Counts so many slips, all of different ids, and returns their sums.
    async fn counts(&mut self, expected: &Expected, slips: usize) -> Counted {
        let (mut counted, mut ids) = (Counted::new(), Vec::new());
        for _ in 0..slips {
            let (mut socket, slip) = self.slip(expected).await;
            socket.sends(&RelayToIndicators::Counted.encode()).await;
            assert!(!ids.contains(&slip.id), "one is handed in twice");
            ids.push(slip.id);
            add(&mut counted, &slip);
            // A slip has a socket for itself.
            assert_eq!(socket.closed_with().await, Some(Close::Done));
        }
        counted
    }
}

/// By what a slip is signed.
struct Expected {
    statement: EpochStatement,
}

impl Expected {
    fn of(setting: &Setting) -> Self {
        let now: Timestamp = Clock::system().now();
        let entry = setting.colleague.epoch(Epoch::current(now)).unwrap();
        let authority = &setting.colleague.authority;
        Self { statement: EpochStatement::verify(&entry.statement, authority, now).unwrap() }
    }
}

fn add(counted: &mut Counted, slip: &Slip) {
    let tables: Vec<_> = slip.counts().map(|(cell, _)| cell.table().0.name).collect();
    assert!(tables.windows(2).all(|two| two[0] == two[1]), "a slip is of one table");
    for (cell, count) in slip.counts() {
        let (table, place) = cell.table();
        let before =
            counted.entry(table.name).or_default().insert(table.label(place).unwrap(), count);
        assert!(before.is_none(), "{} is in two slips", table.name);
    }
}

/// What so many of these consultations count, in ten tables.
pub(crate) fn of(consultations: u16) -> Counted {
    let tables = [
        ("consultation", vec!["held"]),
        ("length", vec!["under_5"]),
        ("language", vec!["uk"]),
        ("channel", vec!["forum"]),
        ("subject", vec!["tests"]),
        ("interruptions", vec!["none"]),
        ("load", vec!["alone"]),
        ("need", vec!["social", "testing"]),
        ("helped", vec!["partly"]),
    ];
    let sums = |labels: Vec<&str>| {
        labels.into_iter().map(|label| (label.to_owned(), consultations)).collect()
    };
    tables.into_iter().map(|(table, labels)| (table, sums(labels))).collect()
}

const TABLES: usize = 9;

#[tokio::test]
async fn five_consultations_leave_after_the_shift_table_by_table() {
    let mut shift = Shift::begin().await;
    let duty = shift.holds(5).await;
    let expected = Expected::of(&shift.setting);
    // Nothing leaves while the shift goes on.
    passes(SPREAD).await;
    assert!(!shift.setting.relay.has_arrived("/ws/indicators"));
    shift.asks("go_off_duty").await;
    let totals = shift.setting.page.next_of("totals").await;
    let groups: Vec<&str> = totals["totals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["group"].as_str().unwrap())
        .collect();
    assert_eq!(groups, ["shift", "need", "need"], "what clients answered is shown to no worker");
    drop(duty);
    let begun = Instant::now();
    let (mut counted, mut moments) = (Counted::new(), Vec::new());
    for _ in 0..TABLES {
        counted.extend(shift.setting.relay.counts(&expected, 1).await);
        moments.push(begun.elapsed());
    }
    assert_eq!(counted, of(5));
    // Nine moments of ten minutes lie within one minute less often than once in ten million times.
    let (first, last) = (moments[0], moments[TABLES - 1]);
    assert!(last > first + Duration::from_mins(1) && last < SPREAD, "{moments:?}");
    shift.hand_in_is(5, 0, 0).await;
    passes(SPREAD).await;
    assert!(!shift.setting.relay.has_arrived("/ws/indicators"), "and nothing twice");
    // Neither in this program nor in the next.
    let (mut shift, snapshot) = Box::pin(shift.next()).await;
    assert_eq!(snapshot["hand_in"], json!({ "handed_in": 0, "going": 0, "waiting": 0 }));
    passes(SPREAD).await;
    assert!(!shift.setting.relay.has_arrived("/ws/indicators"));
}

#[tokio::test]
async fn fewer_than_five_wait_for_the_next_shift() {
    let mut shift = Shift::begin().await;
    drop(shift.holds(3).await);
    shift.asks("go_off_duty").await;
    shift.hand_in_is(0, 0, 3).await;
    passes(SPREAD).await;
    assert!(!shift.setting.relay.has_arrived("/ws/indicators"));
    let (mut shift, snapshot) = Box::pin(shift.next()).await;
    assert_eq!(snapshot["hand_in"]["waiting"], 3);
    assert_eq!(snapshot["totals"], json!([]), "they are of no shift that is shown");
    drop(shift.holds(2).await);
    shift.asks("go_off_duty").await;
    let expected = Expected::of(&shift.setting);
    assert_eq!(shift.setting.relay.counts(&expected, TABLES).await, of(5));
}

#[tokio::test]
async fn what_is_left_when_the_program_ends_is_handed_in_by_the_next() {
    let mut shift = Shift::begin().await;
    drop(shift.holds(5).await);
    // The program ends while the worker is on duty.
    let size = |shift: &Shift| fs::metadata(shift.file()).unwrap().len();
    let (mut shift, snapshot) = Box::pin(shift.next()).await;
    assert_eq!(snapshot["hand_in"], json!({ "handed_in": 0, "going": 5, "waiting": 0 }));
    let full = size(&shift);
    let expected = Expected::of(&shift.setting);
    // Nobody is on duty. A relay that was started anew knows no epoch's keys yet.
    let (mut socket, _) = shift.setting.relay.slip(&expected).await;
    socket.closes(Close::NotReady).await;
    drop(socket);
    let mut counted = shift.setting.relay.counts(&expected, 4).await;
    let (mut shift, snapshot) = Box::pin(shift.next()).await;
    assert_eq!(snapshot["hand_in"]["going"], 5, "until the last is counted");
    counted.extend(shift.setting.relay.counts(&expected, TABLES - 4).await);
    assert_eq!(counted, of(5));
    let (shift, snapshot) = Box::pin(shift.next()).await;
    assert_eq!(snapshot["hand_in"]["going"], 0);
    assert_eq!(size(&shift), full, "its length tells nothing");
}

#[tokio::test]
async fn a_slip_comes_again_under_its_name_until_it_is_counted() {
    let mut shift = Shift::begin().await;
    drop(shift.holds(5).await);
    shift.asks("go_off_duty").await;
    let expected = Expected::of(&shift.setting);
    let mut refused = Vec::new();
    for close in [Close::SlipRefused, Close::NotReady, Close::Crowded] {
        let (mut socket, slip) = shift.setting.relay.slip(&expected).await;
        socket.closes(close).await;
        refused.push(slip.id);
    }
    let (mut counted, mut ids) = (Counted::new(), Vec::new());
    while ids.len() < TABLES {
        let (mut socket, slip) = shift.setting.relay.slip(&expected).await;
        socket.sends(&RelayToIndicators::Counted.encode()).await;
        add(&mut counted, &slip);
        ids.push(slip.id);
        socket.closed_with().await;
    }
    assert_eq!(counted, of(5));
    assert!(refused.iter().all(|id| ids.contains(id)));
}

#[tokio::test]
async fn after_a_panic_no_totals_are_left_and_none_leave() {
    let mut shift = Shift::begin().await;
    drop(shift.holds(5).await);
    shift.asks("go_off_duty").await;
    shift.hand_in_is(0, 5, 0).await;
    while !shift.file().exists() {
        yield_now().await;
    }
    let before = fs::read(shift.file()).unwrap();
    shift.asks("panic").await;
    shift.setting.desk.over().await;
    let (mut shift, snapshot) = Box::pin(shift.next()).await;
    let after = fs::read(shift.file()).unwrap();
    assert!(after.len() == before.len() && after != before);
    assert_eq!(snapshot["hand_in"], json!({ "handed_in": 0, "going": 0, "waiting": 0 }));
    passes(SPREAD).await;
    assert!(!shift.setting.relay.has_arrived("/ws/indicators"));
}

#[tokio::test]
async fn a_panic_makes_no_file() {
    let mut shift = Shift::begin().await;
    drop(shift.holds(1).await);
    let Shift { setting: Setting { desk, mut page, .. }, folder } = shift;
    page.send(json!({ "type": "panic" })).await;
    desk.over().await;
    desk.stop().await;
    assert!(!file_in(folder.path()).exists());
}
