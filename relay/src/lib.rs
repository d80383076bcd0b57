//! The stateless relay: a desk, seats, and nothing kept.
//!
//! A cell's way is client socket → `connection` → `switchboard` → `connection` → worker socket.
//! The relay links no Noise, no KEM and no AEAD but those of TLS, which nothing else may use: it cannot
//! decrypt what it forwards. After its start it reads no file but the lists of revocations and
//! writes none but that of its indicators; it keeps no address, and says nothing about a peer to anybody.
//! Where several relays serve as one, `redis_store` alone speaks with what they share.
//!
//! The specification is `docs/protocol.md`; section numbers in this crate refer to it.

mod apart;
mod client;
mod clock;
mod colleagues;
mod config;
mod confine;
mod connection;
mod desk;
mod duty;
mod elsewhere;
mod entropy;
mod frame_socket;
mod headers;
mod health;
mod indicators;
mod lobby;
mod nodes;
mod nullifiers;
mod page;
mod peer_stream;
mod pressure;
mod redis_store;
mod rejoin;
mod relay;
mod rendezvous;
mod revocations;
mod routes;
mod seat;
mod server;
mod stack;
mod stop;
mod switchboard;
#[cfg(test)]
mod testing;
mod tls;
mod websocket;
mod worker_auth;

pub use apart::ApartError;
pub use clock::Clock;
pub use config::{Config, ConfigError, Limits, Node, Origin, Service, allow_open_files};
pub use confine::{Connect, Measure, Needs, State, confine, without_environment};
pub use elsewhere::Elsewhere;
pub use indicators::{
    Budget, Counting, EpsilonMillionths, IndicatorsConfig, IndicatorsFile, KeptIn, PeriodKind,
    SharedSums,
};
pub use nodes::{NodeAddresses, NodeConfig, NodeName};
pub use page::{Page, PageError};
pub use redis_store::{RedisConfig, RedisCounters, RedisProblem, look_at_redis};
pub use relay::Server;
pub use revocations::RevocationsFile;
pub use tls::TlsConfig;
pub use worker_auth::{Admission, StrictAdmission};
