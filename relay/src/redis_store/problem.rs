//! What is wrong with Redis, in one sentence for the operator. What Redis itself says about an error is
//! never repeated: it may quote what it was sent.

use redis::{ErrorKind, RedisError, ServerErrorKind};
use thiserror::Error;

/// Why Redis cannot be used, just now or at all.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RedisProblem {
    /// Nobody answers.
    #[error("Redis at {0} cannot be reached")]
    Unreachable(String),
    /// A name or a certificate is wrong.
    #[error("Redis at {0}: the address or ca_file cannot be used")]
    Unusable(String),
    /// It does not believe us.
    #[error("Redis refuses the user or the password")]
    Refused,
    /// The access list lacks something.
    #[error(
        "Redis does not allow this user what a relay needs; the access list that it needs stands in \
         docs/operations.md"
    )]
    NotAllowed,
    /// It would keep what should be forgotten, or may lose a claim.
    #[error("Redis at {at} keeps more than it should: set `{setting}` there")]
    Setting {
        /// Which server.
        at: String,
        /// The line of its configuration.
        setting: String,
    },
    /// A replica could take over that never had a claim.
    #[error(
        "Redis at {at} has {connected} replicas, and [redis] says replicas = {waited_for}: a failover \
         could forget a spent link; say replicas = {connected}"
    )]
    Replicas {
        /// Which server.
        at: String,
        /// How many there are.
        connected: usize,
        /// How many are waited for.
        waited_for: u32,
    },
    /// No sentinel has heard of the master.
    #[error("no sentinel that answers knows the master")]
    UnknownMaster,
    /// It is a replica, or has no master for some keys.
    #[error("no master of Redis is there")]
    NoMaster,
    /// It did not answer in time.
    #[error("Redis does not answer in time")]
    Slow,
    /// What was written may be lost.
    #[error("fewer replicas of Redis than [redis] says have what was written")]
    FewReplicas,
    /// Its answers mean nothing here.
    #[error("Redis answers what nobody expects of it")]
    Strange,
}

impl RedisProblem {
    /// Whether waiting does not help: somebody has to change something.
    pub fn is_for_the_operator(&self) -> bool {
        match self {
            Self::Unusable(_)
            | Self::Refused
            | Self::NotAllowed
            | Self::Setting { .. }
            | Self::Replicas { .. } => true,
            Self::Unreachable(_)
            | Self::UnknownMaster
            | Self::NoMaster
            | Self::Slow
            | Self::FewReplicas
            | Self::Strange => false,
        }
    }
}

impl From<RedisError> for RedisProblem {
    #[allow(clippy::wildcard_enum_match_arm, reason = "the library may get more kinds of errors")]
    fn from(error: RedisError) -> Self {
        if error.is_timeout() {
            return Self::Slow;
        }
        match (error.kind(), error.code()) {
            (ErrorKind::AuthenticationFailed, _) | (_, Some("WRONGPASS" | "NOAUTH")) => {
                Self::Refused
            }
            (ErrorKind::Server(ServerErrorKind::NoPerm), _) => Self::NotAllowed,
            (ErrorKind::Io, _) => Self::Unreachable("its address".to_owned()),
            (ErrorKind::Server(kind), _) => match kind {
                ServerErrorKind::ReadOnly
                | ServerErrorKind::Moved
                | ServerErrorKind::Ask
                | ServerErrorKind::TryAgain
                | ServerErrorKind::ClusterDown
                | ServerErrorKind::MasterDown => Self::NoMaster,
                ServerErrorKind::BusyLoading => Self::Slow,
                _ => Self::Strange,
            },
            _ => Self::Strange,
        }
    }
}
