//! Every limit and deadline of the relay, with its reason.

use std::time::Duration;

/// What the relay allows. The defaults are those of the specification's reference relay; tests
/// shorten the deadlines.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Sockets open at once, of any kind. A waiting one takes less than 2 KiB here, a client's opening
    /// 2 KiB besides, and 8 KiB in the kernel.
    pub connections_max: usize,
    /// Longest request head. Browsers send less than 2 KiB.
    pub request_header_bytes_max: usize,
    /// From the connection to the end of the first request's head.
    pub request_header_deadline: Duration,
    /// From the connection to its upgrade or its end: a page and its files over a slow Tor circuit.
    pub request_deadline: Duration,
    /// From the upgrade to the first frame: two ways through a slow Tor circuit. A person has pressed
    /// Start before the page connects.
    pub first_frame_deadline: Duration,
    /// From `granted` to `take_seat` (section 6).
    pub seat_deadline: Duration,
    /// How often every socket is looked at. Deadlines below are kept to within one tick.
    pub tick_interval: Duration,
    /// After so long without a word a peer is sent a ping.
    pub ping_interval: Duration,
    /// After so long without a word, two pings included, a peer is gone.
    pub silent_after: Duration,
    /// A peer that takes nothing for so long does not read.
    pub write_stall_max: Duration,
    /// From our close frame to the end of the socket.
    pub close_deadline: Duration,
    /// From the signal to stop to the end of the process.
    pub stop_deadline: Duration,
    /// A node that stops sends people away at moments spread over so long, before that.
    pub drain_spread: Duration,
    /// Bytes kept for a peer that reads slowly: one burst of cells.
    pub spill_bytes_max: usize,
    /// Openings waiting for one service: more than any service answers in an hour.
    pub waiting_openings_max: usize,
    /// Openings of one link waiting at once: a person may open it in two browsers.
    pub openings_per_link_max: usize,
    /// Openings waiting at all doors of one service: whoever has only seen a poster leaves half of the
    /// room to those who were given a link.
    pub door_openings_max: usize,
    /// Openings waiting at one door, so that no poster takes the place of another.
    pub openings_per_door_max: usize,
    /// Openings let in at one door in about a minute. Each is told to every worker on duty, 2 KiB at a
    /// time, and the slowest line among them must keep up.
    pub arrivals_per_door_minute_max: usize,
    /// From `puzzle` to `solution` (section 6).
    pub solution_deadline: Duration,
    /// Sockets that solve a puzzle. They have shown no more than what stands on a poster.
    pub solving_sockets_max: usize,
    /// How often a list of revocations that the operator keeps is looked at.
    pub revocations_check_interval: Duration,
    /// Workers on duty for one service.
    pub workers_on_duty_max: usize,
    /// Whispers of one worker that colleagues have not yet taken, at about 1 KiB each: the full
    /// windows (section 9) of four. Whoever has so many is not read until one is taken.
    pub whispers_waiting_max: usize,
    /// Sockets waiting at a route, of either end. A worker keeps one for each of its consultations,
    /// which has two sockets beside it, so this is more than can be needed. Nobody proves anything
    /// before waiting here, so the other half of all connections is kept for those who do.
    pub rejoining_sockets_max: usize,
    /// Spent links of one service that are remembered, at about 100 bytes each.
    pub nullifiers_max: usize,
    /// A client that comes again within so long, with the same opening, goes on with its request: pages
    /// try again every few seconds, and a phone that changes networks takes a minute.
    pub same_request_within: Duration,
    /// Requests of one service that ended so lately, at about 100 bytes each.
    pub ended_requests_max: usize,
    /// Sockets at which somebody hands a slip in or reads sums. Each is brief.
    pub indicator_sockets_max: usize,
    /// Slips of one service whose numbers are remembered at least, so that none counts twice, at about
    /// 40 bytes each: what forty workers hand in in several weeks.
    pub slips_remembered_min: usize,
    /// How often the relay looks whether a period is over.
    pub indicators_check_interval: Duration,
    /// A period's counts reach the file at some moment within so long after its end.
    pub indicators_flush_within: Duration,
    /// When the file could not be written: from one try to the next.
    pub indicators_retry_interval: Duration,
    /// How old an operator's health figures may be.
    pub health_snapshot_interval: Duration,
    /// Connections at the address for health figures.
    pub health_connections_max: usize,
    /// How long a node that starts waits for its Redis before it serves without.
    pub redis_start_patience: Duration,
    /// Claims of links of which Redis has not said yet whether they hold; what comes beyond is deferred.
    pub claims_in_flight_max: usize,
    /// Requests waiting for the lobby; whoever asks when it is full waits.
    pub lobby_queue_len_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections_max: 8_192,
            request_header_bytes_max: 8_192,
            request_header_deadline: Duration::from_secs(10),
            request_deadline: Duration::from_mins(1),
            first_frame_deadline: Duration::from_secs(10),
            seat_deadline: Duration::from_secs(10),
            tick_interval: Duration::from_secs(5),
            ping_interval: Duration::from_secs(15),
            silent_after: Duration::from_secs(35),
            write_stall_max: Duration::from_secs(20),
            close_deadline: Duration::from_secs(2),
            stop_deadline: Duration::from_millis(1_500),
            drain_spread: Duration::from_secs(2),
            spill_bytes_max: 128 * 1_024,
            waiting_openings_max: 256,
            openings_per_link_max: 2,
            door_openings_max: 128,
            openings_per_door_max: 64,
            arrivals_per_door_minute_max: 240,
            solution_deadline: Duration::from_mins(2),
            solving_sockets_max: 2_048,
            revocations_check_interval: Duration::from_secs(15),
            workers_on_duty_max: 256,
            whispers_waiting_max: 256,
            rejoining_sockets_max: 4_096,
            nullifiers_max: 131_072,
            same_request_within: Duration::from_mins(2),
            ended_requests_max: 1_024,
            indicator_sockets_max: 256,
            slips_remembered_min: 16_384,
            indicators_check_interval: Duration::from_mins(1),
            indicators_flush_within: Duration::from_hours(12),
            indicators_retry_interval: Duration::from_mins(15),
            health_snapshot_interval: Duration::from_hours(6),
            health_connections_max: 8,
            redis_start_patience: Duration::from_secs(2),
            claims_in_flight_max: 256,
            lobby_queue_len_max: 1_024,
        }
    }
}
