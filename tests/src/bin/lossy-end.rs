//! A worker's end whose client and line are TypeScript's (`client-web/interop/`): that program says over
//! a pipe what happens here and when, and is told what follows. No clock and no socket: a seed repeats
//! everything.
//!
//! A message on the pipe is `length 4 ‖ body`; each is answered by one. First a handshake (`meet`), then
//! any number of turns (`Worker::turn`). Integers are big-endian, times microseconds.
#![allow(clippy::unwrap_used, clippy::panic, reason = "whoever started this program fails with it")]

use std::io::{BufWriter, Read, Stdin, Stdout, Write};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use vestibule_protocol::{
    Authority, Cell, Channel, Cover, HandOver, HandOverReply, HandOverSecret, Pacer,
    ReceivedOpening, Record, RecordNumber, Session, SessionError, ShiftKey,
};
use vestibule_wire::{
    Alias, CERTIFICATE_LEN, Epoch, Expiry, LanguageSet, Opening, Reader, Role, Timestamp,
    UnsignedCertificate,
};

/// A worker has another key in its next shift.
const SHIFT: Duration = Duration::from_hours(8);
const LINK_SECONDS: u32 = 3_600;

/// How a course begins: with a link, or with a client that another worker hands over.
const BY_LINK: u8 = 1;
const BY_HAND_OVER: u8 = 2;

/// What happens to this end, as `kind 1 ‖ length 4 ‖ body`.
mod event {
    pub(crate) const JOIN: u8 = 1;
    pub(crate) const TAKE: u8 = 2;
    pub(crate) const SAY: u8 = 3;
    pub(crate) const STEADY: u8 = 4;
    pub(crate) const SPARING: u8 = 5;
    pub(crate) const OFFER: u8 = 6;
}

/// What follows from it, in the same form.
mod news {
    pub(crate) const CELL: u8 = 1;
    pub(crate) const TEXT: u8 = 2;
    pub(crate) const ROUTE: u8 = 3;
    pub(crate) const CLOSED: u8 = 4;
    pub(crate) const CARRIED_OVER: u8 = 5;
}

fn main() {
    let mut pipe = Pipe { input: std::io::stdin(), output: BufWriter::new(std::io::stdout()) };
    let greeting = pipe.read().expect("a course begins with a greeting");
    let mut worker = meet(&mut pipe, &greeting);
    while let Some(request) = pipe.read() {
        // The last request of a worker that is handed over from names what has arrived of it.
        if let Ok(received_below) = <[u8; 8]>::try_from(&request[..]) {
            return pipe.write(&worker.leave(u64::from_be_bytes(received_below)));
        }
        pipe.write(&worker.turn(&request));
    }
}

struct Pipe {
    input: Stdin,
    output: BufWriter<Stdout>,
}

impl Pipe {
    /// `None` when the other program has finished.
    fn read(&mut self) -> Option<Vec<u8>> {
        let mut length = [0; 4];
        self.input.read_exact(&mut length).ok()?;
        let mut body = vec![0; usize::try_from(u32::from_be_bytes(length)).unwrap()];
        self.input.read_exact(&mut body).ok()?;
        Some(body)
    }

    fn write(&mut self, body: &[u8]) {
        self.output.write_all(&u32::try_from(body.len()).unwrap().to_be_bytes()).unwrap();
        self.output.write_all(body).unwrap();
        self.output.flush().unwrap();
    }
}

/// The handshake. `greeting`: `kind 1 ‖ seed 8 ‖ now 4`, then the origin of a link, whose text is
/// answered, or the secret of a hand-over, answered by this worker's certificate. Then an opening is
/// answered, and the client's first cell by nothing.
fn meet(pipe: &mut Pipe, greeting: &[u8]) -> Worker {
    let mut reader = Reader::new(greeting);
    let (kind, seed) = (reader.u8().unwrap(), reader.u64().unwrap());
    let started = Timestamp(reader.u32().unwrap());
    let mut random = StdRng::seed_from_u64(seed ^ u64::from(kind));
    let service = Service::new(seed, started);
    let (shift, certificate) = service.shift(kind, Duration::ZERO);
    let authority = service.authority.public();
    let received = match kind {
        BY_LINK => {
            let origin = std::str::from_utf8(reader.rest()).unwrap();
            let epoch = Epoch::current(started);
            let keys = service.authority.newest_epoch_keys(epoch);
            let expiry = Expiry::at(epoch, started.plus_seconds(LINK_SECONDS));
            let link = keys.issue_link(authority, expiry, Channel::Forum, &mut random);
            pipe.write(link.to_text().as_bytes());
            let (name, psk) = (link.name(), keys.psk(link.name()));
            let opening = read_opening(pipe);
            ReceivedOpening::read(&opening, name, &psk, &authority, origin, &shift, &mut random)
        }
        BY_HAND_OVER => {
            let secret = HandOverSecret::from_bytes(&reader.array().unwrap());
            pipe.write(&certificate);
            let offered = HandOver { secret, certificate };
            let opening = read_opening(pipe);
            ReceivedOpening::read_hand_over(&opening, &offered, &authority, &shift, &mut random)
        }
        other => panic!("a course does not begin with {other}"),
    };
    let (awaiting, answer) = received.unwrap().answer(&certificate).unwrap();
    pipe.write(&answer[..]);
    let first: Cell = pipe.read().unwrap().try_into().unwrap();
    let (session, _) = awaiting.confirm(&first, started).ok().expect("the client is live");
    pipe.write(&[]);
    let pacer = Pacer::new(Cover::Steady);
    Worker { kind, service, random, session, pacer, said: Vec::new(), delivered: 0 }
}

fn read_opening(pipe: &mut Pipe) -> Opening {
    Opening::new(pipe.read().unwrap().try_into().unwrap())
}

/// The same at every worker of one course.
struct Service {
    authority: Authority,
    started: Timestamp,
}

impl Service {
    fn new(seed: u64, started: Timestamp) -> Self {
        Self { authority: Authority::generate(&mut StdRng::seed_from_u64(seed)), started }
    }

    /// A worker's key and certificate at this time.
    fn shift(&self, worker: u8, now: Duration) -> (ShiftKey, [u8; CERTIFICATE_LEN]) {
        let shifts = u32::try_from(now.as_secs() / SHIFT.as_secs()).unwrap();
        let seed = u64::from(shifts) << 8 | u64::from(worker);
        let key = ShiftKey::generate(&mut StdRng::seed_from_u64(seed));
        let shift_seconds = u32::try_from(SHIFT.as_secs()).unwrap();
        let valid_from = self.started.plus_seconds(shift_seconds * shifts);
        let certificate = self.authority.certify(&UnsignedCertificate {
            shift_public: key.public(),
            valid_from,
            valid_to: valid_from.plus_seconds(shift_seconds),
            role: Role::Peer,
            languages: LanguageSet::from_bits(0b1010).unwrap(),
            alias: Alias::new(if worker == BY_LINK { "Оля" } else { "Ali" }).unwrap(),
        });
        (key, certificate)
    }
}

/// What a worker's program does around its session and its pacer.
struct Worker {
    kind: u8,
    service: Service,
    random: StdRng,
    session: Session,
    pacer: Pacer,
    /// Of its words: an offer has a number too.
    said: Vec<RecordNumber>,
    delivered: u32,
}

/// What came of one turn.
#[derive(Default)]
struct Outcome {
    is_new: bool,
    refused: u8,
    /// Some words found no room: others may not go before them.
    is_full: bool,
    news: Vec<u8>,
}

impl Outcome {
    fn tell(&mut self, kind: u8, body: &[u8]) {
        self.news.push(kind);
        self.news.extend(u32::try_from(body.len()).unwrap().to_be_bytes());
        self.news.extend(body);
    }
}

impl Worker {
    /// `request`: `now 8 ‖ is_joined 1 ‖ events`. Answered by `wakes_at 8 ‖ said 4 ‖ delivered 4 ‖
    /// generation 4 ‖ is_new 1 ‖ refused 1 ‖ news`; `said` and `delivered` count words.
    fn turn(&mut self, request: &[u8]) -> Vec<u8> {
        let mut reader = Reader::new(request);
        let now = Duration::from_micros(reader.u64().unwrap());
        let is_joined = reader.u8().unwrap() == 1;
        let mut outcome = Outcome::default();
        let mut events = reader.rest();
        while let Some((kind, body, rest)) = next_event(events) {
            self.live(kind, body, now, &mut outcome);
            events = rest;
        }
        if is_joined {
            for cell in self.pacer.cells(&mut self.session, now, self.random.next_u64()) {
                outcome.tell(news::CELL, &cell);
            }
        }
        for route in self.session.routes() {
            outcome.tell(news::ROUTE, &route.0);
        }
        let wakes_at = u64::try_from(self.pacer.wakes_at().as_micros()).unwrap();
        [
            &wakes_at.to_be_bytes()[..],
            &count(&self.said).to_be_bytes(),
            &self.delivered.to_be_bytes(),
            &self.session.generation().to_be_bytes(),
            &[u8::from(outcome.is_new), outcome.refused],
            &outcome.news,
        ]
        .concat()
    }

    fn live(&mut self, kind: u8, body: &[u8], now: Duration, outcome: &mut Outcome) {
        match kind {
            event::JOIN => {
                self.session.rejoined();
                self.pacer.joined();
            }
            event::TAKE => self.take(body.try_into().unwrap(), now, outcome),
            event::SAY => {
                let words = std::str::from_utf8(body).unwrap();
                outcome.is_full |= !self.session.has_room(words.len());
                if !outcome.is_full {
                    self.said.push(self.session.say(&Record::text(words)).unwrap());
                }
            }
            event::STEADY => self.pacer.set_cover(Cover::Steady),
            event::SPARING => self.pacer.set_cover(Cover::Sparing),
            event::OFFER => {
                let mut reader = Reader::new(body);
                let secret = HandOverSecret::from_bytes(&reader.array().unwrap());
                let offer = HandOver { secret, certificate: reader.array().unwrap() };
                self.session.say(&Record::HandOver(Box::new(offer))).unwrap();
            }
            other => panic!("there is no event {other}"),
        }
    }

    fn take(&mut self, cell: &Cell, now: Duration, outcome: &mut Outcome) {
        let seconds = u32::try_from(now.as_secs()).unwrap();
        let opened = match self.session.open(cell, self.service.started.plus_seconds(seconds)) {
            Ok(opened) => opened,
            Err(SessionError::Unsealed) => {
                outcome.refused += 1;
                return;
            }
            Err(error) => panic!("the worker's end has ended the consultation: {error}"),
        };
        outcome.is_new |= opened.is_new;
        if let Some(number) = opened.delivered {
            self.delivered = count(&self.said[..self.said.partition_point(|said| *said <= number)]);
        }
        for record in opened.records {
            self.hear(&record, now, outcome);
        }
    }

    fn hear(&mut self, record: &Record, now: Duration, outcome: &mut Outcome) {
        match record {
            Record::Text(words) => outcome.tell(news::TEXT, words.as_bytes()),
            Record::FreshOpening(opening) => {
                let (shift, certificate) = self.service.shift(self.kind, now);
                let random = &mut self.random;
                self.session.answer_fresh(opening, &shift, &certificate, random).unwrap();
            }
            Record::Close => {
                self.pacer.hurry();
                outcome.tell(news::CLOSED, &[]);
            }
            // Whom it offers is for the other program to know.
            Record::HandOverReply(HandOverReply::Agreed) => {}
            Record::CarriedOver { received_below } => {
                outcome.tell(news::CARRIED_OVER, &received_below.to_be_bytes());
            }
            Record::FreshAnswer(_)
            | Record::HandOver(_)
            | Record::HandOverReply(_)
            | Record::HandOverWithdrawn
            | Record::Card(_)
            | Record::ReturnLink(_)
            | Record::EndProposal
            | Record::EndDeclined
            | Record::Survey(_)
            | Record::FileOffer(_)
            | Record::FileReply { .. }
            | Record::FilePart { .. }
            | Record::FileWithdrawn { .. } => panic!("no client says that here"),
        }
    }

    /// Its words that a client has not received that has everything below this number.
    fn leave(self, received_below: u64) -> Vec<u8> {
        let mut outcome = Outcome::default();
        for (_, record) in self.session.into_undelivered(received_below) {
            if let Record::Text(words) = &record {
                outcome.tell(news::TEXT, words.as_bytes());
            }
        }
        outcome.news
    }
}

fn next_event(events: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (kind, rest) = events.split_first()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let (body, rest) = rest.split_at(usize::try_from(u32::from_be_bytes(*length)).unwrap());
    Some((*kind, body, rest))
}

fn count(words: &[RecordNumber]) -> u32 {
    u32::try_from(words.len()).unwrap()
}
