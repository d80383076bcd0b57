//! The floor, and what others would write: programs of `tests/load/peers`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use vestibule_tests::relay::programs;

use super::{Contender, Door, apart, free_address, start, start_silent};
use crate::generator::Framing;

/// What every ratio is divided by.
pub fn floor() -> Contender {
    program("floor", Door::Next, Framing::Bytes, apart(programs().join("floor")))
}

/// Relays that others' libraries make.
pub fn peers() -> Vec<Contender> {
    let rust = |name, program: &str| {
        let path = folder().join("target/release").join(program);
        self::program(name, Door::Upgrade, Framing::WebSocket, apart(path))
    };
    let mut node = apart("node");
    node.arg(folder().join("ws/relay.mjs"));
    vec![
        rust("fastwebsockets", "fastwebsockets"),
        rust("tokio-tungstenite", "tungstenite"),
        rust("axum, tuned", "axum-tuned"),
        rust("axum, as it comes", "axum-default"),
        program("ws (Node.js)", Door::Upgrade, Framing::WebSocket, node),
        transit(),
    ]
}

/// The transit relay of magic-wormhole, in Python.
fn transit() -> Contender {
    let address = free_address();
    let mut command = apart(folder().join("transit/environment/bin/twist"));
    command.args(["transitrelay", &format!("--port=tcp:{}:interface=127.0.0.1", address.port())]);
    Contender {
        name: "magic-wormhole's transit relay",
        framing: Framing::Bytes,
        door: Door::Token,
        address,
        process: start_silent(&mut command, address, None),
    }
}

fn program(name: &'static str, door: Door, framing: Framing, mut command: Command) -> Contender {
    let address: SocketAddr = free_address();
    let process = start(command.arg(address.port().to_string()), None);
    Contender { name, framing, door, address, process }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers")
}
