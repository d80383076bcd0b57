//! What the kernel keeps for a socket.

use std::fs;

/// Kinds of the kernel's objects of which each socket has one: its state, its inode, its name, its file, and
/// its place among those that a process waits for. Bytes that wait are not among it: idle sockets have none.
const CACHES: [&str; 5] = ["TCP", "sock_inode_cache", "dentry", "filp", "eventpoll_epi"];

/// Bytes for each socket.
pub fn socket_bytes() -> f64 {
    let text = fs::read_to_string("/proc/slabinfo").expect("root may read it");
    let sizes = text.lines().filter_map(|line| {
        let mut fields = line.split_whitespace();
        let is_ours = CACHES.contains(&fields.next()?);
        // Behind how many there are, and how many there is room for.
        is_ours.then(|| fields.nth(2)?.parse::<f64>().ok())?
    });
    sizes.sum()
}
