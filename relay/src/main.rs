//! The relay's program.

mod report;

use std::alloc::System;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};
use vestibule_relay::{Config, IndicatorsConfig, Server, look_at_redis};
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
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            report::cannot_start(&problem);
            ExitCode::from(EXIT_CONFIGURATION)
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    let config = Config::load(&arguments.config).map_err(|error| error.to_string())?;
    if arguments.check {
        report::configuration_is_good();
        return Ok(());
    }
    let runtime = Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("cannot start threads: {error}"))?;
    let served = runtime.block_on(serve(config));
    // Tasks that have not ended by now are cut.
    runtime.shutdown_background();
    served
}

async fn serve(mut config: Config) -> Result<(), String> {
    let listen = config.listen;
    let cannot_listen = |error| format!("cannot listen on {listen}: {error}");
    let listener = TcpListener::bind(listen).await.map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    let health =
        match config.health_listen {
            Some(listen) => Some(TcpListener::bind(listen).await.map_err(|error| {
                format!("cannot listen for health figures on {listen}: {error}")
            })?),
            None => None,
        };
    let cannot_hear = |error| format!("cannot listen for signals: {error}");
    let mut terminate = signal(SignalKind::terminate()).map_err(cannot_hear)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(cannot_hear)?;
    match look_at_redis(&config).await {
        Err(problem) if problem.is_for_the_operator() => return Err(problem.to_string()),
        // Running consultations may need this node for their meeting all the same.
        Err(_) | Ok(()) => {}
    }
    let indicators = config.indicators.take().map(IndicatorsConfig::claim).transpose();
    config.indicators = indicators.map_err(|error| error.to_string())?;
    report::indicators(&config);
    report::listening(address);
    let stop_requested = async {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    let server = Server::new(config).with_report(report::trouble).with_health(health);
    server.serve(listener, stop_requested).await;
    Ok(())
}
