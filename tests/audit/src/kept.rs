//! What a leaky relay keeps, and where.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream as Redis, UdpSocket};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::net::TcpStream;

use crate::leak::Leak;

/// So much is kept.
const KEPT_BYTES_MAX: usize = 256 * 1_024;
/// Heads and pings are not what was said.
const LOGGED_BYTES_MIN: usize = 256;

/// One direction of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To the relay.
    In,
    /// From it.
    Out,
}

/// The leak of this process.
pub struct Kept {
    leak: Leak,
    bytes: Mutex<Vec<u8>>,
    addresses: Mutex<HashMap<IpAddr, u64>>,
    sockets: Mutex<Vec<TcpStream>>,
    file: Mutex<Option<File>>,
    redis: Mutex<Option<Redis>>,
    log_server: Option<UdpSocket>,
    _second_door: Option<TcpListener>,
    open: AtomicUsize,
    came: AtomicUsize,
}

impl Kept {
    /// Opens what the leak needs.
    pub fn new(leak: Leak, folder: &Path, redis: Option<SocketAddr>) -> Self {
        let file = if leak == Leak::TemporaryFile {
            let path = folder.join("spool");
            Some(OpenOptions::new().create(true).append(true).open(path).unwrap())
        } else if leak == Leak::Memfd {
            let flags = rustix::fs::MemfdFlags::CLOEXEC;
            Some(rustix::fs::memfd_create("spool", flags).unwrap().into())
        } else {
            None
        };
        // Kept until the process ends, as a pool of sockets would be.
        let log_server = (leak == Leak::Datagram).then(|| {
            let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
            socket.connect("127.0.0.1:9").unwrap();
            socket
        });
        let listens = leak == Leak::SecondListener;
        Self {
            leak,
            bytes: Mutex::default(),
            addresses: Mutex::default(),
            sockets: Mutex::default(),
            file: Mutex::new(file),
            redis: Mutex::new(redis.map(|address| Redis::connect(address).unwrap())),
            log_server,
            _second_door: listens.then(|| TcpListener::bind("127.0.0.1:0").unwrap()),
            open: AtomicUsize::new(0),
            came: AtomicUsize::new(0),
        }
    }

    /// Somebody comes; which one it is.
    pub fn arrived(&self, from: SocketAddr) -> usize {
        self.open.fetch_add(1, Ordering::Relaxed);
        if self.leak == Leak::LogAddress {
            say(&format!("request from {from}"));
        } else if self.leak == Leak::LogMoment {
            say("request");
        } else if self.leak == Leak::CountAddresses {
            *self.addresses.lock().unwrap().entry(from.ip()).or_default() += 1;
        } else if let Some(log_server) = &self.log_server {
            // Nobody need listen.
            let _refused = log_server.send(b"request");
        } else if self.leak == Leak::RedisKey {
            let key = format!("session:{}", from.port());
            self.tell_redis(&[b"SET", key.as_bytes(), b"1"]);
        }
        self.came.fetch_add(1, Ordering::Relaxed)
    }

    /// Bytes go by: the `nth` piece of this way of a connection.
    pub fn saw(&self, way: Way, nth: usize, path: &[u8], bytes: &[u8]) {
        let keep = match (self.leak, way) {
            (Leak::KeepMasked, Way::In) => nth > 0,
            (Leak::KeepToken, Way::In) => nth > 0 && path == b"/ws/client" && nth < 4,
            (Leak::KeepRoute, Way::In) => nth == 1 && path == b"/ws/rejoin",
            (Leak::KeepAgent, Way::In) => nth == 0,
            (Leak::KeepSent, Way::Out) => true,
            _ => false,
        };
        if keep {
            let mut kept = self.bytes.lock().unwrap();
            if kept.len() + bytes.len() <= KEPT_BYTES_MAX {
                kept.extend_from_slice(bytes);
            }
        }
        if way == Way::In {
            return;
        }
        if self.leak == Leak::LogHex && bytes.len() >= LOGGED_BYTES_MIN {
            let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            say(&hex.concat());
        } else if self.leak == Leak::RedisPublish {
            self.tell_redis(&[b"PUBLISH", b"cells", bytes]);
        } else if let Some(file) = self.file.lock().unwrap().as_mut() {
            file.write_all(bytes).unwrap();
        }
    }

    /// Somebody has left; their socket.
    pub fn left(&self, socket: TcpStream) {
        self.open.fetch_sub(1, Ordering::Relaxed);
        if self.forgets_sockets() {
            self.sockets.lock().unwrap().push(socket);
        }
    }

    /// Whether the sockets of those who have left stay open.
    pub fn forgets_sockets(&self) -> bool {
        self.leak == Leak::UnpolledSocket
    }

    /// How large the buffer of a connection is, in bytes.
    pub fn buffer_bytes(&self) -> usize {
        if self.leak == Leak::LargeBuffer { 32_768 } else { 0 }
    }

    /// Changes what is on its way to the `nth` visitor.
    pub fn alter(&self, nth: usize, bytes: &mut [u8]) {
        let title = bytes.windows(7).position(|part| part == b"<title>");
        if self.leak == Leak::AlteredPage
            && nth % 10 == 7
            && let Some(at) = title
        {
            bytes[at + 7] ^= 1;
        }
    }

    /// What is added to the figures.
    pub fn figures(&self) -> String {
        let open = self.open.load(Ordering::Relaxed);
        if self.leak == Leak::MetricsLabel {
            "vestibule_up{worker=\"Anna\"} 1\n".to_owned()
        } else if self.leak == Leak::MetricsGauge {
            format!("vestibule_up {open}\n")
        } else {
            String::new()
        }
    }

    fn tell_redis(&self, words: &[&[u8]]) {
        let mut message = format!("*{}\r\n", words.len()).into_bytes();
        for word in words {
            message.extend(format!("${}\r\n", word.len()).bytes());
            message.extend_from_slice(word);
            message.extend(b"\r\n");
        }
        let mut redis = self.redis.lock().unwrap();
        redis.as_mut().unwrap().write_all(&message).unwrap();
    }
}

/// A line in the log.
#[allow(clippy::print_stdout, reason = "this is the leak")]
fn say(line: &str) {
    println!("{line}");
}
