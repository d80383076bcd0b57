//! A relay as a process of its own whose clock is moved by hand: nobody waits a year for the program, which
//! has the machine's. It is the relay's own code from its configuration on, and reads the time in a file.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::process::Command;
use vestibule_relay::{Clock, Config, IndicatorsConfig, Server};
use vestibule_tests::relay::programs;
use vestibule_tests::service::simulate_clock;
use vestibule_wire::Timestamp;

/// What the program of the measurement is told to be this.
pub const PART: &str = "relay-by-hand";
/// How often the relay looks whether a week is over: by the machine's clock, which does not wait.
const CHECK_INTERVAL: Duration = Duration::from_millis(20);

/// The clock of this process and of one relay.
pub struct HandClock(PathBuf);

impl HandClock {
    /// In this folder, from this moment on.
    pub fn begin(folder: &Path, now: Timestamp) -> Self {
        let clock = Self(folder.join("clock"));
        clock.set(now);
        clock
    }

    /// It is this moment now, for whoever asks next.
    pub fn set(&self, now: Timestamp) {
        simulate_clock(now);
        let next = self.0.with_extension("next");
        fs::write(&next, now.0.to_string()).unwrap();
        // In one step: the relay reads a whole number at every moment.
        fs::rename(&next, &self.0).unwrap();
    }

    /// Starts a relay by it.
    pub fn relay_command(&self, config: &Path) -> Command {
        let mut command = Command::new(programs().join("vestibule-indicators"));
        command.arg(PART).arg(config).arg(&self.0);
        command
    }
}

impl Drop for HandClock {
    fn drop(&mut self) {
        simulate_clock(Timestamp(0));
    }
}

/// The relay, until it is killed: says where it listens, as the program does.
#[allow(clippy::print_stdout, reason = "whoever started it waits for that line")]
pub async fn serve(config: &Path, clock: &Path) -> Result<(), String> {
    let said = |error: &dyn ToString| error.to_string();
    let mut config = Config::load(config).map_err(|error| said(&error))?;
    let listener = TcpListener::bind(config.listen).await.map_err(|error| said(&error))?;
    let indicators = config.indicators.take().map(IndicatorsConfig::claim).transpose();
    config.indicators = indicators.map_err(|error| said(&error))?;
    config.limits.indicators_check_interval = CHECK_INTERVAL;
    println!("listening on http://{}", config.listen);
    let clock = clock.to_owned();
    let read = move || Timestamp(fs::read_to_string(&clock).unwrap().parse().unwrap());
    let server = Server::new(config).with_clock(Clock::from_fn(read));
    server.serve(listener, std::future::pending()).await;
    Ok(())
}
