//! What the kernel itself knows of addresses: open sockets, figures by address, followed connections.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;
use std::process::Command;

use crate::ledger::Addresses;
use crate::process::read_text;

/// A socket of TCP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TcpSocket {
    /// Its own address.
    pub local: (IpAddr, u16),
    /// The other end's.
    pub remote: (IpAddr, u16),
    /// As in `include/net/tcp_states.h`: 1 established, 6 waiting out its time, 10 listening.
    pub state: u8,
    /// The number by which `/proc/PID/fd` names it.
    pub inode: u64,
    /// Bytes that came and were not read.
    pub unread_bytes: u64,
}

/// A listening socket.
pub const LISTENING: u8 = 10;
/// A socket that is gone and whose numbers the kernel keeps for a minute.
pub const TIME_WAIT: u8 = 6;

/// All sockets of TCP in the name space of `/proc/net` or `/proc/PID/net`.
pub fn tcp_sockets(net: &Path) -> Vec<TcpSocket> {
    let tables = ["tcp", "tcp6"].map(|name| read_text(&net.join(name)).unwrap_or_default());
    tables.iter().flat_map(|table| table.lines().skip(1).filter_map(socket)).collect()
}

fn socket(line: &str) -> Option<TcpSocket> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let [_, local, remote, state, queues, ..] = fields.as_slice() else { return None };
    let (_, unread) = queues.split_once(':')?;
    Some(TcpSocket {
        local: endpoint(local)?,
        remote: endpoint(remote)?,
        state: u8::from_str_radix(state, 16).ok()?,
        inode: fields.get(9)?.parse().ok()?,
        unread_bytes: u64::from_str_radix(unread, 16).ok()?,
    })
}

/// The kernel writes addresses as words of the machine's own order.
fn endpoint(text: &str) -> Option<(IpAddr, u16)> {
    let (address, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let words = address.as_bytes().chunks(8).map(|word| {
        let word = std::str::from_utf8(word).ok()?;
        Some(u32::from_str_radix(word, 16).ok()?.to_ne_bytes())
    });
    let bytes = words.collect::<Option<Vec<[u8; 4]>>>()?.concat();
    let address = match bytes.len() {
        4 => IpAddr::V4(Ipv4Addr::from(<[u8; 4]>::try_from(bytes).ok()?)),
        16 => IpAddr::V6(Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?)),
        _ => return None,
    };
    Some((address.to_canonical(), port))
}

/// Lines in which one of this run's addresses stands.
fn of_this_run(text: &str, addresses: &Addresses) -> Vec<String> {
    let names_one = |line: &&str| {
        let words = line.split(|byte: char| !(byte.is_ascii_hexdigit() || ".:".contains(byte)));
        words.filter_map(|word| word.parse().ok()).any(|address| addresses.contains(address))
    };
    text.lines().filter(names_one).map(str::to_owned).collect()
}

/// Lines of the kernel's figures by address (`ip tcp_metrics`), or why they cannot be seen.
///
/// # Errors
/// When the program `ip` is missing or refuses.
pub fn figures_by_address(addresses: &Addresses) -> Result<Vec<String>, String> {
    let output = Command::new("ip").args(["tcp_metrics", "show"]).output();
    let output = output.map_err(|error| format!("ip: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
    }
    Ok(of_this_run(&String::from_utf8_lossy(&output.stdout), addresses))
}

/// Lines of the kernel's table of followed connections. Empty also where it follows none.
///
/// # Errors
/// When it follows some and does not show which.
pub fn followed_connections(addresses: &Addresses) -> Result<Vec<String>, String> {
    let count = read_text(Path::new("/proc/sys/net/netfilter/nf_conntrack_count"));
    if count.map_or(true, |count| count.trim() == "0") {
        return Ok(Vec::new());
    }
    if let Ok(table) = read_text(Path::new("/proc/net/nf_conntrack")) {
        return Ok(of_this_run(&table, addresses));
    }
    let output = Command::new("conntrack").arg("-L").output();
    let output = output.map_err(|error| format!("conntrack: {error}"))?;
    Ok(of_this_run(&String::from_utf8_lossy(&output.stdout), addresses))
}

#[cfg(test)]
mod tests {
    use super::{of_this_run, socket};
    use crate::ledger::Ledger;
    use crate::marks::Run;

    #[test]
    fn lines_of_the_kernel_are_read() {
        let line =
            "   1: 0100007F:1F90 0A01007F:C001 01 00000000:00000010 00:00000000 00000000  0 0 77 1";
        let socket = socket(line).unwrap();
        assert_eq!(socket.remote, ([127, 0, 1, 10].into(), 0xC001));
        assert_eq!((socket.inode, socket.unread_bytes, socket.state), (77, 16, 1));
    }

    #[test]
    fn addresses_of_this_run_are_found_in_tables() {
        let ledger = Ledger::new(Run::new());
        let address = ledger.address();
        let table = format!(
            "{address} age 12.3sec cwnd 10 rtt 50us source 127.0.0.1\n127.0.0.1 age 1sec\n\
             ipv4 2 tcp 6 431999 src={address} dst=127.0.0.1 sport=1\n"
        );
        assert_eq!(of_this_run(&table, &ledger.addresses()).len(), 2);
    }
}
