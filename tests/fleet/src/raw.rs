//! A socket that takes little memory, may come from another address of this machine, and knows nothing of
//! what it carries.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Bytes, Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use vestibule_tests::socket::Way;
use vestibule_wire::SUBPROTOCOL;

/// Of each socket.
const READ_BUFFER_BYTES: usize = 1_536;

/// A socket to a relay.
pub struct Raw {
    /// Where it comes from.
    pub from: SocketAddr,
    stream: WebSocketStream<TcpStream>,
}

/// What a browser and whatever stands before a relay say of who comes.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Its own address.
    pub address: Ipv4Addr,
    /// `User-Agent`
    pub user_agent: String,
    /// `X-Forwarded-For`
    pub forwarded_for: String,
}

impl Raw {
    /// Connects to a path of a relay.
    pub async fn connect(way: &Way, path: &str) -> Result<Self, Error> {
        Self::open(way, path, None).await
    }

    /// The same as somebody.
    pub async fn connect_as(visitor: &Visitor, way: &Way, path: &str) -> Result<Self, Error> {
        Self::open(way, path, Some(visitor)).await
    }

    async fn open(way: &Way, path: &str, visitor: Option<&Visitor>) -> Result<Self, Error> {
        let mut request =
            format!("ws://{}{}{path}", way.address, way.path).into_client_request()?;
        let headers = request.headers_mut();
        headers.insert("sec-websocket-protocol", HeaderValue::from_static(SUBPROTOCOL));
        headers.insert("origin", HeaderValue::from_str(&way.origin)?);
        let socket = TcpSocket::new_v4()?;
        if let Some(visitor) = visitor {
            headers.insert("user-agent", HeaderValue::from_str(&visitor.user_agent)?);
            headers.insert("x-forwarded-for", HeaderValue::from_str(&visitor.forwarded_for)?);
            socket.bind(SocketAddrV4::new(visitor.address, 0).into())?;
        }
        let to: SocketAddr = way.address.parse().expect("a relay's address is a number");
        let stream = socket.connect(to).await?;
        stream.set_nodelay(true)?;
        let from = stream.local_addr()?;
        let config =
            WebSocketConfig::default().read_buffer_size(READ_BUFFER_BYTES).write_buffer_size(0);
        let (stream, _) = client_async_with_config(request, stream, Some(config)).await?;
        Ok(Self { from, stream })
    }

    /// Sends one binary message.
    pub async fn send(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.stream.send(Message::binary(bytes.to_vec())).await
    }

    /// The next binary message; `None` when the socket has ended.
    pub async fn next(&mut self) -> Option<Bytes> {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Binary(bytes))) => return Some(bytes),
                // Pings are answered by the library.
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Text(_) | Message::Frame(_) | Message::Close(_)) | Err(_))
                | None => {
                    return None;
                }
            }
        }
    }
}
