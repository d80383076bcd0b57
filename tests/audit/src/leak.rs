//! Every leak there is, and the claim of the report that must show it.

use clap::ValueEnum;

/// One thing that a relay must not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Leak {
    /// None: the control.
    None,
    /// A line with the address of whoever comes.
    LogAddress,
    /// A line at each socket, with nothing in it.
    LogMoment,
    /// A line with what was said, in hex.
    LogHex,
    /// What clients sent stays in memory, masked as it came.
    KeepMasked,
    /// What was sent to peers stays in memory.
    KeepSent,
    /// The first message of clients, with the token, stays in memory.
    KeepToken,
    /// The first message of those who rejoin, with the route, stays in memory.
    KeepRoute,
    /// The head of requests, with the user agent, stays in memory.
    KeepAgent,
    /// Addresses stay in a table, to count who comes how often.
    CountAddresses,
    /// A large buffer for each socket that is open.
    LargeBuffer,
    /// The system's allocator in place of the one that wipes.
    StockAllocator,
    /// Sockets of those who have left stay open, unread.
    UnpolledSocket,
    /// A temporary file.
    TemporaryFile,
    /// A file in memory.
    Memfd,
    /// A key in Redis that is not in the table.
    RedisKey,
    /// What was said goes through Redis.
    RedisPublish,
    /// A label that is not in the catalogue.
    MetricsLabel,
    /// How many sockets are open.
    MetricsGauge,
    /// Datagrams to a log server.
    Datagram,
    /// A second door.
    SecondListener,
    /// A secret in the environment.
    Environment,
    /// Another page for one visitor in ten.
    AlteredPage,
}

impl Leak {
    /// The claim that does not hold with this leak.
    pub fn claim(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::LogAddress | Self::LogHex => Some("logs-marks"),
            Self::LogMoment => Some("logs-silent"),
            Self::KeepMasked
            | Self::KeepSent
            | Self::KeepToken
            | Self::KeepRoute
            | Self::KeepAgent
            | Self::CountAddresses
            | Self::StockAllocator => Some("memory-after"),
            Self::LargeBuffer => Some("memory-during"),
            Self::UnpolledSocket => Some("kernel-sockets"),
            Self::TemporaryFile => Some("files-changed"),
            Self::Memfd => Some("files-open"),
            Self::RedisKey => Some("redis-keys"),
            Self::RedisPublish => Some("redis-marks"),
            Self::MetricsLabel => Some("metrics-known"),
            Self::MetricsGauge => Some("metrics-still"),
            Self::Datagram | Self::SecondListener => Some("state-sockets"),
            Self::Environment => Some("state-environment"),
            Self::AlteredPage => Some("page-same"),
        }
    }

    /// Whether it needs a Redis.
    pub fn needs_redis(self) -> bool {
        matches!(self, Self::RedisKey | Self::RedisPublish)
    }
}
