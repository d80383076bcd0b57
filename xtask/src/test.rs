//! `cargo xtask test`: fast checks first, real browsers last.

use crate::step::{announce, openly, output, quietly};
use crate::{Outcome, cargo, root, said, separation, target, tools, web};

const DENY_VERSION: &str = "0.20.2";

/// Runs every part, or those named.
pub(crate) fn run(parts: &[&str]) -> Outcome {
    let known = ["web", "rust", "interop", "browser"];
    if let Some(unknown) = parts.iter().find(|part| !known.contains(part)) {
        return Err(format!("`{unknown}` is none of the parts: {}", known.join(" ")));
    }
    let wanted = |part| parts.is_empty() || parts.contains(&part);
    said::forget()?;
    web::build()?;
    if wanted("web") {
        web_tests()?;
    }
    if wanted("rust") {
        rust_tests()?;
    }
    if wanted("interop") {
        interop_tests()?;
    }
    if wanted("browser") {
        browser_tests()?;
    }
    println!("Everything asked for has passed.");
    Ok(())
}

fn web_tests() -> Outcome {
    let folder = web::folder();
    quietly("checking form and types of the pages", "npm", &["run", "check"], &folder)?;
    builds_alike()?;
    openly("testing the pages", "npm", &["test"], &folder)
}

/// A second build gives the same bytes: what an auditor builds is what is served.
fn builds_alike() -> Outcome {
    let first = built()?;
    quietly("building the pages a second time", "node", &["build.mjs"], &web::folder())?;
    if first == built()? { Ok(()) } else { Err("two builds of the pages differ".to_owned()) }
}

/// The hashes of both pages' files, and the page that is one file.
fn built() -> Outcome<[Vec<u8>; 3]> {
    let read = |file: &str| {
        let path = web::folder().join("dist").join(file);
        std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))
    };
    Ok([read("client/manifest.json")?, read("desk/manifest.json")?, read("offline/notes.html")?])
}

fn rust_tests() -> Outcome {
    tools::need_redis_and_haproxy()?;
    let cargo = cargo();
    quietly("checking the form of the Rust code", &cargo, &["fmt", "--all", "--check"], &root())?;
    let clippy = ["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"];
    quietly("checking the Rust code with clippy", &cargo, &clippy, &root())?;
    announce("checking the Rust documentation");
    let doc = std::process::Command::new(&cargo)
        .args(["doc", "--workspace", "--no-deps"])
        .env("RUSTDOCFLAGS", "--deny warnings")
        .current_dir(root())
        .output()
        .map_err(|error| format!("could not start cargo doc: {error}"))?;
    if !doc.status.success() {
        return Err(String::from_utf8_lossy(&doc.stderr).into_owned());
    }
    println!("done");
    programs()?;
    separation::check()?;
    openly("testing the Rust code", &cargo, &["test", "--workspace", "--quiet"], &root())?;
    // Those of the auditor's kit too, where it may look into processes.
    said::check(&["tests", "fleet"])
}

/// The three programs, each built alone so that none gets what only another needs.
pub(crate) fn programs() -> Outcome {
    let cargo = cargo();
    let relay = ["build", "--quiet", "--package", "vestibule-relay"];
    quietly("building the relay", &cargo, &relay, &root())?;
    let console = ["build", "--quiet", "--package", "vestibule-console"];
    quietly("building the console", &cargo, &console, &root())?;
    let audit = ["build", "--quiet", "--package", "vestibule-audit"];
    quietly("building the auditor's kit", &cargo, &audit, &root())
}

/// The page's protocol and the Rust crate's, at the two ends of one bad line.
fn interop_tests() -> Outcome {
    let worker = ["build", "--quiet", "--package", "vestibule-tests", "--bin", "lossy-end"];
    quietly("building a worker's end for the page's protocol", &cargo(), &worker, &root())?;
    openly("carrying messages between both languages", "npm", &["run", "interop"], &web::folder())
}

fn browser_tests() -> Outcome {
    tools::need_browsers_and_tor()?;
    programs()?;
    let adversaries = ["build", "--quiet", "--package", "vestibule-tests", "--bins"];
    quietly("building a relay and a worker that cheat", &cargo(), &adversaries, &root())?;
    // Every state of both pages, for the tests that judge them.
    quietly("building the gallery", "node", &["build.mjs", "--gallery"], &web::folder())?;
    let folder = root().join("tests/browser");
    web::install(&folder)?;
    quietly("checking form and types of the browser tests", "npm", &["run", "check"], &folder)?;
    openly("holding consultations in real browsers", "npm", &["test"], &folder)?;
    said::check(&["browser"])
}

/// Licences, sources and banned crates, as `deny.toml` says.
pub(crate) fn dependencies() -> Outcome {
    let tools = target().join("tools");
    let deny = tools.join("bin/cargo-deny").display().to_string();
    let present = output(&deny, &["--version"], &root()).unwrap_or_default();
    if !present.contains(DENY_VERSION) {
        let place = tools.display().to_string();
        let install =
            ["install", "--locked", "--root", &place, "--version", DENY_VERSION, "cargo-deny"];
        quietly("installing cargo-deny (some minutes, once)", &cargo(), &install, &root())?;
    }
    let check = ["--offline", "check", "bans", "licenses", "sources"];
    quietly("checking licences and sources of dependencies", &deny, &check, &root())
}
