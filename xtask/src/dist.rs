//! `cargo xtask dist`: the same bytes on every machine with this toolchain, in whatever folder and by
//! whatever user; and a manifest that names them. With a key, what people check is signed.

mod signing;
mod trial;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use crate::step::{announce, emptied};
use crate::{Outcome, cargo, root, target, web};

/// Statically linked: nothing of the machine it runs on is loaded, and an image needs no other file.
#[cfg(target_arch = "x86_64")]
const TRIPLE: &str = "x86_64-unknown-linux-gnu";
#[cfg(target_arch = "aarch64")]
const TRIPLE: &str = "aarch64-unknown-linux-gnu";
/// Random numbers come from the system call alone. A static program cannot find the C library's function by
/// its name; the relay would then open `/dev/urandom`, which its confinement forbids.
const RANDOM: &str = "getrandom_backend=\"linux_getrandom\"";
const PROGRAMS: [&str; 3] = ["vestibule-relay", "vestibule", "vestibule-audit"];
const MANIFEST: &str = "MANIFEST";
/// The client's page as one file, which people are given by itself.
const OFFLINE: &str = "offline/notes.html";
/// The list of the client's page as a relay serves it.
const PAGE_MANIFEST: &str = "page/manifest.json";

/// Builds a release into `target/dist`; with a key, signs it.
pub(crate) fn run(key: Option<&str>) -> Outcome {
    web::build()?;
    programs()?;
    let dist = target().join("dist");
    gather(&dist)?;
    trial::run(&dist)?;
    let manifest = manifest(&dist)?;
    fs::write(dist.join(MANIFEST), &manifest).map_err(|error| error.to_string())?;
    if let Some(key) = key {
        signing::sign(&dist, key)?;
    }
    println!("{manifest}");
    println!("in {}; check it with `sha256sum --check {MANIFEST}`", dist.display());
    Ok(())
}

fn programs() -> Outcome {
    announce("building the programs (some minutes)");
    let home = std::env::var("CARGO_HOME")
        .or_else(|_| std::env::var("HOME").map(|home| format!("{home}/.cargo")));
    let home = home.map_err(|_| "neither CARGO_HOME nor HOME is set")?;
    let own = root().display().to_string();
    // No path of this machine may be part of what is built.
    let paths = [(own.as_str(), "/vestibule"), (home.as_str(), "/cargo")];
    let remapped = paths.map(|(from, to)| format!("--remap-path-prefix={from}={to}"));
    let fixed = ["-Ctarget-feature=+crt-static", "--cfg", RANDOM].map(str::to_owned);
    let flags = [fixed.as_slice(), remapped.as_slice()].concat();
    // In quotes: a folder's name may have spaces.
    let c_flags = paths.map(|(from, to)| format!("'-ffile-prefix-map={from}={to}'")).join(" ");
    let mut build = Command::new(cargo());
    build.args(["build", "--quiet", "--locked", "--release", "--target", TRIPLE, "--target-dir"]);
    build.arg(build_folder());
    for program in ["vestibule-relay", "vestibule-console", "vestibule-audit"] {
        build.args(["--package", program]);
    }
    let output = build
        .current_dir(root())
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
        .env("CFLAGS", c_flags)
        .env("CC_SHELL_ESCAPED_FLAGS", "1")
        .env("CARGO_INCREMENTAL", "0")
        .output()
        .map_err(|error| format!("could not start cargo: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    println!("done");
    Ok(())
}

fn build_folder() -> PathBuf {
    target().join("dist-build")
}

/// Puts programs and page into one folder.
fn gather(dist: &Path) -> Outcome {
    let trouble = |error: std::io::Error| format!("{}: {error}", dist.display());
    emptied(dist)?;
    for program in PROGRAMS {
        let built = build_folder().join(TRIPLE).join("release").join(program);
        fs::copy(built, dist.join(program)).map_err(trouble)?;
    }
    // What the relay serves, what `vestibule` looks for beside itself, and what people open by themselves.
    for (built, page) in [("client", "page"), ("desk", "desk-page"), ("offline", "offline")] {
        let built = web::folder().join("dist").join(built);
        copy_folder(&built, &dist.join(page)).map_err(trouble)?;
    }
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// One line a file, in the form of `sha256sum`, in the order of names.
fn manifest(dist: &Path) -> Outcome<String> {
    let mut files = Vec::new();
    list(dist, &mut files).map_err(|error| error.to_string())?;
    files.sort();
    let lines = files.iter().map(|path| {
        let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let name = path.strip_prefix(dist).unwrap_or(path).display();
        Ok(format!("{:x}  {name}\n", Sha256::digest(bytes)))
    });
    lines.collect()
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            list(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}
