//! A relay as a value: what it was configured with, and how to run it.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::HeaderMap;
use tokio::net::TcpListener;
use vestibule_wire::AuthorityKey;

use crate::colleagues::Colleagues;
use crate::config::{Config, Limits};
use crate::headers::strict_headers;
use crate::lobby::Lobby;
use crate::page::Page;
use crate::rejoin::MeetingPoint;
use crate::stop::{self, Stop};
use crate::worker_auth::{Admission, Statements, StrictAdmission};
use crate::{Clock, server};

/// A relay that is ready to run.
pub struct Server {
    config: Config,
    clock: Clock,
    admission: Arc<dyn Admission>,
}

impl Server {
    /// A relay with the machine's clock and strict admission.
    pub fn new(config: Config) -> Self {
        Self { config, clock: Clock::system(), admission: Arc::new(StrictAdmission) }
    }

    /// The same with another clock.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// The same with another rule of who may be on duty.
    #[must_use]
    pub fn with_admission(self, admission: impl Admission + 'static) -> Self {
        Self { admission: Arc::new(admission), ..self }
    }

    /// Serves until `stop_requested`, then closes every socket with `going_away`.
    pub async fn serve(self, listener: TcpListener, stop_requested: impl Future<Output = ()>) {
        let (stopper, stop) = stop::channel();
        let stop_deadline = self.config.limits.stop_deadline;
        let relay = Relay::new(self, stop);
        let accepting = tokio::spawn(server::accept_all(listener, relay));
        stop_requested.await;
        stopper.stop(stop_deadline).await;
        accepting.abort();
    }

    fn into_shared(self) -> Shared {
        let Config { origins, page, services, limits, .. } = self.config;
        let authorities: Vec<AuthorityKey> =
            services.iter().map(|service| service.authority).collect();
        let cards = services.into_iter().map(|service| (service.authority, service.card.into()));
        Shared {
            headers: strict_headers(&origins),
            origins: origins.iter().map(ToString::to_string).collect(),
            page,
            cards: cards.collect(),
            statements: Statements::default(),
            lobby: Lobby::start(&limits, self.clock.clone(), &authorities),
            colleagues: Colleagues::new(&limits, &authorities),
            meeting_point: MeetingPoint::new(&limits),
            clock: self.clock,
            admission: self.admission,
            limits,
        }
    }
}

/// What every socket's task has.
#[derive(Clone)]
pub(crate) struct Relay {
    /// What all tasks share.
    pub(crate) shared: Arc<Shared>,
    /// Tells them to stop; the relay waits for whoever holds one.
    pub(crate) stop: Stop,
}

impl Relay {
    /// Starts the lobby.
    pub(crate) fn new(server: Server, stop: Stop) -> Self {
        Self { shared: Arc::new(server.into_shared()), stop }
    }
}

/// What all tasks share.
pub(crate) struct Shared {
    pub(crate) origins: Vec<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) page: Page,
    pub(crate) cards: HashMap<AuthorityKey, Bytes>,
    pub(crate) limits: Limits,
    pub(crate) clock: Clock,
    pub(crate) admission: Arc<dyn Admission>,
    pub(crate) statements: Statements,
    pub(crate) lobby: Lobby,
    pub(crate) colleagues: Colleagues,
    pub(crate) meeting_point: MeetingPoint,
}

impl Shared {
    /// Whether the relay is configured with a service.
    pub(crate) fn serves(&self, authority: AuthorityKey) -> bool {
        self.cards.contains_key(&authority)
    }
}
