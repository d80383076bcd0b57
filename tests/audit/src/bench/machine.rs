//! What tests need of the machine.

use std::process::{Command, ExitStatus};

/// Set in a network of one's own.
const INSIDE: &str = "VESTIBULE_AUDIT_BENCH";

/// Whether this user may look into other processes. On a machine where that is not so the kit says so of
/// each claim, and there is nothing to test.
pub fn may_look_into_processes() -> bool {
    std::fs::read_to_string("/proc/self/status")
        .is_ok_and(|status| status.lines().any(|line| line.starts_with("Uid:\t0\t")))
}

/// Begins this program again in a network of its own, where the kernel keeps no figures by address:
/// whatever the settings of this machine, they are not what is tested. `None` when it is there already.
pub fn in_own_network() -> Option<ExitStatus> {
    if std::env::var_os(INSIDE).is_some() {
        let up = Command::new("ip").args(["link", "set", "lo", "up"]).status().unwrap();
        assert!(up.success(), "a network of one's own has a loopback");
        std::fs::write("/proc/sys/net/ipv4/tcp_no_metrics_save", "1").unwrap();
        return None;
    }
    let own = std::env::current_exe().unwrap();
    let mut unshare = Command::new("unshare");
    unshare.arg("--net").arg(own).args(std::env::args_os().skip(1)).env(INSIDE, "1");
    Some(unshare.status().unwrap())
}
