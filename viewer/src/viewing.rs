//! Having a file looked at by the confined process, and what is believed of its answer.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{ChildStdin, Command};
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::voice::SOUND_BYTES_PER_BYTE;
use crate::wave::wave;
use crate::{COMMAND, FILE_BYTES_MAX, FileKind, PAGES_MAX, VOICE_BYTES_MAX, ViewProblem, answer};

/// How long a file may be looked at, in seconds; what is painted by then is shown.
pub const VIEW_SECONDS_MAX: u64 = 20;
/// How long all pictures of one file may be together, in bytes: 64 MiB. Pages beyond are left out.
pub const PICTURES_BYTES_MAX: usize = 64 * 1_024 * 1_024;

/// What came of a file. Wiped when it is dropped.
pub enum Seen {
    /// Of a photograph or a document.
    Pictures(Pictures),
    /// Of a voice note: a WAV file with nothing in it but samples.
    Sound(Zeroizing<Vec<u8>>),
}

/// What a file looks like. Wiped when it is dropped.
pub struct Pictures {
    /// One picture of a photograph, or the first pages of a document, at most
    /// [`PAGES_MAX`](crate::PAGES_MAX): PNG files with nothing in them but pixels.
    pub pngs: Vec<Zeroizing<Vec<u8>>>,
    /// How many pages there are in all; more than pictures when some were left out, since there are many
    /// or they took too long. As the confined process says: to be shown, not to be counted on.
    pub pages_in_all: u32,
}

/// Has a file looked at by `program`, which is to call [`serve_child`](crate::serve_child) for
/// [`COMMAND`](crate::COMMAND): on Linux, `/proc/self/exe` is this program even after it was replaced.
/// Needs a runtime with I/O and time. The process is ended with this future.
///
/// # Errors
/// When not one picture came, or not all of a sound: why. And whenever the process tried what is forbidden.
pub async fn view(program: &Path, kind: FileKind, bytes: &[u8]) -> Result<Seen, ViewProblem> {
    if cfg!(not(target_os = "linux")) {
        return Err(ViewProblem::NotConfined);
    }
    let bytes_max = if kind == FileKind::Voice { VOICE_BYTES_MAX } else { FILE_BYTES_MAX };
    if bytes.len() > bytes_max {
        return Err(ViewProblem::TooLarge);
    }
    let mut child = Command::new(program)
        .args([COMMAND, kind.name()])
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        // Where a decoder fails it may say something about the file.
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|_| ViewProblem::NotStarted)?;
    let input = child.stdin.take().ok_or(ViewProblem::NotStarted)?;
    let output = child.stdout.take().ok_or(ViewProblem::NotStarted)?;
    let output = BufReader::new(output);
    let mut shown = Pictures { pngs: Vec::new(), pages_in_all: 0 };
    let mut heard = None;
    let mut status = None;
    let looking = async {
        // At once: one that was taken over may write before it reads.
        tokio::join!(give(input, bytes), async {
            match kind {
                FileKind::Voice => heard = listen(output, bytes.len()).await,
                FileKind::Jpeg | FileKind::Png | FileKind::WebP | FileKind::Pdf => {
                    collect(output, &mut shown).await;
                }
            }
        });
        status = child.wait().await.ok();
    };
    let in_time = timeout(Duration::from_secs(VIEW_SECONDS_MAX), looking).await.is_ok();
    let seen = heard.map(Seen::Sound).or_else(|| shown.checked().map(Seen::Pictures));
    judged(seen, status, in_time)
}

/// One that ends early does not read all of it; its code says why.
async fn give(mut input: ChildStdin, bytes: &[u8]) {
    let _ = input.write_all(bytes).await;
    let _ = input.shutdown().await;
}

/// Takes as many samples as the file has; what is written besides is heard by nobody.
async fn listen<R: AsyncRead + Unpin>(
    mut output: R,
    bytes_len: usize,
) -> Option<Zeroizing<Vec<u8>>> {
    let mut samples = Zeroizing::new(vec![0; bytes_len * SOUND_BYTES_PER_BYTE]);
    output.read_exact(&mut samples).await.ok()?;
    (!samples.is_empty()).then(|| wave(&samples))
}

/// Takes pictures until there are no more, or no more are wanted; then nobody listens any longer, and a
/// process that goes on to write ends by that.
async fn collect<R: AsyncRead + Unpin>(mut output: R, shown: &mut Pictures) {
    let Ok(pages) = answer::read_pages(&mut output).await else { return };
    shown.pages_in_all = pages;
    let mut room = PICTURES_BYTES_MAX;
    while shown.pngs.len() < PAGES_MAX
        && let Ok(Some(picture)) = answer::read_picture(&mut output).await
    {
        // Encoding takes some milliseconds, for which nobody else should wait.
        let Ok(Ok(png)) = spawn_blocking(move || picture.to_png()).await else { return };
        let Some(rest) = room.checked_sub(png.len()) else { return };
        room = rest;
        shown.pngs.push(png);
    }
}

/// What came whole is shown, whatever the process came to afterwards; unless it tried what is forbidden:
/// then it may have been taken over before.
fn judged(
    seen: Option<Seen>,
    status: Option<ExitStatus>,
    in_time: bool,
) -> Result<Seen, ViewProblem> {
    let problem = match status {
        _ if !in_time => ViewProblem::TooDemanding,
        None => ViewProblem::NotStarted,
        Some(status) => match status.code() {
            Some(code) => ViewProblem::of_exit_code(code),
            None => of_signal(status),
        },
    };
    seen.filter(|_| problem != ViewProblem::Forbidden).ok_or(problem)
}

impl Pictures {
    /// None when there are none; of the number of pages, no less than there are pictures.
    fn checked(mut self) -> Option<Self> {
        let count = u32::try_from(self.pngs.len()).ok().filter(|count| *count > 0)?;
        self.pages_in_all = self.pages_in_all.max(count);
        Some(self)
    }
}

#[cfg(target_os = "linux")]
fn of_signal(status: ExitStatus) -> ViewProblem {
    use std::os::unix::process::ExitStatusExt;

    match status.signal() {
        Some(libc::SIGSYS) => ViewProblem::Forbidden,
        // Its time was up; or it got no more memory or stack, by its own limit or by the kernel's need.
        Some(libc::SIGXCPU | libc::SIGABRT | libc::SIGKILL) => ViewProblem::TooDemanding,
        _ => ViewProblem::Damaged,
    }
}

#[cfg(not(target_os = "linux"))]
fn of_signal(_: ExitStatus) -> ViewProblem {
    ViewProblem::Damaged
}
