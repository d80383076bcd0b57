//! The relay cannot decrypt: no Noise implementation in its dependency tree, nor in its binary.
//!
//! It does have ring, whose ciphers rustls needs for TLS; `deny.toml` lets nothing else use ring. What
//! opens a cell is a key that no relay has, and the crates below are what could make one.

use std::fs;

use crate::step::{announce, output};
use crate::{Outcome, cargo, root, target};

/// Names that no crate of the relay may have: our own protocol of the ends, Noise and its relatives,
/// and what only ends need.
const FORBIDDEN: [&str; 8] = [
    "vestibule-protocol",
    "snow",
    "noise",
    "ml-kem",
    "chacha20poly1305",
    "aes-gcm",
    "age",
    "crypto_box",
];
/// Noise's protocol names begin with this; a program that can run Noise contains one.
const NOISE_NAME: &[u8] = b"Noise_";

/// Checks the relay, and checks the check on the console, which must not pass it.
pub(crate) fn check() -> Outcome {
    announce("looking for Noise in the relay");
    let relay = forbidden_in_tree("vestibule-relay")?;
    if !relay.is_empty() {
        return Err(format!("the relay depends on {}", relay.join(", ")));
    }
    if contains_noise("vestibule-relay")? {
        return Err("the relay's binary contains the name of a Noise protocol".to_owned());
    }
    let console = forbidden_in_tree("vestibule-console")?;
    if !console.iter().any(|name| name == "snow") || !contains_noise("vestibule")? {
        return Err("the check does not find Noise where it is: in the console".to_owned());
    }
    println!("none, and the same search finds it in the console");
    Ok(())
}

fn forbidden_in_tree(package: &str) -> Outcome<Vec<String>> {
    let tree = [
        "tree",
        "--package",
        package,
        "--edges",
        "normal,build",
        "--target",
        "all",
        "--prefix",
        "none",
        "--format",
        "{lib}|{p}",
    ];
    let tree = output(&cargo(), &tree, &root()).ok_or("cargo tree failed")?;
    let names = tree.lines().filter_map(|line| {
        let (_, package) = line.split_once('|')?;
        package.split(' ').next().map(str::to_owned)
    });
    let mut found: Vec<String> = names
        .filter(|name| FORBIDDEN.iter().any(|forbidden| is_or_extends(name, forbidden)))
        .collect();
    found.sort();
    found.dedup();
    Ok(found)
}

/// `noise-protocol` extends `noise`; `snowflake` does not extend `snow`.
fn is_or_extends(name: &str, forbidden: &str) -> bool {
    name.strip_prefix(forbidden).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}

fn contains_noise(binary: &str) -> Outcome<bool> {
    let path = target().join("debug").join(binary);
    let content = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(content.windows(NOISE_NAME.len()).any(|window| window == NOISE_NAME))
}
