//! One request and its answer, bounded in bytes and time.

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use http_body_util::{BodyExt, Empty, Limited};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{ACCEPT_ENCODING, HOST, USER_AGENT};
use hyper_util::rt::TokioIo;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::ledger::Ledger;
use crate::target::{Ending, Target};

const ANSWER_BYTES_MAX: usize = 8 * 1_024 * 1_024;
const ANSWER_DEADLINE: Duration = Duration::from_secs(30);

/// What came back.
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The whole body.
    pub body: Bytes,
}

/// A connection on which a visitor asks for one thing after the other.
pub struct Visitor {
    sender: SendRequest<Empty<Bytes>>,
    driver: JoinHandle<()>,
    host: String,
    agent: String,
}

impl Visitor {
    /// Connects as somebody new: with an address and a user agent that nobody else has.
    ///
    /// # Errors
    /// When the relay cannot be reached.
    pub async fn arrive(target: &Target, ledger: &Ledger) -> io::Result<Self> {
        let agent = ledger.agent();
        Self::arrive_from(target, ledger.address(), agent, ledger).await
    }

    /// The same from a given address.
    ///
    /// # Errors
    /// When the relay cannot be reached.
    pub async fn arrive_from(
        target: &Target,
        from: Ipv4Addr,
        agent: String,
        ledger: &Ledger,
    ) -> io::Result<Self> {
        let line = target.connect(from, Ending::Orderly, ledger).await?;
        let (sender, connection) = handshake(TokioIo::new(line)).await.map_err(io::Error::other)?;
        let driver = tokio::spawn(async move {
            let _ended = connection.await;
        });
        Ok(Self { sender, driver, host: target.authority().to_owned(), agent })
    }

    /// Asks for a path.
    ///
    /// # Errors
    /// When there is no whole answer of at most 8 MiB within half a minute.
    pub async fn get(&mut self, path: &str) -> io::Result<Answer> {
        self.get_as(path, "identity").await
    }

    /// The same in an encoding, which is not undone.
    ///
    /// # Errors
    /// The same.
    pub async fn get_as(&mut self, path: &str, encoding: &str) -> io::Result<Answer> {
        let request = Request::get(path)
            .header(HOST, &self.host)
            .header(USER_AGENT, &self.agent)
            .header(ACCEPT_ENCODING, encoding)
            .body(Empty::new())
            .map_err(io::Error::other)?;
        let answer = async {
            self.sender.ready().await.map_err(io::Error::other)?;
            let answer = self.sender.send_request(request).await.map_err(io::Error::other)?;
            let status = answer.status().as_u16();
            let body = Limited::new(answer.into_body(), ANSWER_BYTES_MAX).collect().await;
            Ok(Answer { status, body: body.map_err(io::Error::other)?.to_bytes() })
        };
        timeout(ANSWER_DEADLINE, answer).await?
    }
}

impl Drop for Visitor {
    fn drop(&mut self) {
        self.driver.abort();
    }
}
