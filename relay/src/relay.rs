//! A relay as a value: what it was configured with, and how to run it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::HeaderMap;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use vestibule_wire::AuthorityKey;

use crate::colleagues::Colleagues;
use crate::config::{Config, ConfigError, Limits, Service};
use crate::elsewhere::Elsewhere;
use crate::headers::strict_headers;
use crate::health::{self, Refusals};
use crate::indicators::{self, Counting, Indicators};
use crate::lobby::Lobby;
use crate::nodes::Directory;
use crate::page::Page;
use crate::redis_store::{
    Claims, Keeper, SlipClaims, Store, revocations as revocations_of_nodes, store,
};
use crate::rejoin::MeetingPoint;
use crate::revocations::{KnownRevocations, Report, RevocationsFile, keep_up};
use crate::stop::{self, Stop};
use crate::worker_auth::{Admission, Statements, StrictAdmission};
use crate::{Clock, server};

/// A relay that is ready to run.
pub struct Server {
    config: Config,
    clock: Clock,
    admission: Arc<dyn Admission>,
    report: Report,
    health: Option<TcpListener>,
    tls: Option<TcpListener>,
    store: Option<Store>,
}

impl Server {
    /// A relay with the machine's clock and strict admission.
    pub fn new(config: Config) -> Self {
        let admission = Arc::new(StrictAdmission);
        let report: Report = Arc::new(|_| {});
        Self {
            config,
            clock: Clock::system(),
            admission,
            report,
            health: None,
            tls: None,
            store: None,
        }
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

    /// The same, telling the operator what is wrong with a file that was changed while it runs.
    #[must_use]
    pub fn with_report(self, report: impl Fn(&ConfigError) + Send + Sync + 'static) -> Self {
        Self { report: Arc::new(report), ..self }
    }

    /// The same, answering the operator's programs here.
    #[must_use]
    pub fn with_health(self, listener: Option<TcpListener>) -> Self {
        Self { health: listener, ..self }
    }

    /// The same, with TLS here, if the configuration says as whom.
    #[must_use]
    pub fn with_tls(self, listener: Option<TcpListener>) -> Self {
        Self { tls: listener, ..self }
    }

    /// Serves until `stop_requested`, then closes every socket with `going_away`.
    pub async fn serve(mut self, listener: TcpListener, stop_requested: impl Future<Output = ()>) {
        let (stopper, stop) = stop::channel();
        let stop_deadline = self.config.limits.stop_deadline;
        let files = self.take_revocations_files();
        let health = self.health.take();
        let tls = self.tls.take().zip(self.config.tls.take().map(|tls| tls.acceptor));
        let (keeper, report) = (self.start_store(), Arc::clone(&self.report));
        let relay = Relay::new(self, stop);
        let shared = Arc::clone(&relay.shared);
        let keeper = keeper
            .map(|keeper| tokio::spawn(keeper.keep_up(Arc::clone(&shared.directory), report)));
        hear_of_revocations(&relay).await;
        for (authority, file) in files {
            // Known before anybody is served.
            relay.shared.revocations.learn(authority, file.revocations.clone()).await;
            tokio::spawn(keep_up(file, authority, Arc::clone(&relay.shared), relay.stop.clone()));
        }
        tokio::spawn(indicators::keep_up(Arc::clone(&shared), relay.stop.clone()));
        if let Some(listener) = health {
            tokio::spawn(health::keep_up(Arc::clone(&shared), relay.stop.clone()));
            tokio::spawn(health::serve(listener, Arc::clone(&shared), relay.stop.clone()));
        }
        let accepting = tokio::spawn(server::accept_all(listener, tls, relay));
        stop_requested.await;
        shared.lobby.closing().await;
        let mut spread = Duration::ZERO;
        if keeper.is_some() {
            // There is somewhere else to go, so people are let go one after the other.
            shared.directory.drain();
            spread = shared.limits.drain_spread;
        }
        stopper.stop(spread, stop_deadline).await;
        accepting.abort();
        keeper.inspect(JoinHandle::abort);
        if let Err(problem) = Arc::clone(&shared.indicators).finish().await {
            (shared.report)(&problem);
        }
    }

    /// What keeps the store that nodes share, if there are several.
    fn start_store(&mut self) -> Option<Keeper> {
        let nodes = self.config.nodes.as_ref()?;
        let (store, keeper) = store(nodes.redis.clone());
        self.store = Some(store);
        Some(keeper)
    }

    fn take_revocations_files(&mut self) -> Vec<(AuthorityKey, RevocationsFile)> {
        let services = self.config.services.iter_mut();
        services
            .filter_map(|service| Some((service.authority, service.revocations.take()?)))
            .collect()
    }

    fn into_shared(self) -> Shared {
        let Config { origins, page, elsewhere, services, limits, indicators, nodes, .. } =
            self.config;
        let authorities: Vec<AuthorityKey> =
            services.iter().map(|service| service.authority).collect();
        let counting: Vec<(AuthorityKey, Counting)> =
            services.iter().map(|service| (service.authority, service.counting)).collect();
        let indicators = Indicators::new(indicators, &counting, &limits, self.clock.clone());
        let indicators = Arc::new(indicators);
        let (node, secret) = nodes.map(|nodes| (nodes.this, nodes.secret)).unzip();
        let claims = self.store.zip(secret).map(|(store, secret)| Claims::new(store, secret));
        let clock = self.clock.clone();
        let lobby = Lobby::start(&limits, clock, &authorities, &indicators, claims.clone());
        let served = services.into_iter().map(|service| {
            let Service { authority, card, leaflets, .. } = service;
            let leaflets = leaflets.into_iter().map(|(language, file)| (language, file.into()));
            (authority, Served { card: card.into(), leaflets: leaflets.collect() })
        });
        Shared {
            headers: strict_headers(&origins, node.as_ref()),
            directory: Arc::new(Directory::new(node)),
            slips: claims.as_ref().map(SlipClaims::beside),
            claims,
            origins: origins.iter().map(ToString::to_string).collect(),
            page,
            elsewhere,
            served: served.collect(),
            statements: Statements::default(),
            revocations: KnownRevocations::new(&authorities, lobby.clone()),
            lobby,
            colleagues: Colleagues::new(&limits, &authorities),
            meeting_point: MeetingPoint::new(&limits),
            solving_places: Semaphore::new(limits.solving_sockets_max),
            indicators,
            refusals: Refusals::new(),
            indicator_places: Semaphore::new(limits.indicator_sockets_max),
            clock: self.clock,
            admission: self.admission,
            report: self.report,
            limits,
        }
    }
}

/// Where several relays serve as one, hears what the others know, before anybody is served and from then
/// on. A node whose Redis is away serves all the same.
async fn hear_of_revocations(relay: &Relay) {
    let Some(store) = relay.shared.claims.as_ref().map(|claims| claims.store().clone()) else {
        return;
    };
    let mut answers = store.watch();
    let patience = relay.shared.limits.redis_start_patience;
    let answered = timeout(patience, answers.wait_for(Option::is_some)).await.is_ok();
    for authority in relay.shared.served.keys().copied() {
        let shared = Arc::clone(&relay.shared);
        if answered {
            // What went wrong is told by the store's keeper.
            let _tried = revocations_of_nodes::exchange(&store, authority, &shared).await;
        }
        let (store, stop) = (store.clone(), relay.stop.clone());
        tokio::spawn(revocations_of_nodes::keep_up(store, authority, shared, stop));
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
    /// Which relays serve as one with this.
    pub(crate) directory: Arc<Directory>,
    /// What claims links at all of them.
    pub(crate) claims: Option<Claims>,
    /// What claims slips there.
    pub(crate) slips: Option<SlipClaims>,
    pub(crate) page: Page,
    /// Whose pages may speak to it besides its own.
    pub(crate) elsewhere: Elsewhere,
    pub(crate) served: HashMap<AuthorityKey, Served>,
    pub(crate) limits: Limits,
    pub(crate) clock: Clock,
    pub(crate) admission: Arc<dyn Admission>,
    pub(crate) statements: Statements,
    pub(crate) revocations: KnownRevocations,
    pub(crate) lobby: Lobby,
    pub(crate) colleagues: Colleagues,
    pub(crate) meeting_point: MeetingPoint,
    /// For those who solve a puzzle.
    pub(crate) solving_places: Semaphore,
    pub(crate) indicators: Arc<Indicators>,
    pub(crate) refusals: Refusals,
    /// For those who hand slips in or read sums.
    pub(crate) indicator_places: Semaphore,
    pub(crate) report: Report,
}

/// What a service's clients read, signed.
pub(crate) struct Served {
    /// Before they press Start.
    pub(crate) card: Bytes,
    /// While they wait, by language.
    pub(crate) leaflets: HashMap<&'static str, Bytes>,
}

impl Shared {
    /// Whether the relay is configured with a service.
    pub(crate) fn serves(&self, authority: AuthorityKey) -> bool {
        self.served.contains_key(&authority)
    }
}
