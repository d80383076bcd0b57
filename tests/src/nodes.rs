//! What an end knows of the relay's nodes, and where it goes for each.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use vestibule_protocol::{DIRECTORY_BYTES_MAX, Directory, Node};
use vestibule_wire::Route;

use crate::socket::Way;

/// More than a directory and the head before it.
const ANSWER_BYTES_MAX: u64 = 32_768;
/// A relay that has not answered by then is not reached.
const ANSWER_MAX: Duration = Duration::from_secs(5);

/// A view of the nodes, shared by whoever has the same; it may change at any time.
#[derive(Clone)]
pub struct Nodes(watch::Receiver<View>);

/// Changes what others know.
pub struct Teller {
    entrance: Way,
    view: watch::Sender<View>,
}

#[derive(Clone)]
struct View {
    entrance: Way,
    directory: Arc<Directory>,
}

/// A node, and how an end gets there.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) name: String,
    pub(crate) way: Way,
}

impl From<&Way> for Nodes {
    /// One relay alone.
    fn from(way: &Way) -> Self {
        Teller::new(way).1
    }
}

impl Teller {
    /// One relay alone, until something else is told.
    pub fn new(entrance: &Way) -> (Self, Nodes) {
        let view = View { entrance: entrance.clone(), directory: Arc::new(Directory::alone()) };
        let (view, nodes) = watch::channel(view);
        (Self { entrance: entrance.clone(), view }, Nodes(nodes))
    }

    /// Tells what a relay at `/nodes` would, or a test says.
    pub fn tell(&self, directory: Directory) {
        self.view.send_if_modified(|view| {
            let is_new = *view.directory != directory;
            view.directory = Arc::new(directory);
            is_new
        });
    }

    /// Asks at the entrance's `/nodes` so often, for as long as somebody listens. Without an answer what
    /// was known before holds.
    pub async fn keep_asking(self, interval: Duration) {
        while !self.view.is_closed() {
            if let Some(directory) = ask(&self.entrance).await {
                self.tell(directory);
            }
            sleep(interval).await;
        }
    }
}

/// Asks for the directory once.
pub async fn ask(entrance: &Way) -> Option<Directory> {
    let answer = async {
        let mut stream = TcpStream::connect(&entrance.address).await.ok()?;
        let host = entrance.origin.split("://").nth(1)?;
        let path = &entrance.path;
        let request =
            format!("GET {path}/nodes HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut answer = Vec::new();
        stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer).await.ok()?;
        Some(answer)
    };
    let answer = timeout(ANSWER_MAX, answer).await.ok()??;
    let text = String::from_utf8(answer).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let is_good = head.starts_with("HTTP/1.1 200") && body.len() <= DIRECTORY_BYTES_MAX;
    Directory::read(body.as_bytes()).ok().filter(|_| is_good)
}

impl Nodes {
    /// All nodes, first where the ends of a consultation with this route look for each other.
    pub(crate) fn in_order_of(&self, route: &Route) -> Vec<Place> {
        let View { entrance, directory } = self.0.borrow().clone();
        let place =
            |node: &Node| Place { name: node.name.clone(), way: entrance.to_node(&node.at) };
        directory.in_order_of(route).into_iter().map(place).collect()
    }

    /// Whether there is more than one.
    pub(crate) fn are_several(&self) -> bool {
        self.0.borrow().directory.nodes().len() > 1
    }

    /// Waits for another view.
    pub(crate) async fn changed(&mut self) {
        if self.0.changed().await.is_err() {
            // Nobody is left who could tell.
            std::future::pending::<()>().await;
        }
    }
}
