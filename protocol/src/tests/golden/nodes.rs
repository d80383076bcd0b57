//! Directories of nodes, and in which order two ends go through them.

use serde_json::{Value, json};
use vestibule_wire::{Route, hex};

use super::super::world::counted;
use crate::{DIRECTORY_BYTES_MAX, Directory, NODES_MAX};

pub(super) fn nodes() -> Value {
    let good: Vec<String> = good();
    let bad: Vec<String> = bad();
    for text in &good {
        assert!(Directory::read(text.as_bytes()).is_ok(), "{text}");
    }
    for text in &bad {
        assert!(Directory::read(text.as_bytes()).is_err(), "{text}");
    }
    let routes = [counted(0, 32), counted(0x60, 32), vec![0xff; 32]];
    let counts = [1, 2, 3, NODES_MAX];
    let orders = counts.iter().flat_map(|count| routes.iter().map(|route| order(*count, route)));
    json!({
        "about": "Directories, good and bad, and the order of their nodes for a route; section 6.",
        "good": good,
        "bad": bad,
        "orders": orders.collect::<Vec<_>>(),
    })
}

/// The order of so many nodes.
fn order(count: usize, route: &[u8]) -> Value {
    let text = directory(&names(count));
    let directory = Directory::read(text.as_bytes()).unwrap();
    let route = Route(route.try_into().unwrap());
    let order = directory.in_order_of(&route);
    let order: Vec<&str> = order.iter().map(|node| node.name.as_str()).collect();
    json!({ "directory": text, "route": hex(&route.0), "order": order })
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("n{number:02}")).collect()
}

fn directory(names: &[String]) -> String {
    let nodes: Vec<Value> =
        names.iter().map(|name| json!({ "name": name, "at": format!("/n/{name}") })).collect();
    json!({ "nodes": nodes }).to_string()
}

fn one(name: &str, at: &str) -> String {
    json!({ "nodes": [{ "name": name, "at": at }] }).to_string()
}

fn good() -> Vec<String> {
    let onion = json!({ "nodes": [
        { "name": "a", "at": "/n/a", "onion": "http://abcdefghijklmnop.onion" },
        { "name": "b-2", "at": "https://b-2.relay.example" },
        { "name": "c", "at": "http://127.0.0.1:8080", "later": 1 },
    ] });
    vec![
        one("", ""),
        one("a", "/n/a"),
        one("abcdefghijklmnop", "https://relay.example:8443"),
        directory(&names(NODES_MAX)),
        onion.to_string(),
    ]
}

fn bad() -> Vec<String> {
    let two = |first: &str, second: &str| directory(&[first.to_owned(), second.to_owned()]);
    let onion = |onion: &str| {
        json!({ "nodes": [{ "name": "a", "at": "/n/a", "onion": onion }] }).to_string()
    };
    let nobody_among_others =
        json!({ "nodes": [{ "name": "", "at": "" }, { "name": "b", "at": "/n/b" }] });
    vec![
        String::new(),
        "null".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        "{\"nodes\":[]}".to_owned(),
        "{\"nodes\":[{\"name\":\"a\"}]}".to_owned(),
        "{\"nodes\":[{\"name\":1,\"at\":\"\"}]}".to_owned(),
        format!("{}x", one("", "")),
        format!("{}{}", one("", ""), " ".repeat(DIRECTORY_BYTES_MAX)),
        directory(&names(NODES_MAX + 1)),
        two("b", "a"),
        two("a", "a"),
        nobody_among_others.to_string(),
        one("", "/n/"),
        one("a", ""),
        one("a", "/n/b"),
        one("a", "/n/a/"),
        one("A", "/n/A"),
        one("abcdefghijklmnopq", "/n/abcdefghijklmnopq"),
        one("a", "https://"),
        one("a", "https://relay.example/"),
        one("a", "https://relay.example/n/a"),
        one("a", "https://user@relay.example"),
        one("a", "https://relay.example:0"),
        one("a", "https://relay.example:65536"),
        one("a", "//relay.example"),
        one("a", "ftp://relay.example"),
        one("a", &format!("https://{}.example", "x".repeat(255))),
        onion("https://relay.example"),
        onion("http://a.onion.example"),
        onion(""),
    ]
}
