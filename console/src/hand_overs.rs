//! Hand-overs between two workers (sections 7 and 11): the rules. They know no socket and no clock.

pub(crate) mod asked;
pub(crate) mod asking;
pub(crate) mod errands;

#[cfg(test)]
mod model;
