use std::collections::BTreeMap;

use super::NodeAddresses;
use crate::config::Origin;
use crate::nodes::NodeName;

fn name(text: &str) -> NodeName {
    NodeName::new(text).unwrap()
}

#[test]
fn an_address_is_a_path_or_a_host_of_its_own() {
    for (template, address, sources) in [
        ("/n/{name}", "/n/b", vec![]),
        (
            "https://{name}.relay.example",
            "https://b.relay.example",
            vec!["wss://*.relay.example", "https://*.relay.example"],
        ),
        (
            "http://{name}.local:8080",
            "http://b.local:8080",
            vec!["ws://*.local:8080", "http://*.local:8080"],
        ),
    ] {
        let addresses = NodeAddresses::new(template, BTreeMap::new()).unwrap();
        assert_eq!(addresses.of(&name("b")), address);
        assert_eq!(addresses.connect_sources(), sources);
        assert!(addresses.onion_of(&name("b")).is_none());
    }
}

#[test]
fn onions_are_named_one_by_one() {
    let onion = Origin::new("http://abcdefgh.onion").unwrap();
    let onions = BTreeMap::from([(name("b"), onion.clone())]);
    let addresses = NodeAddresses::new("/n/{name}", onions).unwrap();
    assert_eq!(addresses.onion_of(&name("b")), Some(&onion));
    assert_eq!(addresses.onion_of(&name("a")), None);
    assert_eq!(addresses.connect_sources(), ["ws://abcdefgh.onion", "http://abcdefgh.onion"]);
    for other in ["https://relay.example", "http://onion", "http://a.onion.example"] {
        let onions = BTreeMap::from([(name("b"), Origin::new(other).unwrap())]);
        assert!(NodeAddresses::new("/n/{name}", onions).is_err(), "{other}");
    }
}

#[test]
fn a_template_that_leads_elsewhere_is_refused() {
    for wrong in [
        "",
        "/n/a",
        "/n/{name}/",
        "/node/{name}",
        "{name}.relay.example",
        "https://relay.example",
        "https://relay.example/n/{name}",
        "https://{name}",
        "https://{name}relay.example",
        "https://a-{name}.relay.example",
        "https://{name}.relay.example/",
        "https://{name}.{name}.example",
        "https://{name}.relay.example:443",
        &format!("https://{{name}}.{}", "a".repeat(100)),
    ] {
        assert!(NodeAddresses::new(wrong, BTreeMap::new()).is_err(), "{wrong}");
    }
}
