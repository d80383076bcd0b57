//! Opens the desk page in the browser without showing the bearer to other users of the machine: a
//! process list shows command lines, so the browser is given a private file that leads to the page.

use std::fs::OpenOptions;
use std::io::{self, Write};

use tempfile::TempDir;
use zeroize::Zeroizing;

use crate::problem::Problem;

/// The private file. Dropping it removes it.
pub(crate) struct Opening(TempDir);

impl Opening {
    /// Writes the file and asks the browser to open it.
    ///
    /// # Errors
    /// With a sentence, when there is no browser or no place for the file.
    pub(crate) fn begin(address: &str) -> Result<Self, Problem> {
        let begun = || {
            let opening = Self::write(address)?;
            opener::open_browser(opening.0.path().join(FILE_NAME)).map_err(io::Error::other)?;
            Ok::<_, io::Error>(opening)
        };
        begun().map_err(|_| Problem::new("browser-not-opened", &[]))
    }

    fn write(address: &str) -> Result<Self, io::Error> {
        let mut private = tempfile::Builder::new();
        private.prefix("vestibule-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            private.permissions(std::fs::Permissions::from_mode(0o700));
        }
        let directory = private.tempdir()?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let mut file = options.open(directory.path().join(FILE_NAME))?;
        // The address is our own: digits, dots and base64url need no escaping.
        let html = Zeroizing::new(format!(
            "<!doctype html><meta charset=\"utf-8\"><meta name=\"referrer\" content=\"no-referrer\">\
             <meta http-equiv=\"refresh\" content=\"0;url={address}\"><title>Vestibule</title>\n"
        ));
        file.write_all(html.as_bytes())?;
        Ok(Self(directory))
    }
}

const FILE_NAME: &str = "desk.html";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_leads_to_the_page_and_goes_away() {
        let opening = Opening::write("http://127.0.0.1:1/#bearer=abc").unwrap();
        let directory = opening.0.path().to_owned();
        let file = directory.join(FILE_NAME);
        let html = std::fs::read_to_string(&file).unwrap();
        assert!(html.contains("0;url=http://127.0.0.1:1/#bearer=abc\""));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&directory), 0o700);
            assert_eq!(mode(&file), 0o600);
        }
        drop(opening);
        assert!(!directory.exists());
    }
}
