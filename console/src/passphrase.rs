//! Asking for passphrases.

use std::fs;
use std::path::Path;

use age::secrecy::SecretString;
use zeroize::Zeroizing;

use crate::problem::Problem;
use crate::words::words;

/// Shortest passphrase that a person may choose, in characters.
const CHARACTERS_MIN: usize = 8;
const FILE_BYTES_MAX: u64 = 4_096;

/// The passphrase of an existing file: from a file, or asked for.
///
/// # Errors
/// With a sentence, when there is none.
pub fn existing(question: &str, file: Option<&Path>) -> Result<SecretString, Problem> {
    match file {
        Some(path) => from_file(path),
        None => ask(question),
    }
}

/// The passphrase for a new file: from a file, or asked for twice.
///
/// # Errors
/// With a sentence, when there is none, it is too short, or the two differ.
pub fn chosen(question: &str, file: Option<&Path>) -> Result<SecretString, Problem> {
    if let Some(path) = file {
        return from_file(path);
    }
    let first = typed(question)?;
    if first.chars().count() < CHARACTERS_MIN {
        return Err(Problem::new("passphrase-too-short", &[("minimum", CHARACTERS_MIN.into())]));
    }
    let second = typed(&words("passphrase-again", &[]))?;
    if first != second {
        return Err(Problem::new("passphrase-differs", &[]));
    }
    Ok(secret(&first))
}

fn ask(question: &str) -> Result<SecretString, Problem> {
    let text = typed(question)?;
    if text.is_empty() {
        return Err(Problem::new("passphrase-empty", &[]));
    }
    Ok(secret(&text))
}

fn typed(question: &str) -> Result<Zeroizing<String>, Problem> {
    rpassword::prompt_password(format!("{question} "))
        .map(Zeroizing::new)
        .map_err(|_| Problem::new("passphrase-no-terminal", &[]))
}

fn from_file(path: &Path) -> Result<SecretString, Problem> {
    let unreadable = || {
        Problem::new("passphrase-file-unreadable", &[("file", path.display().to_string().into())])
    };
    let small = fs::metadata(path).is_ok_and(|data| data.len() <= FILE_BYTES_MAX);
    if !small {
        return Err(unreadable());
    }
    let text = Zeroizing::new(fs::read_to_string(path).map_err(|_| unreadable())?);
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.is_empty() {
        return Err(Problem::new(
            "passphrase-file-empty",
            &[("file", path.display().to_string().into())],
        ));
    }
    Ok(secret(line))
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use age::secrecy::ExposeSecret;

    use super::*;

    fn read(content: &[u8]) -> Result<String, Problem> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(content).unwrap();
        existing("?", Some(file.path())).map(|secret| secret.expose_secret().to_owned())
    }

    #[test]
    fn one_line_ending_is_ignored() {
        assert_eq!(read(b"pass phrase\n").unwrap(), "pass phrase");
        assert_eq!(read(b"pass phrase\r\n").unwrap(), "pass phrase");
        assert_eq!(read(b" pass ").unwrap(), " pass ");
        assert_eq!(read(b"pass\n\n").unwrap(), "pass\n");
    }

    #[test]
    fn empty_large_or_foreign_files_are_refused() {
        assert!(read(b"").is_err());
        assert!(read(b"\n").is_err());
        assert!(read(&[0xff, 0xfe]).is_err());
        assert!(read(&[b'x'; 5_000]).is_err());
        assert!(existing("?", Some(Path::new("/nowhere/at/all"))).is_err());
    }
}
