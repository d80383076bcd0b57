//! The process that looks at one file: confined first, then the file is read.

use std::io::{self, Read, Write};
use std::process::ExitCode;

use image::ImageFormat;

use crate::document::Document;
use crate::{FILE_BYTES_MAX, FileKind, ViewProblem, answer, confine, photograph, voice};

/// The subcommand with which the program starts itself again; the kind's name follows.
pub const COMMAND: &str = "show-file";

/// Looks at one file on standard input and writes its pictures or its sound to standard output, for
/// [`view`](crate::view). To be called before there is a second thread.
///
/// Its code tells why the file could not be shown. Nothing is read unless the process is confined.
pub fn serve_child(kind: FileKind) -> ExitCode {
    if confine().is_err() {
        return ViewProblem::NotConfined.exit_code().into();
    }
    match show(kind) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => problem.exit_code().into(),
    }
}

fn show(kind: FileKind) -> Result<(), ViewProblem> {
    let bytes = read()?;
    let mut out = io::stdout().lock();
    // Nobody listens any more: the code is heard by nobody either.
    let unheard = |_| ViewProblem::Damaged;
    let format = match kind {
        FileKind::Jpeg => ImageFormat::Jpeg,
        FileKind::Png => ImageFormat::Png,
        FileKind::WebP => ImageFormat::WebP,
        FileKind::Pdf => {
            let document = Document::open(bytes)?;
            answer::write_pages(&mut out, document.pages_in_all()).map_err(unheard)?;
            for page in document.paint() {
                answer::write_picture(&mut out, &page?).map_err(unheard)?;
            }
            return Ok(());
        }
        FileKind::Voice => {
            let sound = voice::decode(&bytes)?;
            return out.write_all(&sound).and_then(|()| out.flush()).map_err(unheard);
        }
    };
    let picture = photograph::decode(&bytes, format)?;
    answer::write_pages(&mut out, 1).map_err(unheard)?;
    answer::write_picture(&mut out, &picture).map_err(unheard)
}

fn read() -> Result<Vec<u8>, ViewProblem> {
    let mut bytes = Vec::with_capacity(FILE_BYTES_MAX + 1);
    let most = u64::try_from(FILE_BYTES_MAX + 1).expect("a length of some megabytes");
    io::stdin().lock().take(most).read_to_end(&mut bytes).map_err(|_| ViewProblem::Damaged)?;
    if bytes.len() > FILE_BYTES_MAX { Err(ViewProblem::TooLarge) } else { Ok(bytes) }
}
