//! Serves the desk page on loopback, to this machine's browser alone.

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode, Version};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use vestibule_protocol::Cover;
use zeroize::Zeroizing;

use crate::clock::Clock;
use crate::context::{Context, HAND_IN_WITHIN};
use crate::desk::Belongings;
use crate::enrolment::Enrolment;
use crate::hub::Hub;
use crate::pack::Pack;
use crate::page_files::PageFiles;
use crate::page_socket::{self, PageSockets};
use crate::problem::Problem;
use crate::random;
use crate::report::Page;
use crate::shelf::Shelf;
use crate::sound::sound;
use crate::totals::file::TotalsFile;
use crate::words::reason;
use crate::worker_file::WorkerFile;

/// Connections and sockets at once, each. A browser opens six; any program of this machine may try.
const CONNECTIONS_MAX: usize = 32;
const HEADER_DEADLINE: Duration = Duration::from_secs(10);
const HEADER_BYTES_MAX: usize = 16_384;

/// How a worker sits at the desk.
pub struct DeskOptions {
    /// The worker's file: it unlocks the desk, and a panic destroys it.
    pub worker_file: PathBuf,
    /// The folder of the service's own words; the starter pack when not given.
    pub pack_folder: Option<PathBuf>,
    /// Whether cells leave only when there is something to say.
    pub save_data: bool,
    /// The program that looks at clients' files: this one, started again.
    pub viewer: PathBuf,
}

/// Where things wait for the browser that the desk puts there.
#[derive(Clone)]
struct Shelves {
    reports: Shelf<Page>,
    pictures: Shelf<Zeroizing<Vec<u8>>>,
    sounds: Shelf<Bytes>,
}

impl DeskOptions {
    fn take(self, shelves: Shelves) -> Result<(Belongings, Cover), Problem> {
        let Self { worker_file, pack_folder, save_data, viewer } = self;
        let Shelves { reports, pictures, sounds } = shelves;
        let file = WorkerFile::read(&worker_file).map_err(|error| error.about(&worker_file))?;
        let pack = match &pack_folder {
            Some(folder) => Pack::read(folder)?,
            None => Pack::starter(),
        };
        let cover = if save_data { Cover::Sparing } else { Cover::Steady };
        let worker_file = Arc::new(file);
        let belongings =
            Belongings { worker_file, pack, pack_folder, reports, pictures, sounds, viewer };
        Ok((belongings, cover))
    }
}

/// A desk that serves its page.
pub struct RunningDesk {
    origin: String,
    bearer: Arc<Zeroizing<String>>,
    connected: watch::Receiver<bool>,
    stopping: watch::Sender<bool>,
    hub: Hub,
    hub_task: JoinHandle<()>,
    server_task: JoinHandle<()>,
}

impl RunningDesk {
    /// Starts serving on a free port of loopback.
    ///
    /// # Errors
    /// With a sentence, when the worker's file or the pack cannot be read, or this machine has no free
    /// port.
    pub async fn start(
        enrolment: Enrolment,
        files: PageFiles,
        clock: Clock,
        options: DeskOptions,
    ) -> Result<Self, Problem> {
        Self::start_handing_in_within(HAND_IN_WITHIN, enrolment, files, clock, options).await
    }

    /// The same, handing in the totals of a shift sooner than some minutes after it: for simulations,
    /// whose relay belongs to nobody.
    ///
    /// # Errors
    /// As above.
    pub async fn start_handing_in_within(
        hand_in_within: Duration,
        enrolment: Enrolment,
        files: PageFiles,
        clock: Clock,
        options: DeskOptions,
    ) -> Result<Self, Problem> {
        let shelves = Shelves {
            reports: Shelf::new("/report/"),
            pictures: Shelf::new("/picture/"),
            sounds: Shelf::new("/sound/"),
        };
        let (belongings, cover) = options.take(shelves.clone())?;
        let totals_file = TotalsFile::beside(belongings.worker_file.path(), &enrolment);
        // Another crate of the same build may bring a second provider; this names ours. It fails when
        // the process has named one already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listening = async {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            let port = listener.local_addr()?.port();
            Ok::<_, std::io::Error>((listener, port))
        };
        let (listener, port) = listening.await.map_err(|error| {
            Problem::new("desk-page-not-served", &[("reason", reason(error.kind()).into())])
        })?;
        let bearer = Arc::new(Zeroizing::new(
            BASE64URL_NOPAD.encode(&*Zeroizing::new(random::bytes::<32>())),
        ));
        let (stopping, is_stopping) = watch::channel(false);
        let (is_connected, connected) = watch::channel(false);
        let context = Context::new(enrolment, clock, cover).handing_in_within(hand_in_within);
        let (hub, hub_task) = Hub::start(Arc::new(context), belongings, totals_file);
        let server = Server {
            host: format!("127.0.0.1:{port}"),
            origin: format!("http://127.0.0.1:{port}"),
            headers: security_headers(port),
            files,
            shelves,
            places: Arc::new(Semaphore::new(CONNECTIONS_MAX)),
            sockets: PageSockets {
                hub: hub.clone(),
                bearer: Arc::clone(&bearer),
                connected: is_connected,
                stopping: is_stopping,
            },
        };
        let origin = server.origin.clone();
        let server_task = tokio::spawn(serve(listener, Arc::new(server)));
        Ok(Self { origin, bearer, connected, stopping, hub, hub_task, server_task })
    }

    /// Where the page is, for instance `http://127.0.0.1:40123`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// What a page must show. Secret.
    pub fn bearer(&self) -> &str {
        &self.bearer
    }

    /// The page's address with the bearer in its fragment. Secret.
    pub fn address(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{}/#bearer={}", self.origin, self.bearer.as_str()))
    }

    /// Waits until a page has connected.
    pub async fn page_connected(&mut self) {
        let _ = self.connected.wait_for(|connected| *connected).await;
    }

    /// Waits until the desk has ended by itself: after a panic.
    pub async fn over(&self) {
        self.hub.over().await;
    }

    /// Ends every consultation with a goodbye, then the pages, within some two seconds.
    pub async fn stop(self) {
        self.hub.stop().await;
        let _ = self.hub_task.await;
        self.stopping.send_replace(true);
        let _ = self.server_task.await;
    }
}

struct Server {
    host: String,
    origin: String,
    headers: HeaderMap,
    files: PageFiles,
    shelves: Shelves,
    places: Arc<Semaphore>,
    sockets: PageSockets,
}

async fn serve(listener: TcpListener, server: Arc<Server>) {
    let mut stopping = server.sockets.stopping.clone();
    let mut connections = JoinSet::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else {
                    // Too many open files, for instance: it passes.
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                };
                if let Ok(place) = Arc::clone(&places).try_acquire_owned() {
                    // Messages are small and each matters at once; without it they are only slower.
                    let _ = stream.set_nodelay(true);
                    connections.spawn(serve_connection(stream, Arc::clone(&server), place));
                }
            }
            Some(_) = connections.join_next() => {}
            () = page_socket::stopped(&mut stopping) => break,
        }
    }
    // Pages are told that the desk is closed before their tasks are.
    let all = u32::try_from(CONNECTIONS_MAX).unwrap_or(u32::MAX);
    let told = Arc::clone(&server.places).acquire_many_owned(all);
    let _ = tokio::time::timeout(Duration::from_secs(1), told).await;
}

async fn serve_connection(stream: TcpStream, server: Arc<Server>, _place: OwnedSemaphorePermit) {
    let service = service_fn(move |request| {
        let server = Arc::clone(&server);
        async move { Ok::<_, Infallible>(server.respond(request)) }
    });
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_DEADLINE)
        .max_buf_size(HEADER_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades()
        .await;
}

impl Server {
    fn respond(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let mut response = self.answer(request);
        for (name, value) in &self.headers {
            // A report brings a policy of its own.
            response.headers_mut().entry(name).or_insert_with(|| value.clone());
        }
        response
    }

    fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let headers = request.headers();
        let wrong_origin =
            headers.contains_key(header::ORIGIN) && !only(headers, &header::ORIGIN, &self.origin);
        if !only(headers, &header::HOST, &self.host) || wrong_origin {
            return plain(StatusCode::FORBIDDEN);
        }
        if request.uri().path() == "/socket" {
            return self.upgrade(request);
        }
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return plain(StatusCode::METHOD_NOT_ALLOWED);
        }
        let path = request.uri().path();
        if *request.method() == Method::GET {
            if let Some(page) = self.shelves.reports.take(path) {
                return report(page);
            }
            if let Some(png) = self.shelves.pictures.take(path) {
                return of_type("image/png", Bytes::from_owner(png));
            }
            // To an element that plays it, and not to who would save it.
            if only(headers, &HeaderName::from_static("sec-fetch-dest"), "audio")
                && let Some(whole) = self.shelves.sounds.see(path)
            {
                return sound(headers.get(header::RANGE), &whole);
            }
        }
        let Some(file) = self.files.at(path) else {
            return plain(StatusCode::NOT_FOUND);
        };
        of_type(file.content_type, file.content.clone())
    }

    fn upgrade(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let headers = request.headers();
        // Browsers always name the page's origin here, so its absence is no excuse.
        if !only(headers, &header::ORIGIN, &self.origin) {
            return plain(StatusCode::FORBIDDEN);
        }
        let asks = *request.method() == Method::GET
            && request.version() == Version::HTTP_11
            && mentions(headers, &header::CONNECTION, "upgrade")
            && mentions(headers, &header::UPGRADE, "websocket")
            && only(headers, &header::SEC_WEBSOCKET_VERSION, "13");
        let key = headers.get(header::SEC_WEBSOCKET_KEY).filter(|_| asks);
        let Some(accept) = key.map(|key| derive_accept_key(key.as_bytes())) else {
            return plain(StatusCode::BAD_REQUEST);
        };
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            return plain(StatusCode::SERVICE_UNAVAILABLE);
        };
        let sockets = self.sockets.clone();
        // Ends with the page, or when the desk stops.
        tokio::spawn(async move {
            if let Ok(upgraded) = hyper::upgrade::on(request).await {
                Box::pin(sockets.serve(upgraded)).await;
            }
            drop(place);
        });
        let mut response = plain(StatusCode::SWITCHING_PROTOCOLS);
        let headers = response.headers_mut();
        headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        if let Ok(accept) = HeaderValue::from_str(&accept) {
            headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
        }
        response
    }
}

/// Whether a header is there once, with exactly this value.
fn only(headers: &HeaderMap, name: &HeaderName, value: &str) -> bool {
    let mut values = headers.get_all(name).iter();
    values.next().is_some_and(|found| found.as_bytes() == value.as_bytes())
        && values.next().is_none()
}

/// Whether a header's list has this word.
fn mentions(headers: &HeaderMap, name: &HeaderName, word: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','))
        .any(|item| item.trim().eq_ignore_ascii_case(word))
}

/// A report, as a document that can do nothing at all.
fn report(page: Page) -> Response<Full<Bytes>> {
    let policy = format!("{}; frame-ancestors 'none'; sandbox", page.policy);
    let policy = HeaderValue::from_str(&policy).expect("the policy is plain ASCII");
    let mut response = Response::new(Full::new(page.html.into()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    let content_type = HeaderValue::from_static("text/html; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, content_type);
    response
}

fn of_type(content_type: &'static str, content: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(content));
    let content_type = HeaderValue::from_static(content_type);
    response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    response
}

fn plain(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    response
}

fn security_headers(port: u16) -> HeaderMap {
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; \
         connect-src 'self' ws://127.0.0.1:{port}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'"
    );
    let policy = HeaderValue::from_str(&policy).expect("the policy is plain ASCII");
    let fixed = |value| HeaderValue::from_static(value);
    HeaderMap::from_iter([
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, fixed("no-store")),
        (header::X_CONTENT_TYPE_OPTIONS, fixed("nosniff")),
        (header::REFERRER_POLICY, fixed("no-referrer")),
        (HeaderName::from_static("integrity-policy"), fixed("blocked-destinations=(script)")),
        (HeaderName::from_static("cross-origin-opener-policy"), fixed("same-origin")),
        (HeaderName::from_static("cross-origin-resource-policy"), fixed("same-origin")),
    ])
}
