//! Each frame of section 5, and what a relay serves.

use serde_json::{Value, json};
use vestibule_wire::{
    CELL_LEN, CELLS, Cell, ClientToRelay, Close, ColleagueId, DeclineReason, EndToRelay,
    IndicatorsToRelay, Leaflets, LinkId, Noise, OfferId, Period, PuzzleBits, PuzzleNonce,
    PuzzleSeed, RelayToClient, RelayToEnd, RelayToIndicators, RelayToSeat, RelayToWorker, Route,
    SeatKey, SeatToRelay, ServiceCard, Side, SignIn, Slip, Table, Timestamp, Wait, WithdrawReason,
    WorkerToRelay, hex, solves,
};

use super::super::world::{NOW, ORIGIN, World, counted};

pub(super) const PUZZLE_SEED: PuzzleSeed = PuzzleSeed([0x70; 16]);

pub(super) fn puzzle_bits() -> PuzzleBits {
    PuzzleBits::new(10).unwrap()
}

/// The lowest that solves the puzzle.
pub(super) fn puzzle_nonce(link: &LinkId) -> PuzzleNonce {
    let nonces = (0..u64::MAX).map(|number| PuzzleNonce(number.to_be_bytes()));
    let mut solutions = nonces.filter(|nonce| solves(&PUZZLE_SEED, link, puzzle_bits(), nonce));
    solutions.next().unwrap()
}

pub(super) fn frames(world: &World) -> Value {
    let (_, opening) = world.open(&counted(0x61, 96));
    let authority = world.authority.public();
    let offer = OfferId([0x0f; 8]);
    let seat = SeatKey([0x5e; 16]);
    let link = *world.link.name();
    let mac = world.shift.sign_in_mac(&[9; 32], ORIGIN, &authority, &world.certificate).unwrap();
    let sign_in = SignIn { authority, certificate: world.certificate, mac };
    let open =
        ClientToRelay::Open { authority, token: *world.link.token(), opening: opening.clone() };
    let statement = world.authority.state_epoch(&world.epoch_keys);
    let offered = RelayToWorker::Offer { offer, waited_seconds: 300, link, opening };
    let challenge = RelayToWorker::Challenge { time: NOW, ephemeral: [9; 32] };
    let route = Route([0x60; 32]);
    let colleague = RelayToWorker::Colleague(ColleagueId([0xc0; 8]), Box::new(world.certificate));
    let cell = Box::new([0xce; CELL_LEN]);
    let revocations = world.revocations();
    let revoke = WorkerToRelay::Revoke { authority, revocations: revocations.clone() };
    let (seed, bits, door) = (PUZZLE_SEED, puzzle_bits(), world.door());
    let solution = ClientToRelay::Solution(puzzle_nonce(&door.name().id));
    let closes: serde_json::Map<String, Value> =
        Close::ALL.iter().map(|(_, code, name)| ((*name).to_owned(), json!(code))).collect();
    json!({
        "relay_time": hex(&RelayToClient::RelayTime(NOW).encode()),
        "open": hex(&open.encode()),
        "waiting_now": hex(&RelayToClient::Waiting(Wait::Now).encode()),
        "waiting_soon": hex(&RelayToClient::Waiting(Wait::Soon).encode()),
        "waiting_long": hex(&RelayToClient::Waiting(Wait::Long).encode()),
        "waiting_nobody": hex(&RelayToClient::Waiting(Wait::NobodyOnDuty).encode()),
        "waiting_held": hex(&RelayToClient::Waiting(Wait::Held).encode()),
        "matched": hex(&RelayToClient::Matched.encode()),
        "puzzle": hex(&RelayToClient::Puzzle { seed, bits }.encode()),
        "solution": hex(&solution.encode()),
        "challenge": hex(&challenge.encode()),
        "sign_in": hex(&WorkerToRelay::SignIn(Box::new(sign_in)).encode()),
        "signed_in": hex(&RelayToWorker::SignedIn.encode()),
        "epoch_statement": hex(&WorkerToRelay::EpochStatement(Box::new(statement)).encode()),
        "offer": hex(&offered.encode()),
        "withdrawn": hex(&RelayToWorker::Withdrawn(offer, WithdrawReason::Taken).encode()),
        "accept": hex(&WorkerToRelay::Accept(offer).encode()),
        "granted": hex(&RelayToWorker::Granted(offer, seat).encode()),
        "decline": hex(&WorkerToRelay::Decline(offer, DeclineReason::Spent).encode()),
        "revoke": hex(&revoke.encode()),
        "revocations": hex(&RelayToWorker::Revocations(revocations).encode()),
        "deferred": hex(&RelayToWorker::Deferred(offer).encode()),
        "take_seat": hex(&SeatToRelay::TakeSeat(seat).encode()),
        "seated": hex(&RelayToSeat::Seated.encode()),
        "rejoin_client": hex(&EndToRelay::Rejoin { side: Side::Client, route }.encode()),
        "rejoin_worker": hex(&EndToRelay::Rejoin { side: Side::Worker, route }.encode()),
        "alone": hex(&RelayToEnd::Alone.encode()),
        "joined": hex(&RelayToEnd::Joined.encode()),
        "colleague": hex(&colleague.encode()),
        "colleague_left": hex(&RelayToWorker::ColleagueLeft(ColleagueId([0xc0; 8])).encode()),
        "whisper": hex(&WorkerToRelay::Whisper(ColleagueId([0xc0; 8]), cell.clone()).encode()),
        "whispered": hex(&RelayToWorker::Whispered(ColleagueId([0xc0; 8]), cell).encode()),
        "hand_in": hex(&slip(world).encode()),
        "counted": hex(&RelayToIndicators::Counted.encode()),
        "report_request": hex(&report_request().encode()),
        "period": hex(&RelayToIndicators::Period(Box::new(period())).encode()),
        "service_card": hex(&card(world)),
        "leaflets": hex(&leaflets(world)),
        "close_codes": closes,
    })
}

/// A console's slip of two consultations with three needs.
fn slip(world: &World) -> IndicatorsToRelay {
    let keys = (world.epoch_keys.epoch(), world.epoch_keys.generation());
    let table = Table::named("need").unwrap();
    let slip = Slip::new(world.authority.public(), keys, [0x51; 16], table, &[2, 0, 1]);
    let signature = world.epoch_keys.sign_slip(&slip);
    IndicatorsToRelay::HandIn(Box::new(slip), Box::new(signature))
}

/// A week and the one after it.
fn report_request() -> IndicatorsToRelay {
    let monday = week_start();
    IndicatorsToRelay::ReportRequest { from: monday, until: monday.plus_seconds(2 * WEEK_SECONDS) }
}

/// Two batches with the usual noise and one without; noise made one sum negative.
fn period() -> Period {
    let mut sums = Box::new([0; CELLS]);
    Cell::of("request", "one_time").add(&mut sums, 34);
    Cell::of("signal", "new_substance").add(&mut sums, -5);
    let usual = Noise { epsilon_millionths: 250_000, batches: 2 };
    let exact = Noise { epsilon_millionths: 0, batches: 1 };
    Period {
        start: week_start(),
        end: week_start().plus_seconds(WEEK_SECONDS),
        covered_minutes: 10_000,
        noises: [usual, exact, Noise::default(), Noise::default()],
        sums,
    }
}

const WEEK_SECONDS: u32 = 7 * 86_400;

/// The Monday before the world's now: 1970 began on a Thursday.
fn week_start() -> Timestamp {
    Timestamp(NOW.0 - (NOW.0 + 3 * 86_400) % WEEK_SECONDS)
}

fn card(world: &World) -> Vec<u8> {
    let text =
        |subject: &str| json!({ "en": subject, "ru": subject, "uk": subject, "ar": subject });
    let card = json!({
        "version": 1,
        "issued": NOW.0,
        "name": text("Example service"),
        "about": text("Outreach workers and a doctor answer here."),
        "hours": text("Every day, 10:00 to 22:00."),
        "emergency": text("Call 112."),
        "subjects": ["danger", "safer_use", "other"],
    });
    let signed = world.authority.sign_card(card.to_string().as_bytes());
    assert!(ServiceCard::verify(&signed, &world.authority.public()).is_ok());
    signed
}

fn leaflets(world: &World) -> Vec<u8> {
    let leaflets = json!({
        "version": 1,
        "issued": NOW.0,
        "language": "ru",
        "cards": [{
            "id": "overdose",
            "kind": "checklist",
            "topic": "danger",
            "title": "Передозировка",
            "body": "- Позвоните 112",
        }],
    });
    let signed = world.authority.sign_leaflets(leaflets.to_string().as_bytes());
    assert!(Leaflets::verify(&signed, &world.authority.public()).is_ok());
    signed
}
