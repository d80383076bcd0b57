//! The one table of close codes (section 5).

/// Why a socket was closed. The number of each, for the WebSocket close frame, stands in [`Close::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Close {
    /// The peer has finished.
    Done,
    /// The relay is stopping.
    GoingAway,
    /// The bytes break RFC 6455.
    NotWebsocket,
    /// A message that is not in the table, not of its size, or not allowed now.
    Malformed,
    /// A deadline passed before the next message, or the peer does not read.
    TooSlow,
    /// Nothing was heard, not even a pong.
    Silent,
    /// A limit is reached.
    Crowded,
    /// This relay does not serve this authority.
    UnknownService,
    /// No worker has yet told the relay of this epoch.
    NotReady,
    /// The token's signature is wrong, or no worker could open the opening.
    LinkRefused,
    /// The link's time is over.
    LinkExpired,
    /// A worker accepted this link already.
    LinkSpent,
    /// This link waits in too many places already.
    LinkOpenElsewhere,
    /// The certificate is not of this authority, or altered.
    CertificateRefused,
    /// The certificate does not hold now.
    CertificateExpired,
    /// The sign-in's MAC is wrong.
    SignInRefused,
    /// The epoch statement is not of this authority, or not current.
    StatementRefused,
    /// The revocations are not of this authority, or altered.
    RevocationsRefused,
    /// The puzzle's solution is wrong.
    PuzzleRefused,
    /// The slip is not of this service, or its keys no longer count.
    SlipRefused,
    /// The other end's socket has gone.
    PeerLeft,
    /// The seat is unknown, taken, or too late.
    SeatGone,
    /// A newer socket of the same end waits at this route.
    RejoinedElsewhere,
}

impl Close {
    /// Every code with its number and name.
    pub const ALL: [(Self, u16, &str); 23] = [
        (Self::Done, 1000, "done"),
        (Self::GoingAway, 1001, "going_away"),
        (Self::NotWebsocket, 1002, "not_websocket"),
        (Self::Malformed, 4000, "malformed"),
        (Self::TooSlow, 4001, "too_slow"),
        (Self::Silent, 4002, "silent"),
        (Self::Crowded, 4003, "crowded"),
        (Self::UnknownService, 4010, "unknown_service"),
        (Self::NotReady, 4011, "not_ready"),
        (Self::LinkRefused, 4012, "link_refused"),
        (Self::LinkExpired, 4013, "link_expired"),
        (Self::LinkSpent, 4014, "link_spent"),
        (Self::LinkOpenElsewhere, 4015, "link_open_elsewhere"),
        (Self::CertificateRefused, 4020, "certificate_refused"),
        (Self::CertificateExpired, 4021, "certificate_expired"),
        (Self::SignInRefused, 4022, "sign_in_refused"),
        (Self::StatementRefused, 4023, "statement_refused"),
        (Self::RevocationsRefused, 4024, "revocations_refused"),
        (Self::PuzzleRefused, 4025, "puzzle_refused"),
        (Self::SlipRefused, 4026, "slip_refused"),
        (Self::PeerLeft, 4030, "peer_left"),
        (Self::SeatGone, 4031, "seat_gone"),
        (Self::RejoinedElsewhere, 4032, "rejoined_elsewhere"),
    ];

    /// The number in the close frame.
    pub fn code(self) -> u16 {
        Self::ALL.iter().find(|(close, ..)| *close == self).map_or(1002, |(_, code, _)| *code)
    }

    /// The name in the table.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(close, ..)| *close == self).map_or("", |(.., name)| name)
    }

    /// The close for a number that a peer sent, if it is in the table.
    pub fn from_code(code: u16) -> Option<Self> {
        Self::ALL.iter().find(|(_, number, _)| *number == code).map(|(close, ..)| *close)
    }
}
