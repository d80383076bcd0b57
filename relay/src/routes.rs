//! What the relay answers over HTTP: the page, the service cards and leaflets, and the five upgrades.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::header::{
    ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_ENCODING, CONTENT_TYPE, HeaderName,
    ORIGIN, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION,
    UPGRADE, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Version};
use axum::middleware::{from_fn_with_state, map_response_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use tokio::sync::OwnedSemaphorePermit;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use vestibule_wire::{AuthorityKey, SUBPROTOCOL};

use crate::elsewhere::{let_pages_read, origin_of};
use crate::relay::{Relay, Served, Shared};
use crate::server::{SocketKind, serve_upgraded};

/// Length of `Sec-WebSocket-Key`: 16 bytes in base64.
const WEBSOCKET_KEY_LEN: usize = 24;

/// How long anybody may keep the directory of nodes.
const NODES_CACHED: &str = "public, max-age=5";

/// Every path of the relay. One of several answers at its own address too, so that a load balancer need
/// not take the path off.
pub(crate) fn router(relay: Relay) -> Router {
    let shared = Arc::clone(&relay.shared);
    let node = shared.directory.node().map(|node| format!("/n/{}", node.name));
    let paths = paths(relay.clone()).with_state(relay);
    let paths = match node {
        Some(own) => Router::new()
            .nest_service(&own, paths.clone())
            .route("/n/{*path}", any(misdirected))
            .merge(paths),
        None => paths,
    };
    paths.layer(map_response_with_state(shared, add_headers))
}

fn paths(relay: Relay) -> Router<Relay> {
    Router::new()
        .route("/nodes", get(nodes))
        .route("/service/{authority}", get(card))
        .route("/service/{authority}/leaflets/{language}", get(leaflets))
        // What a page fetches, wherever it came from: the layer reaches no path below it.
        .route_layer(from_fn_with_state(relay, let_pages_read))
        .route("/ws/client", get(client))
        .route("/ws/duty", get(duty))
        .route("/ws/seat", get(seat))
        .route("/ws/rejoin", get(rejoin))
        .route("/ws/indicators", get(indicators))
        .fallback(file)
}

async fn add_headers(State(shared): State<Arc<Shared>>, mut response: Response) -> Response {
    for (name, value) in &shared.headers {
        response.headers_mut().entry(name).or_insert_with(|| value.clone());
    }
    response
}

/// The directory of nodes.
async fn nodes(State(relay): State<Relay>) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CACHE_CONTROL, HeaderValue::from_static(NODES_CACHED)),
    ];
    (headers, relay.shared.directory.json()).into_response()
}

/// The address of another node led here.
async fn misdirected() -> Response {
    (StatusCode::MISDIRECTED_REQUEST, "This is another node\n").into_response()
}

async fn file(State(relay): State<Relay>, request: Request) -> Response {
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")], "Method not allowed\n")
            .into_response();
    }
    let Some(file) = relay.shared.page.file(request.uri().path()) else { return not_found() };
    let accepted = request.headers().get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let (encoding, bytes) = file.for_who_accepts(accepted.unwrap_or_default());
    let headers = [(CONTENT_TYPE, file.content_type), (VARY, ACCEPT_ENCODING.as_str())];
    let mut response = (headers, bytes).into_response();
    if let Some(encoding) = encoding {
        let encoding = HeaderValue::from_static(encoding);
        response.headers_mut().insert(CONTENT_ENCODING, encoding);
    }
    response
}

async fn card(State(relay): State<Relay>, Path(authority): Path<String>) -> Response {
    signed(served(&relay, &authority).map(|served| &served.card))
}

async fn leaflets(
    State(relay): State<Relay>,
    Path((authority, language)): Path<(String, String)>,
) -> Response {
    signed(served(&relay, &authority).and_then(|served| served.leaflets.get(language.as_str())))
}

fn served<'a>(relay: &'a Relay, authority: &str) -> Option<&'a Served> {
    let authority = AuthorityKey::from_hex(authority).ok()?;
    relay.shared.served.get(&authority)
}

/// What an authority signed, which its reader checks.
fn signed(bytes: Option<&Bytes>) -> Response {
    match bytes {
        Some(bytes) => {
            ([(CONTENT_TYPE, "application/octet-stream")], bytes.clone()).into_response()
        }
        None => not_found(),
    }
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "Not found\n").into_response()
}

async fn client(State(relay): State<Relay>, request: Request) -> Response {
    upgrade(relay, request, SocketKind::Client)
}

async fn duty(State(relay): State<Relay>, request: Request) -> Response {
    upgrade(relay, request, SocketKind::Duty)
}

async fn seat(State(relay): State<Relay>, request: Request) -> Response {
    upgrade(relay, request, SocketKind::Seat)
}

async fn rejoin(State(relay): State<Relay>, request: Request) -> Response {
    upgrade(relay, request, SocketKind::Rejoin)
}

async fn indicators(State(relay): State<Relay>, request: Request) -> Response {
    upgrade(relay, request, SocketKind::Indicators)
}

/// Refuses a request or answers 101 and serves its socket from then on.
fn upgrade(relay: Relay, mut request: Request, kind: SocketKind) -> Response {
    if relay.shared.directory.is_draining() {
        return (StatusCode::SERVICE_UNAVAILABLE, "This relay is stopping\n").into_response();
    }
    let accept = match check_upgrade(&request, &relay.shared, kind) {
        Ok(accept) => accept,
        Err(refusal) => return refusal.into_response(),
    };
    let permit = request.extensions_mut().remove::<Arc<OwnedSemaphorePermit>>();
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(serve_upgraded(upgrade, kind, relay, permit));
    let headers = [
        (CONNECTION, HeaderValue::from_static("upgrade")),
        (UPGRADE, HeaderValue::from_static("websocket")),
        (SEC_WEBSOCKET_ACCEPT, accept),
        (SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL)),
    ];
    (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
}

/// A status and a line for whoever wrote the peer.
type Refusal = (StatusCode, &'static str);

/// The server's checks of RFC 6455 section 4.2.1, and ours of where the request comes from. Returns
/// the value of `Sec-WebSocket-Accept`.
fn check_upgrade(
    request: &Request,
    shared: &Shared,
    kind: SocketKind,
) -> Result<HeaderValue, Refusal> {
    let headers = request.headers();
    let require = |holds: bool, refusal: Refusal| if holds { Ok(()) } else { Err(refusal) };
    let bad = |line| (StatusCode::BAD_REQUEST, line);
    require(
        request.method() == Method::GET && request.version() == Version::HTTP_11,
        (StatusCode::METHOD_NOT_ALLOWED, "A WebSocket begins with GET in HTTP/1.1\n"),
    )?;
    require(
        lists(headers, &UPGRADE, "websocket") && lists(headers, &CONNECTION, "upgrade"),
        (StatusCode::UPGRADE_REQUIRED, "This address speaks WebSocket\n"),
    )?;
    require(
        headers.get(SEC_WEBSOCKET_VERSION).is_some_and(|version| version == "13"),
        (StatusCode::UPGRADE_REQUIRED, "Sec-WebSocket-Version must be 13\n"),
    )?;
    require(
        lists(headers, &SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL),
        bad("Sec-WebSocket-Protocol must be vestibule.1\n"),
    )?;
    require(
        is_origin_allowed(headers, shared, kind),
        (StatusCode::FORBIDDEN, "This relay does not serve this origin\n"),
    )?;
    let key = headers.get(SEC_WEBSOCKET_KEY).filter(|key| key.len() == WEBSOCKET_KEY_LEN);
    let key = key.ok_or(bad("Sec-WebSocket-Key is missing or wrong\n"))?;
    HeaderValue::try_from(derive_accept_key(key.as_bytes()))
        .map_err(|_| bad("Sec-WebSocket-Key is missing or wrong\n"))
}

/// Browsers always say where a page comes from. Workers' programs say nothing, and no page may pass
/// for one. A page from elsewhere needs the two sockets of a client.
fn is_origin_allowed(headers: &HeaderMap, shared: &Shared, kind: SocketKind) -> bool {
    if !headers.contains_key(ORIGIN) {
        return kind != SocketKind::Client;
    }
    let is_clients = matches!(kind, SocketKind::Client | SocketKind::Rejoin);
    origin_of(headers).is_some_and(|named| {
        shared.origins.iter().any(|origin| named == origin.as_str())
            || is_clients && shared.elsewhere.allows(named)
    })
}

/// Whether a comma-separated header has an element, in any case of letters.
fn lists(headers: &HeaderMap, name: &HeaderName, element: &str) -> bool {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|part| part.trim().eq_ignore_ascii_case(element))
}

#[cfg(test)]
mod tests;
