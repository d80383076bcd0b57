//! Why a file cannot be shown, and how the confined process says so.

use thiserror::Error;

/// Why a file cannot be shown. Says nothing about what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ViewProblem {
    /// The file is not of its kind, or broken; or it broke its decoder.
    #[error("the file is damaged")]
    Damaged,
    /// It is longer than [`FILE_BYTES_MAX`](crate::FILE_BYTES_MAX) or has more pixels than
    /// [`PIXELS_MAX`](crate::PIXELS_MAX).
    #[error("the file is too large")]
    TooLarge,
    /// Showing it would take more time or memory than any file may have.
    #[error("the file takes too much time or memory")]
    TooDemanding,
    /// It opens only with a password.
    #[error("the file is protected with a password")]
    Locked,
    /// The decoder tried what the kernel forbids it, and was ended: the file may be an attack.
    #[error("the file made its decoder try what is forbidden")]
    Forbidden,
    /// This system cannot hold a process to what decoding needs, so nothing was read.
    #[error("this system cannot look at files safely")]
    NotConfined,
    /// The other process could not be started, or not be given the file.
    #[error("the process that looks at files could not be started")]
    NotStarted,
}

/// The confined process's exit codes. Panics end with 101, misspelt options with 2.
const CODES: [(u8, ViewProblem); 5] = [
    (10, ViewProblem::Damaged),
    (11, ViewProblem::TooLarge),
    (12, ViewProblem::TooDemanding),
    (13, ViewProblem::Locked),
    (14, ViewProblem::NotConfined),
];

impl ViewProblem {
    /// With which code the confined process says so.
    pub(crate) fn exit_code(self) -> u8 {
        let row = CODES.iter().find(|(_, problem)| *problem == self);
        // The others are seen by this side alone.
        row.map_or(CODES[0].0, |(code, _)| *code)
    }

    /// What a code of the confined process means.
    pub(crate) fn of_exit_code(code: i32) -> Self {
        let row = CODES.iter().find(|(known, _)| i32::from(*known) == code);
        row.map_or(Self::Damaged, |(_, problem)| *problem)
    }
}
