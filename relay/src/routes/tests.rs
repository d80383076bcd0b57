use std::collections::{BTreeMap, HashMap};

use axum::Router;
use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, CONNECTION, CONTENT_ENCODING, CONTENT_TYPE, HOST, ORIGIN, SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, SERVER, UPGRADE,
};
use axum::http::{HeaderName, Method, Request, StatusCode};
use axum::response::Response;
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::router;
use crate::relay::Relay;
use crate::testing::{FakeService, ORIGIN as OURS, config, node_of};
use crate::{
    Elsewhere, Limits, Node, NodeAddresses, NodeConfig, NodeName, Origin, RedisConfig, Server, stop,
};

fn relay() -> (Router, FakeService) {
    let service = FakeService::new(1);
    let mut config = config(&[&service], Limits::default());
    config.services[0].leaflets = HashMap::from([("ru", service.leaflets("ru"))]);
    let server = Server::new(config);
    let (_, stop) = stop::channel();
    (router(Relay::new(server, stop)), service)
}

async fn get(router: &Router, path: &str) -> Response {
    let request = Request::get(path).header(ACCEPT_ENCODING, "gzip, br");
    router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

async fn body(response: Response) -> Vec<u8> {
    response.into_body().collect().await.unwrap().to_bytes().to_vec()
}

/// A good request to upgrade, with some headers changed; `None` leaves one out.
async fn upgrade(path: &str, changes: &[(HeaderName, Option<&str>)]) -> StatusCode {
    upgrade_at(&relay().0, path, changes).await
}

async fn upgrade_at(
    router: &Router,
    path: &str,
    changes: &[(HeaderName, Option<&str>)],
) -> StatusCode {
    let mut headers = vec![
        (HOST, Some("127.0.0.1")),
        (CONNECTION, Some("keep-alive, Upgrade")),
        (UPGRADE, Some("WebSocket")),
        (SEC_WEBSOCKET_VERSION, Some("13")),
        (SEC_WEBSOCKET_KEY, Some("dGhlIHNhbXBsZSBub25jZQ==")),
        (SEC_WEBSOCKET_PROTOCOL, Some("other, vestibule.1")),
        (ORIGIN, Some(OURS)),
    ];
    headers.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    headers.extend(changes.iter().cloned());
    let mut request = Request::get(path);
    for (name, value) in headers {
        if let Some(value) = value {
            request = request.header(name, value);
        }
    }
    let request = request.body(Body::empty()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        assert_eq!(response.headers()["sec-websocket-accept"], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assert_eq!(response.headers()["sec-websocket-protocol"], "vestibule.1");
    }
    response.status()
}

#[tokio::test]
async fn the_page_the_card_and_the_leaflets_are_served() {
    let (router, service) = relay();
    for path in ["/", "/index.html"] {
        let response = get(&router, path).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[CONTENT_TYPE], "text/html; charset=utf-8");
        assert_eq!(body(response).await, b"<!doctype html>");
    }
    let response = get(&router, &format!("/service/{}", service.authority().to_hex())).await;
    assert_eq!(response.headers()[CONTENT_TYPE], "application/octet-stream");
    assert_eq!(body(response).await, service.card());
    let leaflets = format!("/service/{}/leaflets/ru", service.authority().to_hex());
    let response = get(&router, &leaflets).await;
    assert_eq!(response.headers()[CONTENT_TYPE], "application/octet-stream");
    assert_eq!(body(response).await, service.leaflets("ru"));
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let (router, service) = relay();
    let other = FakeService::new(2).authority().to_hex();
    let upper = service.authority().to_hex().to_uppercase();
    let authority = service.authority().to_hex();
    for path in [
        "/absent.js",
        "/../index.html",
        "//index.html",
        "/%69ndex.html",
        "/service/",
        "/service/zz",
        &format!("/service/{other}"),
        &format!("/service/{upper}"),
        &format!("/service/{authority}/leaflets/en"),
        &format!("/service/{authority}/leaflets/ru/"),
        &format!("/service/{authority}/leaflets"),
        &format!("/service/{other}/leaflets/ru"),
        "/ws/other",
    ] {
        assert_eq!(get(&router, path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["/", "/ws/client", "/service/00"] {
        let request = Request::builder().method(Method::POST).uri(path).body(Body::empty());
        let response = router.clone().oneshot(request.unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
}

#[tokio::test]
async fn every_answer_has_the_strict_headers() {
    let (router, service) = relay();
    let card = format!("/service/{}", service.authority().to_hex());
    let leaflets = format!("{card}/leaflets/ru");
    for path in ["/", "/absent", &card, &leaflets, "/ws/client", "/ws/duty"] {
        let response = get(&router, path).await;
        let headers = response.headers();
        assert_eq!(
            headers["content-security-policy"],
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
             connect-src 'self' ws://127.0.0.1:8080; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'; require-trusted-types-for 'script'"
        );
        for (name, value) in [
            ("integrity-policy", "blocked-destinations=(script)"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-store"),
            ("x-robots-tag", "noindex"),
        ] {
            assert_eq!(headers[name], value);
        }
        let permissions = headers["permissions-policy"].to_str().unwrap();
        assert!(permissions.contains("camera=()") && permissions.contains("microphone=(self)"));
        assert!(!headers.contains_key(SERVER) && !headers.contains_key(CONTENT_ENCODING));
        assert!(!headers.contains_key("set-cookie") && !headers.contains_key("etag"));
    }
}

#[tokio::test]
async fn a_good_upgrade_is_accepted() {
    for path in ["/ws/client", "/ws/duty", "/ws/seat", "/ws/rejoin"] {
        assert_eq!(upgrade(path, &[]).await, StatusCode::SWITCHING_PROTOCOLS);
    }
}

#[tokio::test]
async fn a_wrong_upgrade_is_refused() {
    for (change, status) in [
        ((UPGRADE, None), StatusCode::UPGRADE_REQUIRED),
        ((UPGRADE, Some("h2c")), StatusCode::UPGRADE_REQUIRED),
        ((CONNECTION, None), StatusCode::UPGRADE_REQUIRED),
        ((CONNECTION, Some("close")), StatusCode::UPGRADE_REQUIRED),
        ((SEC_WEBSOCKET_VERSION, Some("8")), StatusCode::UPGRADE_REQUIRED),
        ((SEC_WEBSOCKET_VERSION, None), StatusCode::UPGRADE_REQUIRED),
        ((SEC_WEBSOCKET_KEY, None), StatusCode::BAD_REQUEST),
        ((SEC_WEBSOCKET_KEY, Some("short")), StatusCode::BAD_REQUEST),
        ((SEC_WEBSOCKET_PROTOCOL, None), StatusCode::BAD_REQUEST),
        ((SEC_WEBSOCKET_PROTOCOL, Some("vestibule.2")), StatusCode::BAD_REQUEST),
    ] {
        let (name, value) = &change;
        assert_eq!(
            upgrade("/ws/client", std::slice::from_ref(&change)).await,
            status,
            "{name} {value:?}"
        );
    }
}

#[tokio::test]
async fn only_our_own_page_and_programs_may_connect() {
    let (yes, no) = (StatusCode::SWITCHING_PROTOCOLS, StatusCode::FORBIDDEN);
    for (origin, client, program) in [
        (Some(OURS), yes, yes),
        (None, no, yes),
        (Some("http://127.0.0.1:8081"), no, no),
        (Some("http://127.0.0.1:8080.example"), no, no),
        (Some("null"), no, no),
    ] {
        assert_eq!(upgrade("/ws/client", &[(ORIGIN, origin)]).await, client, "{origin:?}");
        assert_eq!(upgrade("/ws/duty", &[(ORIGIN, origin)]).await, program, "{origin:?}");
        assert_eq!(upgrade("/ws/seat", &[(ORIGIN, origin)]).await, program, "{origin:?}");
        assert_eq!(upgrade("/ws/rejoin", &[(ORIGIN, origin)]).await, program, "{origin:?}");
    }
    let twice = [(ORIGIN, Some(OURS)), (ORIGIN, Some("http://other.example"))];
    assert_eq!(upgrade("/ws/duty", &twice).await, no);
}

const PAGE: &str = "https://page.example";

/// A relay whose page another web server serves as well, or a file.
fn relay_with(elsewhere: Elsewhere) -> (Router, FakeService) {
    let service = FakeService::new(1);
    let mut config = config(&[&service], Limits::default());
    config.elsewhere = elsewhere;
    let (_, stop) = stop::channel();
    (router(Relay::new(Server::new(config), stop)), service)
}

fn elsewhere(page_origins: &[&str], offline_page: bool) -> Elsewhere {
    let page_origins = page_origins.iter().map(|text| Origin::new(text).unwrap()).collect();
    Elsewhere { page_origins, offline_page }
}

async fn asked_from(router: &Router, path: &str, origins: &[&str]) -> Response {
    let request = origins.iter().fold(Request::get(path), |it, origin| it.header(ORIGIN, *origin));
    router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_page_from_elsewhere_reads_what_it_fetches_and_nothing_else() {
    let (router, service) = relay_with(elsewhere(&[PAGE], false));
    let card = format!("/service/{}", service.authority().to_hex());
    let leaflets = format!("{card}/leaflets/ru");
    let foreign = ["https://page.example.org", "http://page.example", "null", "file://", OURS];
    for path in ["/nodes", &card, &leaflets, "/service/00"] {
        let response = asked_from(&router, path, &[PAGE]).await;
        assert_eq!(response.headers()["access-control-allow-origin"], PAGE, "{path}");
        assert_eq!(response.headers()["cross-origin-resource-policy"], "cross-origin", "{path}");
        assert_eq!(response.headers()["vary"], "origin", "{path}");
        assert!(!response.headers().contains_key("access-control-allow-credentials"));
        for others in foreign.map(|other| vec![other]).into_iter().chain([vec![], vec![PAGE, PAGE]])
        {
            let response = asked_from(&router, path, &others).await;
            assert!(!response.headers().contains_key("access-control-allow-origin"), "{others:?}");
            assert_eq!(response.headers()["cross-origin-resource-policy"], "same-origin");
            // What was kept for a page that may not read it must not be given to one that may.
            assert_eq!(response.headers()["vary"], "origin", "{others:?}");
        }
    }
    for path in ["/", "/index.html", "/absent", "/ws/client", "/ws/rejoin"] {
        let response = asked_from(&router, path, &[PAGE]).await;
        assert!(!response.headers().contains_key("access-control-allow-origin"), "{path}");
        assert_eq!(response.headers()["cross-origin-resource-policy"], "same-origin", "{path}");
    }
}

#[tokio::test]
async fn a_page_from_elsewhere_has_the_sockets_of_a_client_and_no_others() {
    let (yes, no) = (StatusCode::SWITCHING_PROTOCOLS, StatusCode::FORBIDDEN);
    let hosted = || relay_with(elsewhere(&[PAGE], false)).0;
    let offline = || relay_with(elsewhere(&[], true)).0;
    for (router, origin, is_let_in) in [
        (hosted(), PAGE, true),
        (hosted(), "https://page.example.org", false),
        (hosted(), "null", false),
        (offline(), "null", true),
        // As Chromium says it of a WebSocket.
        (offline(), "file://", true),
        (offline(), PAGE, false),
    ] {
        for path in ["/ws/client", "/ws/rejoin", "/ws/duty", "/ws/seat", "/ws/indicators"] {
            let is_clients = ["/ws/client", "/ws/rejoin"].contains(&path);
            let expected = if is_let_in && is_clients { yes } else { no };
            let status = upgrade_at(&router, path, &[(ORIGIN, Some(origin))]).await;
            assert_eq!(status, expected, "{origin} at {path}");
        }
    }
}

#[tokio::test]
async fn without_pages_elsewhere_no_answer_says_a_word_about_origins() {
    let (router, service) = relay();
    for path in ["/nodes", &format!("/service/{}", service.authority().to_hex())] {
        for origin in [OURS, PAGE, "null"] {
            let response = asked_from(&router, path, &[origin]).await;
            assert!(!response.headers().contains_key("access-control-allow-origin"));
            assert!(!response.headers().contains_key("vary"));
            assert_eq!(response.headers()["cross-origin-resource-policy"], "same-origin");
        }
    }
}

/// A node of this name, beside others at hosts of their own.
fn node() -> Router {
    let mut config = config(&[&FakeService::new(1)], Limits::default());
    let onion = Origin::new("http://abcdefgh.onion").unwrap();
    let onions = BTreeMap::from([(NodeName::new("b").unwrap(), onion)]);
    let addresses = NodeAddresses::new("https://{name}.relay.example", onions).unwrap();
    let redis = RedisConfig::at("redis://127.0.0.1:1");
    let this = NodeConfig { name: NodeName::new("a").unwrap(), addresses };
    config.nodes = Some(Node { this, ..node_of(redis, "a") });
    let (_, stop) = stop::channel();
    router(Relay::new(Server::new(config), stop))
}

#[tokio::test]
async fn a_relay_that_stands_alone_is_its_own_directory() {
    let (router, _) = relay();
    let response = get(&router, "/nodes").await;
    assert_eq!(response.headers()[CONTENT_TYPE], "application/json");
    assert_eq!(response.headers()["cache-control"], "public, max-age=5");
    assert_eq!(body(response).await, br#"{"nodes":[{"name":"","at":""}]}"#);
    for path in ["/n/a", "/n/a/", "/n/a/nodes"] {
        assert_eq!(get(&router, path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_node_answers_at_its_own_address_too_and_not_at_another_s() {
    let router = node();
    let service = FakeService::new(1).authority().to_hex();
    for path in ["/", "/index.html", "/nodes", &format!("/service/{service}")] {
        let (here, there) = (get(&router, path).await, get(&router, &format!("/n/a{path}")).await);
        assert_eq!((here.status(), there.status()), (StatusCode::OK, StatusCode::OK), "{path}");
        assert_eq!(here.headers(), there.headers(), "{path}");
        assert_eq!(body(here).await, body(there).await, "{path}");
    }
    for path in ["/ws/client", "/n/a/ws/client", "/n/a/ws/duty", "/n/a/ws/seat"] {
        assert_eq!(get(&router, path).await.status(), StatusCode::UPGRADE_REQUIRED, "{path}");
    }
    for path in ["/n/b/ws/client", "/n/b", "/n/ab/nodes", "/n/A/", "/n/a%2f/nodes"] {
        let status = get(&router, path).await.status();
        assert_eq!(status, StatusCode::MISDIRECTED_REQUEST, "{path}");
    }
    for path in ["/n/a/absent", "/n/a/n/a/nodes"] {
        assert_eq!(get(&router, path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn pages_of_a_node_may_connect_to_all_nodes_and_nobody_else() {
    let policy = get(&node(), "/").await.headers()["content-security-policy"].clone();
    assert!(policy.to_str().unwrap().contains(
        "connect-src 'self' ws://127.0.0.1:8080 wss://*.relay.example https://*.relay.example \
         ws://abcdefgh.onion http://abcdefgh.onion; base-uri"
    ));
}
