use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::SinkExt;
use proptest::collection::vec;
use proptest::prelude::*;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{PrivateKeyDer, ServerName};
use rustls::version::{TLS12, TLS13};
use rustls::{
    ClientConfig, ClientConnection, HandshakeKind, RootCertStore, SupportedProtocolVersion,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream as ClientStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use vestibule_wire::{CELL_LEN, Close};

use super::TlsAcceptor;
use crate::peer_stream::PeerStream;
use crate::testing::{TestRelay, socket_pair};
use crate::{Limits, TlsConfig};

const NAME: &str = "relay.example";
const PATIENCE: Duration = Duration::from_secs(20);

/// A certificate's two users.
struct Ends {
    acceptor: TlsAcceptor,
    roots: RootCertStore,
}

impl Ends {
    fn new() -> Self {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed([NAME.to_owned()]).unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(cert.der().clone()).unwrap();
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
        let acceptor = TlsAcceptor::new(vec![cert.der().clone()], key).unwrap();
        Self { acceptor, roots }
    }

    fn config(&self, version: &'static SupportedProtocolVersion) -> ClientConfig {
        ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_protocol_versions(&[version])
            .unwrap()
            .with_root_certificates(self.roots.clone())
            .with_no_client_auth()
    }

    fn connector(&self, version: &'static SupportedProtocolVersion) -> TlsConnector {
        TlsConnector::from(Arc::new(self.config(version)))
    }

    /// What a client says first, with some bytes changed.
    fn greeting(&self, changes: &[(usize, u8)]) -> Vec<u8> {
        let mut client = ClientConnection::new(Arc::new(self.config(&TLS13)), name()).unwrap();
        let mut greeting = Vec::new();
        client.write_tls(&mut greeting).unwrap();
        let len = greeting.len();
        for (at, byte) in changes {
            greeting[at % len] ^= byte;
        }
        greeting
    }

    /// Both ends of a connection without a relay.
    async fn pair(&self) -> (ClientStream<TcpStream>, PeerStream) {
        let (near, far) = socket_pair().await;
        let mut relay = self.acceptor.accept(far).unwrap();
        let connecting = self.connector(&TLS13).connect(name(), near);
        let reading = async { relay.read_u8().await.unwrap() };
        let greeted = async {
            let mut client = connecting.await.unwrap();
            client.write_all(b"!").await.unwrap();
            client
        };
        let (client, _) = tokio::join!(greeted, reading);
        (client, relay)
    }
}

fn name() -> ServerName<'static> {
    ServerName::try_from(NAME).unwrap()
}

/// A relay with TLS. Its `address` is of a tunnel that speaks TLS for those who do not; the other is its
/// own.
async fn relay_with_tls(limits: Limits) -> (TestRelay, SocketAddr, Ends) {
    let ends = Ends::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let acceptor = ends.acceptor.clone();
    let mut relay = TestRelay::start_changed(
        limits,
        |config| config.tls = Some(TlsConfig { listen: address, acceptor }),
        |server| server.with_tls(Some(listener)),
    )
    .await;
    let tunnel = TcpListener::bind("127.0.0.1:0").await.unwrap();
    relay.address = tunnel.local_addr().unwrap();
    let connector = ends.connector(&TLS13);
    tokio::spawn(async move {
        loop {
            let (mut near, _) = tunnel.accept().await.unwrap();
            let connector = connector.clone();
            tokio::spawn(async move {
                let far = TcpStream::connect(address).await.unwrap();
                let mut far = connector.connect(name(), far).await.unwrap();
                let _ended = copy_bidirectional(&mut near, &mut far).await;
            });
        }
    });
    (relay, address, ends)
}

fn cell(number: u32) -> Vec<u8> {
    number.to_be_bytes().repeat(CELL_LEN / 4)
}

#[tokio::test]
async fn a_client_and_a_worker_meet_over_tls() {
    let (relay, _, _) = relay_with_tls(Limits::default()).await;
    assert_eq!(relay.get("/").await, "<!doctype html>");
    let mut worker = relay.worker().await;
    let (mut client, mut seat) = relay.pair(&mut worker, 1).await;
    for number in 0..200 {
        client.send(cell(number)).await;
        assert!(seat.frame().await == cell(number));
        seat.send(cell(number + 1)).await;
        assert!(client.frame().await == cell(number + 1));
    }
    let frame = CloseFrame { code: Close::Done.code().into(), reason: "".into() };
    client.socket.send(Message::Close(Some(frame))).await.unwrap();
    assert_eq!(seat.closed().await, Some(Close::Done));
    assert_eq!(client.closed().await, Some(Close::Done));
}

#[tokio::test]
async fn who_reads_slowly_gets_every_cell_in_order() {
    const CELLS: u32 = 8_000;
    let (relay, _, _) = relay_with_tls(Limits::default()).await;
    let mut worker = relay.worker().await;
    let (mut client, mut seat) = relay.pair(&mut worker, 1).await;
    let sending = async {
        for number in 0..CELLS {
            client.socket.feed(Message::Binary(cell(number).into())).await.unwrap();
        }
        client.socket.flush().await.unwrap();
    };
    let reading = async {
        // Until every buffer on the way is full.
        sleep(Duration::from_secs(1)).await;
        for number in 0..CELLS {
            assert!(seat.frame().await == cell(number));
        }
    };
    tokio::join!(sending, reading);
}

#[tokio::test]
async fn records_may_come_byte_by_byte() {
    let ends = Ends::new();
    let (mut near, far) = socket_pair().await;
    let mut relay = ends.acceptor.accept(far).unwrap();
    let config = ends.config(&TLS13);
    let mut client = ClientConnection::new(Arc::new(config), name()).unwrap();
    let said = vec![7; 40_000];
    client.writer().write_all(&said).unwrap();
    let hearing = async {
        let mut heard = vec![0; said.len()];
        relay.read_exact(&mut heard).await.unwrap();
        heard
    };
    let saying = async {
        loop {
            let mut records = Vec::new();
            while client.wants_write() {
                client.write_tls(&mut records).unwrap();
            }
            for byte in records {
                near.write_all(&[byte]).await.unwrap();
            }
            if !client.is_handshaking() {
                return;
            }
            let mut answer = [0; 1];
            near.read_exact(&mut answer).await.unwrap();
            client.read_tls(&mut &answer[..]).unwrap();
            client.process_new_packets().unwrap();
        }
    };
    let (heard, ()) = tokio::join!(hearing, saying);
    assert!(heard == said);
}

#[tokio::test]
async fn after_large_bursts_an_idle_connection_holds_its_keys_alone() {
    const BURST_LEN: usize = 1_000_000;
    let (mut client, mut relay) = Ends::new().pair().await;
    let burst = vec![9; BURST_LEN];
    let mut heard = vec![0; BURST_LEN];
    let (sent, read) = tokio::join!(client.write_all(&burst), relay.read_exact(&mut heard));
    sent.unwrap();
    read.unwrap();
    assert!(heard == burst);
    let sending = async {
        relay.write_all(&burst).await.unwrap();
        relay.flush().await.unwrap();
    };
    let (read, ()) = tokio::join!(client.read_exact(&mut heard), sending);
    read.unwrap();
    let PeerStream::Right(stream) = &relay else { panic!("it speaks TLS") };
    assert!(stream.is_empty());
}

/// What a client's end would put on the wire for these messages, each a record of its own, and whether it
/// says at the end that nothing comes any more.
fn records(client: &mut ClientConnection, messages: &[Vec<u8>], ends: bool) -> Vec<u8> {
    let mut records = Vec::new();
    for message in messages {
        client.writer().write_all(message).unwrap();
        client.write_tls(&mut records).unwrap();
    }
    if ends {
        client.send_close_notify();
        client.write_tls(&mut records).unwrap();
    }
    records
}

#[tokio::test]
async fn a_reader_with_little_room_gets_every_byte_in_order() {
    for room in [1, 7, 1_000, 16_384] {
        let (client, mut relay) = Ends::new().pair().await;
        let (mut near, mut client) = client.into_inner();
        // Longer than any room, and several at once.
        let messages: Vec<Vec<u8>> = (0..4_u8)
            .map(|number| (0..9_000_u16).map(|at| number ^ at.to_be_bytes()[1]).collect())
            .collect();
        let sent = records(&mut client, &messages, true);
        near.write_all(&sent).await.unwrap();
        let mut heard = Vec::new();
        loop {
            let mut buffer = vec![0; room];
            match relay.read(&mut buffer).await.unwrap() {
                0 => break,
                length => heard.extend_from_slice(&buffer[..length]),
            }
        }
        assert!(heard == messages.concat(), "with room for {room}");
        let PeerStream::Right(stream) = &relay else { panic!("it speaks TLS") };
        assert!(stream.is_empty());
    }
}

#[tokio::test]
async fn what_came_before_a_broken_record_still_counts() {
    for room in [100, 16_384] {
        let (client, mut relay) = Ends::new().pair().await;
        let (mut near, mut client) = client.into_inner();
        let said = vec![5; 3_000];
        let mut sent = records(&mut client, std::slice::from_ref(&said), false);
        sent.extend([23, 3, 3, 0, 20]);
        sent.extend([9; 20]);
        near.write_all(&sent).await.unwrap();
        let mut heard = Vec::new();
        let broken = loop {
            let mut buffer = vec![0; room];
            match timeout(PATIENCE, relay.read(&mut buffer)).await.unwrap() {
                Ok(0) => panic!("it did not end well"),
                Ok(length) => heard.extend_from_slice(&buffer[..length]),
                Err(error) => break error,
            }
        };
        assert!(heard == said, "with room for {room}");
        assert!(timeout(PATIENCE, relay.read(&mut [0; 1])).await.unwrap().is_err(), "{broken}");
    }
}

#[tokio::test]
async fn nobody_is_known_again() {
    let (_relay, address, ends) = relay_with_tls(Limits::default()).await;
    // It remembers sessions and tickets, as browsers do.
    let connector = ends.connector(&TLS13);
    for _ in 0..3 {
        let stream = TcpStream::connect(address).await.unwrap();
        let mut stream = connector.connect(name(), stream).await.unwrap();
        stream
            .write_all(b"GET / HTTP/1.1\r\nHost: relay\r\nConnection: close\r\n\r\n")
            .await
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.ends_with("<!doctype html>"));
        let (_, tls) = stream.get_ref();
        assert_eq!(tls.handshake_kind(), Some(HandshakeKind::Full));
        assert_eq!(tls.tls13_tickets_received(), 0);
        assert_eq!(tls.alpn_protocol(), None);
    }
}

#[tokio::test]
async fn older_versions_are_refused_and_told_why() {
    let (_relay, address, ends) = relay_with_tls(Limits::default()).await;
    let stream = TcpStream::connect(address).await.unwrap();
    let refused = ends.connector(&TLS12).connect(name(), stream).await.unwrap_err();
    assert!(refused.to_string().contains("ProtocolVersion"), "{refused}");
}

#[tokio::test]
async fn a_handshake_has_its_time() {
    let deadline = Duration::from_millis(300);
    let limits = Limits { request_header_deadline: deadline, ..Limits::default() };
    let (_relay, address, _) = relay_with_tls(limits).await;
    for begun in [&[][..], &[22, 3, 1, 2, 0, 1, 0]] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(begun).await.unwrap();
        let mut answer = Vec::new();
        let ended = timeout(PATIENCE, stream.read_to_end(&mut answer));
        let _reset = ended.await.expect("the relay ends the connection");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Any bytes in place of records, after good ones or in a greeting end at worst that connection.
    #[test]
    fn any_bytes_end_at_worst_their_connection(
        bytes in vec(any::<u8>(), 1..3_000),
        as_record in any::<bool>(),
        after_handshake in any::<bool>(),
        kind in 20_u8..25,
        greeting in prop::option::of(vec((0_usize..1_000, any::<u8>()), 1..4)),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let ends = Ends::new();
            let (mut other_client, mut other) = ends.pair().await;
            let mut sent = bytes.clone();
            if as_record {
                let [high, low] = u16::try_from(bytes.len()).unwrap().to_be_bytes();
                sent = [&[kind, 3, 3, high, low], &bytes[..]].concat();
            }
            if let Some(changes) = greeting {
                sent = [ends.greeting(&changes), sent].concat();
            }
            let (mut raw, mut relay) = if after_handshake {
                let (client, relay) = ends.pair().await;
                (client.into_inner().0, relay)
            } else {
                let (near, far) = socket_pair().await;
                (near, ends.acceptor.accept(far).unwrap())
            };
            raw.write_all(&sent).await.unwrap();
            raw.shutdown().await.unwrap();
            let mut heard = Vec::new();
            let _broken = timeout(PATIENCE, relay.read_to_end(&mut heard)).await.unwrap();
            assert!(heard.is_empty(), "nothing of it is taken for what somebody said");
            let _broken = relay.shutdown().await;

            other.write_all(b"goes on").await.unwrap();
            other.flush().await.unwrap();
            let mut heard = [0; 7];
            other_client.read_exact(&mut heard).await.unwrap();
            assert_eq!(&heard, b"goes on");
            let PeerStream::Right(stream) = &other else { panic!("it speaks TLS") };
            assert!(stream.is_empty());
        });
    }
}
