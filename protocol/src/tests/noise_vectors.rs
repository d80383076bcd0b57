//! Published Noise vectors, through the curve and the cipher that we gave snow.

use data_encoding::HEXLOWER;
use serde_json::Value;
use snow::{Builder, HandshakeState};

use crate::noise::WipingResolver;

#[test]
fn published_vectors_hold() {
    let file = include_str!("../../tests/vectors/noise.json");
    let vectors: Value = serde_json::from_str(file).unwrap();
    let vectors = vectors["vectors"].as_array().unwrap();
    assert!(vectors.len() >= 13, "some published vectors are missing");
    for vector in vectors {
        replay(vector);
    }
}

fn replay(vector: &Value) {
    let name = vector["protocol_name"].as_str().unwrap();
    let mut initiator = build(vector, "init");
    let mut responder = build(vector, "resp");
    let mut messages = vector["messages"].as_array().unwrap().iter();
    for (index, message) in messages.by_ref().take(2).enumerate() {
        let ends = [&mut initiator, &mut responder];
        let [writer, reader] = if index == 0 {
            ends
        } else {
            let [a, b] = ends;
            [b, a]
        };
        let mut sealed = vec![0; 1024];
        let length = writer.write_message(&bytes(&message["payload"]), &mut sealed).unwrap();
        assert_eq!(sealed[..length], bytes(&message["ciphertext"]), "{name}, message {index}");
        let mut opened = vec![0; 1024];
        let length = reader.read_message(&sealed[..length], &mut opened).unwrap();
        assert_eq!(opened[..length], bytes(&message["payload"]), "{name}, message {index}");
    }
    if let Some(hash) = vector["handshake_hash"].as_str() {
        assert_eq!(HEXLOWER.encode(initiator.get_handshake_hash()), hash, "{name}");
    }
    let mut initiator = initiator.into_transport_mode().unwrap();
    let mut responder = responder.into_transport_mode().unwrap();
    for (index, message) in messages.enumerate() {
        let writer = if index % 2 == 0 { &mut initiator } else { &mut responder };
        let mut sealed = vec![0; 1024];
        let length = writer.write_message(&bytes(&message["payload"]), &mut sealed).unwrap();
        assert_eq!(sealed[..length], bytes(&message["ciphertext"]), "{name}, after the handshake");
    }
}

fn build(vector: &Value, side: &str) -> HandshakeState {
    let name = vector["protocol_name"].as_str().unwrap();
    let field = |field: &str| vector.get(format!("{side}_{field}")).map(bytes);
    let (prologue, ephemeral) = (field("prologue").unwrap(), field("ephemeral").unwrap());
    let (own_static, remote_static) = (field("static"), field("remote_static"));
    let psks: Vec<[u8; 32]> = vector
        .get(format!("{side}_psks"))
        .and_then(Value::as_array)
        .map(|psks| psks.iter().map(|psk| bytes(psk).try_into().unwrap()).collect())
        .unwrap_or_default();
    let resolver = Box::new(WipingResolver::default());
    let mut builder = Builder::with_resolver(name.parse().unwrap(), resolver)
        .prologue(&prologue)
        .unwrap()
        .fixed_ephemeral_key_for_testing_only(&ephemeral);
    // A vector lists its psks in the order of the pattern's modifiers.
    let places = (0..10_u8).filter(|place| name.contains(&format!("psk{place}")));
    for (place, psk) in places.zip(&psks) {
        builder = builder.psk(place, psk).unwrap();
    }
    if let Some(key) = &own_static {
        builder = builder.local_private_key(key).unwrap();
    }
    if let Some(key) = &remote_static {
        builder = builder.remote_public_key(key).unwrap();
    }
    if side == "init" { builder.build_initiator() } else { builder.build_responder() }.unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    HEXLOWER.decode(value.as_str().unwrap().as_bytes()).unwrap()
}
