//! Looks at a photograph or a document that a client sent, or makes its voice note a sound, without letting
//! it near anything of the worker's.
//!
//! A file from a stranger may have been made to take over the program that opens it. So `vestibule` starts
//! itself again: the other process ([`serve_child`]) gives up everything but reading its input, writing
//! its output and its own memory ([`confine()`]), and only then reads the file, decodes it and writes
//! plain pixels or samples. This process ([`view`]) believes of them only their size, and makes them PNG or
//! WAV itself: no byte of what reaches the worker's browser was chosen by the client or by a decoder, except
//! the colours of pixels and the samples of a sound.
//!
//! Nothing touches a disk, and what passed through memory here is wiped.

mod answer;
mod child;
mod confine;
mod document;
mod kind;
mod photograph;
mod pixels;
mod problem;
mod viewing;
mod voice;
mod wave;

#[cfg(test)]
mod tests;

pub use child::{COMMAND, serve_child};
pub use confine::{CPU_SECONDS_MAX, MEMORY_BYTES_MAX, NotConfined, confine};
pub use document::{PAGE_EDGE_PIXELS, PAGES_MAX};
pub use kind::{FileKind, UnknownKind};
pub use photograph::{PHOTOGRAPH_EDGE_PIXELS_MAX, PIXELS_MAX};
pub use problem::ViewProblem;
pub use viewing::{PICTURES_BYTES_MAX, Pictures, Seen, VIEW_SECONDS_MAX, view};
pub use voice::{VOICE_BYTES_MAX, VOICE_SAMPLES_PER_SECOND};

/// The longest file that is looked at, in bytes: 10 MiB.
pub const FILE_BYTES_MAX: usize = 10 * 1_024 * 1_024;
