//! What the program says when it cannot do what it was asked.

use thiserror::Error;

/// One sentence, or two, for the person in front of the screen: what happened and what to do.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct Problem(String);

impl Problem {
    /// From the sentence.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}
