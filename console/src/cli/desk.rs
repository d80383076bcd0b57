//! `vestibule desk`

use std::path::PathBuf;

use super::{DeskArgs, open_enrolment};
use crate::clock::Clock;
use crate::desk_page::{DeskOptions, RunningDesk};
use crate::links;
use crate::open_page::Opening;
use crate::output;
use crate::page_files::PageFiles;
use crate::problem::Problem;
use crate::words::{reason, words};

pub(super) fn run(args: &DeskArgs, clock: Clock) -> Result<(), Problem> {
    let directory = args.page.clone().unwrap_or_else(PageFiles::default_directory);
    let files = PageFiles::read(&directory)?;
    let enrolment = open_enrolment(&args.worker, args.passphrase_file.as_deref())?;
    enrolment.shift_at(clock.now()).map_err(links::explain)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| {
            Problem::new("tasks-not-started", &[("reason", reason(error.kind()).into())])
        })?;
    let options = DeskOptions {
        worker_file: args.worker.clone(),
        pack_folder: args.pack.clone(),
        save_data: args.save_data,
        viewer: this_program(),
    };
    let sat = runtime.block_on(async {
        let told_to_stop = told_to_stop()?;
        let desk = RunningDesk::start(enrolment, files, clock, options).await?;
        sit_at(desk, told_to_stop, !args.no_open).await;
        Ok(())
    });
    // A passphrase that is still being tried is nothing to wait for.
    runtime.shutdown_background();
    sat
}

/// The same one, even if its file has been replaced since.
fn this_program() -> PathBuf {
    if cfg!(target_os = "linux") {
        return PathBuf::from("/proc/self/exe");
    }
    std::env::current_exe().unwrap_or_default()
}

async fn sit_at(mut desk: RunningDesk, told_to_stop: impl Future<Output = ()>, open_browser: bool) {
    let address = desk.address();
    output::result(&format!("vestibule desk: {}", address.as_str()));
    output::say(&words("desk-keep-open", &[]));
    let opening = open_browser.then(|| Opening::begin(&address));
    let opening = match opening {
        Some(Ok(opening)) => Some(opening),
        Some(Err(problem)) => {
            output::say(&problem.to_string());
            None
        }
        None => None,
    };
    drop(address);
    tokio::select! {
        () = async {
            desk.page_connected().await;
            drop(opening);
            desk.over().await;
        } => {}
        () = told_to_stop => {}
    }
    output::say(&words("desk-closing", &[]));
    desk.stop().await;
}

/// Listens from now on for Ctrl-C and the system's request to end, and waits for either.
#[cfg(unix)]
fn told_to_stop() -> Result<impl Future<Output = ()>, Problem> {
    use tokio::signal::unix::{SignalKind, signal};

    let listening = || Ok((signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?));
    let (mut interrupt, mut terminate) = listening().map_err(|error: std::io::Error| {
        Problem::new("ctrl-c-not-ready", &[("reason", reason(error.kind()).into())])
    })?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "it has the form of its other half")]
fn told_to_stop() -> Result<impl Future<Output = ()>, Problem> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
