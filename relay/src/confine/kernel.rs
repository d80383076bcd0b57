//! What the kernel itself remembers of peers. It is measured, not believed: half an hour after the last
//! byte of a connection `tcp_metrics` still listed the peer's address, and a connection table keeps it for
//! five days. The relay cannot change these settings; it says which to change.

use std::fs;
use std::path::Path;

use super::Measure;

const UNSEEN: &str = "the settings in /proc/sys/net cannot be seen from here";

pub(super) fn look() -> Vec<Measure> {
    vec![metrics(), connections()]
}

fn metrics() -> Measure {
    let name = "the kernel keeps no figures by address";
    match read("/proc/sys/net/ipv4/tcp_no_metrics_save").as_deref() {
        Some("1") => Measure::enforced(name, "net.ipv4.tcp_no_metrics_save = 1"),
        Some(_) => Measure::missing(
            name,
            "set net.ipv4.tcp_no_metrics_save = 1 with sysctl, then empty the table once: \
             ip tcp_metrics flush all",
        ),
        None => Measure::missing(name, UNSEEN),
    }
}

/// A table that is empty while peers are connected is not used here.
fn connections() -> Measure {
    let name = "the kernel follows no connections";
    if !Path::new("/proc/sys/net/netfilter").exists() {
        // What cannot be seen is not known to be absent.
        let settings = Path::new("/proc/sys/net/ipv4").exists();
        return if settings {
            Measure::enforced(name, "connection tracking is not loaded")
        } else {
            Measure::missing(name, UNSEEN)
        };
    }
    match read("/proc/sys/net/netfilter/nf_conntrack_count").as_deref() {
        None => Measure::enforced(name, "connection tracking is not loaded"),
        Some("0") => Measure::enforced(name, "connection tracking follows none"),
        Some(_) => Measure::missing(
            name,
            "connection tracking is on: exempt the relay's port with a rule `notrack` in nftables",
        ),
    }
}

fn read(path: &str) -> Option<String> {
    fs::read_to_string(path).ok().map(|text| text.trim().to_owned())
}
