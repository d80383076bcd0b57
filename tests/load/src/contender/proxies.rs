//! Proxies, which forward from the socket of one end to one that they open to the other: as many sockets for
//! a pair as at a relay.

use std::fs;
use std::net::SocketAddr;
use std::process::Command;

use tempfile::TempDir;

use super::{Contender, Door, apart, free_address, listening, start_silent};
use crate::generator::Framing;

/// nginx and `HAProxy`, as what forwards bytes and as what reads the upgrade. One thread each.
pub fn proxies() -> Vec<Contender> {
    vec![
        proxy("nginx, stream", Door::Behind, nginx, |from, to| {
            format!("stream {{ server {{ listen {from}; proxy_pass {to}; tcp_nodelay on; }} }}")
        }),
        proxy("nginx, http", Door::BehindUpgrade, nginx, |from, to| {
            format!(
                "http {{ access_log off; server {{ listen {from}; location / {{ proxy_pass http://{to}; \
                 proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; \
                 proxy_set_header Connection upgrade; proxy_read_timeout 1h; }} }} }}"
            )
        }),
        proxy("HAProxy, tcp", Door::Behind, haproxy, |from, to| haproxy_config("tcp", from, to)),
        proxy("HAProxy, http", Door::BehindUpgrade, haproxy, |from, to| {
            haproxy_config("http", from, to)
        }),
    ]
}

fn proxy(
    name: &'static str,
    door: fn(std::net::TcpListener) -> Door,
    command: fn(&TempDir, &str) -> Command,
    config: fn(SocketAddr, SocketAddr) -> String,
) -> Contender {
    let (address, listener) = (free_address(), listening());
    let folder = TempDir::new().unwrap();
    let mut command = command(&folder, &config(address, listener.local_addr().unwrap()));
    let process = start_silent(&mut command, address, Some(folder));
    Contender { name, framing: Framing::Bytes, door: door(listener), address, process }
}

fn nginx(folder: &TempDir, part: &str) -> Command {
    let path = folder.path().join("nginx.conf");
    let text = format!(
        "load_module /usr/lib/nginx/modules/ngx_stream_module.so;\ndaemon off;\nmaster_process off;\n\
         pid {0}/pid;\nerror_log stderr crit;\nevents {{ worker_connections 4096; }}\n{part}\n",
        folder.path().display()
    );
    fs::write(&path, text).unwrap();
    let mut command = apart("nginx");
    command.arg("-p").arg(folder.path()).arg("-c").arg(path);
    command
}

fn haproxy(folder: &TempDir, text: &str) -> Command {
    let path = folder.path().join("haproxy.cfg");
    fs::write(&path, text).unwrap();
    let mut command = apart("haproxy");
    command.arg("-db").arg("-f").arg(path);
    command
}

fn haproxy_config(mode: &str, from: SocketAddr, to: SocketAddr) -> String {
    format!(
        "global\n  maxconn 4000\n  nbthread 1\ndefaults\n  mode {mode}\n  timeout connect 2s\n  \
         timeout client 1h\n  timeout server 1h\n  timeout tunnel 1h\n\
         frontend from\n  bind {from}\n  default_backend to\nbackend to\n  server end {to}\n"
    )
}
