//! What an end does by itself (sections 6, 7, 9 and 10): a session, a pacer, and lines that come and
//! go. This is the reference for the page and the console.

use std::sync::Arc;
use std::time::Duration;

use rand::Rng as _;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};
use vestibule_protocol::{
    ABSENT_AFTER, Cover, FreshOpening, Opened, Pacer, Record, Session, SessionError, TEXT_BYTES_MAX,
};
use vestibule_wire::Route;

use crate::end::{Ending, Event, Status};
use crate::line::LineId;
use crate::lines::{Heeded, Lines, News};
use crate::service::{Shift, now, rng};

/// A client tries for so long to deliver its close,
const CLIENT_CLOSES_MAX: Duration = Duration::from_secs(20);
/// and a worker for so long.
const WORKER_CLOSES_MAX: Duration = Duration::from_mins(10);
/// Who was told that it is over waits so long for the socket's end.
const CLOSED_MAX: Duration = Duration::from_secs(5);

/// What only one of the two has.
pub(crate) enum Part {
    Client,
    /// To agree on fresh secrets.
    Worker {
        shift: Arc<Shift>,
    },
}

/// What a test wants of an end, beside words.
pub(crate) enum Command {
    Say(Record),
    NetworkChanged,
    LoseLines,
    FindLines,
}

pub(crate) struct Engine {
    part: Part,
    session: Session,
    pacer: Pacer,
    lines: Lines,
    started: Instant,
    heard_at: Instant,
    /// The network has changed: the line may be dead though nothing says so.
    seeks: bool,
    /// The device has no network: no line is tried.
    is_offline: bool,
    closing: Option<Closing>,
    events: mpsc::Sender<Event>,
    status: watch::Sender<Status>,
}

struct Closing {
    by_us: bool,
    since: Instant,
}

impl Engine {
    pub(crate) fn new(
        session: Session,
        part: Part,
        cover: Cover,
        lines: Lines,
        events: mpsc::Sender<Event>,
    ) -> Self {
        let now = Instant::now();
        let status = watch::Sender::new(Status {
            reach: lines.reach(),
            routes: session.routes(),
            generation: session.generation(),
            received_below: session.received_below(),
            delivered: None,
            refused: 0,
            met_at: Vec::new(),
        });
        let pacer = Pacer::new(cover);
        Self {
            part,
            session,
            pacer,
            lines,
            started: now,
            heard_at: now,
            seeks: false,
            is_offline: false,
            closing: None,
            events,
            status,
        }
    }

    pub(crate) fn watch(&self) -> watch::Receiver<Status> {
        self.status.subscribe()
    }

    /// Lives until the consultation is over.
    pub(crate) async fn run(
        mut self,
        mut words: mpsc::Receiver<String>,
        mut commands: mpsc::Receiver<Command>,
    ) {
        let ending = loop {
            let wakes_at = self.send_what_is_due();
            let takes_words = !self.session.is_closed() && self.session.has_room(TEXT_BYTES_MAX);
            let went_on = tokio::select! {
                news = self.lines.next() => self.take_news(news),
                () = sleep_until(wakes_at) => Ok(()),
                Some(words) = words.recv(), if takes_words => self.say(&Record::Text(words)),
                Some(command) = commands.recv() => match command {
                    Command::Say(record) => self.say(&record),
                    Command::NetworkChanged => {
                        self.seeks = true;
                        Ok(())
                    }
                    Command::LoseLines => {
                        self.is_offline = true;
                        self.lines.lose();
                        Ok(())
                    }
                    Command::FindLines => {
                        self.is_offline = false;
                        Ok(())
                    }
                },
            };
            if let Err(ending) = went_on.and_then(|()| self.check_end()) {
                break ending;
            }
        };
        self.lines.finish();
        let _ = self.events.send(Event::Over(ending)).await;
    }

    /// Lets cells leave whose time has come, and lines be tried; returns when to look again.
    fn send_what_is_due(&mut self) -> Instant {
        let now = Instant::now();
        let elapsed = now - self.started;
        self.lines.drop_silent(now);
        match self.wanted_routes() {
            Some(routes) => self.lines.tend(&routes, now),
            None => self.lines.rest(),
        }
        if self.lines.is_joined() {
            if matches!(self.part, Part::Client) {
                self.session.freshen(elapsed, &mut rng());
            }
            for cell in self.pacer.cells(&mut self.session, elapsed, rng().next_u64()) {
                self.lines.send(&cell);
            }
        }
        self.show();
        let slot = self.lines.is_joined().then(|| self.started + self.pacer.wakes_at());
        let closed = self.closing.as_ref().map(|closing| closing.since + CLOSED_MAX);
        let absent = self.heard_at + ABSENT_AFTER;
        [slot, closed, self.lines.wakes_at()].into_iter().flatten().fold(absent, Instant::min)
    }

    fn take_news(&mut self, news: News) -> Result<(), Ending> {
        match news {
            News::Changed => Ok(()),
            News::Joined(line) => {
                self.session.rejoined();
                self.pacer.joined();
                // What goes on all lines may always come sooner on an older one, and then nothing new
                // would ever come on this one.
                if self.lines.are_several()
                    && let Some(cell) = self.session.empty_cell()
                {
                    self.lines.send_on(line, &cell);
                }
                Ok(())
            }
            News::Cell(line, cell) => match self.session.open(&cell, now()) {
                Ok(opened) => self.take(line, opened),
                Err(SessionError::Unsealed) => {
                    self.status.send_modify(|status| status.refused += 1);
                    self.lines.refuse(line);
                    Ok(())
                }
                Err(error) => Err(Ending::Broken(error)),
            },
        }
    }

    fn say(&mut self, record: &Record) -> Result<(), Ending> {
        self.session.say(record).map_err(Ending::Broken)?;
        if matches!(record, Record::Close) {
            self.closing = Some(Closing { by_us: true, since: Instant::now() });
            self.pacer.hurry();
        }
        Ok(())
    }

    fn take(&mut self, line: LineId, opened: Opened) -> Result<(), Ending> {
        let Opened { records, delivered, is_new } = opened;
        let now = Instant::now();
        if is_new {
            self.heard_at = now;
            let Heeded { is_first, took_over } = self.lines.heard_new(line, now);
            self.seeks &= !took_over;
            if is_first {
                self.status.send_modify(|status| status.met_at.push(now));
            }
        }
        if delivered.is_some() {
            self.status.send_modify(|status| status.delivered = delivered);
        }
        for record in records {
            if let Record::FreshOpening(opening) = &record {
                self.answer_fresh(opening).map_err(Ending::Broken)?;
                continue;
            }
            if matches!(record, Record::Close) {
                self.closing.get_or_insert(Closing { by_us: false, since: now });
                self.pacer.hurry();
            }
            let told = self.events.try_send(Event::Said(record));
            assert!(told.is_ok(), "a test reads what its ends tell");
        }
        Ok(())
    }

    fn answer_fresh(&mut self, opening: &FreshOpening) -> Result<(), SessionError> {
        let Part::Worker { shift } = &self.part else {
            return Err(SessionError::Misbehaved);
        };
        self.session.answer_fresh(opening, &shift.key, &shift.certificate, &mut rng())
    }

    fn show(&self) {
        let (reach, routes) = (self.lines.reach(), self.session.routes());
        let generation = self.session.generation();
        let received_below = self.session.received_below();
        self.status.send_if_modified(|status| {
            let is_same = (status.reach, status.generation, status.received_below)
                == (reach, generation, received_below)
                && status.routes == routes;
            (status.reach, status.routes) = (reach, routes);
            (status.generation, status.received_below) = (generation, received_below);
            !is_same
        });
    }

    /// `None` for a client that is where it wants to be.
    fn wanted_routes(&self) -> Option<Vec<Route>> {
        let rests = match &self.part {
            Part::Client => self.lines.is_joined() && !self.seeks,
            Part::Worker { .. } => false,
        };
        (!rests && !self.is_offline).then(|| self.session.routes())
    }

    /// Whether there is nothing more to be done.
    fn check_end(&mut self) -> Result<(), Ending> {
        let now = Instant::now();
        let Some(Closing { by_us, since }) = &self.closing else {
            let absent = now > self.heard_at + ABSENT_AFTER;
            return if absent { Err(Ending::Lost) } else { Ok(()) };
        };
        let finished = if *by_us {
            let longest = match &self.part {
                Part::Client => CLIENT_CLOSES_MAX,
                Part::Worker { .. } => WORKER_CLOSES_MAX,
            };
            self.session.is_settled() || now > *since + longest
        } else {
            !self.lines.is_joined() || now > *since + CLOSED_MAX
        };
        if finished { Err(Ending::Closed) } else { Ok(()) }
    }
}
