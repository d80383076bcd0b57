//! What both relays of the comparison do; they differ in their allocator.

use std::path::Path;

use tokio::net::TcpListener;
use vestibule_relay::{Config, Server};

/// Serves with the configuration that is named, until it is killed.
#[allow(clippy::print_stdout, reason = "whoever starts it waits for this line")]
pub fn run() {
    let path = std::env::args().nth(1).unwrap();
    let config = Config::load(Path::new(&path)).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.unwrap().block_on(async {
        let listener = TcpListener::bind(config.listen).await.unwrap();
        println!("listening on http://{}", config.listen);
        Server::new(config).serve(listener, std::future::pending()).await;
    });
}
