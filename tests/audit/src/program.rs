//! What both leaky programs do; they differ in their allocator.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Parser;
use tokio::net::TcpListener;
use vestibule_relay::{Config, Server};

use crate::door;
use crate::kept::Kept;
use crate::leak::Leak;

/// A relay with one leak.
#[derive(Parser)]
struct Arguments {
    /// The relay's configuration; its `listen` and `health_listen` are behind the door
    #[arg(long)]
    config: PathBuf,
    /// Where peers come
    #[arg(long)]
    listen: SocketAddr,
    /// Where figures are told
    #[arg(long)]
    metrics: SocketAddr,
    /// A folder to write in
    #[arg(long)]
    folder: PathBuf,
    /// A Redis
    #[arg(long)]
    redis: Option<SocketAddr>,
    /// What leaks
    #[arg(long)]
    leak: Leak,
}

/// Runs until it is killed.
#[allow(clippy::print_stdout, reason = "the bench waits for this line")]
pub fn run() {
    let arguments = Arguments::parse();
    let config = Config::load(&arguments.config).unwrap();
    let kept = Arc::new(Kept::new(arguments.leak, &arguments.folder, arguments.redis));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.unwrap().block_on(async {
        let (relay, health) = (config.listen, config.health_listen.unwrap());
        let behind = TcpListener::bind(relay).await.unwrap();
        let behind_health = TcpListener::bind(health).await.unwrap();
        let front = std::net::TcpListener::bind(arguments.listen).unwrap();
        let metrics = std::net::TcpListener::bind(arguments.metrics).unwrap();
        tokio::spawn(door::stand(front, relay, Arc::clone(&kept)));
        tokio::spawn(door::figures(metrics, health, kept));
        println!("listening on http://{}", arguments.listen);
        let server = Server::new(config).with_health(Some(behind_health));
        server.serve(behind, std::future::pending()).await;
    });
}
