//! Directories of nodes from a network that says anything.

use proptest::prelude::{any, proptest};
use proptest::{collection, prop_assert};
use vestibule_wire::Route;

use crate::{Directory, NODES_MAX};

proptest! {
    #[test]
    fn any_bytes_are_a_directory_or_none(
        bytes in collection::vec(any::<u8>(), 0..200),
        name in "[a-z0-9-]{0,17}",
        at in "(/n/[a-z0-9/-]{0,17}|https?://[a-z0-9.:-]{0,30}|.{0,20})",
        route: [u8; 32],
    ) {
        let written = serde_json::json!({ "nodes": [{ "name": name, "at": at }] }).to_string();
        for bytes in [&bytes[..], written.as_bytes()] {
            let Ok(directory) = Directory::read(bytes) else { continue };
            prop_assert!((1..=NODES_MAX).contains(&directory.nodes().len()));
            prop_assert!(directory.in_order_of(&Route(route)).len() == directory.nodes().len());
        }
    }
}
