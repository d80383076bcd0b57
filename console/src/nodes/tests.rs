use super::*;

fn nodes(origins: &[&str]) -> Nodes {
    let origins: Vec<Origin> = origins.iter().map(|text| Origin::parse(text).unwrap()).collect();
    Nodes::new(&origins)
}

fn told(nodes: &Nodes, through: usize, text: &str) {
    nodes.note(Some((through, Directory::read(text.as_bytes()).unwrap())));
}

/// Names and the addresses of their duty sockets.
fn shown(nodes: &Nodes) -> Vec<(String, Vec<String>)> {
    let address = |address: &Address| address.socket_address("/ws/duty");
    let shown = |place: NodePlace| (place.name, place.addresses.iter().map(address).collect());
    nodes.all().into_iter().map(shown).collect()
}

fn one(name: &str, addresses: &[&str]) -> (String, Vec<String>) {
    (name.to_owned(), addresses.iter().map(|text| (*text).to_owned()).collect())
}

#[test]
fn before_a_directory_there_is_the_relay_at_each_of_its_addresses() {
    let nodes = nodes(&["http://abc.onion", "https://relay.example", "https://other.example"]);
    let both = ["wss://relay.example/ws/duty", "wss://other.example/ws/duty"];
    assert_eq!(shown(&nodes), [one("", &both)]);
    nodes.note(None);
    assert_eq!(shown(&nodes), [one("", &both)]);
}

#[test]
fn nodes_are_where_the_directory_says() {
    let nodes = nodes(&["https://relay.example", "https://other.example"]);
    let text = r#"{"nodes":[{"name":"a","at":"/n/a"},{"name":"b","at":"https://b.example"}]}"#;
    told(&nodes, 1, text);
    let a = ["wss://other.example/n/a/ws/duty", "wss://relay.example/n/a/ws/duty"];
    assert_eq!(shown(&nodes), [one("a", &a), one("b", &["wss://b.example/ws/duty"])]);
    // Whatever address a node has, the sign-in is bound to the service's.
    let origins: Vec<String> =
        nodes.all().iter().map(|place| place.addresses[0].origin().as_str().to_owned()).collect();
    assert_eq!(origins, ["https://other.example", "https://other.example"]);
}

#[test]
fn nobody_is_sent_to_this_machine_or_into_the_clear_by_a_relay_elsewhere() {
    let far = nodes(&["https://relay.example"]);
    let text = r#"{"nodes":[{"name":"a","at":"/n/a"},{"name":"b","at":"http://127.0.0.1:631"},
        {"name":"c","at":"http://relay.example"},{"name":"d","at":"http://abc.onion"}]}"#;
    told(&far, 0, text);
    assert_eq!(shown(&far), [one("a", &["wss://relay.example/n/a/ws/duty"])]);
    // A directory of nothing but such nodes is none.
    told(&far, 0, r#"{"nodes":[{"name":"b","at":"http://127.0.0.1:631"}]}"#);
    assert_eq!(shown(&far), [one("a", &["wss://relay.example/n/a/ws/duty"])]);
    let near = nodes(&["http://127.0.0.1:8080"]);
    told(&near, 0, r#"{"nodes":[{"name":"b","at":"http://127.0.0.1:8081"}]}"#);
    assert_eq!(shown(&near), [one("b", &["ws://127.0.0.1:8081/ws/duty"])]);
}

#[tokio::test]
async fn who_watches_hears_of_another_directory_alone() {
    let nodes = nodes(&["https://relay.example"]);
    let mut watch = nodes.watch();
    nodes.note(None);
    watch.asked().await;
    let text = r#"{"nodes":[{"name":"a","at":"/n/a"}]}"#;
    told(&nodes, 0, text);
    watch.changed().await;
    told(&nodes, 0, text);
    nodes.note(None);
    assert!(timeout(Duration::from_millis(20), watch.changed()).await.is_err());
    assert_eq!(shown(&nodes).len(), 1, "what was known holds");
}
