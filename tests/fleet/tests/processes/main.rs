//! Several nodes, each a process, behind a real load balancer and with a real Redis, at a size that the
//! gate bears. `cargo xtask measure nodes` does the same at full size.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that panics has failed, which is what it is for; these tell what they measured"
)]

mod absence;
mod costs;
mod courses;
mod races;
mod seizure;
mod views;

use tokio::sync::{Mutex, MutexGuard};

/// Each of these tests wants the machine for itself: they wait for things that have their time.
async fn alone() -> MutexGuard<'static, ()> {
    static MACHINE: Mutex<()> = Mutex::const_new(());
    MACHINE.lock().await
}
