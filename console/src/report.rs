//! What a coordinator reads: the sums of some periods, how exact they are, and the forms in which they
//! leave the program (docs/indicators.md).
//!
//! The model is pure; `fetch` alone knows a socket. What a relay publishes has its noise already, and
//! everything here only reads it: sums first, then what is below nought is shown as nought.

mod checks;
mod csv;
mod dhis2;
mod dhis2_map;
mod figures;
mod json;
mod names;
mod noise;

use vestibule_wire::{AuthorityKey, CardTexts, Period, Timestamp};

/// The periods that a relay has published of one service, and what to call it.
pub(crate) struct Report {
    /// Which service.
    pub(crate) authority: AuthorityKey,
    /// What it is called.
    pub(crate) service: CardTexts,
    /// The periods that began at this moment or later,
    pub(crate) from: Timestamp,
    /// and before this one.
    pub(crate) until: Timestamp,
    /// By their beginning.
    pub(crate) periods: Vec<Period>,
}

#[cfg(test)]
mod samples;
