//! A real load balancer: any node behind `/`, one node behind `/n/NAME/`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use tempfile::TempDir;
use tokio::net::TcpStream;

use crate::process::{Process, until};

/// The load balancer that Debian has.
pub struct Balancer {
    _process: Process,
    _folder: TempDir,
}

impl Balancer {
    /// Listens at a port, and leads to these nodes.
    pub async fn start(port: u16, nodes: &[(String, u16)]) -> Self {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("haproxy.cfg"), config(port, nodes)).unwrap();
        let arguments = ["-db", "-f", "haproxy.cfg"];
        let process = Process::start("haproxy", Path::new("haproxy"), &arguments, folder.path());
        until("HAProxy listens", async || TcpStream::connect(("127.0.0.1", port)).await.is_ok())
            .await;
        Self { _process: process, _folder: folder }
    }
}

/// As in docs/operations.md, but for the addresses and TLS.
fn config(port: u16, nodes: &[(String, u16)]) -> String {
    let mut text = format!(
        "global\n  maxconn 8000\n\
         defaults\n  mode http\n  timeout connect 2s\n  timeout client 60s\n  timeout server 60s\n  \
         timeout tunnel 24h\n  option redispatch 1\n  retry-on conn-failure empty-response 503\n\
         frontend all\n  bind 127.0.0.1:{port}\n"
    );
    for (name, _) in nodes {
        let _ = writeln!(text, "  use_backend node_{name} if {{ path_beg /n/{name}/ }}");
    }
    text.push_str(
        "  default_backend any\nbackend any\n  balance leastconn\n  option httpchk GET /nodes\n",
    );
    for (name, port) in nodes {
        let _ = writeln!(text, "  server {name} 127.0.0.1:{port} check inter 500ms fall 1 rise 1");
    }
    for (name, port) in nodes {
        let _ =
            write!(text, "backend node_{name}\n  retries 0\n  server {name} 127.0.0.1:{port}\n");
    }
    text
}
