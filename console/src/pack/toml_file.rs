//! TOML with the line of whatever is wrong in it.

use serde::de::DeserializeOwned;
use toml::Spanned;

use super::PackProblem;
use crate::words::words;

/// One file of a pack, or the front matter of one.
#[derive(Clone, Copy)]
pub(super) struct SourceText<'a> {
    /// From the pack's folder on.
    pub(super) path: &'a str,
    /// What is read.
    pub(super) text: &'a str,
    /// The line of the file at which the text begins.
    pub(super) first_line: usize,
}

impl<'a> SourceText<'a> {
    /// A whole file.
    pub(super) fn whole(path: &'a str, text: &'a str) -> Self {
        Self { path, text, first_line: 1 }
    }

    /// Reads the text as TOML.
    pub(super) fn parse<T: DeserializeOwned>(self) -> Result<T, PackProblem> {
        toml::from_str(self.text).map_err(|error| {
            let place = error.span().map_or(0, |span| span.start);
            self.problem_at(place, words("pack-toml", &[("detail", error.message().into())]))
        })
    }

    /// Something is wrong at a byte of the text.
    pub(super) fn problem_at(self, place: usize, reason: String) -> PackProblem {
        PackProblem { file: self.path.to_owned(), line: self.line_at(place), reason }
    }

    /// Something is wrong with the file as a whole.
    pub(super) fn problem(self, reason: String) -> PackProblem {
        PackProblem { file: self.path.to_owned(), line: self.first_line, reason }
    }

    /// Something is wrong with a value.
    pub(super) fn problem_in<T>(self, value: &Spanned<T>, reason: String) -> PackProblem {
        self.problem_at(value.span().start, reason)
    }

    /// The line at which a value stands.
    pub(super) fn line_of<T>(self, value: &Spanned<T>) -> usize {
        self.line_at(value.span().start)
    }

    fn line_at(self, place: usize) -> usize {
        let before = self.text.as_bytes().iter().take(place);
        self.first_line + before.filter(|byte| **byte == b'\n').count()
    }

    /// Something is wrong with a part of a value, which stands as it is in the file if the line is to
    /// be right also in a text of several.
    pub(super) fn problem_at_part<T>(
        self,
        value: &Spanned<T>,
        part: &str,
        reason: String,
    ) -> PackProblem {
        let written = self.text.get(value.span()).unwrap_or_default();
        let within = written.find(part).unwrap_or(0);
        self.problem_at(value.span().start + within, reason)
    }
}
