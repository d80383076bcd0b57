//! The few questions in plain HTTP that tests ask.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// A relay that has not answered by then does not answer.
const ANSWER_MAX: Duration = Duration::from_secs(5);

/// The body of what stands at a path; `None` when nobody answers.
pub async fn get(port: u16, path: &str) -> Option<String> {
    let asked = async {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.ok()?;
        answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned())
    };
    timeout(ANSWER_MAX, asked).await.ok().flatten()
}
