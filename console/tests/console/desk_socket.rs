//! What the desk's loopback server refuses.

use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use vestibule_console::clock::Clock;
use vestibule_console::desk_page::RunningDesk;

use crate::page::Page;
use crate::setting::{enrol, service, start_desk};

async fn desk() -> RunningDesk {
    start_desk(enrol(&service("https://relay.example"), "Anna"), Clock::system()).await
}

/// Sends a request by hand and returns the whole answer.
pub(crate) async fn request(desk: &RunningDesk, head: &str) -> String {
    let host = desk.origin().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).await.unwrap();
    let head = head.replace("HOST", host);
    let request = format!("{head}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn the_page_is_served_with_strict_headers() {
    let desk = desk().await;
    let answer = request(&desk, "GET / HTTP/1.1\r\nhost: HOST").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    let port = desk.origin().rsplit(':').next().unwrap();
    for header in [
        "content-type: text/html; charset=utf-8",
        &format!(
            "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'; \
             img-src 'self'; media-src 'self'; connect-src 'self' ws://127.0.0.1:{port}; base-uri 'none'; \
             form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
        ),
        "cache-control: no-store",
        "x-content-type-options: nosniff",
        "referrer-policy: no-referrer",
        "cross-origin-opener-policy: same-origin",
        "cross-origin-resource-policy: same-origin",
    ] {
        assert!(answer.contains(&format!("\r\n{header}\r\n")), "{header} in {answer}");
    }
    assert!(answer.ends_with("<title>desk</title>"));
}

#[tokio::test]
async fn foreign_hosts_origins_paths_and_methods_are_refused() {
    let desk = desk().await;
    for (head, status) in [
        ("GET / HTTP/1.1\r\nhost: evil.example", "403"),
        ("GET / HTTP/1.1\r\nhost: localhost", "403"),
        ("GET / HTTP/1.0", "403"),
        ("GET / HTTP/1.1\r\nhost: HOST\r\norigin: https://evil.example", "403"),
        ("GET / HTTP/1.1\r\nhost: HOST\r\norigin: null", "403"),
        ("GET /app.js HTTP/1.1\r\nhost: HOST\r\norigin: http://HOST", "200"),
        ("POST / HTTP/1.1\r\nhost: HOST", "405"),
        ("GET /nothing HTTP/1.1\r\nhost: HOST", "404"),
        ("GET /../Cargo.toml HTTP/1.1\r\nhost: HOST", "404"),
        ("GET /socket HTTP/1.1\r\nhost: HOST", "403"),
        ("GET /socket HTTP/1.1\r\nhost: HOST\r\norigin: http://HOST", "400"),
    ] {
        let answer = request(&desk, head).await;
        assert_eq!(answer.split(' ').nth(1), Some(status), "{head}: {answer}");
    }
    for origin in ["https://evil.example", "null", "http://localhost"] {
        assert!(Page::connect(&desk, origin).await.is_err(), "{origin}");
    }
}

#[tokio::test]
async fn only_the_bearer_opens_the_desk() {
    let desk = desk().await;
    for first in [
        json!({ "type": "hello", "bearer": "" }),
        json!({ "type": "hello", "bearer": desk.bearer().to_lowercase() + "x" }),
        json!({ "type": "go_on_duty" }),
    ] {
        let mut page = Page::connect(&desk, desk.origin()).await.unwrap();
        page.send(first).await;
        assert_eq!(page.closed_with().await, 4401);
    }
}

#[tokio::test]
async fn a_late_bearer_is_none() {
    let desk = desk().await;
    let mut page = Page::connect(&desk, desk.origin()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(5_200)).await;
    page.send(json!({ "type": "hello", "bearer": desk.bearer() })).await;
    assert_eq!(page.closed_with().await, 4401);
}

#[tokio::test]
async fn what_is_not_in_the_table_closes_the_socket() {
    let desk = desk().await;
    let long = "x".repeat(262_145);
    for text in [
        "",
        "{}",
        "[]",
        "null",
        "{\"type\":\"nothing\"}",
        "{\"type\":\"go_on_duty\",\"more\":1}",
        "{\"type\":\"accept\"}",
        "{\"type\":\"accept\",\"offer\":\"09\"}",
        "{\"type\":\"accept\",\"offer\":\"0909090909090909ff\"}",
        "{\"type\":\"accept\",\"offer\":\"090909090909090G\"}",
        "{\"type\":\"send\",\"consultation\":1,\"text\":\"\"}",
        "{\"type\":\"send\",\"consultation\":-1,\"text\":\"x\"}",
        "{\"type\":\"send\",\"consultation\":\"1\",\"text\":\"x\"}",
        "{\"type\":\"end\",\"consultation\":1.5}",
        "{\"type\":\"hello\",\"bearer\":\"x\"}",
        &long,
    ] {
        let mut page = Page::open(&desk).await;
        page.next_of("snapshot").await;
        page.send_text(text.to_owned()).await;
        assert_eq!(page.closed_with().await, 4400, "{text:.60}");
    }
    let mut page = Page::open(&desk).await;
    page.send_message(Message::binary(vec![1, 2, 3])).await;
    assert_eq!(page.closed_with().await, 4400);
}

#[tokio::test]
async fn unknown_consultations_are_passed_over() {
    let desk = desk().await;
    let mut page = Page::open(&desk).await;
    for kind in ["end", "forget"] {
        page.send(json!({ "type": kind, "consultation": 7 })).await;
    }
    page.send(json!({ "type": "send", "consultation": 7, "text": "x" })).await;
    page.send(json!({ "type": "accept", "offer": "0909090909090909" })).await;
    page.next_of("snapshot").await;
    assert_eq!(page.next().await, json!({ "type": "notice", "notice": "offer_gone" }));
}

#[tokio::test]
async fn a_fifth_page_is_one_too_many() {
    let desk = desk().await;
    let mut pages = Vec::new();
    for _ in 0..4 {
        let mut page = Page::open(&desk).await;
        page.next_of("snapshot").await;
        pages.push(page);
    }
    assert_eq!(Page::open(&desk).await.closed_with().await, 4429);
}
