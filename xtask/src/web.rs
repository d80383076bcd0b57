//! The pages: npm packages and the build.

use std::fs;
use std::path::{Path, PathBuf};

use crate::step::quietly;
use crate::{Outcome, root, tools};

/// The folder of the two pages.
pub(crate) fn folder() -> PathBuf {
    root().join("client-web")
}

/// Builds both pages into `client-web/dist`.
pub(crate) fn build() -> Outcome {
    tools::need_node()?;
    install(&folder())?;
    quietly("building the pages", "node", &["build.mjs"], &folder())
}

/// Installs a folder's npm packages as its lockfile says, unless that was done.
pub(crate) fn install(folder: &Path) -> Outcome {
    let changed =
        |path: &str| fs::metadata(folder.join(path)).and_then(|data| data.modified()).ok();
    let (wanted, present) =
        (changed("package-lock.json"), changed("node_modules/.package-lock.json"));
    if present.is_some() && present >= wanted {
        return Ok(());
    }
    let name = folder.strip_prefix(root()).unwrap_or(folder).display().to_string();
    let what = format!("installing npm packages of {name}");
    // Not `npm ci`: it fails where a registry lacks the packages of other operating systems, which the
    // lockfile names as optional. This takes the same versions and hashes and changes no file.
    quietly(&what, "npm", &["install", "--no-save", "--no-audit", "--no-fund"], folder)
}
