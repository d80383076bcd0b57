//! What the program says when it cannot do what it was asked.

use thiserror::Error;

use crate::pack::PackProblem;
use crate::words::{Argument, words};

/// One sentence, or two, for the person in front of the screen: what happened and what to do, in
/// their language.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct Problem(String);

impl Problem {
    /// From the sentence of this id.
    pub fn new(id: &str, arguments: &[Argument<'_>]) -> Self {
        Self(words(id, arguments))
    }
}

impl From<PackProblem> for Problem {
    fn from(problem: PackProblem) -> Self {
        Self(problem.to_string())
    }
}
