//! What must be on the machine. When something is missing, one sentence says what to install.

use crate::step::{output, quietly};
use crate::{Outcome, root};

const NODE_MIN: (u32, u32) = (20, 19);

/// Node.js and npm.
pub(crate) fn need_node() -> Outcome {
    let missing = || {
        format!(
            "Node.js {}.{} or newer is needed: install it from your system's packages or nodejs.org.",
            NODE_MIN.0, NODE_MIN.1
        )
    };
    let version = output("node", &["--version"], &root()).ok_or_else(missing)?;
    let mut numbers = version.trim().trim_start_matches('v').split('.');
    let mut next = || numbers.next().and_then(|number| number.parse::<u32>().ok()).unwrap_or(0);
    if (next(), next()) < NODE_MIN {
        return Err(format!("{} This machine has {}.", missing(), version.trim()));
    }
    if output("npm", &["--version"], &root()).is_none() {
        return Err("npm is needed beside Node.js: install your system's package npm.".to_owned());
    }
    Ok(())
}

/// Something from Debian's packages that tests run.
struct Needed {
    /// What it is called in a sentence.
    name: &'static str,
    /// Programs that are there when it is installed, each with an argument that makes it say which it is.
    programs: &'static [[&'static str; 2]],
    packages: &'static [&'static str],
}

/// Chromium, the Firefox of Tor Browser's line, and fonts in which all languages can be read.
const BROWSERS: Needed = Needed {
    name: "Chromium and Firefox ESR",
    programs: &[["chromium", "--version"], ["firefox-esr", "--version"]],
    packages: &["chromium", "firefox-esr", "fonts-noto-core"],
};
/// What a Tor network on this machine is made of.
const TOR: Needed = Needed { name: "Tor", programs: &[["tor", "--version"]], packages: &["tor"] };
/// What several nodes agree in, and what a browser reaches them through.
const REDIS_AND_HAPROXY: Needed = Needed {
    name: "Redis and HAProxy",
    programs: &[["redis-server", "--version"], ["redis-cli", "--version"], ["haproxy", "-v"]],
    packages: &["redis-server", "haproxy"],
};

/// What the relay is compared with, and what counts its system calls.
const PROXIES_AND_STRACE: Needed = Needed {
    name: "nginx, HAProxy, strace and Python",
    programs: &[
        ["nginx", "-v"],
        ["haproxy", "-v"],
        ["strace", "--version"],
        ["python3", "-cimport venv, ensurepip"],
        ["taskset", "--version"],
    ],
    packages: &[
        "nginx-light",
        "libnginx-mod-stream",
        "haproxy",
        "strace",
        "python3-venv",
        "util-linux",
    ],
};

/// What the tests in real browsers run.
pub(crate) fn need_browsers_and_tor() -> Outcome {
    need(&BROWSERS)?;
    need(&TOR)
}

/// What the tests with several nodes run.
pub(crate) fn need_redis_and_haproxy() -> Outcome {
    need(&REDIS_AND_HAPROXY)
}

/// What the relay is compared with.
pub(crate) fn need_proxies_and_strace() -> Outcome {
    need(&PROXIES_AND_STRACE)
}

/// Installs what is missing, when that may be done.
fn need(needed: &Needed) -> Outcome {
    let Needed { name, programs, packages } = needed;
    let is_there =
        |[program, argument]: &[&str; 2]| output(program, &[argument], &root()).is_some();
    if programs.iter().all(is_there) {
        return Ok(());
    }
    let by_hand = format!("{name} is needed: run `apt-get install {}`.", packages.join(" "));
    let is_root = output("id", &["-u"], &root()).is_some_and(|user| user.trim() == "0");
    if !is_root || output("apt-get", &["--version"], &root()).is_none() {
        return Err(by_hand);
    }
    quietly("reading the list of Debian packages", "apt-get", &["update", "-qq"], &root())?;
    let install = [&["install", "-y", "-qq"][..], packages].concat();
    quietly(&format!("installing {name} from Debian's packages"), "apt-get", &install, &root())
        .map_err(|problem| format!("{problem}\n{by_hand}"))
}
