//! Logs that the operator named: of the relay, of the proxy before it, of the journal.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::{Look, Residue};

/// Of one log, the newest so many bytes are searched.
const LOG_BYTES_MAX: u64 = 1_024 * 1_024 * 1_024;
/// Lines that are shown, and how much of each.
const LINES_SHOWN_MAX: usize = 5;
const LINE_CHARACTERS_MAX: usize = 160;
/// Of what a log grew by, so many bytes are shown at most.
const GROWTH_BYTES_MAX: u64 = 64 * 1_024;

/// How long each log was before the first canary.
pub struct Logs(Vec<(PathBuf, u64)>);

/// What became of one log.
pub struct Growth {
    /// Which.
    pub path: PathBuf,
    /// Its growth while canaries were there, in bytes.
    pub bytes: u64,
    /// Some of what was written.
    pub lines: Vec<String>,
}

impl Logs {
    /// Looks how long these are.
    ///
    /// # Errors
    /// When one cannot be seen.
    pub fn measure(paths: &[PathBuf]) -> io::Result<Self> {
        let length = |path: &PathBuf| Ok((path.clone(), fs::metadata(path)?.len()));
        Ok(Self(paths.iter().map(length).collect::<io::Result<_>>()?))
    }

    /// Which have grown since.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn growth(&self) -> io::Result<Vec<Growth>> {
        let mut grown = Vec::new();
        for (path, before) in &self.0 {
            let bytes = fs::metadata(path)?.len().saturating_sub(*before);
            if bytes > 0 {
                grown.push(Growth { path: path.clone(), bytes, lines: lines(path, *before)? });
            }
        }
        Ok(grown)
    }

    /// Searches all of them.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn search(&self, look: &Look) -> io::Result<Residue> {
        let mut residue = look.nothing();
        for (path, _) in &self.0 {
            let mut file = File::open(path)?;
            let length = file.metadata()?.len();
            file.seek(SeekFrom::Start(length.saturating_sub(LOG_BYTES_MAX)))?;
            look.through(file, LOG_BYTES_MAX, &path.display().to_string(), &mut residue)?;
        }
        Ok(residue)
    }

    /// Lines of all logs that begin with a relay's table of what confines it.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn start_table(&self) -> io::Result<Vec<String>> {
        let mut newest = Vec::new();
        for (path, _) in &self.0 {
            let text = crate::process::read_text(path)?;
            if let Some(table) = last_table(&text) {
                newest = table;
            }
        }
        Ok(newest)
    }
}

/// The lines of the last table in a log, without what a journal writes before each.
fn last_table(text: &str) -> Option<Vec<String>> {
    let (_, after) = text.rsplit_once("vestibule-relay: confinement\n")?;
    let row = |line: &str| {
        let at = ["  enforced  ", "  MISSING   "].iter().find_map(|word| line.find(word))?;
        line.get(at..).map(|row| row.trim().to_owned())
    };
    Some(after.lines().map_while(row).collect())
}

fn lines(path: &Path, from: u64) -> io::Result<Vec<String>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(GROWTH_BYTES_MAX).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let short = |line: &str| line.chars().take(LINE_CHARACTERS_MAX).collect();
    Ok(text.lines().take(LINES_SHOWN_MAX).map(short).collect())
}

#[cfg(test)]
mod tests {
    use super::last_table;

    #[test]
    fn the_table_of_the_last_start_is_read() {
        let log = "x: confinement\nvestibule-relay: confinement\n  MISSING   old: thing\n\
                   vestibule-relay: confinement\n  enforced  a: b\n  MISSING   c: d\n\
                   vestibule-relay: listening\n  enforced  not: this\n";
        let table = last_table(log).unwrap();
        assert_eq!(table, ["enforced  a: b", "MISSING   c: d"]);
        assert_eq!(last_table("vestibule-relay: listening on"), None);
    }
}
