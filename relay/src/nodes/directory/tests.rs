use std::collections::{BTreeMap, BTreeSet};

use super::{Directory, NodeConfig};
use crate::config::Origin;
use crate::nodes::{NODES_MAX, NodeAddresses, NodeName};

/// What an end may be given to read.
const DIRECTORY_BYTES_MAX: usize = 16_384;

fn names<'a>(texts: impl IntoIterator<Item = &'a str>) -> BTreeSet<NodeName> {
    texts.into_iter().map(|text| NodeName::new(text).unwrap()).collect()
}

fn directory(template: &str, onions: BTreeMap<NodeName, Origin>) -> Directory {
    let addresses = NodeAddresses::new(template, onions).unwrap();
    Directory::new(Some(NodeConfig { name: NodeName::new("b").unwrap(), addresses }))
}

fn json(directory: &Directory) -> String {
    String::from_utf8(directory.json().to_vec()).unwrap()
}

#[test]
fn a_relay_that_stands_alone_has_no_name() {
    let directory = Directory::new(None);
    assert_eq!(json(&directory), r#"{"nodes":[{"name":"","at":""}]}"#);
}

#[test]
fn a_node_lists_itself_and_those_it_heard_of_by_name() {
    let directory = directory("/n/{name}", BTreeMap::new());
    let alone = r#"{"nodes":[{"name":"b","at":"/n/b"}]}"#;
    assert_eq!(json(&directory), alone);
    directory.heard_of(names(["c", "a", "b"]));
    assert_eq!(
        json(&directory),
        r#"{"nodes":[{"name":"a","at":"/n/a"},{"name":"b","at":"/n/b"},{"name":"c","at":"/n/c"}]}"#
    );
    directory.heard_of(names([]));
    assert_eq!(json(&directory), alone);
}

#[test]
fn a_node_that_drains_leaves_itself_out() {
    let directory = directory("https://{name}.relay.example", BTreeMap::new());
    directory.heard_of(names(["a", "b"]));
    directory.drain();
    let other = r#"{"nodes":[{"name":"a","at":"https://a.relay.example"}]}"#;
    assert_eq!(json(&directory), other);
    directory.heard_of(names(["a", "b"]));
    assert_eq!(json(&directory), other);
}

#[test]
fn the_longest_directory_can_be_read() {
    let all: Vec<String> = (0..NODES_MAX + 10).map(|number| format!("{number:016}")).collect();
    let name = |text: &String| NodeName::new(text).unwrap();
    let onion = format!("http://{}.onion:65535", "a".repeat(61));
    let onions = all.iter().skip(10).map(|text| (name(text), Origin::new(&onion).unwrap()));
    let template = format!("https://{{name}}.{}", "a".repeat(85));
    let directory = directory(&template, onions.collect());
    directory.heard_of(all.iter().map(name).collect());
    let json = json(&directory);
    assert_eq!(json.matches("\"name\"").count(), NODES_MAX);
    assert!(json.contains(r#"{"name":"b","at":"#), "the node itself is left out");
    assert!(json.len() <= DIRECTORY_BYTES_MAX, "{}", json.len());
}
