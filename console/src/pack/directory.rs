//! A pack's folder.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::PackProblem;
use super::limits::{FILE_BYTES_MAX, FILES_MAX};
use super::read::Files;
use super::toml_file::SourceText;
use crate::words::{reason, words};

/// `en/cards/mixing.md` lies three deep.
const DEPTH_MAX: usize = 3;

/// Reads every file of a folder but the hidden ones.
pub(super) fn read(folder: &Path) -> Result<Files, PackProblem> {
    let mut files = Files::new();
    let mut folders = vec![(folder.to_owned(), String::new(), 1)];
    while let Some((path, prefix, depth)) = folders.pop() {
        let about = |error: &io::Error| unreadable(folder, &prefix, error);
        for entry in fs::read_dir(&path).map_err(|error| about(&error))? {
            let entry = entry.map_err(|error| about(&error))?;
            let Ok(name) = entry.file_name().into_string() else {
                return Err(SourceText::whole(&prefix, "").problem(words("pack-file-name", &[])));
            };
            // Where a version control or an editor keeps its own things.
            if name.starts_with('.') || name.ends_with('~') {
                continue;
            }
            let relative = format!("{prefix}{name}");
            let kind = entry.file_type().map_err(|error| about(&error))?;
            if kind.is_dir() && depth < DEPTH_MAX {
                folders.push((entry.path(), format!("{relative}/"), depth + 1));
                continue;
            }
            // What points out of the folder is none of the pack's, and a pipe would be waited for.
            if !kind.is_file() {
                return Err(
                    SourceText::whole(&relative, "").problem(words("pack-file-unknown", &[]))
                );
            }
            if files.len() == FILES_MAX {
                let reason = words("pack-too-many", &[("maximum", FILES_MAX.into())]);
                return Err(SourceText::whole(&relative, "").problem(reason));
            }
            let text = read_text(&entry.path(), &relative)?;
            files.insert(relative, text);
        }
    }
    Ok(files)
}

fn read_text(path: &PathBuf, relative: &str) -> Result<String, PackProblem> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes))
        .map_err(|error| unreadable(path, relative, &error))?;
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if length > FILE_BYTES_MAX {
        let reason = words("pack-file-too-large", &[("maximum", (FILE_BYTES_MAX / 1_024).into())]);
        return Err(SourceText::whole(relative, "").problem(reason));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(error.as_bytes()).into_owned();
        SourceText::whole(relative, &before).problem_at(place, words("pack-not-utf8", &[]))
    })?;
    // Editors of one system begin every file with this mark, and end every line with two characters.
    Ok(text.trim_start_matches('\u{FEFF}').replace("\r\n", "\n"))
}

fn unreadable(path: &Path, relative: &str, error: &io::Error) -> PackProblem {
    let shown = if relative.is_empty() { path.display().to_string() } else { relative.to_owned() };
    let reason = words("pack-unreadable", &[("reason", reason(error.kind()).into())]);
    SourceText::whole(&shown, "").problem(reason)
}
