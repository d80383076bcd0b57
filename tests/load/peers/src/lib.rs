//! What the compared relays have in common: their port, and the place where a socket waits for its other end.

use std::sync::{Mutex, PoisonError};

use tokio::net::{TcpListener, TcpStream};

/// Listens on 127.0.0.1, at the port that the program's only argument names, and says so.
#[expect(clippy::print_stdout, reason = "the line for which a benchmark waits")]
pub async fn listen() -> TcpListener {
    let port =
        std::env::args().nth(1).and_then(|port| port.parse::<u16>().ok()).expect("PROGRAM PORT");
    let listener = TcpListener::bind(("127.0.0.1", port)).await.expect("the port is free");
    println!("listening on http://127.0.0.1:{port}");
    listener
}

/// The next connection, without Nagle's delay.
pub async fn accept(listener: &TcpListener) -> TcpStream {
    let (stream, _) = listener.accept().await.expect("a listener accepts");
    stream.set_nodelay(true).expect("TCP has this option");
    stream
}

/// A socket that waits for the next, which is its other end.
#[derive(Default)]
pub struct Waiting<T>(Mutex<Option<T>>);

impl<T> Waiting<T> {
    /// A place where nobody waits.
    pub const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// Joins whoever waits, or waits.
    pub fn meet(&self, second: T) -> Option<(T, T)> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(first) = waiting.take() {
            return Some((first, second));
        }
        *waiting = Some(second);
        None
    }
}
