//! Which of a consultation's sockets serves (section 6, "Rejoining"): the rules. They know no socket.
//!
//! One line *serves*. A *standby* waits at each route of the session, and while the client is missed a second
//! one at another node, in case the client does not know of the first's. Whoever joins it makes it a
//! *candidate*, and a new standby takes its place at once; a candidate serves only when a new cell
//! has opened on it, so nobody but the client takes the line away, and nobody blocks a route.

use std::time::Duration;

use tokio::time::Instant;
use vestibule_protocol::SILENT_AFTER;
use vestibule_wire::Route;

use super::line::LineId;
use crate::messages::LineView;

/// A standby that replaces one on which somebody joined in vain waits as if the line had been broken
/// for so long, times the number of those in a row.
const IN_VAIN_STEP: Duration = Duration::from_secs(1);

pub(super) struct Lines {
    serving: Option<Serving>,
    candidates: Vec<Candidate>,
    standbys: Vec<Waiting>,
    /// Candidates since the last one that proved to be the client.
    unproven_in_a_row: u32,
    last_id: u64,
}

struct Serving {
    id: LineId,
    /// When the last new cell opened on it; `None` while the client's first is awaited.
    heard_at: Option<Instant>,
}

struct Candidate {
    id: LineId,
    route: Route,
    joined_at: Instant,
}

struct Waiting {
    id: LineId,
    route: Route,
    spot: Spot,
    at_relay: bool,
}

/// At which node a standby waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    /// The first of the route's order that answers.
    First,
    /// One behind it.
    Second,
}

/// A standby to begin.
pub(super) struct Begun {
    pub(super) id: LineId,
    pub(super) route: Route,
    pub(super) spot: Spot,
    pub(super) in_vain_for: Duration,
}

impl Lines {
    /// No line yet.
    pub(super) fn new() -> Self {
        Self {
            serving: None,
            candidates: Vec::new(),
            standbys: Vec::new(),
            unproven_in_a_row: 0,
            last_id: 0,
        }
    }

    /// The seat, which serves from the start.
    pub(super) fn seated(&mut self) -> LineId {
        let id = self.next_id();
        self.serving = Some(Serving { id, heard_at: None });
        id
    }

    /// Moves the standbys to these spots of these routes: those that are to end, and those to begin.
    pub(super) fn wait_at(
        &mut self,
        routes: &[Route],
        spots: &[Spot],
    ) -> (Vec<LineId>, Vec<Begun>) {
        let leaving = |standby: &mut Waiting| {
            !routes.contains(&standby.route) || !spots.contains(&standby.spot)
        };
        let ended = self.standbys.extract_if(.., leaving).map(|standby| standby.id).collect();
        let mut begun = Vec::new();
        let wanted = routes.iter().flat_map(|route| spots.iter().map(|spot| (*route, *spot)));
        for (route, spot) in wanted {
            if self.standbys.iter().any(|known| (known.route, known.spot) == (route, spot)) {
                continue;
            }
            let id = self.next_id();
            self.standbys.push(Waiting { id, route, spot, at_relay: false });
            // The first replacement comes at once: a client whose network changes often is no flood.
            let in_vain = self.unproven_in_a_row.saturating_sub(1);
            begun.push(Begun { id, route, spot, in_vain_for: IN_VAIN_STEP * in_vain });
        }
        (ended, begun)
    }

    /// Whether this line is still one of them.
    pub(super) fn knows(&self, id: LineId) -> bool {
        self.is_serving(id)
            || self.candidates.iter().any(|candidate| candidate.id == id)
            || self.standbys.iter().any(|standby| standby.id == id)
    }

    /// A standby has reached the relay, or lost it.
    pub(super) fn note_at_relay(&mut self, id: LineId, at_relay: bool) {
        if let Some(standby) = self.standbys.iter_mut().find(|standby| standby.id == id) {
            standby.at_relay = at_relay;
        }
    }

    /// Somebody has joined a standby. Returns the candidate of this route before, which is to end.
    pub(super) fn joined(&mut self, id: LineId, now: Instant) -> Option<LineId> {
        let place = self.standbys.iter().position(|standby| standby.id == id)?;
        let Waiting { route, .. } = self.standbys.remove(place);
        let before = self.candidates.iter().position(|candidate| candidate.route == route);
        let before = before.map(|before| self.candidates.remove(before).id);
        self.candidates.push(Candidate { id, route, joined_at: now });
        self.unproven_in_a_row = self.unproven_in_a_row.saturating_add(1);
        before
    }

    /// A new cell has opened on this line: it serves. Returns the one before, which is to end.
    pub(super) fn proved(&mut self, id: LineId, now: Instant) -> Option<LineId> {
        let serving = Serving { id, heard_at: Some(now) };
        if self.is_serving(id) {
            self.serving = Some(serving);
            return None;
        }
        let place = self.candidates.iter().position(|candidate| candidate.id == id)?;
        self.candidates.remove(place);
        self.unproven_in_a_row = 0;
        self.serving.replace(serving).map(|before| before.id)
    }

    /// This line has ended, or is to end.
    pub(super) fn remove(&mut self, id: LineId) {
        self.serving.take_if(|serving| serving.id == id);
        self.candidates.retain(|candidate| candidate.id != id);
        self.standbys.retain(|standby| standby.id != id);
    }

    /// Removes the joined lines that have brought no new cell for too long, and returns them.
    pub(super) fn remove_silent(&mut self, now: Instant) -> Vec<LineId> {
        let is_silent = |since: Instant| now >= since + SILENT_AFTER;
        let silent = |serving: &mut Serving| serving.heard_at.is_some_and(is_silent);
        let serving = self.serving.take_if(silent).map(|serving| serving.id);
        let silent = |candidate: &mut Candidate| is_silent(candidate.joined_at);
        let candidates = self.candidates.extract_if(.., silent).map(|candidate| candidate.id);
        serving.into_iter().chain(candidates).collect()
    }

    /// When a line will have been silent for too long.
    pub(super) fn silent_at(&self) -> Option<Instant> {
        let serving = self.serving.as_ref().and_then(|serving| serving.heard_at);
        let candidates = self.candidates.iter().map(|candidate| candidate.joined_at);
        candidates.chain(serving).min().map(|since| since + SILENT_AFTER)
    }

    /// The line that serves.
    pub(super) fn serving(&self) -> Option<LineId> {
        self.serving.as_ref().map(|serving| serving.id)
    }

    /// Where slots go: to the line that serves, else to the newest that may be the client's.
    pub(super) fn sends_on(&self) -> Option<LineId> {
        self.serving().or_else(|| self.candidates.last().map(|candidate| candidate.id))
    }

    /// What the worker is shown.
    pub(super) fn view(&self) -> LineView {
        let at_relay = self.standbys.iter().any(|standby| standby.at_relay);
        if self.serving.is_some() {
            LineView::Joined
        } else if at_relay || !self.candidates.is_empty() {
            LineView::ClientAway
        } else {
            LineView::Reconnecting
        }
    }

    /// Every line but the one that serves.
    pub(super) fn others(&self) -> impl Iterator<Item = LineId> {
        let candidates = self.candidates.iter().map(|candidate| candidate.id);
        candidates.chain(self.standbys.iter().map(|standby| standby.id))
    }

    fn is_serving(&self, id: LineId) -> bool {
        self.serving() == Some(id)
    }

    fn next_id(&mut self) -> LineId {
        self.last_id += 1;
        LineId(self.last_id)
    }
}

#[cfg(test)]
mod tests;
