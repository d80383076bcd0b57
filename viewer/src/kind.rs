//! What kinds of files can be looked at.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// What a file is, as the client's page said: no other decoder is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A photograph as cameras make it (ITU-T T.81).
    Jpeg,
    /// A picture as screens are taken (ISO/IEC 15948).
    Png,
    /// A picture (RFC 9649); of a moving one, the first frame.
    WebP,
    /// A document (ISO 32000).
    Pdf,
    /// A voice note, as the client's page makes it.
    Voice,
}

/// The word names no kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a kind of file that can be shown")]
pub struct UnknownKind;

impl FileKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Jpeg, Self::Png, Self::WebP, Self::Pdf, Self::Voice];

    /// What it is called on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::WebP => "webp",
            Self::Pdf => "pdf",
            Self::Voice => "voice",
        }
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for FileKind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Self, UnknownKind> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or(UnknownKind)
    }
}
