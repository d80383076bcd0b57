//! One socket, with TLS or without.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};

/// A relay answers within so long while nothing else is asked of it.
const ANSWER_MAX: Duration = Duration::from_secs(10);

/// One socket, with TLS or without.
pub enum Wire {
    /// Without.
    Plain(TcpStream),
    /// With.
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
}

impl Wire {
    /// Connects.
    pub fn connect(address: SocketAddr, tls: Option<&Arc<ClientConfig>>) -> Self {
        let tcp = TcpStream::connect(address).unwrap();
        match tls {
            None => Self::plain(tcp),
            Some(config) => {
                let name = ServerName::from(address.ip());
                let tls = ClientConnection::new(Arc::clone(config), name).unwrap();
                Self::Tls(Box::new(StreamOwned::new(tls, prepared(tcp))))
            }
        }
    }

    /// A socket that is there already.
    pub fn plain(tcp: TcpStream) -> Self {
        Self::Plain(prepared(tcp))
    }

    /// From here on nothing waits.
    pub fn set_nonblocking(&self) {
        self.tcp().set_nonblocking(true).unwrap();
    }

    /// Whether more may have come than the kernel says.
    pub fn is_tls(&self) -> bool {
        matches!(self, Self::Tls(_))
    }

    /// The socket beneath.
    pub fn tcp(&self) -> &TcpStream {
        match self {
            Self::Plain(tcp) => tcp,
            Self::Tls(tls) => &tls.sock,
        }
    }

    /// Reads as far as the end of a head (RFC 9112, section 2.1) and not a byte more.
    pub fn read_head(&mut self) -> String {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        String::from_utf8(head).unwrap()
    }
}

fn prepared(tcp: TcpStream) -> TcpStream {
    tcp.set_nodelay(true).unwrap();
    tcp.set_read_timeout(Some(ANSWER_MAX)).unwrap();
    tcp
}

impl Read for Wire {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(tcp) => tcp.read(bytes),
            Self::Tls(tls) => tls.read(bytes),
        }
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(tcp) => tcp.write(bytes),
            Self::Tls(tls) => tls.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(tcp) => tcp.flush(),
            Self::Tls(tls) => tls.flush(),
        }
    }
}
