//! The relay's program.

mod report;

use std::alloc::System;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};
use vestibule_relay::{
    Config, IndicatorsConfig, Measure, Server, allow_open_files, confine, look_at_redis,
    without_environment,
};
use zeroizing_alloc::ZeroAlloc;

/// Wipes every block of memory when it is freed, so that a finished consultation leaves nothing.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

/// Exit code for a configuration that cannot be used.
const EXIT_CONFIGURATION: u8 = 2;

/// The Vestibule relay: pairs clients with workers and moves sealed cells between them.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The configuration, relay.toml
    #[arg(long)]
    config: PathBuf,
    /// Only check the configuration
    #[arg(long)]
    check: bool,
    /// Only write the page for a web server of its own, and the headers it is to send, into a new folder
    #[arg(long, value_name = "FOLDER", conflicts_with = "check")]
    write_page: Option<PathBuf>,
    /// Refuse to run unless every measure of confinement holds
    #[arg(long)]
    require_confinement: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Err(problem) = without_environment() {
        report::cannot_start(&format!("cannot start again without the environment: {problem}"));
        return ExitCode::from(EXIT_CONFIGURATION);
    }
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            report::cannot_start(&problem);
            ExitCode::from(EXIT_CONFIGURATION)
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    allow_open_files();
    let mut config = Config::load(&arguments.config).map_err(|error| error.to_string())?;
    if arguments.check {
        report::configuration_is_good();
        return Ok(());
    }
    if let Some(folder) = &arguments.write_page {
        let written = config.write_page(folder);
        written.map_err(|problem| format!("{}: {problem}", folder.display()))?;
        report::page_is_written(folder);
        return Ok(());
    }
    let listener = listen(config.listen, "on")?;
    let health = config.health_listen.map(|address| listen(address, "for health figures on"));
    let health = health.transpose()?;
    let tls = config.tls.as_ref().map(|tls| listen(tls.listen, "with TLS on"));
    let tls = tls.transpose()?;
    let indicators = config.indicators.take().map(IndicatorsConfig::claim).transpose();
    config.indicators = indicators.map_err(|error| error.to_string())?;
    let measures = confine(&config.needs());
    report::confinement(&measures);
    if arguments.require_confinement && !measures.iter().all(Measure::is_enforced) {
        return Err("not everything is enforced that --require-confinement requires".to_owned());
    }
    report::indicators(&config);
    // Threads have the rules of this one.
    let runtime = Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("cannot start threads: {error}"))?;
    let listeners = Listeners { plain: listener, tls, health };
    let served = runtime.block_on(serve(config, listeners));
    // Tasks that have not ended by now are cut.
    runtime.shutdown_background();
    served
}

/// Connections that wait to be accepted.
const BACKLOG_LEN_MAX: i32 = 1_024;

/// A socket that listens before the runtime is there: opening one is forbidden by then.
fn listen(address: SocketAddr, what_for: &str) -> Result<TcpListener, String> {
    let opened = || {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        // Longer than what the standard library asks for.
        rustix::net::listen(&listener, BACKLOG_LEN_MAX)?;
        Ok(listener)
    };
    opened().map_err(|error: io::Error| format!("cannot listen {what_for} {address}: {error}"))
}

/// Everything that the relay listens on.
struct Listeners {
    plain: TcpListener,
    tls: Option<TcpListener>,
    health: Option<TcpListener>,
}

async fn serve(config: Config, listeners: Listeners) -> Result<(), String> {
    let cannot_listen = |error: io::Error| format!("cannot listen: {error}");
    let Listeners { plain, tls, health } = listeners;
    let address = plain.local_addr().map_err(cannot_listen)?;
    let tls_address =
        tls.as_ref().map(TcpListener::local_addr).transpose().map_err(cannot_listen)?;
    let adopt = tokio::net::TcpListener::from_std;
    let plain = adopt(plain).map_err(cannot_listen)?;
    let tls = tls.map(adopt).transpose().map_err(cannot_listen)?;
    let health = health.map(adopt).transpose().map_err(cannot_listen)?;
    let cannot_hear = |error| format!("cannot listen for signals: {error}");
    let mut terminate = signal(SignalKind::terminate()).map_err(cannot_hear)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(cannot_hear)?;
    match look_at_redis(&config).await {
        Err(problem) if problem.is_for_the_operator() => return Err(problem.to_string()),
        // Running consultations may need this node for their meeting all the same.
        Err(_) | Ok(()) => {}
    }
    report::listening(address, tls_address);
    let stop_requested = async {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    let server = Server::new(config).with_report(report::trouble).with_health(health).with_tls(tls);
    server.serve(plain, stop_requested).await;
    Ok(())
}
