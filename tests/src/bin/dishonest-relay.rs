//! A relay that admits anybody, with a worker on duty whose certificate is bad. Browser tests open
//! its link and see that the page sends nothing.
//!
//! Prints `link: …` when ready and `cells after answer: N` when the client has gone.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program of the tests: it talks to them and fails with them"
)]

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use vestibule_tests::relay::RelayTask;
use vestibule_tests::service::{Service, Shift};
use vestibule_tests::worker::DutyWorker;

#[derive(Parser)]
struct Arguments {
    /// The client's page, as it was built
    #[arg(long)]
    page: PathBuf,
    /// What the worker shows
    #[arg(long)]
    certificate: Certificate,
}

#[derive(Clone, Copy, ValueEnum)]
enum Certificate {
    /// Of another service
    Foreign,
    /// Of this service, changed after it was signed
    Altered,
    /// Of this service, over since yesterday
    Expired,
    /// A good one: the control
    Honest,
}

#[tokio::main]
async fn main() {
    let arguments = Arguments::parse();
    let service = Service::default();
    let relay = RelayTask::start_dishonest_with_page(&service, &arguments.page).await;
    let shift: Shift = match arguments.certificate {
        Certificate::Foreign => Service::foreign_shift(),
        Certificate::Altered => service.altered_shift(),
        Certificate::Expired => service.expired_shift(),
        Certificate::Honest => service.shift(),
    };
    let mut duty = DutyWorker::go_on_duty(&relay.way, &service, shift).await;
    println!("link: {}/#{}", relay.way.origin, *service.link().to_text());
    let offered = duty.offered().await;
    let seat = duty.accept(&offered).await;
    let answered = duty.answer(&offered, seat).await;
    println!("cells after answer: {}", answered.count_cells().await);
}
