//! Files with one secret line.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use zeroize::Zeroizing;

use super::ConfigError;

const SECRET_BYTES_MAX: u64 = 1_024;

/// Reads a line, without its end.
pub(super) fn read_secret(
    what: &'static str,
    path: &Path,
) -> Result<Zeroizing<String>, ConfigError> {
    let wrong = |problem: String| ConfigError::Secret { what, path: path.to_owned(), problem };
    let mut text = Zeroizing::new(String::new());
    File::open(path)
        .and_then(|file| file.take(SECRET_BYTES_MAX).read_to_string(&mut text))
        .map_err(|problem| wrong(problem.to_string()))?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.is_empty() || line.contains('\n') {
        return Err(wrong("it is not one line".to_owned()));
    }
    Ok(Zeroizing::new(line.to_owned()))
}
